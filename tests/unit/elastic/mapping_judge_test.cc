// SPDX-License-Identifier: Apache-2.0
#include "elastic/mapping_judge.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "elastic/index_mapping.h"
#include "elastic/meaning.h"

namespace dbxes::elastic {
namespace {

constexpr MappingNeeds kPlain;
constexpr MappingNeeds kRestricted{/*document_level_security=*/true, /*pipeline=*/false};
constexpr MappingNeeds kPipeline{/*document_level_security=*/false, /*pipeline=*/true};

Result<MappingFindings> JudgeText(std::string_view mappings, MappingNeeds needs) {
  const auto json = ParseJson(mappings, "mappings");
  REQUIRE(json);
  return JudgeMapping("docs", *json, needs);
}

std::string OneField(std::string_view name, std::string_view field) {
  return fmt::format(R"({{"properties":{{"{}":{}}}}})", name, field);
}

void CheckRefused(const std::string& mappings, MappingNeeds needs, std::string_view says) {
  CAPTURE(mappings);
  const auto judged = JudgeText(mappings, needs);
  REQUIRE_FALSE(judged);
  CHECK(judged.error().kind == ErrorKind::kConfig);
  CHECK(IsUnusableMapping(judged.error()));
  CAPTURE(judged.error().message);
  CHECK(judged.error().message.find(says) != std::string::npos);
}

void CheckFine(const std::string& mappings, MappingNeeds needs) {
  CAPTURE(mappings);
  const auto judged = JudgeText(mappings, needs);
  CHECK_MESSAGE(judged, judged.error().message);
}

// Of `_allow_access_control`, with the usual sub-field.
std::string Readers(std::string_view main, std::string_view sub = R"({"type":"keyword"})") {
  return OneField("_allow_access_control",
                  fmt::format(R"({{{},"fields":{{"keyword":{}}}}})", main, sub));
}

}  // namespace

TEST_CASE("the mapping that dbx-es makes is fine") {
  const auto body = ParseJson(ContentIndexBody(false), "body");
  REQUIRE(body);
  for (const MappingNeeds needs : {kPlain, kRestricted, kPipeline}) {
    const auto judged = JudgeMapping("docs", *FindMember(*body, "mappings"), needs);
    REQUIRE(judged);
    CHECK(judged->missing.empty());
    CHECK(judged->warnings.empty());
    CHECK(judged->id_field == "id.keyword");
  }
}

TEST_CASE("a field that is used has to hold what is written to it") {
  struct Row {
    const char* name;
    const char* field;
    const char* says;
  };
  const Row rows[] = {
      {"path_lower", R"({"type":"keyword","ignore_above":256})",
       R"(PUT /docs/_mapping {"properties":{"path_lower":{"type":"keyword","ignore_above":8191}}}, )"
       "then run dbx-es full-sync --force"},
      {"path_lower", R"({"type":"keyword","ignore_above":8190})", "more than 8190 characters"},
      {"ancestors", R"({"type":"keyword","ignore_above":256})", "\"ancestors\""},
      {"id", R"({"type":"keyword","ignore_above":10})", "ignore_above"},
      {"id", R"({"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":8}}})",
       R"({"id":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":8191}}}})"},
      {"sync_fingerprint", R"({"type":"keyword","ignore_above":8})", "ignore_above"},
      {"body_fingerprint", R"({"type":"keyword","ignore_above":15})", "ignore_above"},
      {"permissions_fingerprint", R"({"type":"keyword","ignore_above":15})", "ignore_above"},
      {"shared_folder_id", R"({"type":"keyword","ignore_above":5})", "ignore_above"},
      {"rev", R"({"type":"keyword","ignore_above":5})", "ignore_above"},
      {"path_lower", R"({"type":"keyword","normalizer":"lowercase"})", "has a normalizer"},
      {"id", R"({"type":"keyword","normalizer":"lowercase"})", "has a normalizer"},
      {"path_lower", R"({"type":"keyword","null_value":"none"})", "has a null_value"},
      {"received", R"({"type":"boolean","null_value":true})", "has a null_value"},
      {"path_lower", R"({"type":"alias","path":"other"})", "\"path_lower\" as alias"},
      {"path_lower", R"({"type":"object","enabled":false})", "\"path_lower\" as object"},
      {"path_lower", R"({"type":"wildcard"})", "as wildcard"},
      {"path_lower", R"({"type":"constant_keyword"})", "as constant_keyword"},
      {"ancestors", R"({"type":"keyword","doc_values":false})", "as keyword without doc_values"},
      {"received", R"({"type":"keyword"})", "as keyword, but dbx-es needs it as boolean"},
      {"received", R"({"type":"boolean","index":false})", "as boolean without index"},
      {"sync_seq", R"({"type":"integer"})", "needs it as long"},
      {"sync_seq", R"({"type":"unsigned_long"})", "needs it as long"},
      {"shared_folder_id", R"({"type":"long"})", "needs it as keyword"},
      {"rev", R"({"type":"text","index":false})", "indexed text or keyword"},
      {"rev", R"({"type":"keyword","index":false,"doc_values":false})", "indexed text or keyword"},
  };
  for (const Row& row : rows) CheckRefused(OneField(row.name, row.field), kPlain, row.says);
  CheckFine(OneField("path_lower", R"({"type":"keyword"})"), kPlain);
  CheckFine(OneField("path_lower", R"({"type":"keyword","ignore_above":8191})"), kPlain);
  CheckFine(OneField("rev", R"({"type":"text"})"), kPlain);
  CheckFine(OneField("rev", R"({"type":"keyword","index":false})"), kPlain);
}

TEST_CASE("a field that is only shown has to take what is written to it") {
  struct Row {
    const char* name;
    const char* field;
  };
  const Row refused[] = {
      {"size", R"({"type":"byte"})"},
      {"size", R"({"type":"short"})"},
      {"size", R"({"type":"integer"})"},
      {"size", R"({"type":"float"})"},
      {"size", R"({"type":"half_float"})"},
      {"size", R"({"type":"boolean"})"},
      {"size", R"({"type":"date"})"},
      {"size", R"({"properties":{"bytes":{"type":"long"}}})"},
      {"name", R"({"type":"long"})"},
      {"name", R"({"type":"boolean"})"},
      {"url", R"({"type":"date"})"},
      {"type", R"({"type":"constant_keyword","value":"File"})"},
      {"extension", R"({"type":"nested"})"},
      {"body_truncated", R"({"type":"integer"})"},
      {"name", R"({"type":"text","fields":{"number":{"type":"long"}}})"},
      {"path_lower", R"({"type":"keyword","fields":{"time":{"type":"date"}}})"},
      {"body", R"({"type":"keyword"})"},
      {"body", R"({"type":"text","fields":{"keyword":{"type":"keyword"}}})"},
      {"body", R"({"type":"keyword","ignore_above":20000})"},
      {"file_path", R"({"type":"keyword","ignore_above":2147483647})"},
      {"_timestamp", R"({"type":"long"})"},
      {"client_modified", R"({"type":"date","format":"yyyy-MM-dd"})"},
      {"server_modified", R"({"type":"date","format":"epoch_millis"})"},
  };
  for (const Row& row : refused) {
    CheckRefused(OneField(row.name, row.field), kPlain, fmt::format("\"{}", row.name));
  }
  const Row fine[] = {
      {"size", R"({"type":"unsigned_long"})"},
      {"size", R"({"type":"double"})"},
      {"size", R"({"type":"keyword"})"},
      {"size", R"({"type":"object","enabled":false})"},
      {"size", R"({"type":"integer","ignore_malformed":true})"},
      {"name", R"({"type":"search_as_you_type"})"},
      {"body", R"({"type":"semantic_text"})"},
      {"name", R"({"type":"text","fields":{"length":{"type":"token_count","analyzer":"simple"}}})"},
      {"name", R"({"type":"text","fields":{"n":{"type":"long","ignore_malformed":true}}})"},
      {"body", R"({"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}})"},
      {"body", R"({"type":"keyword","index":false,"doc_values":false})"},
      {"file_path", R"({"type":"wildcard"})"},
      {"client_modified", R"({"type":"date","format":"yyyy-MM-dd||strict_date_optional_time"})"},
      {"client_modified", R"({"type":"keyword"})"},
      {"language", R"({"type":"text"})"},
      // Nobody searches it, and a value that is too long is only ignored.
      {"content_hash", R"({"type":"keyword","ignore_above":5})"},
  };
  for (const Row& row : fine) CheckFine(OneField(row.name, row.field), kPlain);
}

TEST_CASE("with document level security, the access list has to exist and to be compared") {
  const std::string text = R"("type":"text")";
  struct Row {
    std::string mappings;
    const char* says;
  };
  const Row rows[] = {
      {Readers(R"("type":"text","index":false)"), "as text without index"},
      {Readers(R"("type":"text","index":false,"store":true)"), "indexed text or keyword"},
      {Readers(R"("type":"keyword","index":false,"doc_values":false)"), "indexed text or keyword"},
      {Readers(R"("type":"keyword","ignore_above":10)"), "ignores values of more than 10"},
      {Readers(R"("type":"keyword","ignore_above":256)"), "ignores values of more than 256"},
      {Readers(R"("type":"keyword","null_value":"nobody")"), "null_value"},
      {Readers(R"("type":"binary")"), "as binary"},
      {Readers(R"("type":"completion")"), "as completion"},
      {Readers(text, R"({"type":"keyword","ignore_above":64})"), "ignores values of more than 64"},
      {Readers(text, R"({"type":"keyword","normalizer":"lowercase"})"), "normalizer"},
      {Readers(text, R"({"type":"text"})"), "keyword sub-field"},
      {Readers(text, R"({"type":"keyword","index":false})"), "keyword sub-field"},
      {OneField("_allow_access_control", R"({"type":"keyword"})"), "keyword sub-field"},
      {R"({"properties":{"name":{"type":"text","copy_to":["x","_allow_access_control"]}}})",
       "also gets the values of \"name\" (copy_to)"},
      {R"({"properties":{"o":{"properties":{"a":{"type":"text","copy_to":"_allow_access_control"}}}}})",
       "copy_to"},
      {R"({"runtime":{"_allow_access_control.keyword":{"type":"keyword"}},"properties":{}})",
       R"(PUT /docs/_mapping {"runtime":{"_allow_access_control.keyword":null}})"},
  };
  for (const Row& row : rows) {
    CheckRefused(row.mappings, kRestricted, row.says);
    CheckFine(row.mappings.find("binary") == std::string::npos ? row.mappings : "{}", kPlain);
  }
  for (const char* main :
       {R"("type":"text")", R"("type":"text","norms":false)", R"("type":"keyword")",
        R"("type":"keyword","index":false)", R"("type":"keyword","ignore_above":8191)"}) {
    CheckFine(Readers(main), kRestricted);
  }
  // Of Elastic's connector.
  CheckFine(Readers(text, R"({"type":"keyword","ignore_above":256})"), kRestricted);
}

TEST_CASE("a mapping as a whole may make the work impossible") {
  struct Row {
    const char* mappings;
    const char* says;
  };
  const Row rows[] = {
      {R"({"_source":{"enabled":false}})", "keeps no _source"},
      {R"({"_source":{"mode":"disabled"}})", "keeps no _source"},
      {R"({"_source":{"excludes":["body"]}})", "keeps \"body\" out of _source"},
      {R"({"_source":{"excludes":["bo*"]}})", "keeps \"body\" out of _source"},
      {R"({"_source":{"excludes":"*"}})", "out of _source"},
      {R"({"_source":{"excludes":["*_fingerprint"]}})", "\"body_fingerprint\""},
      {R"({"_source":{"excludes":["size.*"]}})", "\"size\""},
      {R"({"_source":{"includes":["name","id"]}})", "out of _source"},
      {R"({"_routing":{"required":true}})", "requires routing"},
      {R"({"_data_stream_timestamp":{"enabled":true}})", "@timestamp"},
      {R"({"enabled":false})", "disabled"},
      {R"({"runtime":{"path_lower":{"type":"keyword"}}})",
       R"(PUT /docs/_mapping {"runtime":{"path_lower":null}})"},
      {R"({"properties":{"file_path":{"type":"text","copy_to":"path_lower"}}})",
       "\"path_lower\" of index docs also gets the values of \"file_path\""},
  };
  for (const Row& row : rows) CheckRefused(row.mappings, kPlain, row.says);
  for (const char* mappings :
       {R"({"_source":{"excludes":["ml.*","_attachment","bodyguard"]}})",
        R"({"_source":{"includes":["*"]}})", R"({"_source":{"mode":"synthetic"}})",
        R"({"_routing":{"required":false}})", R"({"dynamic":"strict"})",
        R"({"runtime":{"mine":{"type":"keyword"}}})",
        R"({"properties":{"name":{"type":"text","copy_to":"all"}}})"}) {
    CheckFine(mappings, kPlain);
  }
}

TEST_CASE("what a pipeline adds has to stay, too") {
  CheckRefused(R"({"_source":{"excludes":["attachment.content"]}})", kPipeline, "\"attachment\"");
  CheckFine(R"({"_source":{"excludes":["attachment.content"]}})", kPlain);
  CHECK(JudgeText(R"({"dynamic":"strict"})", kPipeline)->warnings.size() == 1);
  CHECK(JudgeText(R"({"dynamic":"strict"})", kPlain)->warnings.empty());
}

TEST_CASE("dates that a date_nanos rejects are warned of") {
  const auto judged = JudgeText(OneField("client_modified", R"({"type":"date_nanos"})"), kPlain);
  REQUIRE(judged);
  REQUIRE(judged->warnings.size() == 1);
  CHECK(judged->warnings[0].find("\"client_modified\"") != std::string::npos);
}

}  // namespace dbxes::elastic
