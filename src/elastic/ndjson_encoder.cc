// SPDX-License-Identifier: Apache-2.0
#include "elastic/ndjson_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/json/json_text.h"

namespace dbxes::elastic {
namespace {

// With the names of ToString. In one piece, because every document has one.
constexpr std::string_view ActionHead(BulkAction::Kind kind) {
  switch (kind) {
    case BulkAction::kCreate:
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
constexpr std::string_view kIfAbsent = R"(,"version":1,"version_type":"external")";
constexpr std::size_t kLongestCondition =
    std::string_view(R"(,"if_seq_no":,"if_primary_term":)").size() + std::size_t{2} * 20;
static_assert(kIfAbsent.size() < kLongestCondition);

// A batch is larger than the caches: the memory for the next document is loaded while that document
// is built.
void PrefetchNext(const std::string& out) {
  constexpr std::size_t kLine = 64;
  constexpr std::size_t kUsualSize = 1024;
  const std::size_t end = std::min(out.size() + kUsualSize, out.capacity());
  for (std::size_t at = out.size(); at < end; at += kLine) {
    __builtin_prefetch(out.data() + at, /*rw=*/1);
  }
}

void AppendCondition(const BulkAction& action, std::string& out) {
  if (action.kind == BulkAction::kCreate) {
    out += kIfAbsent;
  } else if (action.version.IsKnown()) {
    fmt::format_to(std::back_inserter(out), R"(,"if_seq_no":{},"if_primary_term":{})",
                   action.version.seq_no, action.version.primary_term);
  }
}

}  // namespace

void AppendNdjson(const BulkAction& action, std::string& out) {
  // Reserves everything at once, so that no later append copies a long document again.
  out.reserve(out.size() + NdjsonSize(action));
  out += ActionHead(action.kind);
  AppendJsonString(action.id, out);
  AppendCondition(action, out);
  out += "}}\n";
  if (action.kind == BulkAction::kDelete) return;
  if (action.kind == BulkAction::kUpdate) out += kUpdateHead;
  out += action.source;
  out += action.tail;
  if (action.kind == BulkAction::kUpdate) out += kUpdateTail;
  out += '\n';
  PrefetchNext(out);
}

std::string RecreationLine(std::string_view id, std::uint64_t deleted) {
  if (deleted == 0) return fmt::format("{{\"create\":{{\"_id\":{}}}}}\n", JsonString(id));
  return fmt::format(R"({{"index":{{"_id":{},"version":{},"version_type":"external"}}}})"
                     "\n",
                     JsonString(id), deleted + 1);
}

std::size_t NdjsonSize(const BulkAction& action) {
  constexpr std::size_t kActionLine = std::string_view(R"({"update":{"_id":""}})").size() + 1;
  constexpr std::size_t kWorstEscape = 6;
  std::size_t size = kActionLine + kLongestCondition + action.id.size() * kWorstEscape;
  if (action.kind != BulkAction::kDelete) size += action.source.size() + action.tail.size() + 1;
  if (action.kind == BulkAction::kUpdate) size += kUpdateHead.size() + kUpdateTail.size();
  return size;
}

}  // namespace dbxes::elastic
