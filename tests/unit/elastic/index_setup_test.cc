// SPDX-License-Identifier: Apache-2.0
#include "elastic/index_setup.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/json.h"
#include "elastic/index_mapping.h"
#include "unit/elastic/world.h"

namespace dbxes::elastic {
namespace {

IndexRequest Request() {
  IndexRequest request;
  request.index = "docs";
  return request;
}

ElasticFault StatusFault(int status, std::string body, std::string route = "") {
  ElasticFault fault;
  fault.status = status;
  fault.body = std::move(body);
  fault.route = std::move(route);
  fault.times = -1;
  return fault;
}

// What dynamic mapping made of the older connector's documents.
constexpr const char* kOldMapping =
    R"({"properties":{"id":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}},)"
    R"("_allow_access_control":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}},)"
    R"("size":{"type":"long"},"extra":{"type":"boolean"}}})";

void CheckFailure(const Result<IndexTarget>& target, ErrorKind kind, std::string_view says) {
  REQUIRE_FALSE(target);
  CAPTURE(target.error().message);
  CHECK(ToString(target.error().kind) == ToString(kind));
  CHECK(target.error().message.find(says) != std::string::npos);
}

}  // namespace

TEST_CASE("an absent index is created with the mapping") {
  World world;
  const auto target = PrepareIndex(world.client, Request());
  REQUIRE(target);
  CHECK(target->index == "docs");
  CHECK(target->id_field == "id.keyword");
  CHECK(target->created);
  CHECK_FALSE(target->existed);
  const auto mapping = ParseJson(world.elastic.Mappings("docs"), "mapping");
  REQUIRE(mapping);
  const auto type = [&](std::initializer_list<std::string_view> path) {
    return StringMember(*FindPath(*mapping, path), "type");
  };
  CHECK(type({"properties", "path_lower"}) == "keyword");
  CHECK(type({"properties", "ancestors"}) == "keyword");
  CHECK(type({"properties", "sync_seq"}) == "long");
  CHECK(type({"properties", "_timestamp"}) == "date");
  CHECK(type({"properties", "body"}) == "text");
  CHECK(FindPath(*mapping, {"properties", "body", "fields"}) == nullptr);
  for (const char* name : {"id", "type", "name", "file_path", "url", "_allow_access_control"}) {
    CAPTURE(name);
    CHECK(type({"properties", name}) == "text");
    CHECK(type({"properties", name, "fields", "keyword"}) == "keyword");
    CHECK(UintMember(*FindPath(*mapping, {"properties", name, "fields", "keyword"}),
                     "ignore_above") == 8191u);
  }
  // A second look finds nothing to do.
  world.elastic.ClearBooks();
  const auto again = PrepareIndex(world.client, Request());
  REQUIRE(again);
  CHECK(again->existed);
  CHECK(again->added_fields.empty());
  // The index, and the documents of others, as long as nobody keeps it.
  CHECK(world.elastic.requests() == 2);
}

TEST_CASE("the settings of a new index are those of one machine and of many") {
  const auto body = ParseJson(ContentIndexBody(true), "body");
  REQUIRE(body);
  CHECK(UintMember(*FindPath(*body, {"settings", "index"}), "number_of_shards") == 1u);
  CHECK(StringMember(*FindPath(*body, {"settings", "index"}), "auto_expand_replicas") == "0-1");
  CHECK(FindMember(*ParseJson(ContentIndexBody(false), "body"), "settings") == nullptr);
}

TEST_CASE("only looking changes nothing") {
  World world;
  IndexRequest request = Request();
  request.may_change = false;
  const auto absent = PrepareIndex(world.client, request);
  REQUIRE(absent);
  CHECK_FALSE(absent->existed);
  CHECK_FALSE(absent->created);
  CHECK_FALSE(world.elastic.HasIndex("docs"));
  world.elastic.CreateIndex("docs", kOldMapping);
  const auto old = PrepareIndex(world.client, request);
  REQUIRE(old);
  CHECK_FALSE(old->added_fields.empty());
  CHECK(world.elastic.Mappings("docs") == kOldMapping);
}

TEST_CASE("an index of the older connector gets the fields that it lacks") {
  World world;
  world.elastic.CreateIndex("docs", kOldMapping);
  const auto target = PrepareIndex(world.client, Request());
  REQUIRE(target);
  CHECK(target->id_field == "id.keyword");
  const auto mapping = ParseJson(world.elastic.Mappings("docs"), "mapping");
  CHECK(StringMember(*FindPath(*mapping, {"properties", "path_lower"}), "type") == "keyword");
  CHECK(StringMember(*FindPath(*mapping, {"properties", "extra"}), "type") == "boolean");
  CHECK(UintMember(*FindPath(*mapping, {"properties", "id", "fields", "keyword"}),
                   "ignore_above") == 256u);
}

TEST_CASE("an alias of one index is that index, an alias of several is nobody's") {
  World world;
  world.elastic.CreateIndex("docs-7", kOldMapping);
  world.elastic.AddAlias("docs", "docs-7");
  const auto target = PrepareIndex(world.client, Request());
  REQUIRE(target);
  CHECK(target->index == "docs-7");
  CHECK(world.elastic.Mappings("docs-7").find("path_lower") != std::string::npos);
  world.elastic.CreateIndex("docs-8");
  world.elastic.AddAlias("docs", "docs-8");
  CheckFailure(PrepareIndex(world.client, Request()), ErrorKind::kConfig,
               "means several indices (docs-7, docs-8)");
}

TEST_CASE("an alias that hides documents or takes none is refused") {
  for (const auto& [alias, says] :
       {std::pair{R"({"index_routing":"1","search_routing":"1"})", "alias with routing"},
        std::pair{R"({"search_routing":"1"})", "alias with routing"},
        std::pair{R"({"is_write_index":false})", "may not be written to"}}) {
    World world;
    world.elastic.Inject(StatusFault(
        200, fmt::format(R"({{"real":{{"aliases":{{"docs":{}}},"mappings":{{}}}}}})", alias)));
    CheckFailure(PrepareIndex(world.client, Request()), ErrorKind::kConfig, says);
  }
}

TEST_CASE("a filtered alias and a data stream are refused") {
  World world;
  world.elastic.Inject(
      StatusFault(200, R"({"real":{"aliases":{"docs":{"filter":{"term":{}}}},"mappings":{}}})"));
  CheckFailure(PrepareIndex(world.client, Request()), ErrorKind::kConfig, "alias with a filter");
  world.elastic.ClearFaults();
  world.elastic.Inject(StatusFault(200, R"({".ds-docs-2026-000001":{"mappings":{}}})"));
  CheckFailure(PrepareIndex(world.client, Request()), ErrorKind::kConfig, "is a data stream");
}

TEST_CASE("a field that is mapped unusably is named") {
  struct Row {
    const char* mapping;
    const char* says;
  };
  const Row rows[] = {
      {R"({"properties":{"path_lower":{"type":"text","fields":{"keyword":{"type":"keyword"}}}}})",
       "\"path_lower\" as text, but dbx-es needs it as keyword"},
      {R"({"properties":{"ancestors":{"type":"keyword","doc_values":false}}})", "\"ancestors\""},
      {R"({"properties":{"path_lower":{"type":"keyword","index":false}}})", "\"path_lower\""},
      {R"({"properties":{"path_lower":{"type":"keyword","ignore_above":256}}})",
       "PUT /docs/_mapping"},
      {R"({"properties":{"sync_seq":{"type":"date"}}})",
       "\"sync_seq\" as date, but dbx-es needs it as long"},
      {R"({"properties":{"sync_seq":{"properties":{"a":{"type":"long"}}}}})",
       "\"sync_seq\" as object"},
      {R"({"properties":{"sync_fingerprint":{"type":"text"}}})", "\"sync_fingerprint\" as text"},
      {R"({"properties":{"id":{"type":"text"}}})", "\"id\" as text"},
      {R"({"properties":{"id":{"type":"long"}}})", "\"id\" as long"},
      {R"({"_source":{"enabled":false}})", "keeps no _source"},
  };
  for (const Row& row : rows) {
    World world;
    world.elastic.CreateIndex("docs", row.mapping);
    CheckFailure(PrepareIndex(world.client, Request()), ErrorKind::kConfig, row.says);
  }
}

TEST_CASE("an index that is closed, blocked or limited is refused before the run writes") {
  for (const auto& [settings, says] :
       {std::pair{R"("verified_before_close":"true")", "POST /docs/_open"},
        std::pair{R"("blocks":{"write":"true"})", "index.blocks.write"},
        std::pair{R"("max_terms_count":"10")", "index.max_terms_count"},
        std::pair{R"("mode":"logsdb")", "index.mode"}}) {
    World world;
    world.elastic.CreateIndex("docs", kOldMapping);
    world.elastic.SetSettings("docs", settings);
    CheckFailure(PrepareIndex(world.client, Request()), ErrorKind::kConfig, says);
    CHECK(world.elastic.requests() == 1);
  }
}

TEST_CASE("an index of identities that is closed is named as well") {
  World world;
  world.elastic.CreateIndex(".search-acl-filter-docs");
  world.elastic.Close(".search-acl-filter-docs");
  CheckFailure(PrepareAccessControlIndex(world.client, "docs"), ErrorKind::kConfig,
               "POST /.search-acl-filter-docs/_open");
}

TEST_CASE("what may fail later, and the pipelines of the index, are reported") {
  World world;
  world.elastic.CreateIndex("docs", R"({"properties":{"client_modified":{"type":"date_nanos"}}})");
  world.elastic.SetSettings("docs", R"("default_pipeline":"a","final_pipeline":"b")");
  const auto target = PrepareIndex(world.client, Request());
  REQUIRE(target);
  CHECK(target->warnings.size() == 1);
  CHECK(target->default_pipeline == "a");
  CHECK(target->final_pipeline == "b");
}

TEST_CASE("an index in which programs keep something else is refused") {
  for (const std::string name :
       {".search-acl-filter-p", ".elastic-connectors-v1", ".elastic-connectors-sync-jobs"}) {
    CAPTURE(name);
    World world;
    IndexRequest request = Request();
    request.index = name;
    CheckFailure(PrepareIndex(world.client, request), ErrorKind::kConfig,
                 "the index " + name + " keeps ");
    CHECK_FALSE(world.elastic.HasIndex(name));
    world.elastic.CreateIndex(name);
    world.elastic.AddAlias("docs", name);
    CheckFailure(PrepareIndex(world.client, Request()), ErrorKind::kConfig, " keeps ");
  }
  World world;
  world.elastic.CreateIndex("docs", R"({"_meta":{"dbx_es_state":{"format":1}},"properties":{}})");
  CheckFailure(PrepareIndex(world.client, Request()), ErrorKind::kConfig,
               "the index docs keeps the state of another target of dbx-es");
}

TEST_CASE("documents of other programs are reported until dbx-es keeps the index") {
  World world;
  world.elastic.CreateIndex("docs", kOldMapping);
  const auto warnings = [&world](bool secure) {
    IndexRequest request = Request();
    request.document_level_security = secure;
    return PrepareIndex(world.client, request)->warnings;
  };
  // Of Elastic's connector, and of an earlier run.
  world.elastic.Put("docs", "id:1", R"({"id":"id:1","_timestamp":"2026-08-05T10:00:00Z"})");
  world.elastic.Put("docs", "id:2", R"({"id":"id:2","sync_seq":5})");
  CHECK(warnings(false).empty());
  world.elastic.Put("docs", "a", R"({"title":"a"})");
  const std::vector<std::string> one = warnings(false);
  REQUIRE(one.size() == 1);
  CHECK(one[0] ==
        "the index docs has 1 document that neither dbx-es nor Elastic's connector wrote; those "
        "without a field id are never deleted");
  world.elastic.Put("docs", "b", R"({"id":"b"})");
  const std::vector<std::string> two = warnings(true);
  REQUIRE(two.size() == 1);
  CHECK(two[0] ==
        "the index docs has 2 documents that neither dbx-es nor Elastic's connector wrote; those "
        "without a field id are never deleted; a full sync deletes the 1 with a field id that "
        "Dropbox does not have; document level security makes them visible to nobody");
  world.elastic.CreateIndex("kept", R"({"_meta":{"dbx_es":{}},"properties":{}})");
  world.elastic.Put("kept", "a", R"({"title":"a"})");
  IndexRequest request = Request();
  request.index = "kept";
  CHECK(PrepareIndex(world.client, request)->warnings.empty());
}

TEST_CASE("an id that is mapped as keyword is sorted by itself") {
  World world;
  world.elastic.CreateIndex("docs", R"({"properties":{"id":{"type":"keyword"}}})");
  const auto target = PrepareIndex(world.client, Request());
  REQUIRE(target);
  CHECK(target->id_field == "id");
}

TEST_CASE("the list of permissions must be usable where it is used") {
  World world;
  world.elastic.CreateIndex("docs",
                            R"({"properties":{"_allow_access_control":{"type":"keyword"}}})");
  IndexRequest request = Request();
  REQUIRE(PrepareIndex(world.client, request));
  request.document_level_security = true;
  CheckFailure(PrepareIndex(world.client, request), ErrorKind::kConfig,
               "\"_allow_access_control\" as keyword");
}

TEST_CASE("a configured pipeline must exist") {
  World world;
  IndexRequest request = Request();
  request.pipeline = "attachments";
  CheckFailure(PrepareIndex(world.client, request), ErrorKind::kConfig,
               "\"attachments\" (elasticsearch.pipeline) does not exist");
  CHECK_FALSE(world.elastic.HasIndex("docs"));
  world.elastic.AddPipeline("attachments");
  CHECK(PrepareIndex(world.client, request));
}

TEST_CASE("a key that may not look at pipelines is no obstacle") {
  World world;
  world.elastic.Inject(StatusFault(
      403,
      R"({"error":{"type":"security_exception","reason":"action [cluster:admin/ingest/pipeline/get])"
      R"( is unauthorized"}})",
      "_ingest"));
  IndexRequest request = Request();
  request.pipeline = "attachments";
  CHECK(PrepareIndex(world.client, request));
}

TEST_CASE("an obstacle is an error for a person") {
  struct Row {
    ElasticFault fault;
    ErrorKind kind;
    const char* says;
  };
  ElasticFault refused = StatusFault(0, "");
  refused.kind = ElasticFault::Kind::kRefused;
  ElasticFault html = StatusFault(0, "");
  html.kind = ElasticFault::Kind::kHtml;
  const Row rows[] = {
      {refused, ErrorKind::kTemporary, "connection refused; tried 5 times"},
      {html, ErrorKind::kConfig, "does not answer like Elasticsearch"},
      {StatusFault(200, "{}"), ErrorKind::kConfig, "does not answer like Elasticsearch"},
      {StatusFault(200, "[]"), ErrorKind::kConfig, "does not answer like Elasticsearch"},
      {StatusFault(404, "<html><title>Not here</title></html>"), ErrorKind::kNotFound, "Not here"},
      {StatusFault(401, ""), ErrorKind::kAuth, "elasticsearch.api_key"},
      {StatusFault(403, R"({"error":{"type":"security_exception","reason":"action )"
                        R"([indices:admin/get] is unauthorized for API key id [x] of user [u] on )"
                        R"(indices [docs], this action is granted by the index privileges )"
                        R"([view_index_metadata,manage,all]"}})"),
       ErrorKind::kPermission, "index privileges view_index_metadata, manage, all"},
  };
  for (const Row& row : rows) {
    World world;
    world.elastic.Inject(row.fault);
    CheckFailure(PrepareIndex(world.client, Request()), row.kind, row.says);
    CHECK(world.clock.Now() < Milliseconds(60'000));
  }
}

TEST_CASE("an untrusted certificate is an error of configuration") {
  World world;
  world.network.Route(kHost, [](const FakeRequest&) {
    return FakeAnswer::Broken(FakeAnswer::Transport::kUntrusted);
  });
  CheckFailure(PrepareIndex(world.client, Request()), ErrorKind::kConfig, "certificate");
}

TEST_CASE("creating an index that somebody else just created is fine") {
  World world;
  ElasticFault race = StatusFault(
      404, R"({"error":{"type":"index_not_found_exception","reason":"no such index [docs]"}})");
  race.times = 1;
  world.elastic.Inject(race);
  world.elastic.CreateIndex("docs", kOldMapping);
  const auto target = PrepareIndex(world.client, Request());
  REQUIRE(target);
  CHECK(target->existed);
  CHECK_FALSE(target->created);
  CHECK_FALSE(target->added_fields.empty());
}

TEST_CASE("where the service decides the settings they are left out") {
  World world;
  bool refused = false;
  world.network.Route(kHost, [&](const FakeRequest& request) {
    if (request.method == "PUT" && request.body.find("number_of_shards") != std::string::npos) {
      refused = true;
      return FakeAnswer::Json(
          400, R"({"error":{"type":"illegal_argument_exception","reason":"Settings )"
               R"([index.number_of_shards] are not available when running in serverless mode"}})");
    }
    return world.elastic(request);
  });
  const auto target = PrepareIndex(world.client, Request());
  REQUIRE(target);
  CHECK(refused);
  CHECK(target->created);
}

TEST_CASE("a mapping that cannot be added is an error") {
  World world;
  world.elastic.CreateIndex("docs", kOldMapping);
  world.elastic.Inject(StatusFault(
      400,
      R"({"error":{"type":"illegal_argument_exception","reason":"Limit of total fields [1000] has )"
      R"(been exceeded"}})",
      "_mapping"));
  CheckFailure(PrepareIndex(world.client, Request()), ErrorKind::kConfig, "Limit of total fields");
}

TEST_CASE("the index of identities is created, or taken as it is") {
  World world;
  CHECK(AccessControlIndexName("docs") == ".search-acl-filter-docs");
  const auto absent = PrepareAccessControlIndex(world.client, "docs", /*may_change=*/false);
  REQUIRE(absent);
  CHECK_FALSE(absent->existed);
  const auto created = PrepareAccessControlIndex(world.client, "docs");
  REQUIRE(created);
  CHECK(created->created);
  CHECK(created->id_field == "id");
  const std::string mappings = world.elastic.Mappings(".search-acl-filter-docs");
  CHECK(mappings.find(R"("dynamic":false)") != std::string::npos);
  const auto again = PrepareAccessControlIndex(world.client, "docs");
  REQUIRE(again);
  CHECK(again->existed);
  CHECK(again->id_field == "id");
  // As the template of the older connector makes it, and as dynamic mapping would.
  world.elastic.CreateIndex(".search-acl-filter-old",
                            R"({"properties":{"created_at":{"type":"date"}}})");
  CHECK(PrepareAccessControlIndex(world.client, "old")->id_field.empty());
  world.elastic.CreateIndex(".search-acl-filter-dynamic", kOldMapping);
  CHECK(PrepareAccessControlIndex(world.client, "dynamic")->id_field == "id.keyword");
}

}  // namespace dbxes::elastic
