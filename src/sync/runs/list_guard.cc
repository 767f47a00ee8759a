// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/list_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/batches.h"
#include "base/tree_path.h"
#include "delta/one_entry.h"
#include "elastic/search.h"
#include "sync/access/access_stage.h"
#include "sync/access/document_closer.h"
#include "sync/plan/settings_fingerprint.h"
#include "sync/runs/failed_documents.h"

namespace dbxes::sync {
namespace {

using Documents = std::vector<DocumentCloser::Document>;

constexpr std::size_t kAskedAtOnce = 16;
constexpr std::size_t kLookedUpAtOnce = 1000;
// Dropbox's ids: documents of other programs have others.
constexpr std::string_view kIdPrefix = "id:";

// Documents that this run could not write and that the index has, perhaps with the readers of
// another place or time.
Result<Documents> RejectedUpdates(const checkpoint::FailuresFile& failures, Target& target) {
  TRY_ASSIGN(const auto failed, failures.current());
  std::vector<const report::FailedDocument*> rejected;
  for (const report::FailedDocument& one : failed) {
    const bool write = one.operation == "index" || one.operation == "update";
    if (write && one.id.starts_with(kIdPrefix)) rejected.push_back(&one);
  }
  Documents held;
  for (const auto some : InBatches(rejected, kLookedUpAtOnce)) {
    std::vector<std::string_view> ids;
    for (const report::FailedDocument* one : some) ids.push_back(one->id);
    TRY_ASSIGN(const auto stored,
               WithContext(target.lookup()->Start(ids).Await(), "comparing rejected documents"));
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (!stored[i].found) continue;
      held.push_back({std::string(ids[i]), std::string(stored[i].path_lower)});
    }
  }
  return held;
}

// Writes the lists that documents of the tree have now. What is gone stays as it is, and closed; so
// does what Dropbox says nothing of, until the next run tries it again.
Result<void> WriteListsInTree(std::span<const DocumentCloser::Document> documents, Source& source,
                              const std::string& root, AccessStage& stage,
                              checkpoint::FailuresFile& failures) {
  std::vector<delta::OneEntry> asked;
  for (const auto& document : documents) {
    asked.push_back(delta::AskEntry(source.client(), document.id, source.client().few_retries()));
  }
  std::vector<delta::Change> changes;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto answer = source.loop().Await(asked[i].answer);
    if (!answer && answer.error().kind == ErrorKind::kNotFound) continue;
    if (!answer) {
      const Error error = WithContext(answer.error(), "reading where a document is");
      TRY(FailDocument({documents[i].id, documents[i].path, "update", 0, ""}, error, failures));
      continue;
    }
    const delta::Entry& entry = asked[i].entry();
    const bool known =
        entry.kind == delta::EntryKind::kFile || entry.kind == delta::EntryKind::kFolder;
    const bool there = !entry.path_lower.empty() && LiesIn(entry.path_lower, root);
    if (known && there) changes.push_back({&entry, 0, false});
  }
  return stage.Compare(changes);
}

Result<void> WriteLists(const Documents& documents, Source& source, Ledger& ledger, Target& target,
                        Progress& progress) {
  Documents in_tree;
  std::vector<dropbox::ReceivedFile> received;
  for (const auto& [id, path] : documents) {
    if (!id.starts_with(kIdPrefix)) continue;
    if (!path.empty()) {
      in_tree.push_back({id, path});
      continue;
    }
    dropbox::ReceivedFile& file = received.emplace_back();
    file.id = id;
    file.name = id;
  }
  // Without counting: the run has counted these documents before.
  report::Counters uncounted;
  AccessStage stage(*source.permissions(), target.lookup(), target.outlet(), ledger.failures(),
                    uncounted);
  TRY_ASSIGN(const std::string root, source.FindRoot());
  for (const auto some : InBatches(std::as_const(in_tree), kAskedAtOnce)) {
    TRY(WriteListsInTree(some, source, root, stage, ledger.failures()));
    progress.Tick();
  }
  TRY(stage.CompareReceived(received));
  return target.outlet().Drain();
}

Result<void> GuardLists(Source& source, Ledger& ledger, Target& target, Progress& progress,
                        bool refreshed) {
  const elastic::BulkCounters& written = target.outlet().counters();
  const bool wrote = written.created + written.updated + written.deleted + written.rejected > 0;
  if (!wrote || !ledger.keeps() || target.lookup() == nullptr) return {};
  if (!refreshed) TRY(elastic::Refresh(target.client(), target.index()));
  DocumentCloser closer(target.Searchable(), target.outlet(), progress.counters());
  TRY_ASSIGN(Documents documents, closer.CloseWithoutList(DocumentCloser::Which::kAll));
  if (written.rejected > 0) {
    TRY_ASSIGN(const Documents rejected, RejectedUpdates(ledger.failures(), target));
    documents.insert(documents.end(), rejected.begin(), rejected.end());
  }
  if (documents.empty()) return {};
  progress.reporter().Phase("restoring access lists");
  return WriteLists(documents, source, ledger, target, progress);
}

}  // namespace

bool HadLists(const Ledger& ledger, const SyncPlan& plan) {
  const checkpoint::Checkpoint& state = ledger.checkpoint();
  return ledger.has_checkpoint() && !state.full_sync &&
         DescribeDifference(state.settings, plan.settings).empty();
}

Result<bool> CloseBeforeListing(Target& target, bool had_lists, Progress& progress) {
  if (target.lookup() == nullptr) return false;
  // What was written or stripped a moment ago counts, too.
  TRY(elastic::Refresh(target.client(), target.index()));
  DocumentCloser closer(target.Searchable(), target.outlet(), progress.counters());
  TRY_ASSIGN(const Documents closed,
             closer.CloseWithoutList(had_lists ? DocumentCloser::Which::kAll
                                               : DocumentCloser::Which::kThatHadOne));
  return !closed.empty();
}

Result<bool> SettleLists(Source& source, Ledger& ledger, Target& target, Progress& progress,
                         bool refreshed) {
  Access& access = *source.access();
  TRY(GuardLists(source, ledger, target, progress, refreshed));
  const bool unsettled = ledger.checkpoint().permissions.HasUnsettled();
  access.ReportUnread();
  if (ledger.keeps()) TRY(access.Settle(target.Searchable(), target.outlet().sink()));
  return unsettled;
}

}  // namespace dbxes::sync
