// SPDX-License-Identifier: Apache-2.0
#include "elastic/settings_judge.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "elastic/index_block.h"

namespace dbxes::elastic {
namespace {

using rapidjson::Value;

// What one search of dbx-es asks for at most: the id and three fingerprints (sync/deletion), and a
// batch of deleted paths.
struct Limit {
  std::string_view setting;
  std::uint64_t needed;
  std::string_view what;
};
constexpr Limit kLimits[] = {
    {"max_docvalue_fields_search", 5, "fields in a search"},
    {"max_terms_count", 1000, "paths in a search"},
};

constexpr std::string_view kNewIndex =
    "set elasticsearch.index to a new name and run dbx-es full-sync";

// The setting `index.A.B`; "" if it has its default. All values are texts.
std::string_view Setting(const Value& settings, std::initializer_list<std::string_view> path) {
  const Value* value = FindMember(settings, "index");
  for (const std::string_view name : path) {
    if (value != nullptr) value = FindMember(*value, name);
  }
  return value != nullptr && value->IsString() ? View(*value) : std::string_view();
}

Result<void> JudgeState(std::string_view index, const Value& settings) {
  // Set while an index is closed (Elasticsearch: Close index API).
  if (Setting(settings, {"verified_before_close"}) == "true") {
    return Fail(ErrorKind::kConfig, BlockSentence(IndexBlock::kClosed, index));
  }
  struct Row {
    std::string_view name;
    IndexBlock block;
  };
  constexpr Row kRows[] = {{"read_only", IndexBlock::kReadOnly},
                           {"write", IndexBlock::kWrite},
                           {"read", IndexBlock::kRead}};
  for (const Row& row : kRows) {
    if (Setting(settings, {"blocks", row.name}) != "true") continue;
    return Fail(ErrorKind::kConfig, BlockSentence(row.block, index));
  }
  return {};
}

Result<void> JudgeMode(std::string_view index, const Value& settings) {
  const std::string_view mode = Setting(settings, {"mode"});
  if (mode == "logsdb" || mode == "time_series") {
    return Fail(ErrorKind::kConfig,
                fmt::format("index {} takes only log data with a @timestamp (index.mode = {}): {}",
                            index, mode, kNewIndex));
  }
  if (Setting(settings, {"mapping", "source", "mode"}) == "disabled") {
    return Fail(ErrorKind::kConfig,
                fmt::format("index {} keeps no _source (index.mapping.source.mode), but dbx-es "
                            "compares and updates documents: {}",
                            index, kNewIndex));
  }
  return {};
}

Result<void> JudgeLimits(std::string_view index, const Value& settings) {
  for (const Limit& limit : kLimits) {
    const std::string_view text = Setting(settings, {limit.setting});
    std::uint64_t value = limit.needed;
    std::from_chars(text.data(), text.data() + text.size(), value);
    if (value >= limit.needed) continue;
    return Fail(ErrorKind::kConfig,
                fmt::format("index {} allows {} {} (index.{}), but dbx-es needs {}: {}", index,
                            value, limit.what, limit.setting, limit.needed,
                            ResetSetting(index, fmt::format("index.{}", limit.setting))));
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> JudgeSettings(std::string_view index,
                                               const rapidjson::Value& settings) {
  TRY(JudgeState(index, settings));
  TRY(JudgeMode(index, settings));
  TRY(JudgeLimits(index, settings));
  std::vector<std::string> warnings;
  // OpenSearch: Search pipelines. One may filter hits.
  const std::string_view search = Setting(settings, {"search", "default_pipeline"});
  if (!search.empty() && search != "_none") {
    warnings.push_back(
        fmt::format("index {} sends searches through the search pipeline \"{}\": documents that it "
                    "hides are not deleted; {}",
                    index, search, ResetSetting(index, "index.search.default_pipeline")));
  }
  return warnings;
}

std::string PipelineSetting(const rapidjson::Value& settings, std::string_view name) {
  const std::string_view pipeline = Setting(settings, {name});
  return pipeline == "_none" ? std::string() : std::string(pipeline);
}

}  // namespace dbxes::elastic
