// SPDX-License-Identifier: Apache-2.0
// An incremental sync: goes on from the cursor. What it costs follows the changes: with none, it
// asks Dropbox once and Elasticsearch never.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "base/hash.h"
#include "sync/eraser.h"
#include "sync/received_stage.h"
#include "sync/safety.h"
#include "sync/sync_run.h"

namespace dbxes {
namespace {

// Received files are the documents without a place in the tree.
constexpr std::string_view kReceivedQuery =
    R"({"bool":{"must_not":[{"exists":{"field":"path_lower"}}]}})";

std::vector<std::uint64_t> SortedIds(const std::vector<ReceivedFile>& files) {
  std::vector<std::uint64_t> ids;
  for (const ReceivedFile& file : files) ids.push_back(Hash64(file.id));
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

Result<void> SyncRun::RunIncremental() {
  dropbox_.ActAs(state_.account);
  PreparePermissions(state_.account);
  pass_ = std::make_unique<Pass>(*this, false);
  const SideFileExtent pending = KeepsState() ? state_.pending : SideFileExtent{};
  if (auto opened = pass_->pending.Open(pending); !opened) return opened;
  reporter_.Phase("reading changes");
  bool changed = false;
  auto done = IncrementalPass(*pass_, changed);
  if (done) return done;
  const ErrorKind kind = done.error().kind;
  const bool start_over = kind == ErrorKind::kCursorReset || kind == ErrorKind::kRootChanged ||
                          kind == ErrorKind::kNotFound;
  if (!start_over) return done;
  reporter_.Info(kind == ErrorKind::kNotFound
                     ? "the index is gone: running a full sync"
                     : "Dropbox no longer goes on from the saved cursor: running a full sync");
  return RunFull(true);
}

Result<void> SyncRun::IncrementalPass(Pass& pass, bool& changed) {
  if (auto fed = Feed(pass); !fed) return fed;
  changed = counters_.entries > 0 || !pass.pending.empty() || !failures_.earlier().empty();

  auto received = ListReceived();
  if (!received) return Fail(received.error());
  if (auto applied = ApplyDeletions(pass); !applied) return applied;
  if (auto retried = RetryFailures(pass); !retried) return retried;
  if (auto caught = CatchUpWithSearch(pass); !caught) return caught;
  if (auto compared = IncrementalReceived(pass, *received, changed); !compared) return compared;
  const bool unsettled = state_.permissions.HasUnsettled();
  if (auto settled = SettlePermissions(); !settled) return settled;
  return unsettled ? pass.checkpointer.Save() : Result<void>();
}

Result<void> SyncRun::IncrementalReceived(Pass& pass, const ReceivedFiles& received, bool changed) {
  const ReceivedListing& now = received.listing;
  const ReceivedListing& before = state_.received;
  if (now.count == 0 && before.count == 0) return {};
  // A change in the tree may have mounted or unmounted one without a trace in the list.
  if (!changed && now.count == before.count && now.hash == before.hash) return {};
  reporter_.Phase("comparing received files");
  std::vector<ReceivedFile> files = received.files;
  if (auto dropped = DropUnwanted(pass, files); !dropped) return Fail(dropped.error());
  if (auto reserved = pass.checkpointer.Reserve(files.size()); !reserved) return reserved;
  ReceivedStage stage = MakeReceivedStage(pass);
  // One that failed earlier may stand in the index as it was before.
  const auto known =
      failures_.earlier().empty() ? ReceivedStage::Known::kLeave : ReceivedStage::Known::kCompare;
  // It may even stand there at a place that it has no more. What has one is not among `files`.
  std::set<std::string, std::less<>> failed;
  for (const FailedDocument& failure : failures_.earlier()) {
    if (IsReceived(failure)) failed.insert(failure.id);
  }
  const auto in_tree = [&failed](std::string_view id) { return failed.count(id) == 0; };
  auto written = stage.Write(files, in_tree, known,
                             [this](FailedDocument failure) { failures_.Add(std::move(failure)); });
  if (!written) return written;
  if (auto drained = sink_->Drain(); !drained) return drained;

  std::vector<std::uint64_t> ids = SortedIds(received.files);
  stage.TakeOutExcluded(ids);
  Eraser eraser(elastic_, config_.elasticsearch.index, state_.id_field, *sink_);
  auto swept = eraser.Sweep(
      std::string(kReceivedQuery),
      [&](std::string_view id) { return !std::binary_search(ids.begin(), ids.end(), Hash64(id)); },
      [&](std::uint64_t gone, std::uint64_t all) {
        return CheckDeletions(
            config_.sync.max_delete,
            {gone, all, std::max<std::uint64_t>(now.count, 1), "the list of received files"});
      });
  if (!swept) return swept;
  state_.received = now;
  // A file whose link failed is tried again.
  if (stage.failures() > 0) state_.received.Forget();
  return pass.checkpointer.Save();
}

}  // namespace dbxes
