// SPDX-License-Identifier: Apache-2.0
#include "elastic/index_mapping.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace dbxes::elastic {
namespace {

// The row of a field, or of the field that it is the sub-field `keyword` of; null for none.
const FieldRow* RowOf(std::string name) {
  const std::string suffix = ".keyword";
  const bool keyword = name.ends_with(suffix);
  if (keyword) name.resize(name.size() - suffix.size());
  const auto* row = std::ranges::find(kContentFields, std::string_view(name), &FieldRow::name);
  const bool known =
      row != std::end(kContentFields) && (!keyword || row->type == FieldType::kTextWithKeyword);
  return known ? row : nullptr;
}

bool HasDocValues(const std::string& name) {
  const FieldRow* row = RowOf(name);
  if (row == nullptr) return false;
  const bool text = row->type == FieldType::kText || row->type == FieldType::kTextWithKeyword;
  return !text || name.ends_with(".keyword");
}

rapidjson::Document Parsed(std::string_view text) {
  auto parsed = ParseJson(std::string(text), "a saved object");
  REQUIRE(parsed);
  return std::move(*parsed);
}

// The names in a query of Kibana (KQL): each is followed by a colon.
int CheckQuery(const std::string& query) {
  int count = 0;
  static const std::regex kField("([A-Za-z_.]+) ?:");
  for (std::sregex_iterator at(query.begin(), query.end(), kField), end; at != end; ++at, ++count) {
    CAPTURE((*at)[1].str());
    CHECK(RowOf((*at)[1].str()) != nullptr);
  }
  return count;
}

int CheckAggregations(const rapidjson::Value& attributes) {
  int count = 0;
  if (!attributes.HasMember("visState")) return 0;
  const rapidjson::Document state = Parsed(StringMember(attributes, "visState"));
  for (const auto& aggregation : state["aggs"].GetArray()) {
    const rapidjson::Value& parameters = aggregation["params"];
    if (!parameters.HasMember("field")) continue;
    const std::string field(StringMember(parameters, "field"));
    CAPTURE(field);
    CHECK(HasDocValues(field));
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("the dashboard for Kibana names fields that the mapping has, and groups by doc values") {
  std::ifstream file(DBXES_SOURCE_DIR "/packaging/monitoring/kibana-dashboard.ndjson");
  int fields = 0;
  for (std::string line; std::getline(file, line);) {
    const rapidjson::Document object = Parsed(line);
    const rapidjson::Value& attributes = object["attributes"];
    CAPTURE(StringMember(attributes, "title"));
    fields += CheckAggregations(attributes);
    if (attributes.HasMember("columns")) {
      for (const auto& column : attributes["columns"].GetArray()) {
        CHECK(RowOf(column.GetString()) != nullptr);
      }
      for (const auto& sort : attributes["sort"].GetArray()) {
        CHECK(HasDocValues(sort[0].GetString()));
      }
    }
    if (!attributes.HasMember("kibanaSavedObjectMeta")) continue;
    const rapidjson::Value& meta = attributes["kibanaSavedObjectMeta"];
    const rapidjson::Document source = Parsed(StringMember(meta, "searchSourceJSON"));
    fields += CheckQuery(std::string(StringMember(source["query"], "query")));
  }
  CHECK(fields > 15);
}

}  // namespace dbxes::elastic
