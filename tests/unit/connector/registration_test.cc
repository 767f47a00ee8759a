// SPDX-License-Identifier: Apache-2.0
#include "connector/registration.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "connector/connector_document.h"
#include "unit/connector/connector_world.h"

namespace dbxes::connector {
namespace {

using Lines = std::vector<std::string>;

std::string UnregisterNow(ConnectorWorld& world, bool dry_run = false) {
  const auto done = Unregister(world.store, world.config, dry_run);
  return done ? done->front() : done.error().ToLine();
}

// A connector as the API of Elasticsearch 8.12 makes it, and as a peer has filled it in part.
constexpr std::string_view kOfApi =
    R"({"api_key_id":null,"configuration":{},"custom_scheduling":{},"description":null,)"
    R"("error":null,"features":null,"filtering":null,"index_name":"docs","is_native":false,)"
    R"("language":null,"last_seen":null,"last_sync_status":null,"name":"Mine","pipeline":null,)"
    R"("scheduling":{"full":{"enabled":true,"interval":"0 0 2 * * ?"}},"service_type":"dropbox",)"
    R"("status":"created","sync_cursor":null,"sync_now":false})";

TEST_CASE("a new connector has what the pages of Kibana need") {
  ConnectorWorld world;
  CHECK(world.RegisterNow() == Lines{"made connector c1 (\"Dropbox: docs\")"});
  CHECK(world.elastic.HasIndex(".elastic-connectors-v1"));
  CHECK(world.elastic.HasIndex(".elastic-connectors-sync-jobs-v1"));
  CHECK(world.Shows("service_type") == R"("dropbox")");
  CHECK(world.Shows("index_name") == R"("docs")");
  CHECK(world.Shows("is_native") == "false");
  CHECK(world.Shows("status") == R"("configured")");
  CHECK(world.Shows("sync_cursor") == "null");
  CHECK(world.Shows("last_sync_error") == "null");
  CHECK(world.Shows("scheduling.access_control.interval") == R"("0 0 0 * * ?")");
  CHECK(world.Shows("scheduling.full.enabled") == "false");
  // Elastic's connector would replace any other.
  CHECK(world.Shows("features") ==
        R"({"sync_rules":{"basic":{"enabled":true},"advanced":{"enabled":true}},)"
        R"("document_level_security":{"enabled":true},"incremental_sync":{"enabled":true},)"
        R"("native_connector_api_keys":{"enabled":false}})");
  CHECK(world.Shows("last_seen").ends_with("Z\""));
  const auto document = world.Connector();
  const rapidjson::Value& filtering = document["filtering"][0];
  CHECK(filtering["active"] == filtering["draft"]);
  CHECK(ConnectorWorld::At(filtering, "active.validation.state") == R"("valid")");
  CHECK(ConnectorWorld::At(filtering["active"]["rules"][0], "id") == R"("DEFAULT")");
}

TEST_CASE("every field of the form has every property, and no secret") {
  ConnectorWorld world;
  world.config.dropbox.paths = {"/Team"};
  world.config.dropbox.retry_count = 7;
  world.RegisterNow();
  const auto document = world.Connector();
  const std::set<std::string> wanted{
      "label", "type",    "display",    "value",           "default_value", "required", "sensitive",
      "order", "tooltip", "depends_on", "ui_restrictions", "validations",   "options"};
  std::size_t fields = 0;
  for (const auto& [name, field] : document["configuration"].GetObject()) {
    const std::string field_name(View(name));
    CAPTURE(field_name);
    std::set<std::string> has;
    for (const auto& [property, value] : field.GetObject()) has.insert(std::string(View(property)));
    CHECK(has == wanted);
    CHECK(!field["value"].IsNull());
    CHECK(!field["value"].IsArray());
    if (field["sensitive"].GetBool()) CHECK(View(field["value"]) == "");
    ++fields;
  }
  CHECK(fields == 9);
  CHECK(world.Shows("configuration.path.value") == R"("/Team")");
  CHECK(world.Shows("configuration.retry_count.value") == "7");
  CHECK(world.Shows("configuration.include_inherited_users_and_groups.depends_on") ==
        R"([{"field":"use_document_level_security","value":true}])");
  const std::string text = *world.elastic.Source(kConnectorIndex, "c1");
  for (const char* secret : {"the app key", "the app secret", "the refresh token"}) {
    CHECK(text.find(secret) == std::string::npos);
  }
}

TEST_CASE("the pipeline of the connector is that of the documents") {
  ConnectorWorld world;
  world.config.elasticsearch.pipeline = "attachments";
  world.RegisterNow();
  CHECK(world.Shows("pipeline.name") == R"("attachments")");
  CHECK(world.Shows("pipeline.reduce_whitespace") == "true");
}

TEST_CASE("registering again changes nothing") {
  ConnectorWorld world;
  world.RegisterNow();
  const auto before = world.elastic.Source(kConnectorIndex, "c1");
  world.config.dropbox.paths = {"/elsewhere"};
  CHECK(world.RegisterNow({.name = "another"}) == Lines{"connector c1 is complete"});
  CHECK(world.elastic.Source(kConnectorIndex, "c1") == before);
}

TEST_CASE("an existing connector is completed, and nothing of it is replaced") {
  ConnectorWorld world;
  REQUIRE(world.store.CreateIndices());
  world.elastic.Put(kConnectorIndex, "c1", kOfApi);
  const Lines done = world.RegisterNow({.name = "another"});
  CHECK(done.front().starts_with("added to connector c1: "));
  CHECK(done.front().find("filtering") != std::string::npos);
  CHECK(done.front().find("status configured") != std::string::npos);
  CHECK(world.Shows("name") == R"("Mine")");
  CHECK(world.Shows("scheduling.full.interval") == R"("0 0 2 * * ?")");
  CHECK(world.Shows("scheduling.full.enabled") == "true");
  CHECK(world.Shows("scheduling.incremental.enabled") == "false");
  CHECK(world.Shows("status") == R"("configured")");
  CHECK(world.Shows("configuration.path.label") != "absent");
  CHECK(world.Shows("dbx_es.registered_at") == "absent");
}

TEST_CASE("values and properties that a peer has written stay") {
  ConnectorWorld world;
  world.RegisterNow();
  world.Change(kConnectorIndex, "c1",
               R"({"configuration":{"path":{"value":"/theirs","required":true},)"
               R"("mine":{"label":"Mine"}},"status":"connected"})");
  rapidjson::Document document = world.Connector();
  document["configuration"]["path"].RemoveMember("ui_restrictions");
  document["configuration"].RemoveMember("app_key");
  world.elastic.Put(kConnectorIndex, "c1", JsonText(document));
  CHECK(world.RegisterNow() == Lines{"added to connector c1: configuration.path.ui_restrictions, "
                                     "configuration.app_key"});
  CHECK(world.Shows("configuration.path.value") == R"("/theirs")");
  CHECK(world.Shows("configuration.path.required") == "true");
  CHECK(world.Shows("configuration.path.ui_restrictions") == "[]");
  CHECK(world.Shows("configuration.mine.label") == R"("Mine")");
  CHECK(world.Shows("status") == R"("connected")");
}

TEST_CASE("somebody who changes the connector meanwhile loses nothing") {
  ConnectorWorld world;
  REQUIRE(world.store.CreateIndices());
  world.elastic.Put(kConnectorIndex, "c1", kOfApi);
  int writes = 0;
  world.elastic.before_write = [&](const FakeBulkOperation&) {
    if (++writes == 1) world.Change(kConnectorIndex, "c1", R"({"name":"Renamed"})");
  };
  CHECK(world.RegisterNow().front().starts_with("added to connector c1"));
  CHECK(writes == 2);
  CHECK(world.Shows("name") == R"("Renamed")");
  CHECK(world.Shows("features.incremental_sync.enabled") == "true");
}

TEST_CASE("a dry run writes nothing") {
  ConnectorWorld world;
  CHECK(world.RegisterNow({.name = "", .dry_run = true}) ==
        Lines{"would make connector c1 (\"Dropbox: docs\")"});
  CHECK(!world.elastic.HasIndex(".elastic-connectors-v1"));
  REQUIRE(world.store.CreateIndices());
  world.elastic.Put(kConnectorIndex, "c1", kOfApi);
  CHECK(world.RegisterNow({.name = "", .dry_run = true})
            .front()
            .starts_with("would add to connector c1: "));
  CHECK(world.Shows("features") == "null");
}

TEST_CASE("a connector that dbx-es cannot use is refused, with the reason") {
  struct Row {
    const char* members;
    const char* reason;
  };
  const Row rows[] = {
      {R"({"deleted":true})", "it was deleted in Kibana; choose another id"},
      {R"({"service_type":"jira"})", "it is one of the type jira, not dropbox"},
      {R"({"is_native":true})", "it is managed by Elastic (is_native); convert it in Kibana"},
      {R"({"index_name":"others"})",
       "it belongs to the index others, but elasticsearch.index is docs"},
      {R"({"filtering":"all"})",
       "its member filtering is not an array; fix the document, or choose another id"},
      {R"({"filtering":[7]})",
       "its member filtering[0] is not an object; fix the document, or choose another id"},
      {R"({"filtering":[{"active":[]}]})",
       "its member filtering[0].active is not an object; fix the document, or choose another id"},
      {R"({"status":"sleepy"})",
       "its status \"sleepy\" is unknown; fix the document, or choose another id"},
      {R"({"configuration":{"path":7}})",
       "its member configuration.path is not an object; fix the document, or choose another id"},
  };
  for (const Row& row : rows) {
    ConnectorWorld world;
    REQUIRE(world.store.CreateIndices());
    world.elastic.Put(kConnectorIndex, "c1", kOfApi);
    world.Change(kConnectorIndex, "c1", row.members);
    const auto before = world.elastic.Source(kConnectorIndex, "c1");
    CHECK(world.RegisterNow() == Lines{std::string("connector c1: ") + row.reason});
    CHECK(world.elastic.Source(kConnectorIndex, "c1") == before);
  }
}

TEST_CASE("only what register made is removed, and only between syncs") {
  ConnectorWorld world;
  CHECK(UnregisterNow(world) == "there is no connector c1");
  world.RegisterNow();
  world.elastic.Put(kJobIndex, "j1",
                    R"({"connector":{"id":"c1"},"status":"in_progress","created_at":"2026"})");
  world.elastic.Put(kJobIndex, "j2",
                    R"({"connector":{"id":"other"},"status":"completed","created_at":"2026"})");
  CHECK(UnregisterNow(world) == "a sync of connector c1 is under way; nothing was done");
  world.Change(kJobIndex, "j1", R"({"status":"completed"})");
  CHECK(UnregisterNow(world, true) == "would delete connector c1 and its jobs");
  CHECK(world.Shows("name") != "absent");
  CHECK(UnregisterNow(world) == "deleted connector c1 and 1 of its jobs");
  CHECK(world.elastic.Documents(kConnectorIndex).empty());
  CHECK(world.elastic.Documents(kJobIndex).size() == 1);
  world.elastic.Put(kConnectorIndex, "c1", kOfApi);
  CHECK(UnregisterNow(world).find("was not made by dbx-es") != std::string::npos);
}

TEST_CASE("a credential without privileges learns which one it needs") {
  ConnectorWorld world;
  ElasticFault fault;
  fault.route = "elastic-connectors";
  fault.status = 403;
  fault.times = -1;
  fault.body = R"({"error":{"type":"security_exception","reason":"unauthorized"},"status":403})";
  world.elastic.Inject(fault);
  const auto done = Register(world.store, world.config, {}, world.clock);
  REQUIRE(!done);
  CHECK(done.error().kind == ErrorKind::kPermission);
  CHECK(done.error().message.find("view_index_metadata on .elastic-connectors*") !=
        std::string::npos);
}

}  // namespace
}  // namespace dbxes::connector
