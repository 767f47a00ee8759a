// SPDX-License-Identifier: Apache-2.0
// acl-sync: identities of those who search, and permissions of documents that no change feed tells
// of. It lists the Dropbox but downloads nothing, writes no other field, and deletes no document.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/hash.h"
#include "base/id_set.h"
#include "base/random.h"
#include "delta/delta_reader.h"
#include "dropbox/team.h"
#include "elastic/bulk_writer.h"
#include "elastic/index_setup.h"
#include "elastic/license.h"
#include "permissions/scopes.h"
#include "sync/access/identity_sync.h"
#include "sync/access/permission_rewrite.h"
#include "sync/settings_fingerprint.h"
#include "sync/stages/access_decision.h"
#include "sync/sync_run.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kReceivedAtOnce = 100;

// The files and folders of a page; of several entries with one id the last.
void TakeChanges(const delta::Page& page, std::vector<delta::Change>& changes) {
  changes.clear();
  IdSet ids;
  for (auto entry = page.entries.rbegin(); entry != page.entries.rend(); ++entry) {
    if (entry->kind != delta::EntryKind::kFile && entry->kind != delta::EntryKind::kFolder)
      continue;
    const std::uint64_t hash = Hash64(entry->id);
    if (ids.Contains(hash)) continue;
    ids.Insert(hash);
    changes.push_back({&*entry, 0, false});
  }
}

// A person's identity, with the audiences of shared links where these count.
permissions::Identity Complete(permissions::Identity identity, bool links, bool same_team) {
  if (links) permissions::JoinAudiences(identity, same_team);
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
  std::vector<permissions::Identity> All() const {
    std::vector<permissions::Identity> all;
    for (const auto& [email, identity] : people_) all.push_back(identity);
    return all;
  }

 private:
  bool links_;
  std::map<std::string, permissions::Identity> people_;
};

}  // namespace

Result<void> SyncRun::RunAccessControl() {
  if (config_.remove_identities) return RemoveIdentities();
  if (!config_.dropbox.use_document_level_security) {
    return Fail(ErrorKind::kConfig,
                "dropbox.use_document_level_security is off: there is nothing to bring up to date; "
                "acl-sync --remove takes the identities away");
  }
  const std::string difference =
      has_state_ ? DescribeDifference(state_.settings, FingerprintOf(config_, rules_)) : "";
  if (!difference.empty()) {
    return Fail(
        ErrorKind::kFullSyncNeeded,
        fmt::format("settings that shaped the index have changed ({}): run dbx-es full-sync "
                    "first",
                    difference));
  }
  auto account = dropbox_.DiscoverAccount();
  if (!account) {
    return Fail(
        permissions::ExplainDiscovery(loop_, dropbox_, /*identities=*/true, account.error()));
  }
  dropbox_.ActAs(*account);
  const bool is_team = !account->team_member_id.empty();
  TRY(permissions::ProbeScopes(loop_, dropbox_, {is_team, true}));
  TRY(WarnAboutLicense());

  Acquaintances people(*account, config_.dropbox.include_link_visibility);
  std::vector<permissions::Identity> identities;
  if (is_team) {
    TRY_ASSIGN(identities, ListTeam());
    TRY(WriteIdentities(identities, /*complete=*/true));
  }
  PreparePermissions(*account);
  permission_reader_->OnMember([&](const dropbox::Member& member) { people.Meet(member); });
  TRY(RewritePermissions());
  if (is_team) return {};
  // A list of people that lacks some must not delete them.
  return WriteIdentities(people.All(), !permission_reader_->incomplete());
}

Result<std::vector<permissions::Identity>> SyncRun::ListTeam() {
  reporter_.Phase("listing the team");
  TRY_ASSIGN(const auto members, permissions::ListTeamMembers(loop_, dropbox_));
  std::vector<permissions::Identity> identities;
  for (const dropbox::TeamMember& member : members) {
    if (!permissions::HasIdentity(member)) continue;
    identities.push_back(
        Complete(permissions::IdentityOf(member), config_.dropbox.include_link_visibility, true));
  }
  return identities;
}

Result<void> SyncRun::WarnAboutLicense() {
  TRY_ASSIGN(const auto type, elastic::LicenseWithoutDocumentSecurity(elastic_));
  if (type.empty()) return {};
  reporter_.Warn(fmt::format(
      "the cluster's {} licence has no document level security: permissions and identities are "
      "written, but API keys and roles with a query are refused, so search applications must "
      "apply the query of the identities themselves",
      type));
  return {};
}

Result<std::unique_ptr<elastic::ActionSink>> SyncRun::OpenIdentitySink(const std::string& index) {
  if (config_.dry_run) {
    return std::make_unique<elastic::DryRunSink>([this](const elastic::BulkAction& action) {
      reporter_.Detail(
          fmt::format("would {} the identity {}", elastic::ToString(action.kind), action.id));
    });
  }
  elastic::BulkSettings settings =
      elastic::BulkSettings::From(config_, SeedOf(environment_.seed, "identities"));
  settings.index = index;
  settings.pipeline.clear();  // it is made for documents
  return std::make_unique<elastic::BulkWriter>(
      elastic_, std::move(settings),
      [this](report::FailedDocument failure) { failures_.Add(std::move(failure)); });
}

Result<void> SyncRun::WriteIdentities(const std::vector<permissions::Identity>& people,
                                      bool complete) {
  reporter_.Phase("writing identities");
  auto target =
      elastic::PrepareAccessControlIndex(elastic_, config_.elasticsearch.index, !config_.dry_run);
  if (!target) return Fail(target.error());
  TRY_ASSIGN(auto sink, OpenIdentitySink(target->index));
  IdentitySync identities(elastic_, *target, *sink, counters_);
  Result<void> done = identities.Write(people, FormatUtc(environment_.clock.WallMicros()));
  if (done && complete) done = identities.DeleteOthers(people, config_.sync.max_delete);
  if (done && !complete) {
    reporter_.Warn("not all lists of members could be read: no identity was deleted");
  }
  Count(sink->counters());
  return done;
}

Result<void> SyncRun::RemoveIdentities() {
  TRY_ASSIGN(auto target,
             elastic::PrepareAccessControlIndex(elastic_, config_.elasticsearch.index, false));
  TRY_ASSIGN(auto sink, OpenIdentitySink(target.index));
  const Result<void> removed = IdentitySync(elastic_, target, *sink, counters_).DeleteAll();
  Count(sink->counters());
  return removed;
}

void SyncRun::Count(const elastic::BulkCounters& written) {
  counters_.created += written.created;
  counters_.updated += written.updated;
  counters_.deleted += written.deleted;
}

// Whether rules may be used to leave documents out. An interrupted run leaves those that are still
// to be deleted, and until then who may see them has to be right.
bool SyncRun::HoldsNothingExcluded() const {
  const bool settled = has_state_ && !state_.full_sync && state_.pending.bytes == 0;
  return settled && failures_.earlier().empty() && rules_.Chooses();
}

// Compares the permissions of everything that is listed with those in the index. What the index
// does not hold yet is the next sync's.
Result<void> SyncRun::RewritePermissions() {
  if (!has_state_) {
    reporter_.Info("no state yet: permissions come with the documents of the first full sync");
    stored_.reset();
  }
  reporter_.Phase("comparing permissions");
  state_.permissions.Clear();
  documents::DocumentBuilder builder(MakeDocumentContext());
  DocumentStage documents(builder, planner_, stored_.get(), *sink_, nullptr, counters_, false,
                          MaxUnacknowledged());
  documents.WriteAccessOnly();
  delta::DeltaReader feed(loop_, dropbox_, config_.dropbox.path, "");
  std::optional<RuleJudge> rules;
  if (HoldsNothingExcluded()) rules.emplace(rules_, MakeDocumentContext());
  std::vector<delta::Change> changes;
  for (;;) {
    TRY_ASSIGN(auto page, feed.Next());
    if (page == nullptr) break;
    counters_.entries += page->entries.size();
    ++counters_.pages;
    TakeChanges(*page, changes);
    if (rules) {
      std::erase_if(changes,
                    [&](const delta::Change& change) { return rules->Excludes(*change.entry); });
    }
    documents.Draft(changes);
    TRY(permissions_->Resolve(changes));
    TRY(documents.Write("", &permissions_->permissions()));
    Tick();
  }
  TRY(RewriteReceived());
  TRY(sink_->Drain());
  if (!KeepsState() || !has_state_) return {};
  TRY(SettlePermissions());
  return store_.Commit(state_);
}

Result<void> SyncRun::RewriteReceived() {
  TRY_ASSIGN(auto received, ListReceived());
  for (std::size_t begin = 0; begin < received.files.size(); begin += kReceivedAtOnce) {
    const std::size_t end = std::min(received.files.size(), begin + kReceivedAtOnce);
    std::vector<std::string_view> ids;
    for (std::size_t i = begin; i < end; ++i) ids.push_back(received.files[i].id);
    TRY(RewriteSomeReceived(received.files, begin, ids));
  }
  return {};
}

// Without state, people are all that is wanted: whom the files are shared with.
Result<void> SyncRun::RewriteSomeReceived(const std::vector<dropbox::ReceivedFile>& files,
                                          std::size_t begin,
                                          const std::vector<std::string_view>& ids) {
  if (stored_ == nullptr) {
    auto read = permissions_->ReadReceived(ids);
    return read ? Result<void>() : Fail(read.error());
  }
  TRY_ASSIGN(auto stored, WithContext(stored_->Start(ids).Await(), "comparing received files"));
  // One that has come into the tree was compared there; one that is not in the index has nothing to
  // be brought up to date.
  std::vector<std::size_t> known;
  std::vector<std::string_view> asked;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!stored[i].found || !stored[i].path_lower.empty()) continue;
    known.push_back(i);
    asked.push_back(ids[i]);
  }
  auto permissions = permissions_->ReadReceived(asked);
  if (!permissions) return Fail(permissions.error());
  for (std::size_t i = 0; i < known.size(); ++i) {
    const permissions::Permission& permission = (*permissions)[i];
    const dropbox::ReceivedFile& file = files[begin + known[i]];
    if (!permission.Readable()) {
      failures_.Add({file.id, file.name, std::string(checkpoint::kReadOperation),
                     permission.http_status, permission.problem});
    }
    const AccessDecision access = DecideAccess(&permission, &stored[known[i]], {}, false);
    if (!access.Changes()) {
      ++counters_.unchanged;
      continue;
    }
    TRY(WriteAccess(*sink_, asked[i], file.name, access.list));
  }
  return {};
}

}  // namespace dbxes::sync
