// SPDX-License-Identifier: Apache-2.0
#include "elastic/ndjson_encoder.h"

#include "base/json_text.h"

namespace dbxes {
namespace {

// With the names of ToString, and in one piece: every document has one.
constexpr std::string_view ActionHead(BulkAction::Kind kind) {
  switch (kind) {
    case BulkAction::kIndex:
      return R"({"index":{"_id":)";
    case BulkAction::kUpdate:
      return R"({"update":{"_id":)";
    case BulkAction::kDelete:
      return R"({"delete":{"_id":)";
  }
  return "";
}
constexpr std::string_view kUpdateHead = R"({"doc":)";
constexpr std::string_view kUpdateTail = "}";
constexpr std::string_view kUpsertTail = R"(,"doc_as_upsert":true})";

}  // namespace

void AppendNdjson(const BulkAction& action, std::string& out) {
  // At once: what is appended last must not have a long document copied once more.
  out.reserve(out.size() + NdjsonSize(action));
  out += ActionHead(action.kind);
  AppendJsonString(action.id, out);
  out += "}}\n";
  if (action.kind == BulkAction::kDelete) return;
  if (action.kind == BulkAction::kUpdate) out += kUpdateHead;
  out += action.source;
  out += action.tail;
  if (action.kind == BulkAction::kUpdate) out += action.upserts ? kUpsertTail : kUpdateTail;
  out += '\n';
}

std::size_t NdjsonSize(const BulkAction& action) {
  constexpr std::size_t kActionLine = std::string_view(R"({"update":{"_id":""}})").size() + 1;
  constexpr std::size_t kWorstEscape = 6;
  std::size_t size = kActionLine + action.id.size() * kWorstEscape;
  if (action.kind != BulkAction::kDelete) size += action.source.size() + action.tail.size() + 1;
  if (action.kind == BulkAction::kUpdate) size += kUpdateHead.size() + kUpsertTail.size();
  return size;
}

}  // namespace dbxes
