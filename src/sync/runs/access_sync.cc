// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/access_sync.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/id_set.h"
#include "dropbox/team.h"
#include "permissions/scopes.h"
#include "sync/access/access_stage.h"
#include "sync/access/document_closer.h"
#include "sync/access/identity_sync.h"
#include "sync/owners/writers.h"
#include "sync/runs/conflicts.h"
#include "sync/runs/index_watch.h"
#include "sync/runs/list_guard.h"
#include "sync/stages/rule_judge.h"

namespace dbxes::sync {
namespace {

using Identities = std::vector<permissions::Identity>;

// The files and folders of a page; of several entries with one id the last.
std::vector<delta::Change> LastOfEachId(const delta::Page& page) {
  std::vector<delta::Change> changes;
  IdSet ids;
  for (auto entry = page.entries.rbegin(); entry != page.entries.rend(); ++entry) {
    const bool is_item =
        entry->kind == delta::EntryKind::kFile || entry->kind == delta::EntryKind::kFolder;
    if (is_item && ids.Insert(Hash64(entry->id))) changes.push_back({&*entry, 0, false});
  }
  return changes;
}

// A person's identity, with the audiences of shared links where these count.
permissions::Identity Complete(permissions::Identity identity, bool links, bool same_team) {
  if (links) JoinAudiences(identity, same_team);
  return identity;
}

// People whom something is shared with: with no team to list, they are all who may search.
class Acquaintances {
 public:
  Acquaintances(const dropbox::Account& account, bool links) : links_(links) {
    permissions::Identity self;
    self.email = account.email;
    self.account_id = account.account_id;
    people_[account.email] = Complete(std::move(self), links_, /*same_team=*/true);
  }
  void Meet(const dropbox::Member& member) {
    const bool deleted = !member.email.empty() && member.email.back() == '#';
    if (member.kind != dropbox::Member::Kind::kUser || member.email.empty() || deleted) return;
    people_[member.email] = Complete(permissions::IdentityOf(member), links_, member.same_team);
  }
  Identities All() const {
    Identities all;
    for (const auto& [email, identity] : people_) all.push_back(identity);
    return all;
  }

 private:
  bool links_;
  std::map<std::string, permissions::Identity> people_;
};

// Those who may search.
struct People {
  Identities all;
  bool complete = true;  // false: there may be others
};

Result<People> ListTeam(Source& source, bool links, report::Reporter& reporter) {
  reporter.Phase("listing the team");
  TRY_ASSIGN(const auto members, permissions::ListTeamMembers(source.loop(), source.client()));
  People team;
  for (const dropbox::TeamMember& member : members) {
    if (!permissions::HasIdentity(member)) continue;
    team.all.push_back(Complete(permissions::IdentityOf(member), links, true));
  }
  return team;
}

void Count(const elastic::BulkCounters& written, report::Counters& counters) {
  counters.created += written.created;
  counters.updated += written.updated;
  counters.unchanged += written.unchanged;
  counters.deleted += written.deleted;
}

// People who left match nothing at once, however many they are; only the deletion of their
// identities is braked. A list of people that lacks some must do neither.
Result<void> WriteIdentities(const People& people, Ledger& ledger, Target& target,
                             const SyncPlan& plan, Progress& progress) {
  report::Reporter& reporter = progress.reporter();
  reporter.Phase("writing identities");
  const bool writes = plan.destination == Destination::kCluster;
  TRY_ASSIGN(const auto index,
             elastic::PrepareAccessControlIndex(target.client(), target.index(), writes));
  const auto sink =
      OpenIdentityWriter(plan, index.index, target.client(), ledger.failures(), progress);
  IdentitySync identities(target.client(), index, *sink, progress.counters());
  Result<void> done;
  // A dry run shows what would be left in the end.
  if (people.complete && writes) done = identities.CloseOthers(people.all);
  if (done) {
    done = WritePeople(identities, people.all, ledger.failures(), FormatUtc(ledger.NowMicros()));
  }
  if (done && people.complete) {
    done = identities.DeleteOthers(people.all, target.max_delete(), /*dry_run=*/!writes);
  }
  if (done && !people.complete) {
    reporter.Warn("not all lists of members could be read: no identity was closed or deleted");
  }
  Count(sink->counters(), progress.counters());
  return done;
}

// Whether rules may be used to leave documents out. An interrupted run leaves those that are still
// to be deleted, and until then who may see them has to be right.
bool HoldsNothingExcluded(const Ledger& ledger, const rules::RuleSet& rules) {
  const checkpoint::Checkpoint& state = ledger.checkpoint();
  const bool settled = ledger.has_checkpoint() && !state.full_sync && state.pending.bytes == 0;
  return settled && ledger.failures().CountEarlierFailures() == 0 && rules.Chooses();
}

// The ids of everything that Dropbox lists, and that rules do not exclude, as their Hash64.
class Listed {
 public:
  void Add(std::string_view id) { ids_.push_back(Hash64(id)); }
  void Sort() { std::sort(ids_.begin(), ids_.end()); }
  bool Has(std::string_view id) const {
    return std::binary_search(ids_.begin(), ids_.end(), Hash64(id));
  }
  // Without the list of received files nothing is known of them.
  bool Keeps(const elastic::Hit& hit) const {
    return Has(hit.id) || (!knows_received && hit.received);
  }
  std::vector<dropbox::ReceivedFile> received;  // among them
  bool knows_received = true;                   // false: their list could not be read
  std::optional<Error> missing;                 // why one of the folders is not there

 private:
  std::vector<std::uint64_t> ids_;
};

// Compares the permissions of everything that is listed with those in the index. An error leaves
// `listed` incomplete.
Result<void> CompareListing(Source& source, Ledger& ledger, AccessStage& compare,
                            const SyncPlan& plan, Progress& progress, Listed& listed) {
  TRY_ASSIGN(delta::FoundFolders found, source.FindFolders());
  const FolderList& folders = found.folders;
  listed.missing = std::move(found.missing);
  // What is beside the folders is closed in any case: nobody is asked who may read it.
  rules::RuleSet rules;
  rules.patterns.folders = folders;
  if (HoldsNothingExcluded(ledger, plan.rules)) rules = plan.RulesIn(folders);
  std::optional<RuleJudge> judge;
  if (rules.Chooses()) judge.emplace(rules, plan.ContextFor(ledger.checkpoint().account));
  delta::DeltaReader feed = source.Follow("");
  TRY(delta::ForEachPage(feed, [&](const delta::Page& page) -> Result<void> {
    progress.counters().entries += page.entries.size();
    ++progress.counters().pages;
    std::vector<delta::Change> changes = LastOfEachId(page);
    if (judge) {
      std::erase_if(changes,
                    [&](const delta::Change& change) { return judge->Excludes(*change.entry); });
    }
    for (const delta::Change& change : changes) listed.Add(change.entry->id);
    TRY(compare.Compare(changes));
    progress.Tick();
    return {};
  }));
  TRY_ASSIGN(const auto received, source.ListReceived());
  listed.knows_received = received.has_value();
  if (received) listed.received = received->files;
  for (const dropbox::ReceivedFile& file : listed.received) listed.Add(file.id);
  listed.Sort();
  return compare.CompareReceived(listed.received);
}

// Makes the access lists of all documents right: those of documents that Dropbox lists become its
// own, and all others are closed. Returns why a folder is missing, whose documents are closed, too.
Result<std::optional<Error>> RewritePermissions(Source& source, Ledger& ledger, Target& target,
                                                const SyncPlan& plan, Progress& progress) {
  report::Reporter& reporter = progress.reporter();
  Outlet& outlet = target.outlet();
  checkpoint::Checkpoint& state = ledger.checkpoint();
  if (!ledger.has_checkpoint()) {
    reporter.Info("no state yet: permissions come with the documents of the first full sync");
    target.CompareWithNothing();
  }
  TRY(CloseBeforeListing(target, HadLists(ledger, plan), progress));
  reporter.Phase("comparing permissions");
  state.permissions.Clear();
  outlet.TrackWrites(target.lookup() != nullptr);
  AccessStage compare(*source.permissions(), target.lookup(), outlet, ledger.failures(),
                      progress.counters());
  // Documents that another run writes from here on are newer than the listing.
  const std::int64_t begin = ledger.sequence().Next();
  Listed listed;
  TRY(CompareListing(source, ledger, compare, plan, progress, listed));
  TRY(DecideListsAgain(source, ledger, outlet, compare, listed.received));
  TRY(outlet.Drain());
  if (target.lookup() != nullptr) {
    DocumentCloser closer(target.Searchable(), outlet, progress.counters());
    TRY(WithContext(
        closer.CloseUnlisted([&](const elastic::Hit& hit) { return listed.Keeps(hit); }, begin),
        "closing documents that Dropbox does not list"));
  }
  if (ledger.keeps() && ledger.has_checkpoint()) {
    TRY(SettleLists(source, ledger, target, progress, /*refreshed=*/false));
    TRY(DecideListsAgain(source, ledger, outlet, compare, listed.received));
    TRY(ledger.Save());
  }
  return std::move(listed.missing);
}

}  // namespace

// Lists of documents first: nothing that is wrong with identities may keep a document open.
Result<void> AccessSync(Source& source, Ledger& ledger, Target& target, const SyncPlan& plan,
                        Progress& progress) {
  dropbox::Client& client = source.client();
  auto account = client.DiscoverAccount();
  if (!account) {
    return Fail(permissions::ExplainDiscovery(source.loop(), client, /*identities=*/true,
                                              std::move(account.error())));
  }
  client.ActAs(*account);
  const bool is_team = !account->team_member_id.empty();
  TRY(permissions::ProbeScopes(source.loop(), client, {is_team, true}));
  TRY(WarnAboutLicense(target.client(), progress.reporter()));
  target.UsePrepared(ledger.checkpoint().id_field);
  IndexGuard& guard = target.guard();
  // By value: the guard outlives this function, and a full sync may follow it.
  guard.AskAccount([account] { return account; });
  TRY(ledger.has_checkpoint() ? guard.Confirm() : guard.ConfirmUnkept());
  IndexWatch watch(ledger, target);

  const bool links = plan.config.dropbox.include_link_visibility;
  Acquaintances met(*account, links);
  Access& access = *source.access();
  access.Begin(*account);
  access.reader().OnMember([&](const dropbox::Member& member) { met.Meet(member); });
  auto rewritten = RewritePermissions(source, ledger, target, plan, progress);
  access.reader().OnMember(nullptr);
  // A missing folder is the outcome of a run that does all else.
  const bool missing = rewritten && *rewritten;
  Result<void> lists;
  if (!rewritten) lists = Fail(std::move(rewritten.error()));
  if (lists && ledger.keeps() && ledger.has_checkpoint()) lists = watch.Note();
  if (lists && missing) lists = Fail(std::move(**rewritten));
  // People of a team are another list: what was wrong with documents does not keep it from being
  // read, and nobody who left stays because of it.
  const bool continues =
      lists || missing || (is_team && lists.error().kind != ErrorKind::kInterrupted);
  if (!continues) return lists;
  // Some people may only have shared single files.
  const bool knows_all = !missing && !access.reader().incomplete() && !source.unread();
  auto people = is_team ? ListTeam(source, links, progress.reporter())
                        : Result<People>(People{met.All(), knows_all});
  Result<void> identities = people ? WriteIdentities(*people, ledger, target, plan, progress)
                                   : Fail(std::move(people.error()));
  if (lists) return identities;
  if (!identities) progress.reporter().Warn(identities.error().ToLine());
  return lists;
}

Result<void> RemoveIdentities(Ledger& ledger, Target& target, const SyncPlan& plan,
                              Progress& progress) {
  TRY_ASSIGN(const auto index, elastic::PrepareAccessControlIndex(target.client(), target.index(),
                                                                  /*may_change=*/false));
  const auto sink =
      OpenIdentityWriter(plan, index.index, target.client(), ledger.failures(), progress);
  const Result<void> removed =
      IdentitySync(target.client(), index, *sink, progress.counters()).DeleteAll();
  Count(sink->counters(), progress.counters());
  return removed;
}

}  // namespace dbxes::sync
