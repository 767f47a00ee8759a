// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/reading_sink.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "elastic/multi_get.h"

namespace dbxes::sync {
namespace {

// The answer has the text of this many documents.
constexpr std::size_t kAtOnce = 50;
constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr std::size_t kMostMarks = 4;
constexpr std::string_view kText = "body";

}  // namespace

ReadingSink::ReadingSink(std::unique_ptr<elastic::ActionSink> next, elastic::Client& client,
                         std::string index, std::string_view purpose)
    : next_(std::move(next)), client_(client), index_(std::move(index)), purpose_(purpose) {}

Result<void> ReadingSink::Add(const elastic::BulkAction& action) {
  const Need need = NeedOf(action);
  // Actions on one id take effect in order, so the others wait as well.
  if (waiting_.empty() && need == Need::kNothing) return HandOn(action, nullptr);
  Waiting& waiting = waiting_.emplace_back();
  waiting.action = action;
  waiting.id = action.id;
  waiting.path = action.path;
  waiting.source.reserve(action.source.size() + action.tail.size());
  waiting.source.append(action.source).append(action.tail);
  waiting.need = need;
  to_read_ += need == Need::kNothing ? 0 : 1;
  texts_ += need == Need::kAll ? 1 : 0;
  bytes_ += waiting.source.size();
  const bool full = to_read_ >= kAtOnce || bytes_ >= kMostBytes || waiting_.size() >= kMostWaiting;
  if (!full) return {};
  auto sent = Send();
  // The action waits here and must not be added again: the next call reports the stop.
  const bool stopped = !sent && sent.error().kind == ErrorKind::kInterrupted;
  return stopped ? Result<void>() : sent;
}

void ReadingSink::Mark(std::uint64_t token) {
  if (waiting_.empty()) return next_->Mark(token);
  waiting_.emplace_back().mark = token;
  if (++marks_ < kMostMarks) return;
  // The next call that can fail reports why.
  static_cast<void>(Send());
}

Result<void> ReadingSink::AwaitId(std::string_view id) {
  TRY(Send());
  return next_->AwaitId(id);
}

Result<void> ReadingSink::Flush() {
  TRY(Send());
  return next_->Flush();
}

Result<void> ReadingSink::Drain() {
  TRY(Send());
  return next_->Drain();
}

void ReadingSink::StartOver() {
  waiting_.clear();
  to_read_ = 0;
  texts_ = 0;
  marks_ = 0;
  bytes_ = 0;
  failure_.reset();
  next_->StartOver();
}

Result<void> ReadingSink::Send() {
  if (failure_) return Fail(*failure_);
  if (waiting_.empty()) return {};
  auto sent = ReadAndHandOn();
  if (!sent && sent.error().kind != ErrorKind::kInterrupted) failure_ = sent.error();
  return sent;
}

Result<void> ReadingSink::ReadAndHandOn() {
  std::vector<std::string_view> ids;
  for (const Waiting& waiting : waiting_) {
    if (waiting.need != Need::kNothing) ids.push_back(waiting.id);
  }
  rapidjson::Document stored;
  if (!ids.empty()) {
    const elastic::SourceFilter filter{.without = texts_ == 0 ? kText : ""};
    TRY_ASSIGN(stored, WithContext(elastic::ReadSources(client_, index_, ids, nullptr, filter),
                                   fmt::format("reading documents {}", purpose_)));
  }
  for (rapidjson::SizeType read = 0; !waiting_.empty(); waiting_.pop_front()) {
    Waiting& waiting = waiting_.front();
    const Need need = waiting.need;
    const bool was_read = need != Need::kNothing;
    const std::size_t bytes = waiting.source.size();
    const std::size_t marks = waiting.mark ? 1 : 0;
    const bool found = was_read && stored[read].IsObject();
    TRY(Leave(waiting, found ? &stored[read] : nullptr));
    read += was_read ? 1 : 0;
    to_read_ -= was_read ? 1 : 0;
    texts_ -= need == Need::kAll ? 1 : 0;
    marks_ -= marks;
    bytes_ -= bytes;
  }
  return {};
}

Result<void> ReadingSink::Leave(Waiting& waiting, const rapidjson::Value* stored) {
  if (waiting.mark) {
    next_->Mark(*waiting.mark);
    return {};
  }
  elastic::BulkAction action = waiting.action;
  action.id = waiting.id;
  action.path = waiting.path;
  action.source = waiting.source;
  action.tail = {};
  return HandOn(std::move(action), stored);
}

}  // namespace dbxes::sync
