// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/incremental_sync.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/hash.h"
#include "sync/deletion/safety.h"
#include "sync/runs/conflicts.h"
#include "sync/runs/failed_documents.h"
#include "sync/runs/feed.h"
#include "sync/runs/fresh_writer.h"
#include "sync/runs/full_sync.h"
#include "sync/runs/index_watch.h"
#include "sync/runs/late_writes.h"
#include "sync/runs/list_guard.h"
#include "sync/stages/entry_stages.h"
#include "sync/stages/received_stage.h"

namespace dbxes::sync {
namespace {

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::string_view kReceivedQuery = R"({"term":{"received":true}})";

std::vector<std::uint64_t> SortedIds(const std::vector<dropbox::ReceivedFile>& files) {
  std::vector<std::uint64_t> ids;
  for (const dropbox::ReceivedFile& file : files) ids.push_back(Hash64(file.id));
  std::sort(ids.begin(), ids.end());
  return ids;
}

// Writes what search knew too late of for an earlier run.
Result<void> CatchUpWithSearch(FreshWriter& fresh, Selection& selection, Ledger& ledger,
                               report::Reporter& reporter) {
  checkpoint::LateSearch& late = ledger.checkpoint().late;
  RuleSearch* const search = selection.search();
  const SearchFilter* const filter = selection.filter();
  if (search == nullptr || !late.Waits()) return {};
  const bool due = late.IsDue(ledger.NowMicros() / kMicros);
  // What this run has just asked about, search cannot know better already.
  const bool look = due && !filter->HasNotedLate();
  if (look && !search->searched()) {
    reporter.Phase("searching for late changes");
    TRY(search->SearchUnder(late.folder));
  }
  TRY(fresh.WriteMissing(filter->FoundLate(late)));
  if (look) late.Looked();
  return ledger.Save();
}

// Which received files a run compares.
enum class Depth : std::uint8_t {
  kIfListed,  // those that are new in their list, if it differs from that of the last run
  kNew,       // those that the index lacks
  kAll,
};

// What is known and what is wanted of the received files.
struct ReceivedTask {
  const ReceivedFiles& received;
  std::int64_t listed_seq;  // the first number that was free when they were listed
  Depth depth;
  bool may_delete;  // no deletions are held back
};

// Deletes the documents of received files that are not among `ids` (Hash64, sorted), unless they
// may have been written since the files were listed. What the change feed deleted before counts
// towards a limit that was set.
Result<void> DeleteUnlisted(const std::vector<std::uint64_t>& ids, const ReceivedTask& task,
                            Target& target) {
  const Outlet& outlet = target.outlet();
  const std::uint64_t already = outlet.counters().deleted;
  return target.MakeEraser(outlet.dry_run())
      .Sweep(
          std::string(kReceivedQuery),
          [&](const elastic::Hit& hit) {
            const bool older = !hit.Number() || *hit.Number() < task.listed_seq;
            return older && !std::binary_search(ids.begin(), ids.end(), Hash64(hit.id));
          },
          [&](std::uint64_t gone, std::uint64_t all) {
            const auto listed = std::max<std::uint64_t>(task.received.listing.count, 1);
            DeletionPlan plan{gone, all, listed, "the list of received files", "incremental"};
            plan.already = already;
            return CheckDeletions(target.max_delete(), plan);
          });
}

Result<void> CompareReceived(const ReceivedTask& task, Source& source, Ledger& ledger,
                             Target& target, EntryStages& stages, Progress& progress) {
  const checkpoint::ReceivedListing& now = task.received.listing;
  checkpoint::ReceivedListing& before = ledger.checkpoint().received;
  if (now.count == 0 && before.count == 0) return {};
  // A change in the tree may have mounted or unmounted one without a trace in the list.
  if (task.depth == Depth::kIfListed && now.count == before.count && now.hash == before.hash) {
    KeepReceivedFailures(ledger.failures());
    return {};
  }
  progress.reporter().Phase("comparing received files");
  std::vector<dropbox::ReceivedFile> files = task.received.files;
  TRY(stages.selection().DropUnwanted(files, progress.counters(), progress.changes()));
  TRY(ledger.Reserve(files.size() * (1 + kMostRounds)));
  if (now.count != before.count || now.hash != before.hash) {
    // Should this run be killed, the list of before does not show what it has written: a file that
    // is then revoked would be in neither list.
    before.Forget();
    TRY(ledger.Save());
  }
  ReceivedStage stage(source.client(), stages.writer(), target.lookup(), stages.selection().judge(),
                      stages.permissions(), ledger.sequence());
  checkpoint::FailuresFile& failures = ledger.failures();
  // One that failed earlier may be in the index as it was before.
  const bool all = task.depth == Depth::kAll || failures.HasWork();
  const auto known = all ? ReceivedStage::Known::kCompare : ReceivedStage::Known::kLeave;
  // It may even be there at a place that it has no more. What has one is not among `files`.
  std::set<std::string, std::less<>> failed;
  for (const checkpoint::FailureRecord& record : failures.earlier()) {
    if (IsReceived(record.failure)) failed.insert(record.failure.id);
  }
  const auto in_tree = [&failed](std::string_view id) { return !failed.contains(id); };
  TRY(stage.Write(files, in_tree, known, failures));
  TRY(WriteReceivedAgain(stage, files, in_tree, stages.outlet(), failures));

  std::vector<std::uint64_t> ids = SortedIds(task.received.files);
  stage.TakeOutExcluded(ids);
  // A stop leaves the remembered list as it is, so that the next run compares again.
  if (!task.may_delete) return {};
  TRY(DeleteUnlisted(ids, task, target));
  before = now;
  // A file whose link failed is tried again.
  if (stage.failures() > 0) before.Forget();
  return ledger.Save();
}

// Of a run that cannot list the received files: the next one compares them.
Result<void> LeaveReceived(Ledger& ledger) {
  ledger.checkpoint().received.Forget();
  KeepReceivedFailures(ledger.failures());
  return ledger.Save();
}

// Documents that may have come into the index without an access list.
std::uint64_t Written(const Outlet& outlet) {
  return outlet.counters().created + outlet.counters().updated;
}

// What the state says of the account decides in whose name files are read, and who may read their
// documents. It is cheap to believe while nothing is written; before the first write Dropbox says
// it. Of another account, the guard has a better message.
Result<dropbox::Account> AskAccount(Source& source, const dropbox::Account& saved) {
  TRY_ASSIGN(auto account, source.client().DiscoverAccount());
  if (account.account_id != saved.account_id || account.SeesAs(saved)) return account;
  return Fail(ErrorKind::kRootChanged, "the account in Dropbox is not what the state says");
}

// What somebody else has changed in the index.
struct ChangedDocuments {
  std::vector<report::FailedDocument> in_tree;  // to be compared one by one
  bool received = false;                        // received files are among them
};

// A document that has lost a mark of where it belongs is asked for in the tree.
ChangedDocuments SortOut(const std::vector<elastic::WrittenDocument>& written,
                         const ReceivedFiles& received) {
  const std::vector<std::uint64_t> ids = SortedIds(received.files);
  ChangedDocuments changed;
  for (const elastic::WrittenDocument& document : written) {
    const bool marked = document.received && document.path.empty();
    if (marked && std::binary_search(ids.begin(), ids.end(), Hash64(document.id))) {
      changed.received = true;
    } else {
      changed.in_tree.push_back({document.id, document.path, "index", 0, ""});
    }
  }
  return changed;
}

// Once an hour; without the list of received files the next run looks.
Result<ChangedDocuments> FindChanged(IndexWatch& watch,
                                     const std::optional<ReceivedFiles>& received, Source& source,
                                     Target& target, Progress& progress) {
  const bool writes = target.outlet().destination() == Destination::kCluster;
  const bool looks = writes && received && watch.IsDue();
  if (!looks) return ChangedDocuments();
  TRY(target.guard().ConfirmIfDue());
  TRY_ASSIGN(const auto written, watch.FindChanged());
  if (written.empty()) return ChangedDocuments();
  progress.reporter().Phase("comparing what somebody else has changed");
  // Those that everybody sees are closed at once, and counted.
  if (source.access() != nullptr) {
    TRY(CloseBeforeListing(target, /*had_lists=*/true, progress));
  }
  return SortOut(written, *received);
}

Result<void> ReadChanges(Source& source, Ledger& ledger, Target& target, EntryStages& stages,
                         const SyncPlan& plan, Progress& progress) {
  target.checkpointer().BeginPass();
  TRY(ledger.BeginChanges());
  progress.reporter().Phase("reading changes");
  stages.selection().OpenSearch(
      source.client(), {plan.SearchRoot(), /*listing=*/false}, target.lookup(),
      ledger.checkpoint().late,
      [&progress](const std::string& message) { progress.reporter().Warn(message); });
  stages.CompareWith(target.lookup(), plan.options.force);
  delta::DeltaReader feed = source.Follow(ledger.checkpoint().root.cursor);
  // Where nothing has changed, a run asks for these two pages alone: at the same time.
  feed.Begin();
  source.AskReceived();
  return ReadFeed(feed, source.loop().clock(), ledger, target, stages, progress);
}

// After the feed: deletions, failures, received files, and what somebody else has changed. A
// kSafetyStop, or kConfig for a missing folder, is the outcome of a run that did all else.
Result<void> FollowChanges(Source& source, Ledger& ledger, Target& target, EntryStages& stages,
                           IndexWatch& watch, Progress& progress) {
  Outlet& outlet = target.outlet();
  report::Reporter& reporter = progress.reporter();
  FreshWriter fresh(source, ledger, target, stages, progress);
  const bool changed =
      progress.counters().entries > 0 || !ledger.pending().empty() || ledger.failures().HasWork();
  // A folder that is missing holds deletions back as well: the feed shows that all in it is gone.
  Result<void> deleted = changed ? source.ConfirmFolders() : Result<void>();
  if (!deleted && deleted.error().kind != ErrorKind::kConfig) return deleted;
  const std::int64_t listed_seq = ledger.sequence().last() + 1;
  TRY_ASSIGN(const auto received, progress.counters().entries == 0 ? source.ListReceivedAsAsked()
                                                                   : source.ListReceived());
  // To find what is gone, the index is refreshed.
  const bool refreshed = !ledger.pending().empty();
  TRY_ASSIGN(const bool late, FindLateWrites(ledger, target));
  // First: of what is decided on again, nothing may be deleted as older than its deletion.
  TRY(DecideAgain(fresh, outlet, ledger.failures(), reporter));
  if (late) TRY(ledger.Save());
  // A safety stop holds back deletions and nothing else.
  if (deleted) {
    deleted = ApplyDeletions(ledger, target, progress);
    if (!DoneOrStopped(deleted)) return deleted;
  }
  const std::uint64_t written = Written(outlet);
  const auto retried = fresh.RetryFailures(Retry::kDue);
  if (!DoneOrStopped(retried)) return retried;
  if (deleted) deleted = retried;
  TRY_ASSIGN(const ChangedDocuments others, FindChanged(watch, received, source, target, progress));
  TRY(fresh.RewriteChanged(others.in_tree));
  TRY(CatchUpWithSearch(fresh, stages.selection(), ledger, reporter));
  const Depth depth = others.received ? Depth::kAll : changed ? Depth::kNew : Depth::kIfListed;
  const bool may_delete = deleted.has_value();
  Result<void> compared = received ? CompareReceived({*received, listed_seq, depth, may_delete},
                                                     source, ledger, target, stages, progress)
                                   : LeaveReceived(ledger);
  if (!DoneOrStopped(compared)) return compared;
  if (deleted) deleted = std::move(compared);
  bool unsettled = false;
  if (source.access() != nullptr) {
    const bool still_refreshed = refreshed && Written(outlet) == written;
    TRY_ASSIGN(unsettled, SettleLists(source, ledger, target, progress, still_refreshed));
  }
  TRY(DecideAgain(fresh, outlet, ledger.failures(), reporter));
  FailReceived(ledger.failures());
  if (unsettled) TRY(ledger.Save());
  return deleted;
}

// As the full sync found them, so that a run without changes need not ask.
Result<FolderList> KnownFolders(Source& source, const Ledger& ledger, const SyncPlan& plan) {
  const FolderList& known = ledger.checkpoint().root.folders;
  if (known.size() == plan.config.dropbox.paths.size()) return known;
  return source.FindAllFolders();
}

Result<void> ApplyChanges(Source& source, Ledger& ledger, Target& target, IndexWatch& watch,
                          const SyncPlan& plan, Progress& progress) {
  TRY_ASSIGN(const FolderList folders, KnownFolders(source, ledger, plan));
  const rules::RuleSet rules = plan.RulesIn(folders);
  EntryStages stages(rules, plan.ContextFor(ledger.checkpoint().account), source.permissions(),
                     target.outlet(), target.client().stamps(), progress.counters());
  TRY(ReadChanges(source, ledger, target, stages, plan, progress));
  return FollowChanges(source, ledger, target, stages, watch, progress);
}

}  // namespace

Result<void> IncrementalSync(Source& source, Ledger& ledger, Target& target, const SyncPlan& plan,
                             Progress& progress) {
  const checkpoint::Checkpoint& state = ledger.checkpoint();
  source.client().ActAs(state.account);
  if (source.access() != nullptr) source.access()->Begin(state.account);
  target.UsePrepared(state.id_field);
  target.outlet().TrackWrites(target.lookup() != nullptr);
  IndexWatch watch(ledger, target);
  // By value: a full sync may follow, which changes it.
  target.guard().AskAccount([&source, saved = state.account] { return AskAccount(source, saved); });
  auto done = ApplyChanges(source, ledger, target, watch, plan, progress);
  if (DoneOrStopped(done) && plan.destination == Destination::kCluster) {
    Result<void> looked = target.guard().ConfirmIfDue();
    if (looked) looked = watch.End();
    if (!looked && (done || IsIndexReplaced(looked.error()))) done = std::move(looked);
  }
  if (done) return done;
  const ErrorKind kind = done.error().kind;
  const bool reset = kind == ErrorKind::kCursorReset || kind == ErrorKind::kRootChanged;
  if (!reset && !IsIndexReplaced(done.error())) return done;
  std::string why = "Dropbox has reset its change feed";
  const bool found_out = kind == ErrorKind::kRootChanged && done.error().http_status == 0;
  if (kind == ErrorKind::kIndexReplaced || found_out) why = done.error().message;
  if (kind == ErrorKind::kNotFound) why = "the index is gone";
  progress.TurnFull(why);
  return FullSync(source, ledger, target, plan, progress, Start::kFresh);
}

}  // namespace dbxes::sync
