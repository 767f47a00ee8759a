// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/full_sync.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "elastic/query.h"
#include "elastic/search.h"
#include "permissions/scopes.h"
#include "sync/deletion/safety.h"
#include "sync/plan/settings_fingerprint.h"
#include "sync/runs/conflicts.h"
#include "sync/runs/failed_documents.h"
#include "sync/runs/feed.h"
#include "sync/runs/fresh_writer.h"
#include "sync/runs/index_watch.h"
#include "sync/runs/list_guard.h"
#include "sync/stages/entry_stages.h"
#include "sync/stages/received_stage.h"

namespace dbxes::sync {
namespace {

// Dropbox may reset a listing that is under way; more often than this something is wrong.
constexpr int kMostRestarts = 3;

Result<dropbox::Account> AskAccount(Source& source) {
  dropbox::Client& client = source.client();
  auto account = client.DiscoverAccount();
  if (account || source.access() == nullptr) return account;
  return Fail(permissions::ExplainDiscovery(source.loop(), client, /*identities=*/false,
                                            std::move(account.error())));
}

tl::unexpected<Error> NoIndex(const std::string& index) {
  return Fail(ErrorKind::kConfig,
              fmt::format("the index {} does not exist: run dbx-es full-sync", index));
}

// Makes the index usable and ours. True if it is the one that the checkpoint knows.
Result<bool> TakeTarget(Target& target, Ledger& ledger, const dropbox::Account& account,
                        const SyncPlan& plan, report::Reporter& reporter) {
  if (plan.destination == Destination::kFile) return true;
  const bool may_change = plan.destination == Destination::kCluster;
  TRY_ASSIGN(const elastic::IndexTarget index, target.Prepare(may_change));
  for (const std::string& warning : index.warnings) reporter.Warn(warning);
  if (index.created) reporter.Info(fmt::format("created the index {}", index.index));
  if (plan.options.verify && !index.existed) return NoIndex(target.index());
  if (!index.existed && !index.created) return true;  // a dry run, with nothing to look at
  TRY_ASSIGN(const bool same, target.guard().Take(account, {plan.options.take_over, may_change,
                                                            plan.options.change_path}));
  if (!same && !index.created) {
    reporter.Info(fmt::format("the index {} is not the one that dbx-es left: comparing all of it",
                              target.index()));
  }
  if (const std::string& problem = target.guard().problem(); !problem.empty()) {
    reporter.Warn("the index does not name its keeper: " + problem);
  }
  ledger.checkpoint().id_field = index.id_field;
  return same;
}

// A verify reads every document: its fingerprint says only what was written at some time. Whether a
// document has a text is not compared where a pipeline of the cluster makes it.
Result<void> DoubtDocuments(Target& target, const SyncPlan& plan) {
  const bool reads_texts = plan.config.extraction.mode != config::ExtractionMode::kPipeline;
  target.DoubtDocuments(reads_texts ? elastic::Doubt::kAll : elastic::Doubt::kAllButText);
  return elastic::Refresh(target.client(), target.index());
}

Result<void> ReadSnapshot(Target& target, report::Reporter& reporter) {
  if (target.lookup() != nullptr && !target.id_field().empty()) {
    reporter.Phase("reading the index");
  }
  std::string problem;
  TRY(target.ReadSnapshot(problem));
  if (!problem.empty()) reporter.Detail("comparing page by page: " + problem);
  return {};
}

// None if the cluster refuses: the first hourly look then begins to note what others write.
Result<elastic::ShardMarks> MarksFor(Target& target, report::Reporter& reporter) {
  auto marks = IndexWatch::MarksNow(target);
  if (marks || marks.error().kind == ErrorKind::kInterrupted) return marks;
  reporter.Detail(marks.error().ToLine());
  return elastic::ShardMarks();
}

// Nothing of this is saved before the first page has arrived: a wrong path changes nothing.
Result<void> Begin(Source& source, Ledger& ledger, Target& target, const dropbox::Account& account,
                   const SyncPlan& plan) {
  if (source.access() != nullptr) TRY(CheckScopes(source.client(), account));
  TRY_ASSIGN(const std::int64_t last, target.LastSequence());
  ledger.sequence().RaiseTo(last);
  // A kill before the first page must not make all documents look as if they were written late.
  ledger.checkpoint().sync_seq_saved = ledger.sequence().last();
  if (target.baseline() != Baseline::kNothing) target.guard().Adopt();
  checkpoint::Checkpoint& state = ledger.checkpoint();
  // A pass that was interrupted, or that Dropbox reset, is not over.
  checkpoint::FullSyncProgress progress;
  progress.force = plan.options.force || (state.full_sync && state.full_sync->force);
  progress.rewrite = (state.full_sync && state.full_sync->rewrite) ||
                     (plan.WritesWhole() && HasOtherPipeline(state.settings, plan.settings));
  state.target =
      fmt::format("{}/{}", plan.config.elasticsearch.host, plan.config.elasticsearch.index);
  state.settings = plan.settings;
  state.account = account;
  state.root = {state.account.root_namespace_id, "", {}};
  state.full_sync = std::move(progress);
  state.late = {};
  state.full_sync->started_at = FormatUtc(source.loop().clock().WallMicros());
  state.full_sync->begin_seq = ledger.sequence().last() + 1;
  state.pending = {};
  state.permissions.Clear();
  // Makes the first page's Reserve save all of this, before a side file is written that the old
  // checkpoint may count.
  state.sync_seq_reserved = 0;
  return {};
}

// What the index holds is the best estimate of what a full listing will show. A listing that is
// resumed is done in part; where rules exclude entries, or with several folders, there is no
// estimate.
void ExpectEntries(const Ledger& ledger, Target& target, const SyncPlan& plan, Progress& progress) {
  progress.ExpectEntries(0);
  if (plan.rules.Chooses()) return;
  const std::uint64_t done = ledger.checkpoint().full_sync->entries;
  const std::uint64_t held = target.snapshot().size();
  if (held > done) progress.ExpectEntries(progress.counters().entries + held - done);
}

Result<void> OpenSearch(Selection& selection, Source& source, Ledger& ledger, Target& target,
                        const SyncPlan& plan, report::Reporter& reporter) {
  if (!selection.searches()) return {};
  selection.OpenSearch(source.client(), {plan.SearchRoot(), /*listing=*/true}, target.lookup(),
                       ledger.checkpoint().late,
                       [&reporter](const std::string& message) { reporter.Warn(message); });
  reporter.Phase("searching Dropbox");
  TRY(selection.search()->SearchAll());
  reporter.Phase("listing Dropbox");
  return {};
}

// All but received files.
constexpr std::string_view kInTreeQuery =
    R"({"bool":{"filter":[],"must_not":[{"term":{"received":true}}]}})";

// Everything that the account has now.
struct Listed {
  std::vector<std::uint64_t> present;   // Hash64 of ids, sorted
  std::vector<std::uint64_t> excluded;  // by rules; like `present`
  // The first sync_seq of what may have been written since the tree was listed from its beginning,
  // and since the received files were listed. 0: not known.
  std::int64_t tree_seq = 0;
  std::int64_t received_seq = 0;
  std::uint64_t count = 0;     // with what folders, patterns and rules leave out
  bool knows_received = true;  // false: their list could not be read
};

// `rewrites`: also what is unchanged.
Result<Listed> WriteReceived(Source& source, Ledger& ledger, Target& target, EntryStages& stages,
                             bool rewrites) {
  DocumentWriter& writer = stages.writer();
  Listed listed;
  listed.tree_seq = ledger.checkpoint().full_sync->begin_seq;
  listed.received_seq = ledger.sequence().last() + 1;
  TRY_ASSIGN(auto list, source.ListReceived());
  TRY_ASSIGN(listed.present, ledger.seen()->LoadSorted());
  std::vector<std::uint64_t>& present = listed.present;
  listed.knows_received = list.has_value();
  if (!list) {
    listed.excluded = ledger.seen()->excluded();
    listed.count = present.size() + listed.excluded.size();
    ledger.checkpoint().received.Forget();
    KeepReceivedFailures(ledger.failures());
    return listed;
  }
  ReceivedFiles& received = *list;
  TRY_ASSIGN(const std::uint64_t dropped,
             stages.selection().DropUnwanted(received.files, writer.counters(),
                                             stages.outlet().changes()));
  TRY(ledger.Reserve(received.files.size() * (1 + kMostRounds)));
  ReceivedStage stage(source.client(), writer, target.lookup(), stages.selection().judge(),
                      stages.permissions(), ledger.sequence());
  stage.CompareWith(target.snapshot());
  const auto in_tree = [&](std::string_view id) {
    return std::binary_search(present.begin(), present.end(), Hash64(id));
  };
  const auto known = rewrites ? ReceivedStage::Known::kRewrite : ReceivedStage::Known::kCompare;
  TRY(stage.Write(received.files, in_tree, known, ledger.failures()));
  TRY(WriteReceivedAgain(stage, received.files, in_tree, stages.outlet(), ledger.failures()));
  for (const dropbox::ReceivedFile& file : received.files) present.push_back(Hash64(file.id));
  std::sort(present.begin(), present.end());
  listed.excluded = ledger.seen()->excluded();
  listed.count = present.size() + listed.excluded.size() + dropped;
  stage.TakeOutExcluded(present);
  checkpoint::ReceivedListing& remembered = ledger.checkpoint().received;
  remembered = received.listing;
  if (stage.failures() > 0) remembered.Forget();
  return listed;
}

// Whether a document is known to be gone. Not if it may have been written since the listing: by
// somebody else, who saw its file later. What this listing wrote itself is gone only if rules
// excluded it in the end; what it wrote and Dropbox deleted is deleted by then.
bool IsGone(const elastic::Hit& hit, const Listed& listed) {
  const std::uint64_t id = Hash64(hit.id);
  if (std::binary_search(listed.present.begin(), listed.present.end(), id)) return false;
  const std::int64_t began = hit.received ? listed.received_seq : listed.tree_seq;
  if (began == 0 || !hit.Number() || *hit.Number() < began) return true;
  return std::binary_search(listed.excluded.begin(), listed.excluded.end(), id);
}

// Deletes what the listing did not show, if the listing is credible.
Result<void> DeleteUnlisted(const Listed& listed, const rules::RuleSet& rules, Target& target,
                            report::Reporter& reporter) {
  const Outlet& outlet = target.outlet();
  DeletionPlan plan;
  plan.listed = listed.count;
  plan.what = "the listing of Dropbox";
  plan.excluded = listed.count - listed.present.size();
  NameExclusions(rules, plan);
  plan.already = outlet.counters().deleted;
  reporter.Phase("deleting what is gone");
  TRY(target.guard().Confirm());
  return target.MakeEraser(outlet.dry_run())
      .Sweep(
          std::string(listed.knows_received ? elastic::kMatchAll : kInTreeQuery),
          [&](const elastic::Hit& hit) { return IsGone(hit, listed); },
          [&](std::uint64_t gone, std::uint64_t all) {
            plan.to_delete = gone;
            plan.index_count = all;
            return CheckDeletions(target.max_delete(), plan);
          });
}

// After the listing: applies deletions, tries failures again, compares received files, and deletes
// what is gone. An index whose documents were all written by this listing, or all accounted for,
// holds nothing else, unless rules excluded in the end what they had included. A kSafetyStop is
// the outcome of a listing that did all else.
Result<void> FollowListing(Source& source, Ledger& ledger, Target& target, EntryStages& stages,
                           const rules::RuleSet& rules, Progress& progress) {
  Outlet& outlet = target.outlet();
  report::Reporter& reporter = progress.reporter();
  const checkpoint::FullSyncProgress& pass = *ledger.checkpoint().full_sync;
  DocumentStage& again = stages.CompareWith(target.lookup(), pass.force);
  if (pass.rewrite) again.RewriteAll();
  FreshWriter fresh(source, ledger, target, stages, progress);
  // First: of what is decided on again, nothing may be deleted as older than its deletion.
  TRY(DecideAgain(fresh, outlet, ledger.failures(), reporter));
  // A safety stop holds back deletions and nothing else.
  Result<void> deleted = ApplyDeletions(ledger, target, progress);
  if (!DoneOrStopped(deleted)) return deleted;
  const auto retried = fresh.RetryFailures(Retry::kAll);
  if (!DoneOrStopped(retried)) return retried;
  if (deleted) deleted = retried;
  TRY_ASSIGN(const Listed listed,
             WriteReceived(source, ledger, target, stages, pass.force || pass.rewrite));
  TRY(outlet.Drain());
  const bool withdrawn = ledger.seen()->has_withdrawn();
  const bool nothing_else = (target.was_new() || target.snapshot().AllAccounted()) && !withdrawn;
  if (deleted && target.baseline() != Baseline::kNothing && !nothing_else) {
    deleted = DeleteUnlisted(listed, rules, target, reporter);
    if (!DoneOrStopped(deleted)) return deleted;
  }
  if (outlet.destination() == Destination::kFile && withdrawn) WarnAboutOutput(reporter);
  if (source.access() != nullptr) {
    TRY(SettleLists(source, ledger, target, progress, /*refreshed=*/false));
  }
  TRY(DecideAgain(fresh, outlet, ledger.failures(), reporter));
  FailReceived(ledger.failures());
  return deleted;
}

// The next run reads changes only.
Result<void> EndPass(Ledger& ledger, Target& target, IndexWatch& watch) {
  if (target.outlet().destination() == Destination::kCluster) TRY(watch.EndListing());
  checkpoint::Checkpoint& state = ledger.checkpoint();
  state.last_full_sync_at = state.full_sync->started_at;
  state.full_sync.reset();
  TRY(ledger.Save());
  // The checkpoint counts neither any more; deletions may be left over from an abandoned pass.
  TRY(ledger.pending().Clear());
  return ledger.seen()->Remove();
}

// Lists Dropbox from the checkpoint's cursor on and writes what differs.
Result<void> List(Source& source, Ledger& ledger, Target& target, EntryStages& stages,
                  const SyncPlan& plan, Progress& progress) {
  target.checkpointer().BeginPass();
  TRY(ledger.BeginListing());
  progress.reporter().Phase("listing Dropbox");
  TRY(OpenSearch(stages.selection(), source, ledger, target, plan, progress.reporter()));
  const checkpoint::FullSyncProgress& pass = *ledger.checkpoint().full_sync;
  DocumentStage& documents = stages.CompareWith(target.lookup(), pass.force);
  if (pass.rewrite) documents.RewriteAll();
  documents.LookUpAgainWith(target.fresh_lookup());
  documents.CompareWith(target.snapshot());
  ExpectEntries(ledger, target, plan, progress);
  delta::DeltaReader feed = source.Follow(ledger.checkpoint().root.cursor);
  return ReadFeed(feed, source.loop().clock(), ledger, target, stages, progress);
}

// One listing, and what follows it.
Result<void> ListAndFinish(Source& source, Ledger& ledger, Target& target, IndexWatch& watch,
                           const SyncPlan& plan, Progress& progress) {
  const dropbox::Account& account = ledger.checkpoint().account;
  if (source.access() != nullptr) source.access()->Begin(account);
  Outlet& outlet = target.outlet();
  const rules::RuleSet rules = plan.RulesIn(ledger.checkpoint().root.folders);
  EntryStages stages(rules, plan.ContextFor(account), source.permissions(), outlet,
                     target.client().stamps(), progress.counters());
  outlet.TrackWrites(target.lookup() != nullptr);
  const auto listed = List(source, ledger, target, stages, plan, progress);
  // Whatever ended it: from here on the index holds what was written.
  target.EndNew();
  outlet.TrackWrites(target.lookup() != nullptr);
  TRY(listed);
  // The listing does not say that one of them has gone meanwhile.
  TRY(source.ConfirmFolders());
  TRY(FollowListing(source, ledger, target, stages, rules, progress));
  return EndPass(ledger, target, watch);
}

// The feed will show what was there when it continued. What was written before and is not shown is
// gone; the run that ended may have written it after its last checkpoint.
void Continue(Ledger& ledger, report::Reporter& reporter) {
  checkpoint::FullSyncProgress& pass = *ledger.checkpoint().full_sync;
  pass.begin_seq = ledger.sequence().last() + 1;
  reporter.Info(fmt::format("continuing the full sync of {} after {} entries", pass.started_at,
                            pass.entries));
}

// From the question whose token it is to the last checkpoint.
Result<void> RunPass(Source& source, Ledger& ledger, Target& target, const SyncPlan& plan,
                     Progress& progress, Start start) {
  report::Reporter& reporter = progress.reporter();
  TRY_ASSIGN(const dropbox::Account account, AskAccount(source));
  source.client().ActAs(account);
  TRY_ASSIGN(const FolderList folders, source.FindAllFolders());
  TRY_ASSIGN(const bool same, TakeTarget(target, ledger, account, plan, reporter));
  // Another index than that of the checkpoint took the first half of the full sync with it. What
  // the state says of the account is not believed: it decides in whose name files are read.
  const bool seen_otherwise = !account.SeesAs(ledger.checkpoint().account);
  const bool fresh =
      start == Start::kFresh || !same || seen_otherwise || target.baseline() == Baseline::kNew;
  if (start != Start::kFresh && seen_otherwise) {
    reporter.Info(
        "Dropbox shows the account otherwise than when the full sync began: starting over");
  }
  const bool secure = source.access() != nullptr;
  if (secure && plan.destination != Destination::kFile) {
    TRY(WarnAboutLicense(target.client(), reporter));
  }
  IndexWatch watch(ledger, target);
  elastic::ShardMarks marks;
  if (fresh) {
    TRY_ASSIGN(marks, MarksFor(target, reporter));
  }
  // Before the checkpoint turns to the new pass: a stop in here still saves that of the last one.
  TRY(plan.options.verify ? DoubtDocuments(target, plan) : ReadSnapshot(target, reporter));
  const bool had_lists = same && HadLists(ledger, plan);
  if (fresh) {
    TRY(Begin(source, ledger, target, account, plan));
    watch.Begin(std::move(marks));
  } else {
    Continue(ledger, reporter);
  }
  ledger.checkpoint().root.folders = folders.size() > 1 ? folders : FolderList();
  if (secure && !plan.options.verify) {
    TRY_ASSIGN(const bool closed, CloseBeforeListing(target, had_lists, progress));
    if (closed) TRY(ReadSnapshot(target, reporter));
  }
  watch.BeginListing();
  return ListAndFinish(source, ledger, target, watch, plan, progress);
}

// What a pass that ended early has on its way takes effect, or is written anew by the next one.
Result<void> LeavePass(Outlet& outlet) {
  auto drained = outlet.Drain();
  if (drained || drained.error().kind == ErrorKind::kInterrupted) return drained;
  outlet.StartOver();
  return {};
}

bool IsResetByDropbox(const Error& error) {
  return error.kind == ErrorKind::kCursorReset || error.kind == ErrorKind::kRootChanged;
}

bool StartsOver(const Error& error) { return IsResetByDropbox(error) || IsIndexReplaced(error); }

}  // namespace

Result<void> FullSync(Source& source, Ledger& ledger, Target& target, const SyncPlan& plan,
                      Progress& progress, Start start) {
  report::Reporter& reporter = progress.reporter();
  for (int restarts = 0;; ++restarts) {
    TRY(LeavePass(target.outlet()));
    auto done =
        RunPass(source, ledger, target, plan, progress, restarts == 0 ? start : Start::kFresh);
    if (done || !StartsOver(done.error())) return done;
    if (restarts == kMostRestarts) {
      return Fail(ErrorKind::kTemporary, fmt::format("the full sync started over {} times: {}",
                                                     restarts, done.error().ToLine()));
    }
    const bool reset = IsResetByDropbox(done.error());
    reporter.Info((reset ? "Dropbox reset the listing" : done.error().message) + ": starting over");
  }
}

}  // namespace dbxes::sync
