// SPDX-License-Identifier: Apache-2.0
#include "elastic/pipeline_judge.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::elastic {
namespace {

using Texts = std::vector<std::string>;

PipelineFindings JudgeText(std::string_view text) {
  const auto json = ParseJson(text, "pipeline");
  REQUIRE(json);
  return JudgePipeline(*json);
}

}  // namespace

TEST_CASE("processors that lose documents are found wherever they are") {
  struct Row {
    const char* pipeline;
    const char* problem;
  };
  const Row rows[] = {
      {R"({"processors":[{"drop":{}}]})", "drops documents"},
      {R"({"processors":[{"drop":{"if":"ctx.size > 1000"}}]})", "drops documents"},
      {R"({"processors":[{"fail":{"message":"no"}}]})", "rejects documents (fail)"},
      {R"({"processors":[{"reroute":{"dataset":"x"}}]})",
       "sends documents to another index (reroute)"},
      {R"({"processors":[{"attachment":{"field":"d","on_failure":[{"drop":{}}]}}]})",
       "drops documents"},
      {R"({"processors":[],"on_failure":[{"drop":{}}]})", "drops documents"},
      {R"({"processors":[{"foreach":{"field":"a","processor":{"fail":{"message":"x"}}}}]})",
       "rejects documents (fail)"},
      {R"({"processors":[{"set":{"field":"_index","value":"other"}}]})", "changes _index (set)"},
      {R"({"processors":[{"set":{"field":"_id","value":"1"}}]})", "changes _id (set)"},
      {R"({"processors":[{"remove":{"field":["x","path_lower"]}}]})",
       "changes path_lower (remove)"},
      {R"({"processors":[{"rename":{"field":"sync_seq","target_field":"n"}}]})",
       "changes sync_seq (rename)"},
      {R"({"processors":[{"lowercase":{"field":"id"}}]})", "changes id (lowercase)"},
      {R"({"processors":[{"set":{"field":"_allow_access_control","value":["x"]}}]})",
       "changes _allow_access_control (set)"},
      {R"({"processors":[{"remove":{"keep":["body"]}}]})", "removes fields that it does not name"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pipeline);
    CHECK(JudgeText(row.pipeline).problems == Texts{row.problem});
  }
}

TEST_CASE("processors that only add are fine") {
  for (const char* pipeline :
       {"{}", R"({"processors":[]})",
        R"({"processors":[{"attachment":{"field":"_attachment","target_field":"attachment"}}]})",
        R"({"processors":[{"set":{"field":"body","copy_from":"attachment.content"}}]})",
        R"({"processors":[{"lowercase":{"field":"path_lower","target_field":"mine"}}]})",
        R"({"processors":[{"remove":{"field":"_attachment"}}]})",
        R"({"description":"drop","processors":[{"script":{"source":"drop"}}]})"}) {
    CAPTURE(pipeline);
    CHECK(JudgeText(pipeline).problems.empty());
  }
}

TEST_CASE("a pipeline names the pipelines that it runs") {
  CHECK(
      JudgeText(R"({"processors":[{"pipeline":{"name":"a"}},{"pipeline":{"name":"b","if":"x"}}]})")
          .calls == Texts{"a", "b"});
}

}  // namespace dbxes::elastic
