// SPDX-License-Identifier: Apache-2.0
#include "elastic/ndjson_encoder.h"

namespace dbxes {
namespace {

constexpr std::string_view kUpdateHead = R"({"doc":)";
constexpr std::string_view kUpdateTail = R"(,"doc_as_upsert":true})";

constexpr bool NeedsEscape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void AppendEscaped(char c, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

}  // namespace

void AppendJsonString(std::string_view text, std::string& out) {
  out += '"';
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!NeedsEscape(text[i])) continue;
    out.append(text, run, i - run);
    AppendEscaped(text[i], out);
    run = i + 1;
  }
  out.append(text, run, text.size() - run);
  out += '"';
}

void AppendNdjson(const BulkAction& action, std::string& out) {
  out += "{\"";
  out += ToString(action.kind);
  out += "\":{\"_id\":";
  AppendJsonString(action.id, out);
  out += "}}\n";
  if (action.kind == BulkAction::kDelete) return;
  if (action.kind == BulkAction::kUpdate) out += kUpdateHead;
  out += action.source;
  if (action.kind == BulkAction::kUpdate) out += kUpdateTail;
  out += '\n';
}

std::size_t NdjsonSize(const BulkAction& action) {
  constexpr std::size_t kActionLine = std::string_view(R"({"update":{"_id":""}})").size() + 1;
  constexpr std::size_t kWorstEscape = 6;
  std::size_t size = kActionLine + action.id.size() * kWorstEscape;
  if (action.kind != BulkAction::kDelete) size += action.source.size() + 1;
  if (action.kind == BulkAction::kUpdate) size += kUpdateHead.size() + kUpdateTail.size();
  return size;
}

}  // namespace dbxes
