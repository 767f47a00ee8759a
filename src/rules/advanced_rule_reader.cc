// SPDX-License-Identifier: Apache-2.0
// Reads one advanced rule: an argument of Dropbox's search (Dropbox HTTP API: files/search_v2),
// checked against what Dropbox accepts.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "rules/rule_fields.h"
#include "rules/rule_readers.h"

namespace dbxes::rules {
namespace {

using Kind = JsonNode::Kind;

constexpr std::array<std::string_view, 3> kMembers{"query", "options", "match_field_options"};
constexpr std::array<std::string_view, 8> kOptions{
    "path",          "max_results",     "order_by",        "file_status",
    "filename_only", "file_extensions", "file_categories", "account_id"};
constexpr std::array<std::string_view, 2> kMatchOptions{"include_highlights", ".tag"};
constexpr std::array<std::string_view, 2> kOrders{"relevance", "last_modified_time"};
constexpr std::array<std::string_view, 2> kStatuses{"active", "deleted"};
constexpr std::array<std::string_view, 10> kCategories{
    "image", "document", "pdf",    "spreadsheet", "presentation",
    "audio", "video",    "folder", "paper",       "others"};
constexpr std::size_t kMaxQueryCharacters = 1000;
constexpr int kMaxResults = 1000;

// The connector accepts only text here, Dropbox only numbers. Both are accepted.
int ReadMaxResults(NodeReader& reader, const Spot& options) {
  const auto member = reader.Member(options, "max_results");
  if (!member) return 0;
  const bool fits = member->node->Is(Kind::kNumber) || member->node->Is(Kind::kString);
  const auto number = fits ? ParseNumber(member->node->text) : std::nullopt;
  if (number && *number >= 1 && *number <= kMaxResults &&
      *number == static_cast<double>(static_cast<int>(*number))) {
    return static_cast<int>(*number);
  }
  reader.Error(*member, fmt::format("must be a whole number from 1 to {}", kMaxResults));
  return 0;
}

std::string ReadPath(NodeReader& reader, const Spot& options) {
  auto path = reader.Text(options, "path");
  if (!path) return "";
  while (path->size() > 1 && path->ends_with('/')) path->pop_back();
  // Dropbox names the root "".
  if (*path == "/") return "";
  if (path->starts_with('/') || path->starts_with("id:") || path->starts_with("ns:")) return *path;
  reader.Error(*reader.Member(options, "path"),
               "must be the path of a folder, which begins with a slash, or an id that begins with "
               "id: or ns:");
  return "";
}

// The elements of a list that must not be empty.
std::vector<Spot> ReadList(NodeReader& reader, const Spot& options, std::string_view key) {
  std::vector<Spot> items;
  const auto list = reader.Member(options, key);
  if (!list || !reader.Expect(*list, Kind::kArray)) return items;
  if (list->node->items.empty()) reader.Error(*list, "must have at least one element");
  for (std::size_t i = 0; i < list->node->items.size(); ++i) {
    items.push_back(reader.Item(*list, i));
  }
  return items;
}

std::vector<std::string> ReadExtensions(NodeReader& reader, const Spot& options) {
  std::vector<std::string> extensions;
  for (const Spot& item : ReadList(reader, options, "file_extensions")) {
    if (!reader.Expect(item, Kind::kString)) continue;
    std::string extension = item.node->text;
    if (extension.size() > 1 && extension.front() == '.') {
      reader.Warn(item, "Dropbox expects extensions without a dot; the dot is ignored");
      extension.erase(0, 1);
    }
    if (extension.empty()) reader.Error(item, "must not be empty");
    extensions.push_back(std::move(extension));
  }
  return extensions;
}

std::vector<std::string> ReadCategories(NodeReader& reader, const Spot& options) {
  std::vector<std::string> categories;
  for (const Spot& item : ReadList(reader, options, "file_categories")) {
    if (auto tag = reader.Tag(item, kCategories)) categories.push_back(*std::move(tag));
  }
  return categories;
}

void ReadFileStatus(NodeReader& reader, const Spot& options) {
  const auto member = reader.Member(options, "file_status");
  if (!member) return;
  const auto status = reader.Tag(*member, kStatuses);
  if (status == "deleted") {
    reader.Error(*member, "deleted files cannot be indexed: only active ones can be searched for");
  }
}

void ReadOptions(NodeReader& reader, const Spot& options, AdvancedRule& rule) {
  if (!reader.Expect(options, Kind::kObject)) return;
  reader.CheckMembers(options, kOptions, {});
  rule.path = ReadPath(reader, options);
  if (const auto path = reader.Member(options, "path")) rule.path_place = reader.PlaceOf(*path);
  rule.max_results = ReadMaxResults(reader, options);
  if (const auto order = reader.Member(options, "order_by")) {
    rule.order_by = reader.Tag(*order, kOrders).value_or("");
  }
  ReadFileStatus(reader, options);
  rule.filename_only = reader.Truth(options, "filename_only").value_or(false);
  rule.file_extensions = ReadExtensions(reader, options);
  rule.file_categories = ReadCategories(reader, options);
  rule.account_id = reader.Text(options, "account_id").value_or("");
  if (!rule.file_extensions.empty() && !rule.file_categories.empty()) {
    reader.Warn(*reader.Member(options, "file_extensions"),
                "has no effect: Dropbox ignores it where file_categories is given");
  }
}

std::string MeaningOf(const AdvancedRule& rule) {
  RuleSet one;
  one.advanced.push_back(rule);
  return FingerprintOf(one);
}

}  // namespace

bool LooksAdvanced(const JsonNode& node) {
  return std::any_of(kMembers.begin(), kMembers.end(),
                     [&](std::string_view key) { return node.Find(key) != nullptr; });
}

std::optional<AdvancedRule> ReadAdvancedRule(NodeReader& reader, const Spot& at) {
  if (!reader.Expect(at, Kind::kObject)) return std::nullopt;
  reader.CheckMembers(at, kMembers, std::span(kMembers).first(1));
  AdvancedRule rule;
  rule.place = reader.PlaceOf(at);
  rule.pointer = at.pointer;
  const auto query = reader.Text(at, "query");
  if (query && CountCharacters(*query) > kMaxQueryCharacters) {
    reader.Error(*reader.Member(at, "query"),
                 fmt::format("is longer than {} characters", kMaxQueryCharacters));
  }
  if (const auto options = reader.Member(at, "options")) ReadOptions(reader, *options, rule);
  const auto match = reader.Member(at, "match_field_options");
  if (match && reader.Expect(*match, Kind::kObject)) {
    reader.CheckMembers(*match, std::span(kMatchOptions).first(1), {});
    reader.Truth(*match, kMatchOptions[0]);
    reader.Warn(*match, "has no effect: highlights are not indexed");
  }
  if (!query) return std::nullopt;
  rule.query = *query;
  return rule;
}

void CheckMeaning(NodeReader& reader, const std::vector<AdvancedRule>& rules,
                  const std::vector<Spot>& spots) {
  std::vector<std::pair<std::string, std::size_t>> meanings;
  for (std::size_t i = 0; i < rules.size(); ++i) meanings.emplace_back(MeaningOf(rules[i]), i);
  std::sort(meanings.begin(), meanings.end());
  for (std::size_t i = 1; i < meanings.size(); ++i) {
    if (meanings[i].first != meanings[i - 1].first) continue;
    const AdvancedRule& first = rules[meanings[i - 1].second];
    reader.Error(
        spots[meanings[i].second],
        fmt::format("the same search is already in line {} ({})", first.place.line, first.pointer));
  }
}

}  // namespace dbxes::rules
