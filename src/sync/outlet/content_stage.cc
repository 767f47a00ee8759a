// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/content_stage.h"

#include <utility>

#include "base/hash.h"

namespace dbxes::sync {
namespace {

// Enough that downloads continue while a page is listed and compared.
constexpr std::size_t kMostWaiting = 1000;
// A page is thousands of files: what was begun for the first ones has to get its turn while the
// others are prepared.
constexpr std::uint64_t kFilesPerTurn = 32;

}  // namespace

ContentStage::ContentStage(EventLoop& loop, Downloads& downloads, BodyWriter& bodies,
                           RecentWrites& recent, elastic::ActionSink& next)
    : loop_(loop), downloads_(downloads), bodies_(bodies), recent_(recent), next_(next) {}

Result<void> ContentStage::AddWithContent(const elastic::BulkAction& action, DownloadPtr download) {
  const std::uint64_t id_hash = Hash64(action.id);
  TRY(WaitUntil([&] {
    return waiting_.size() < kMostWaiting + downloads_.at_once() && !by_id_.contains(id_hash);
  }));
  auto document = std::make_shared<WaitingDocument>();
  document->id_hash = id_hash;
  document->kind = action.kind;
  document->whole = action.whole;
  document->id = action.id;
  document->path = action.path;
  document->source.reserve(action.source.size() + action.tail.size());
  document->source.append(action.source).append(action.tail);
  document->version = action.version;
  document->sync_seq = action.sync_seq;
  document->download = download;
  download->number = ++last_number_;
  waiting_.emplace(download->number, document);
  by_id_.emplace(id_hash, std::move(document));
  downloads_.Add(std::move(download));
  if (last_number_ % kFilesPerTurn == 0) loop_.RunOnce(Milliseconds(0));
  return {};
}

Result<void> ContentStage::HandOn() {
  // What arrives meanwhile is for the next call: the caller has files for the downloads to continue
  // with.
  for (std::size_t left = downloads_.arrived(); !failure_ && left > 0; --left) {
    DownloadPtr download = downloads_.TakeArrived();
    const DocumentPtr document = waiting_.at(download->number);
    auto delivered = Deliver(*document);
    if (delivered) {
      // Each connection that has become free waits for nothing but us.
      loop_.RunOnce(Milliseconds(0));
      continue;
    }
    if (delivered.error().kind == ErrorKind::kInterrupted) {
      downloads_.PutBack(std::move(download));  // nothing is wrong: the next call continues with it
      return delivered;
    }
    failure_ = std::move(delivered.error());
  }
  if (failure_) return Fail(*failure_);
  downloads_.StartSome();
  while (!marks_.empty() &&
         (waiting_.empty() || waiting_.begin()->first > marks_.front().document)) {
    next_.Mark(marks_.front().token);
    marks_.pop_front();
  }
  // Also lets the sink handle what has arrived for it while we wait for files.
  if (const auto mark = next_.TakeReleasedMark()) released_ = mark;
  return {};
}

Result<void> ContentStage::Deliver(WaitingDocument& document) {
  if (!document.complete) {
    auto done = bodies_.Complete(document);
    downloads_.Release(*document.download);
    TRY(std::move(done));
    document.complete = true;
  }
  elastic::BulkAction action;
  action.kind = document.kind;
  action.whole = document.whole;
  action.id = document.id;
  action.path = document.path;
  action.source = document.source;
  action.version = document.version;
  action.sync_seq = document.sync_seq;
  action.no_text = document.no_text;
  TRY(next_.Add(action));
  recent_.Add(document.id_hash);
  by_id_.erase(document.id_hash);
  waiting_.erase(document.download->number);
  return {};
}

void ContentStage::Abandon() {
  downloads_.Abandon();
  marks_.clear();
  waiting_.clear();
  by_id_.clear();
  failure_.reset();
}

template <class Condition>
Result<void> ContentStage::WaitUntil(Condition condition) {
  auto handed_on = HandOn();
  while (handed_on && !condition()) {
    if (const int signal = loop_.StopSignal(); signal != 0) {
      return Fail(EventLoop::Interrupted(signal));
    }
    loop_.RunOnce();
    handed_on = HandOn();
  }
  return handed_on;
}

Result<void> ContentStage::Add(const elastic::BulkAction& action) {
  const std::uint64_t id_hash = Hash64(action.id);
  TRY(WaitUntil([&] { return !by_id_.contains(id_hash); }));
  return next_.Add(action);
}

Result<void> ContentStage::AwaitId(std::string_view id) {
  const std::uint64_t id_hash = Hash64(id);
  TRY(WaitUntil([&] { return !by_id_.contains(id_hash); }));
  return next_.AwaitId(id);
}

void ContentStage::Mark(std::uint64_t token) {
  if (waiting_.empty() && marks_.empty()) return next_.Mark(token);
  marks_.push_back({token, last_number_});
}

std::optional<std::uint64_t> ContentStage::TakeReleasedMark() {
  const auto handed_on = HandOn();
  if (!handed_on) return std::nullopt;  // the next call that can fail reports why
  return std::exchange(released_, std::nullopt);
}

Result<void> ContentStage::Drain() {
  // While the last files are on their way, the documents before them can be.
  TRY(WaitUntil([this] { return downloads_.AllStarted(); }));
  TRY(Flush());
  TRY(WaitUntil([this] { return waiting_.empty(); }));
  return next_.Drain();
}

}  // namespace dbxes::sync
