// SPDX-License-Identifier: Apache-2.0
// An incremental sync: goes on from the cursor. What it costs follows the changes: with none, it
// asks Dropbox once and Elasticsearch never.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "base/hash.h"
#include "sync/deletion/eraser.h"
#include "sync/deletion/safety.h"
#include "sync/stages/received_stage.h"
#include "sync/sync_run.h"

namespace dbxes::sync {
namespace {

// Received files are the documents without a place in the tree.
constexpr std::string_view kReceivedQuery =
    R"({"bool":{"must_not":[{"exists":{"field":"path_lower"}}]}})";

std::vector<std::uint64_t> SortedIds(const std::vector<dropbox::ReceivedFile>& files) {
  std::vector<std::uint64_t> ids;
  for (const dropbox::ReceivedFile& file : files) ids.push_back(Hash64(file.id));
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

Result<void> SyncRun::RunIncremental() {
  dropbox_.ActAs(state_.account);
  PreparePermissions(state_.account);
  pass_ = std::make_unique<Pass>(*this, false);
  const checkpoint::SideFileExtent pending =
      KeepsState() ? state_.pending : checkpoint::SideFileExtent{};
  TRY(pass_->pending.Open(pending));
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
  TRY(Feed(pass));
  changed = counters_.entries > 0 || !pass.pending.empty() || !failures_.earlier().empty();

  TRY_ASSIGN(auto received, ListReceived());
  TRY(ApplyDeletions(pass));
  TRY(RetryFailures(pass));
  TRY(CatchUpWithSearch(pass));
  TRY(IncrementalReceived(pass, received, changed));
  const bool unsettled = state_.permissions.HasUnsettled();
  TRY(SettlePermissions());
  return unsettled ? pass.checkpointer.Save() : Result<void>();
}

Result<void> SyncRun::IncrementalReceived(Pass& pass, const ReceivedFiles& received, bool changed) {
  const checkpoint::ReceivedListing& now = received.listing;
  const checkpoint::ReceivedListing& before = state_.received;
  if (now.count == 0 && before.count == 0) return {};
  // A change in the tree may have mounted or unmounted one without a trace in the list.
  if (!changed && now.count == before.count && now.hash == before.hash) return {};
  reporter_.Phase("comparing received files");
  std::vector<dropbox::ReceivedFile> files = received.files;
  TRY(DropUnwanted(pass, files));
  TRY(pass.checkpointer.Reserve(files.size()));
  ReceivedStage stage = MakeReceivedStage(pass);
  // One that failed earlier may stand in the index as it was before.
  const auto known =
      failures_.earlier().empty() ? ReceivedStage::Known::kLeave : ReceivedStage::Known::kCompare;
  // It may even stand there at a place that it has no more. What has one is not among `files`.
  std::set<std::string, std::less<>> failed;
  for (const report::FailedDocument& failure : failures_.earlier()) {
    if (IsReceived(failure)) failed.insert(failure.id);
  }
  const auto in_tree = [&failed](std::string_view id) { return failed.count(id) == 0; };
  TRY(stage.Write(files, in_tree, known,
                  [this](report::FailedDocument failure) { failures_.Add(std::move(failure)); }));
  TRY(sink_->Drain());

  std::vector<std::uint64_t> ids = SortedIds(received.files);
  stage.TakeOutExcluded(ids);
  Eraser eraser(elastic_, config_.elasticsearch.index, state_.id_field, *sink_);
  TRY(eraser.Sweep(
      std::string(kReceivedQuery),
      [&](std::string_view id) { return !std::binary_search(ids.begin(), ids.end(), Hash64(id)); },
      [&](std::uint64_t gone, std::uint64_t all) {
        return CheckDeletions(
            config_.sync.max_delete,
            {gone, all, std::max<std::uint64_t>(now.count, 1), "the list of received files"});
      }));
  state_.received = now;
  // A file whose link failed is tried again.
  if (stage.failures() > 0) state_.received.Forget();
  return pass.checkpointer.Save();
}

}  // namespace dbxes::sync
