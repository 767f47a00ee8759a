// SPDX-License-Identifier: Apache-2.0
// A full sync: lists everything, writes what differs, and deletes what a listing that was proven
// complete did not show. Killed, it goes on from its last checkpoint.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "elastic/index_setup.h"
#include "elastic/query.h"
#include "sync/deletion/eraser.h"
#include "sync/deletion/safety.h"
#include "sync/settings_fingerprint.h"
#include "sync/sync_run.h"

namespace dbxes::sync {
namespace {

// Dropbox may reset a listing that is under way; more often than this something is wrong.
constexpr int kMostRestarts = 3;

}  // namespace

Result<void> SyncRun::RunFull(bool fresh) {
  TRY(PrepareTarget(index_is_new_));
  // An index that went away took the first half of the full sync with it.
  if (index_is_new_) fresh = true;
  for (int restarts = 0;; ++restarts) {
    // Before the state turns to the new pass: a stop in here still saves that of the last one.
    TRY(ReadSnapshot());
    if (fresh) {
      if (auto begun = BeginFull(); !begun) return begun;
    } else {
      dropbox_.ActAs(state_.account);
      reporter_.Info(fmt::format("continuing the full sync of {} after {} entries",
                                 state_.full_sync->started_at, state_.full_sync->entries));
    }
    PreparePermissions(state_.account);
    pass_ = std::make_unique<Pass>(*this, true);
    auto done = FullPass(*pass_);
    const bool all_is_ours = std::exchange(index_is_new_, false);
    if (done) return FinishFull(*pass_, all_is_ours);
    const ErrorKind kind = done.error().kind;
    const bool start_over = kind == ErrorKind::kCursorReset || kind == ErrorKind::kRootChanged;
    if (!start_over) return done;
    if (restarts == kMostRestarts) {
      return Fail(ErrorKind::kTemporary, fmt::format("Dropbox reset the listing {} times: {}",
                                                     restarts + 1, done.error().ToLine()));
    }
    reporter_.Info("Dropbox reset the listing: starting over");
    TRY(sink_->Drain());
    fresh = true;
  }
}

Result<void> SyncRun::PrepareTarget(bool& created) {
  if (!config_.output_file.empty()) return {};
  elastic::IndexRequest request;
  request.index = config_.elasticsearch.index;
  request.pipeline = config_.elasticsearch.pipeline;
  request.document_level_security = config_.dropbox.use_document_level_security;
  request.may_change = !config_.dry_run;
  TRY_ASSIGN(auto target, elastic::PrepareIndex(elastic_, request));
  state_.id_field = target.id_field;
  created = target.created;
  if (config_.dropbox.use_document_level_security) {
    TRY(WarnAboutLicense());
  }
  if (created) reporter_.Info(fmt::format("created the index {}", target.index));
  // A dry run on an index that is not there has nothing to compare with, and nothing to delete.
  if (!target.existed && !target.created) stored_.reset();
  return {};
}

Result<void> SyncRun::BeginFull() {
  auto account = dropbox_.DiscoverAccount();
  if (!account) return Fail(AccountError(account.error()));
  dropbox_.ActAs(*account);
  TRY(CheckScopes(*account));
  // Nothing of this is saved before the first page has arrived: a wrong path changes nothing.
  state_.target = fmt::format("{}/{}", config_.elasticsearch.host, config_.elasticsearch.index);
  state_.settings = FingerprintOf(config_, rules_);
  state_.account = std::move(*account);
  state_.root = {state_.account.root_namespace_id, ""};
  state_.full_sync = checkpoint::FullSyncProgress{};
  state_.late = {};
  state_.full_sync->started_at = FormatUtc(environment_.clock.WallMicros());
  state_.full_sync->force = config_.force;
  state_.pending = {};
  state_.permissions.Clear();
  // Makes the first page's Reserve save all of this, before a side file is written that the old
  // checkpoint may count.
  state_.sync_seq_reserved = 0;
  return {};
}

// Without it each page is looked up, and the index searched for what is gone.
Result<void> SyncRun::ReadSnapshot() {
  snapshot_ = {};
  if (stored_ == nullptr || index_is_new_ || state_.id_field.empty()) return {};
  reporter_.Phase("reading the index");
  auto read = snapshot_.Read(elastic_, config_.elasticsearch.index, state_.id_field);
  if (read || read.error().kind == ErrorKind::kInterrupted) return read;
  reporter_.Detail("comparing page by page: " + read.error().ToLine());
  return {};
}

Result<void> SyncRun::FullPass(Pass& pass) {
  pass.pending.TrackCover();
  TRY(pass.pending.Open(state_.pending));
  TRY(pass.seen->Open(state_.full_sync->seen));
  reporter_.Phase("listing Dropbox");
  return Feed(pass);
}

// Writes the received files; gives the sorted hashes of every id that is still there.
Result<std::vector<std::uint64_t>> SyncRun::WriteReceived(Pass& pass, std::uint64_t& listed) {
  TRY_ASSIGN(auto received, ListReceived());
  TRY_ASSIGN(auto seen, pass.seen->LoadSorted());
  TRY_ASSIGN(auto dropped, DropUnwanted(pass, received.files));
  TRY(pass.checkpointer.Reserve(received.files.size()));
  ReceivedStage stage = MakeReceivedStage(pass);
  stage.CompareWith(snapshot_);
  const auto in_tree = [&](std::string_view id) {
    return std::binary_search(seen.begin(), seen.end(), Hash64(id));
  };
  const auto known =
      config_.force ? ReceivedStage::Known::kRewrite : ReceivedStage::Known::kCompare;
  auto written =
      stage.Write(received.files, in_tree, known,
                  [this](report::FailedDocument failure) { failures_.Add(std::move(failure)); });
  if (!written) return Fail(written.error());
  for (const dropbox::ReceivedFile& file : received.files) seen.push_back(Hash64(file.id));
  std::sort(seen.begin(), seen.end());
  listed = seen.size() + pass.seen->excluded() + dropped;
  stage.TakeOutExcluded(seen);
  state_.received = received.listing;
  if (stage.failures() > 0) state_.received.Forget();
  return seen;
}

// Deletes what is not `present` (sorted hashes of ids), if the listing is credible.
Result<void> SyncRun::DeleteUnlisted(const std::vector<std::uint64_t>& present,
                                     std::uint64_t listed) {
  DeletionPlan plan;
  plan.listed = listed;
  plan.what = "the listing of Dropbox";
  plan.excluded = listed - present.size();
  reporter_.Phase("deleting what is gone");
  Eraser eraser(elastic_, config_.elasticsearch.index, state_.id_field, *sink_);
  return eraser.Sweep(
      std::string(elastic::kMatchAll),
      [&](std::string_view id) {
        return !std::binary_search(present.begin(), present.end(), Hash64(id));
      },
      [&](std::uint64_t gone, std::uint64_t all) {
        plan.to_delete = gone;
        plan.index_count = all;
        return CheckDeletions(config_.sync.max_delete, plan);
      });
}

// An index whose documents were all written by this listing, or all accounted for, holds nothing
// else, unless rules excluded in the end what they had included.
Result<void> SyncRun::FinishFull(Pass& pass, bool all_is_ours) {
  TRY(ApplyDeletions(pass));
  TRY(RetryFailures(pass));
  std::uint64_t listed = 0;
  TRY_ASSIGN(auto present, WriteReceived(pass, listed));
  TRY(sink_->Drain());
  const bool all_known = all_is_ours || snapshot_.AllAccounted();
  const bool nothing_else = all_known && !pass.seen->has_withdrawn();
  if (stored_ != nullptr && !nothing_else) {
    TRY(DeleteUnlisted(present, listed));
  }
  if (!config_.output_file.empty() && pass.seen->has_withdrawn()) WarnAboutOutput();
  TRY(SettlePermissions());
  state_.last_full_sync_at = state_.full_sync->started_at;
  state_.full_sync.reset();
  TRY(pass.checkpointer.Save());
  // The checkpoint counts neither any more; deletions may be left over from an abandoned pass.
  TRY(pass.pending.Clear());
  return pass.seen->Remove();
}

}  // namespace dbxes::sync
