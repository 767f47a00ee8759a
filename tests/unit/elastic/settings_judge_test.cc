// SPDX-License-Identifier: Apache-2.0
#include "elastic/settings_judge.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

namespace dbxes::elastic {
namespace {

Result<std::vector<std::string>> JudgeIndex(std::string_view settings) {
  const auto json = ParseJson(fmt::format(R"({{"index":{}}})", settings), "settings");
  REQUIRE(json);
  return JudgeSettings("docs", *json);
}

}  // namespace

TEST_CASE("settings that make the work impossible name the command that changes them") {
  struct Row {
    const char* settings;
    const char* says;
  };
  const Row rows[] = {
      {R"({"verified_before_close":"true"})", "is closed: open it with POST /docs/_open"},
      {R"({"blocks":{"read_only":"true"}})",
       R"(PUT /docs/_settings {"index.blocks.read_only":null})"},
      {R"({"blocks":{"write":"true"}})", R"(PUT /docs/_settings {"index.blocks.write":null})"},
      {R"({"blocks":{"read":"true"}})", R"(PUT /docs/_settings {"index.blocks.read":null})"},
      {R"({"mode":"logsdb"})", "index.mode = logsdb"},
      {R"({"mode":"time_series"})", "set elasticsearch.index to a new name"},
      {R"({"mapping":{"source":{"mode":"disabled"}}})", "keeps no _source"},
      {R"({"max_docvalue_fields_search":"2"})",
       "allows 2 fields in a search (index.max_docvalue_fields_search), but dbx-es needs 5: PUT "
       R"(/docs/_settings {"index.max_docvalue_fields_search":null})"},
      {R"({"max_terms_count":"999"})", "index.max_terms_count"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.settings);
    const auto judged = JudgeIndex(row.settings);
    REQUIRE_FALSE(judged);
    CHECK(judged.error().kind == ErrorKind::kConfig);
    CAPTURE(judged.error().message);
    CHECK(judged.error().message.find(row.says) != std::string::npos);
  }
}

TEST_CASE("other settings are fine") {
  for (const char* settings :
       {"{}", R"({"blocks":{"read_only":"false","read_only_allow_delete":"true"}})",
        R"({"mode":"standard"})", R"({"mode":"lookup"})", R"({"max_result_window":"100"})",
        R"({"mapping":{"source":{"mode":"synthetic"}}})",
        R"({"max_docvalue_fields_search":"5","max_terms_count":"1000"})"}) {
    CAPTURE(settings);
    const auto judged = JudgeIndex(settings);
    REQUIRE(judged);
    CHECK(judged->empty());
  }
}

TEST_CASE("a search pipeline may hide documents") {
  CHECK(JudgeIndex(R"({"search":{"default_pipeline":"mine"}})")->size() == 1);
  CHECK(JudgeIndex(R"({"search":{"default_pipeline":"_none"}})")->empty());
}

TEST_CASE("an index names the pipelines that it runs by itself") {
  const auto settings =
      ParseJson(R"({"index":{"default_pipeline":"d","final_pipeline":"_none"}})", "settings");
  CHECK(PipelineSetting(*settings, "default_pipeline") == "d");
  CHECK(PipelineSetting(*settings, "final_pipeline").empty());
}

}  // namespace dbxes::elastic
