// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/whole_documents.h"

#include <utility>
#include <vector>

#include "base/json/json.h"
#include "elastic/multi_get.h"

namespace dbxes::sync {
namespace {

// The answer has the text of this many documents.
constexpr std::size_t kAtOnce = 50;
constexpr std::size_t kMostBytes = std::size_t{4} << 20;

// Changes a document as a partial update does: objects member by member, other values as a whole
// (Elasticsearch: Update API).
void Merge(rapidjson::Value& target, rapidjson::Value& changes,
           rapidjson::Document::AllocatorType& allocator) {
  auto change = changes.MemberBegin();
  for (rapidjson::SizeType left = changes.MemberCount(); left > 0; --left, ++change) {
    if (!target.HasMember(change->name)) {
      target.AddMember(change->name, change->value, allocator);
      continue;
    }
    rapidjson::Value& was = target[change->name];
    if (was.IsObject() && change->value.IsObject()) {
      Merge(was, change->value, allocator);
    } else {
      was = change->value;
    }
  }
}

}  // namespace

WholeDocuments::WholeDocuments(std::unique_ptr<elastic::ActionSink> writer, elastic::Client& client,
                               std::string index)
    : writer_(std::move(writer)), client_(client), index_(std::move(index)) {}

Result<void> WholeDocuments::Add(const elastic::BulkAction& action) {
  // Actions on one id take effect in order, so the others wait as well.
  if (waiting_.empty() && !action.whole) return writer_->Add(action);
  Waiting& waiting = waiting_.emplace_back();
  waiting.action = action;
  waiting.id = action.id;
  waiting.path = action.path;
  waiting.source.reserve(action.source.size() + action.tail.size());
  waiting.source.append(action.source).append(action.tail);
  to_read_ += action.whole ? 1 : 0;
  bytes_ += waiting.source.size();
  return to_read_ >= kAtOnce || bytes_ >= kMostBytes ? Send() : Result<void>();
}

void WholeDocuments::Mark(std::uint64_t token) {
  if (waiting_.empty()) return writer_->Mark(token);
  waiting_.emplace_back().mark = token;
}

Result<void> WholeDocuments::AwaitId(std::string_view id) {
  TRY(Send());
  return writer_->AwaitId(id);
}

Result<void> WholeDocuments::Flush() {
  TRY(Send());
  return writer_->Flush();
}

Result<void> WholeDocuments::Drain() {
  TRY(Send());
  return writer_->Drain();
}

void WholeDocuments::StartOver() {
  waiting_.clear();
  to_read_ = 0;
  bytes_ = 0;
  failure_.reset();
  writer_->StartOver();
}

Result<void> WholeDocuments::Send() {
  if (failure_) return Fail(*failure_);
  if (waiting_.empty()) return {};
  auto sent = ReadAndHandOn();
  if (!sent && sent.error().kind != ErrorKind::kInterrupted) failure_ = sent.error();
  return sent;
}

Result<void> WholeDocuments::ReadAndHandOn() {
  std::vector<std::string_view> ids;
  for (const Waiting& waiting : waiting_) {
    if (waiting.action.whole) ids.push_back(waiting.id);
  }
  rapidjson::Document stored;
  if (!ids.empty()) {
    TRY_ASSIGN(stored, WithContext(elastic::ReadSources(client_, index_, ids),
                                   "reading documents for the ingest pipeline"));
  }
  for (rapidjson::SizeType read = 0; !waiting_.empty(); waiting_.pop_front()) {
    Waiting& waiting = waiting_.front();
    const bool whole = waiting.action.whole;
    const bool found = whole && stored[read].IsObject();
    const std::size_t bytes = waiting.source.size();
    TRY(HandOn(waiting, found ? &stored[read] : nullptr));
    read += whole ? 1 : 0;
    to_read_ -= whole ? 1 : 0;
    bytes_ -= bytes;
  }
  return {};
}

Result<void> WholeDocuments::HandOn(Waiting& waiting, const rapidjson::Value* stored) {
  if (waiting.mark) {
    writer_->Mark(*waiting.mark);
    return {};
  }
  elastic::BulkAction action = waiting.action;
  action.id = waiting.id;
  action.path = waiting.path;
  action.source = waiting.source;
  action.tail = {};
  // A document that is gone makes the update a conflict.
  if (stored == nullptr) return writer_->Add(action);
  TRY_ASSIGN(rapidjson::Document changes, ParseJson(waiting.source, "a document"));
  rapidjson::Document merged;
  merged.CopyFrom(*stored, merged.GetAllocator());
  Merge(merged, changes, merged.GetAllocator());
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  merged.Accept(writer);
  action.kind = elastic::BulkAction::kIndex;
  action.source = View(buffer);
  return writer_->Add(action);
}

}  // namespace dbxes::sync
