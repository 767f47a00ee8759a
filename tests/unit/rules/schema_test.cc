// SPDX-License-Identifier: Apache-2.0
// The JSON Schema that is shipped for editors says the same as the reader: about members, words and
// kinds of values. What rules mean together is for the reader alone.
#include <doctest/doctest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/json/json.h"
#include "rules/rule_fields.h"
#include "rules/rule_file.h"

namespace dbxes::rules {
namespace {

rapidjson::Document ReadSchema() {
  std::ifstream file(std::string(DBXES_SOURCE_DIR) + "/src/rules/rules.schema.json");
  std::ostringstream text;
  text << file.rdbuf();
  rapidjson::Document schema;
  schema.Parse(text.str().c_str());
  REQUIRE_FALSE(schema.HasParseError());
  return schema;
}

bool SchemaAccepts(const std::string& text) {
  static const rapidjson::SchemaDocument schema(ReadSchema());
  rapidjson::Document document;
  document.Parse(text.c_str());
  REQUIRE_FALSE(document.HasParseError());
  rapidjson::SchemaValidator validator(schema);
  return document.Accept(validator);
}

std::string Basic(const std::string& key, const std::string& value) {
  std::string text;
  for (const auto& [name, usual] : {std::pair<std::string, std::string>{"id", "\"1\""},
                                    {"policy", "\"exclude\""},
                                    {"field", "\"name\""},
                                    {"rule", "\"equals\""},
                                    {"value", "\"1\""},
                                    {"order", "1"}}) {
    if (name == key && value.empty()) continue;
    text += (text.empty() ? "[{" : ",") + ("\"" + name + "\":") + (name == key ? value : usual);
  }
  return text + "}]";
}

std::string Options(const std::string& options) {
  return R"([{"query":"x","options":{)" + options + "}}]";
}

}  // namespace

TEST_CASE("the schema and the reader agree") {
  std::vector<std::string> texts{
      "[]",
      "{}",
      "5",
      "[5]",
      "[{}]",
      R"([{"query":"x"}])",
      R"([{"query":""}])",
      R"([{"query":5}])",
      R"([{"options":{}}])",
      R"([{"query":"x","nonsense":1}])",
      R"({"query":"x"})",
      R"({"rules":[]})",
      R"({"rules":{}})",
      R"({"rules":[5]})",
      R"({"rule":[]})",
      R"({"advanced_snippet":[]})",
      R"({"advanced_snippet":{"value":{}}})",
      R"({"advanced_snippet":{"value":[{"query":"x"}],"created_at":"a","updated_at":"b"}})",
      R"({"advanced_snippet":{"values":[]}})",
      R"({"advanced_snippet":{"value":{"query":"x"}}})",
      R"({"advanced_snippet":5})",
      R"({"rules":[],"advanced_snippet":[],"validation":{}})",
      R"({"domain":"DEFAULT","active":{"rules":[]},"draft":{}})",
      R"({"active":5})",
      R"({"active":{}})",
      R"({"filtering":[{"active":{"rules":[]}}]})",
      R"({"filtering":[]})",
      R"({"filtering":[{"rules":[]},{"rules":[]}]})",
      R"({"filtering":5})",
      R"({"filtering":[],"rules":[]})",
      R"([{"query":"x","match_field_options":{"include_highlights":true}}])",
      R"([{"query":"x","match_field_options":{"include_highlights":1}}])",
  };
  for (const char* key : {"id", "policy", "field", "rule", "value", "order"}) {
    for (const char* value : {"", "\"\"", "5", "null", "[]", "\"x\"", "\"equals\"",
                              "\"STARTS_WITH\"", "\">\"", "\"Exclude\"", "\"DEFAULT\""}) {
      texts.push_back(Basic(key, value));
    }
  }
  for (const char* options : {"",
                              R"("path":"/a")",
                              R"("path":"/")",
                              R"("path":"id:a")",
                              R"("path":"ns:1/a")",
                              R"("path":"")",
                              R"("path":"a")",
                              R"("path":5)",
                              R"("max_results":1)",
                              R"("max_results":0)",
                              R"("max_results":1000)",
                              R"("max_results":1001)",
                              R"("max_results":1.5)",
                              R"("max_results":"100")",
                              R"("max_results":"0")",
                              R"("max_results":"1001")",
                              R"("max_results":"x")",
                              R"("order_by":{".tag":"relevance"})",
                              R"("order_by":"relevance")",
                              R"("order_by":{})",
                              R"("order_by":{".tag":"size"})",
                              R"("file_status":{".tag":"active"})",
                              R"("file_status":{".tag":"deleted"})",
                              R"("filename_only":true)",
                              R"("filename_only":1)",
                              R"("file_extensions":["a"])",
                              R"("file_extensions":[])",
                              R"("file_extensions":[""])",
                              R"("file_extensions":[1])",
                              R"("file_extensions":"a")",
                              R"("file_categories":[{".tag":"paper"}])",
                              R"("file_categories":[{".tag":"png"}])",
                              R"("file_categories":["paper"])",
                              R"("file_categories":[])",
                              R"("file_categories":[{}])",
                              R"("file_categories":[{".tag":"paper","x":1}])",
                              R"("account_id":"dbid:a")",
                              R"("account_id":"")",
                              R"("colour":1)"}) {
    texts.push_back(Options(options));
  }
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(SchemaAccepts(text) == (ReadRules(text).findings.errors() == 0));
  }
}

TEST_CASE("the schema has every word that the reader allows") {
  const struct {
    const char* option;
    std::initializer_list<std::string_view> path;
  } rows[] = {
      {R"("file_categories":[{".tag":"none"}])",
       {"definitions", "options", "properties", "file_categories", "items", "properties", ".tag",
        "enum"}},
      {R"("order_by":{".tag":"none"})",
       {"definitions", "options", "properties", "order_by", "properties", ".tag", "enum"}},
  };
  const rapidjson::Document schema = ReadSchema();
  for (const auto& row : rows) {
    CAPTURE(row.option);
    RuleFile file = ReadRules(Options(row.option));
    REQUIRE(file.findings.Sorted().size() == 1);
    const auto* words = FindPath(schema, row.path);
    REQUIRE(words != nullptr);
    std::vector<std::string> offered;
    for (const auto& word : words->GetArray()) offered.emplace_back(View(word));
    CHECK(offered == file.findings.Sorted().front().allowed);
  }
}

TEST_CASE("the schema offers every field that rules can test") {
  const rapidjson::Document schema = ReadSchema();
  const auto* fields = FindPath(schema, {"definitions", "field", "examples"});
  REQUIRE(fields != nullptr);
  std::set<std::string> offered;
  for (const auto& field : fields->GetArray()) offered.emplace(View(field));
  std::set<std::string> known{"_"};
  for (const RuleField& field : RuleFields()) {
    if (field.type != RuleFieldType::kLater) known.emplace(field.name);
  }
  CHECK(offered == known);
}

}  // namespace dbxes::rules
