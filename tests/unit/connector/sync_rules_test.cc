// SPDX-License-Identifier: Apache-2.0
#include "connector/sync_rules.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/json/json_write.h"

namespace dbxes::connector {
namespace {

config::Config WithConnector() {
  config::Config config;
  config.connector.id = "c1";
  return config;
}

rapidjson::Document Parsed(const std::string& json) {
  rapidjson::Document document;
  document.Parse(json.c_str());
  REQUIRE(!document.HasParseError());
  return document;
}

std::string Connector(std::string_view draft, std::string_view state = R"("edited")") {
  return fmt::format(
      R"({{"filtering":[{{"domain":"DEFAULT","active":{{"rules":[],"advanced_snippet":{{"value":{{}}}}}},)"
      R"("draft":{{{},"validation":{{"state":{},"errors":[]}}}}}}]}})",
      draft, state);
}

// The verdict: "valid", or each rule with its messages.
std::string Verdict(std::string_view draft) {
  const auto judged = Judged(Parsed(Connector(draft)), WithConnector());
  if (!judged) return "none";
  const auto filtering = Parsed(*judged);
  const rapidjson::Value& validation = filtering[0]["draft"]["validation"];
  const bool active = filtering[0]["active"] == filtering[0]["draft"];
  const bool valid = validation["state"] == "valid";
  CHECK(active == valid);
  if (valid) return "valid";
  std::string text;
  for (const auto& error : validation["errors"].GetArray()) {
    for (const auto& message : error["messages"].GetArray()) {
      text += fmt::format("{}: {}\n", error["ids"][0].GetString(), message.GetString());
    }
  }
  return text;
}

TEST_CASE("the verdict names the rule that is wrong") {
  struct Row {
    std::string_view draft;
    std::string_view verdict;  // begins so
  };
  constexpr std::string_view kGood =
      R"({"id":"good","policy":"exclude","field":"name","rule":"equals","value":"x","order":0})";
  const std::string bad_policy = fmt::format(
      R"("rules":[{},{{"id":"r2","policy":"maybe","field":"name","rule":"equals","value":"y","order":1}}])",
      kGood);
  const std::string same_twice = fmt::format(
      R"("rules":[{},{{"id":"r2","policy":"exclude","field":"name","rule":"equals","value":"x","order":1}}])",
      kGood);
  const Row rows[] = {
      {R"("rules":[],"advanced_snippet":{"value":{}})", "valid"},
      {R"("rules":[],"advanced_snippet":{"value":[]})", "valid"},
      {R"("rules":[{"id":"DEFAULT","policy":"include","field":"_","rule":"regex","value":".*","order":0}])",
       "valid"},
      {R"("rules":[],"advanced_snippet":{"value":[{"query":"report"}],"created_at":"2026-08-05T10:00:00Z"})",
       "valid"},
      {bad_policy, "r2: policy: \"maybe\" is not a policy (allowed: include, exclude)"},
      {same_twice, "r2: "},
      {R"("rules":[{"id":"r1","policy":"exclude","field":"name","rule":"regex","value":"(","order":0}])",
       "r1: value: invalid regular expression"},
      {R"("rules":[{"id":"r1","policy":"exclude","field":"name","rule":"regex","value":".*","order":0}])",
       "r1: value: this regular expression matches every text"},
      {R"("rules":[{"id":"r1","policy":"exclude","field":"size","rule":">","value":"big","order":0}])",
       "r1: value: size is a number of bytes"},
      {R"("rules":[{"policy":"exclude","field":"name","rule":"equals","value":"x","order":0}])",
       "rule 1: the member \"id\" is missing"},
      {R"("rules":[7])", "rule 1: "},
      {R"("rules":{})", "advanced_snippet: "},
      {R"("rules":[],"advanced_snippet":{"value":[{"query":""}]})",
       "advanced_snippet: 0/query: must not be empty"},
      {R"("rules":[],"advanced_snippet":{"value":[{"query":"a","options":{"filename_only":1}}]})",
       "advanced_snippet: 0/options/filename_only: must be"},
      {R"("rules":[],"advanced_snippet":{"value":7})", "advanced_snippet: "},
      {R"("rules":null)", "advanced_snippet: "},
  };
  for (const Row& row : rows) {
    CAPTURE(row.draft);
    const std::string verdict = Verdict(row.draft);
    CAPTURE(verdict);
    CHECK(verdict.starts_with(row.verdict));
  }
}

TEST_CASE("only a draft that was edited gets a verdict") {
  const std::string draft = R"("rules":[])";
  for (const std::string_view state : {R"("valid")", R"("invalid")", R"("EDITED")", "7", "null"}) {
    CHECK(!Judged(Parsed(Connector(draft, state)), WithConnector()));
  }
  for (const char* connector :
       {R"({})", R"({"filtering":null})", R"({"filtering":[]})", R"({"filtering":[7]})",
        R"({"filtering":[{"draft":null}]})", R"({"filtering":[{"draft":[]}]})"}) {
    CHECK(!Judged(Parsed(connector), WithConnector()));
  }
}

TEST_CASE("a draft full of mistakes has a bounded verdict") {
  std::string rules;
  for (int i = 0; i < 1000; ++i) {
    rules += fmt::format(
        R"({}{{"id":"r{}","policy":"{}","field":"name","rule":"equals","value":"x","order":1}})",
        i == 0 ? "" : ",", i, std::string(3'000, 'p'));
  }
  const std::string verdict = Verdict(fmt::format(R"("rules":[{}])", rules));
  CHECK(verdict.size() > 100'000);
  CHECK(verdict.size() < 1'000'000);
}

TEST_CASE("other domains stay as they are") {
  auto connector = Parsed(Connector(R"("rules":[])"));
  auto& allocator = connector.GetAllocator();
  connector["filtering"].PushBack(rapidjson::Value("theirs"), allocator);
  const auto judged = Parsed(Judged(connector, WithConnector()).value());
  CHECK(judged.Size() == 2);
  CHECK(judged[1] == "theirs");
  CHECK(judged[0]["domain"] == "DEFAULT");
}

TEST_CASE("the rules of a job are read as a list of domains or alone") {
  const std::string alone = R"({"connector":{"filtering":{"rules":[],"validation":null}}})";
  CHECK(RulesOfJob(Parsed(alone)) == R"({"rules":[],"validation":null})");
  const std::string listed =
      R"({"connector":{"filtering":[{"domain":"DEFAULT","active":{"rules":[]}}]}})";
  CHECK(RulesOfJob(Parsed(listed)) == R"({"rules":[]})");
  CHECK(RulesOfJob(Parsed(R"({"connector":{"filtering":null}})")).empty());
  CHECK(RulesOfJob(Parsed(R"({"connector":{}})")).empty());
}

TEST_CASE("rules that cannot be used name the connector and the rule") {
  CHECK(ReadKibanaRules("", "c1")->Empty());
  const auto wrong = ReadKibanaRules(
      R"({"rules":[{"id":"r1","policy":"maybe","field":"name","rule":"equals","value":"x","order":0}]})",
      "c1");
  REQUIRE(!wrong);
  CHECK(wrong.error().kind == ErrorKind::kConfig);
  CHECK(wrong.error().message.find("the sync rules of connector c1 in Kibana have 1 error:\nr1: "
                                   "policy: ") == 0);
  const auto good = ReadKibanaRules(
      R"({"rules":[{"id":"r1","policy":"exclude","field":"name","rule":"equals","value":"x","order":0}]})",
      "c1");
  REQUIRE(good);
  CHECK(good->basic.size() == 1);
}

}  // namespace
}  // namespace dbxes::connector
