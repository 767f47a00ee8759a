// SPDX-License-Identifier: Apache-2.0
#include "connector/check_in.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

#include "connector/connector_form.h"
#include "connector/protocol_time.h"
#include "unit/connector/connector_world.h"

namespace dbxes::connector {
namespace {

struct DeskWorld : ConnectorWorld {
  DeskWorld() {
    RegisterNow();
    elastic.ClearBooks();
  }
  // "full theirs", "nothing", or the error.
  std::string Next() {
    const auto next = check_in.Next();
    if (!next) return next.error().ToLine();
    return *next ? fmt::format("{} {}", NameOf((*next)->type), (*next)->job) : "nothing";
  }
  // Somebody presses "Sync now", or asks with the API.
  void AddJob(const std::string& id, const std::string& type, const std::string& status = "pending",
              const std::string& created = "2026-08-05T09:00:00Z") {
    elastic.Put(kJobIndex, id,
                fmt::format(R"({{"connector":{{"id":"c1","index_name":"docs"}},"status":"{}",)"
                            R"("job_type":"{}","created_at":"{}","last_seen":{}}})",
                            status, type, created, clock.WallMicros() / 1000));
  }
  void Schedule(const char* type, const char* interval, bool enabled = true) {
    Change(kConnectorIndex, "c1",
           fmt::format(R"({{"scheduling":{{"{}":{{"enabled":{},"interval":"{}"}}}}}})", type,
                       enabled, interval));
  }
  // Somebody saves a rule on Kibana's page "Sync rules" (Connector API: _filtering).
  void EditDraft(std::string_view rule) {
    auto connector = Connector();
    auto& allocator = connector.GetAllocator();
    rapidjson::Value& draft = connector["filtering"][0]["draft"];
    rapidjson::Document edited(&allocator);
    edited.Parse(
        fmt::format(R"({{"id":"edited","order":0,{},)"
                    R"("created_at":"2026-08-05T10:00:01Z","updated_at":"2026-08-05T10:00:01Z"}})",
                    rule)
            .c_str());
    rapidjson::Value rules(rapidjson::kArrayType);
    rules.PushBack(edited, allocator);
    rules.PushBack(draft["rules"][draft["rules"].Size() - 1], allocator);
    rules[1]["order"].SetInt(1);
    draft["rules"] = rules;
    draft["validation"]["state"].SetString("edited");
    elastic.Put(kConnectorIndex, "c1", JsonText(connector));
  }
  std::string Rules(std::string_view path) const { return At(Connector()["filtering"][0], path); }
  std::string Job(const std::string& id, std::string_view path) const {
    return At(Document(kJobIndex, id), path);
  }
  std::size_t Jobs() const { return elastic.Documents(kJobIndex).size(); }

  CheckIn check_in{store, config, clock};
};

TEST_CASE("without work, a look is two requests; each five minutes it shows itself") {
  DeskWorld world;
  CHECK(world.Next() == "nothing");
  CHECK(world.elastic.requests() == 2);
  const std::string before = world.Shows("last_seen");
  world.clock.Advance(Milliseconds(299'000));
  CHECK(world.Next() == "nothing");
  CHECK(world.elastic.requests() == 4);
  CHECK(world.Shows("last_seen") == before);
  world.clock.Advance(Milliseconds(1'000));
  CHECK(world.Next() == "nothing");
  CHECK(world.elastic.requests() == 7);
  CHECK(world.Shows("last_seen") != before);
  // A time of the future is not believed.
  world.Change(kConnectorIndex, "c1", R"({"last_seen":"2036-01-01T00:00:00Z"})");
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("last_seen").find("2026") != std::string::npos);
}

TEST_CASE("the oldest job that waits is next, identities before documents") {
  DeskWorld world;
  world.config.dropbox.use_document_level_security = true;
  world.AddJob("younger", "full", "pending", "2026-08-05T09:30:00Z");
  world.AddJob("older", "incremental", "suspended");
  CHECK(world.Next() == "incremental older");
  world.AddJob("identities", "access_control", "pending", "2026-08-05T09:45:00Z");
  CHECK(world.Next() == "access_control identities");
  world.AddJob("identities", "access_control", "completed");
  world.AddJob("older", "incremental", "canceled");
  CHECK(world.Next() == "full younger");
}

TEST_CASE("jobs that run, ended, or belong to others are left alone") {
  DeskWorld world;
  world.AddJob("runs", "full", "in_progress");
  world.AddJob("stops", "full", "canceling");
  world.AddJob("ended", "full", "completed");
  world.elastic.Put(kJobIndex, "theirs",
                    R"({"connector":{"id":"c2"},"status":"pending",)"
                    R"("job_type":"full","created_at":"2026-08-05T09:00:00Z"})");
  CHECK(world.Next() == "nothing");
  CHECK(world.elastic.requests() == 2);
}

TEST_CASE("a job that dbx-es cannot run ends with the reason") {
  DeskWorld world;
  world.AddJob("odd", "sideways");
  world.AddJob("identities", "access_control");
  CHECK(world.Next() == "nothing");
  CHECK(world.Job("odd", "status") == R"("error")");
  CHECK(world.Job("odd", "error") == R"("unknown job type \"sideways\"")");
  CHECK(world.Job("odd", "completed_at") != "null");
  CHECK(world.Job("identities", "error").find("use_document_level_security") != std::string::npos);
  CHECK(world.elastic.requests() == 3);
  REQUIRE(world.check_in.refused().size() == 2);
  CHECK(world.check_in.refused().back() == R"(unknown job type "sideways")");
}

TEST_CASE("a job that somebody deletes during a look is no trouble") {
  DeskWorld world;
  world.AddJob("odd", "sideways");
  world.AddJob("fine", "full");
  world.elastic.before_write = [&world](const FakeBulkOperation&) {
    world.elastic.Delete(kJobIndex, "odd");
  };
  CHECK(world.Next() == "full fine");
  CHECK(!world.elastic.Source(kJobIndex, "odd"));
}

TEST_CASE("a connector that somebody deletes during a look is unknown") {
  DeskWorld world;
  world.clock.Advance(std::chrono::hours(1));
  world.elastic.before_write = [&world](const FakeBulkOperation&) {
    world.elastic.Delete(kConnectorIndex, "c1");
  };
  CHECK(world.Next().find("there is no connector c1") != std::string::npos);
}

TEST_CASE("a schedule makes a job, one for all times that were missed") {
  DeskWorld world;
  world.Schedule("full", "0 0 * * * ?");
  CHECK(world.Next() == "nothing");
  world.clock.Advance(std::chrono::hours(5));
  const std::string next = world.Next();
  CHECK(next.starts_with("full dbx-es-"));
  CHECK(world.Jobs() == 1);
  const std::string id = next.substr(5);
  CHECK(world.Job(id, "status") == R"("pending")");
  CHECK(world.Job(id, "trigger_method") == R"("scheduled")");
  CHECK(world.Job(id, "started_at") == "null");
  CHECK(world.Job(id, "worker_hostname") == "null");
  CHECK(world.Job(id, "connector.index_name") == R"("docs")");
  CHECK(world.Shows("last_sync_scheduled_at") == R"("2026-08-05T15:00:00.000Z")");
  // While it waits, it is enough.
  world.elastic.Put(kJobIndex, id, *world.elastic.Source(kJobIndex, id));
  world.clock.Advance(std::chrono::hours(1));
  CHECK(world.Next() == next);
  CHECK(world.Jobs() == 1);
  CHECK(world.Shows("last_sync_scheduled_at") == R"("2026-08-05T16:00:00.000Z")");
}

TEST_CASE("a time whose job could not be made is not noted") {
  const auto at_the_time = [](DeskWorld& world) {
    world.Schedule("full", "0 0 * * * ?");
    CHECK(world.Next() == "nothing");
    world.clock.Advance(std::chrono::hours(1));
  };
  DeskWorld first;
  at_the_time(first);
  const std::string next = first.Next();
  DeskWorld world;
  at_the_time(world);
  const std::string before = world.Shows("last_sync_scheduled_at");
  world.elastic.poison_ids.insert(next.substr(5));
  CHECK(world.Next() != next);
  CHECK(world.Shows("last_sync_scheduled_at") == before);
  world.elastic.poison_ids.clear();
  CHECK(world.Next() == next);
  CHECK(world.Shows("last_sync_scheduled_at") != before);
}

TEST_CASE("a run that was killed does not hold up its schedule") {
  DeskWorld world;
  world.Schedule("incremental", "0 0 * * * ?");
  CHECK(world.Next() == "nothing");
  world.clock.Advance(std::chrono::hours(1));
  world.AddJob("runs", "incremental", "in_progress");
  CHECK(world.Next() == "nothing");
  CHECK(world.Jobs() == 1);
  world.clock.Advance(std::chrono::hours(1));  // without a sign of life
  CHECK(world.Next().starts_with("incremental dbx-es-"));
}

TEST_CASE("two runners that see a time come make one job") {
  DeskWorld world;
  world.Schedule("full", "0 0 * * * ?");
  CHECK(world.Next() == "nothing");
  world.clock.Advance(std::chrono::hours(1));
  const std::string before = *world.elastic.Source(kConnectorIndex, "c1");
  const std::string first = world.Next();
  // The other one has read the connector before.
  world.elastic.Put(kConnectorIndex, "c1", before);
  CHECK(world.Next() == first);
  CHECK(world.Jobs() == 1);
}

TEST_CASE("a schedule that starts nothing says why, in the connector") {
  DeskWorld world;
  world.Schedule("full", "0 0 0 15W * ?");
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("error").starts_with(R"("schedule full: )"));
  CHECK(world.Shows("status") == R"("configured")");
  const std::uint64_t requests = world.elastic.requests();
  CHECK(world.Next() == "nothing");
  CHECK(world.elastic.requests() == requests + 2);
  world.Schedule("full", "0 0 0 15 * ?");
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("error") == "null");
  // The error of a sync stays.
  world.Change(kConnectorIndex, "c1", R"({"error":"the disk is full"})");
  world.Schedule("full", "whenever");
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("error") == R"("the disk is full")");
}

TEST_CASE("values in the form that are ours stay known when a schedule is noted, too") {
  DeskWorld world;
  // As an API key that Kibana makes leaves the connector.
  auto bare = world.Connector();
  bare.RemoveMember("configuration");
  bare.RemoveMember("dbx_es");
  world.elastic.Put(kConnectorIndex, "c1", JsonText(bare));
  world.config.dropbox.paths = {"/Team"};
  world.config.connector.local = {{"path", "/etc/dbx-es/dbx-es.toml"}};
  world.Schedule("full", "0 0 * * * ?");
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("configuration.path.value") == R"("/Team")");
  CHECK(world.Shows("dbx_es.form.path") == R"("/Team")");
  CHECK(world.Shows("dbx_es.schedules.full.interval") == R"("0 0 * * * ?")");
  world.config.dropbox.paths = {"/Other"};
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("configuration.path.value") == R"("/Other")");
}

TEST_CASE("a run that was killed covers no sync that is due") {
  DeskWorld world;
  CheckIn mine(world.store, world.config, world.clock, {"m1", "here", false});
  world.Schedule("full", "0 0 * * * ?");
  CHECK(world.Next() == "nothing");
  world.clock.Advance(std::chrono::hours(1));
  world.AddJob("dead", "full", "in_progress");
  world.Change(kJobIndex, "dead",
               R"({"worker_hostname":"m1","metadata":{"dbx_es":{"target":"here"}}})");
  // Nobody knows yet whether it is dead.
  const std::string before = world.Shows("last_sync_scheduled_at");
  REQUIRE(mine.Next());
  CHECK(mine.saw_own_job());
  CHECK(world.Shows("last_sync_scheduled_at") == before);
  SUBCASE("it is") {
    const auto next = mine.Next(StateHold::kOurs);
    REQUIRE(next);
    REQUIRE(*next);
    CHECK((*next)->job.starts_with("dbx-es-"));
    CHECK(world.Job("dead", "status") == R"("error")");
  }
  SUBCASE("it is not") {
    const auto next = mine.Next(StateHold::kOthers);
    REQUIRE(next);
    CHECK(!*next);
    CHECK(world.Jobs() == 1);
  }
  CHECK(world.Shows("last_sync_scheduled_at") != before);
}

TEST_CASE("what Kibana lost of the connector is added again") {
  DeskWorld world;
  world.Change(kConnectorIndex, "c1", R"({"features":null,"status":"needs_configuration"})");
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("features.incremental_sync.enabled") == "true");
  CHECK(world.Shows("status") == R"("configured")");
}

TEST_CASE("a draft of sync rules that was edited gets its verdict, and is active if it is valid") {
  DeskWorld world;
  const std::string active = world.Rules("active");
  world.EditDraft(R"("policy":"exclude","field":"name","rule":"ends_with","value":".tmp")");
  CHECK(world.Next() == "nothing");
  CHECK(world.elastic.requests() == 3);
  CHECK(world.Rules("draft.validation") == R"({"state":"valid","errors":[]})");
  // Kibana compares the two, times included.
  CHECK(world.Rules("active") == world.Rules("draft"));
  CHECK(world.Rules("active") != active);
  CHECK(world.Next() == "nothing");
  CHECK(world.elastic.requests() == 5);
}

TEST_CASE("a draft that is invalid has a message for each rule, and the active rules stay") {
  DeskWorld world;
  const std::string active = world.Rules("active");
  world.EditDraft(R"("policy":"maybe","field":"name","rule":"regex","value":"(")");
  CHECK(world.Next() == "nothing");
  CHECK(world.Rules("draft.validation.state") == R"("invalid")");
  CHECK(world.Rules("draft.validation.errors").find(R"("ids":["edited"])") != std::string::npos);
  CHECK(world.Rules("active") == active);
}

TEST_CASE("a draft that is edited between verdict and write gets a verdict of its own") {
  DeskWorld world;
  world.EditDraft(R"("policy":"exclude","field":"name","rule":"ends_with","value":".tmp")");
  bool first = true;
  world.elastic.before_write = [&](const FakeBulkOperation&) {
    if (!std::exchange(first, false)) return;
    world.EditDraft(R"("policy":"maybe","field":"name","rule":"regex","value":"(")");
  };
  CHECK(world.Next() == "nothing");
  CHECK(world.Rules("draft.validation.state") == R"("invalid")");
  CHECK(world.Rules("active").find(".tmp") == std::string::npos);
}

TEST_CASE("with rules from a file, Kibana offers no editor, and a draft is refused") {
  DeskWorld world;
  CHECK(world.Shows("features.sync_rules.basic.enabled") == "true");
  world.config.sync.rules_file = "/etc/rules.json";
  world.EditDraft(R"("policy":"exclude","field":"name","rule":"ends_with","value":".tmp")");
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("features.sync_rules.basic.enabled") == "false");
  CHECK(world.Shows("features.sync_rules.advanced.enabled") == "false");
  CHECK(world.Shows("features.incremental_sync.enabled") == "true");
  CHECK(world.Rules("draft.validation.state") == R"("invalid")");
  CHECK(world.Rules("draft.validation.errors").find("/etc/rules.json (sync.rules)") !=
        std::string::npos);
  CHECK(world.Rules("active").find(".tmp") == std::string::npos);
}

TEST_CASE("values of the form that cannot be used are the error of the connector") {
  DeskWorld world;
  world.Schedule("full", "0 0 * * * ?");
  CHECK(world.Next() == "nothing");
  world.AddJob("waits", "full");
  world.config.connector.problem = "Kibana, \"Retries per request\": expected an integer";
  world.clock.Advance(std::chrono::hours(1));
  CHECK(world.Next() == world.config.connector.problem);
  CHECK(world.Shows("error") ==
        JsonText(rapidjson::Value(rapidjson::StringRef(world.config.connector.problem.c_str()))));
  CHECK(world.Shows("status") == R"("error")");
  CHECK(world.Job("waits", "status") == R"("pending")");
  const std::uint64_t requests = world.elastic.requests();
  CHECK(world.Next() == world.config.connector.problem);
  CHECK(world.elastic.requests() == requests + 2);
  CHECK(world.Shows("last_sync_scheduled_at") == "null");
  // Somebody corrects it; the hour that passed is made up for, here by the job that waits.
  world.config.connector.problem.clear();
  CHECK(world.Next() == "full waits");
  CHECK(world.Shows("error") == "null");
  CHECK(world.Shows("status") == R"("configured")");
  CHECK(world.Shows("last_sync_scheduled_at") != "null");
}

TEST_CASE("a connector waits for what is set nowhere, and runs once it is") {
  DeskWorld world;
  world.Change(kConnectorIndex, "c1", R"({"status":"needs_configuration"})");
  world.config.dropbox.refresh_token = {};
  world.AddJob("waits", "full");
  CHECK(world.Next() == "nothing");
  CHECK(world.check_in.waits_for_form());
  CHECK(world.Shows("status") == R"("needs_configuration")");
  CHECK(world.Shows("error") == "null");
  world.config.dropbox.refresh_token = config::Secret("from Kibana");
  CHECK(world.Next() == "full waits");
  CHECK(!world.check_in.waits_for_form());
  CHECK(world.Shows("status") == R"("configured")");
  // Somebody empties the field later.
  world.config.dropbox.refresh_token = {};
  CHECK(world.Next() == R"(Kibana, "Refresh token": a value is missing)");
  CHECK(world.Shows("status") == R"("error")");
}

TEST_CASE("the form says which settings have their value elsewhere") {
  DeskWorld world;
  world.config.dropbox.paths = {"/Team"};
  world.config.connector.local = {{"path", "/etc/dbx-es/dbx-es.toml"},
                                  {"refresh_token", "environment TOKEN"}};
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("configuration.path.value") == R"("/Team")");
  CHECK(world.Shows("configuration.path.tooltip").find("from /etc/dbx-es/dbx-es.toml;") !=
        std::string::npos);
  CHECK(world.Shows("configuration.refresh_token.value") == R"("")");
  CHECK(world.Shows("configuration.refresh_token.required") == "false");
  CHECK(world.Next() == "nothing");
  CHECK(world.elastic.requests() == 5);
  world.config.dropbox.paths = {"/Other"};
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("configuration.path.value") == R"("/Other")");
  // What people have saved stays, so that Elastic's connector could use it again.
  world.Change(kConnectorIndex, "c1", R"({"configuration":{"path":{"value":"/Mine"}}})");
  world.config.dropbox.paths = {"/Third"};
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("configuration.path.value") == R"("/Mine")");
  // Then the setting is set nowhere else.
  world.config.connector.local.clear();
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("configuration.path.tooltip").find("dbx-es has its value") ==
        std::string::npos);
  CHECK(world.Shows("configuration.refresh_token.required") == "true");
  CHECK(world.Shows("configuration.path.value") == R"("/Mine")");
}

TEST_CASE("the connector is used as it was read with the settings, until somebody changes it") {
  DeskWorld world;
  const auto read = world.store.Read(ProtocolIndex::kConnectors, "c1");
  world.config.connector.as_read = FormOf(**read).as_read;
  world.elastic.ClearBooks();
  CHECK(world.Next() == "nothing");
  CHECK(world.elastic.requests() == 1);
  world.Schedule("full", "0 0 * * * ?");
  world.clock.Advance(std::chrono::minutes(6));
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("dbx_es.schedules.full.interval") == R"("0 0 * * * ?")");
}

TEST_CASE("a job of a run that was killed is closed, and so is its lock") {
  struct Row {
    const char* status;
    const char* type;
    const char* ends_as;
    const char* lock;
    const char* named;
  };
  const Row rows[] = {{"in_progress", "full", R"("error")", "last_sync_status", "job"},
                      {"in_progress", "access_control", R"("error")",
                       "last_access_control_sync_status", "access_job"},
                      {"canceling", "incremental", R"("canceled")", "last_sync_status", "job"}};
  for (const Row& row : rows) {
    CAPTURE(row.type);
    DeskWorld world;
    world.AddJob("dead", row.type, row.status);
    world.Change(kJobIndex, "dead", R"({"worker_hostname":"m1","indexed_document_count":3})");
    world.Change(
        kConnectorIndex, "c1",
        fmt::format(R"({{"{}":"in_progress","dbx_es":{{"{}":"dead"}}}})", row.lock, row.named));
    CHECK(world.Next() == "nothing");
    CHECK(world.Job("dead", "status") == fmt::format("\"{}\"", row.status));
    world.clock.Advance(std::chrono::minutes(6));
    CHECK(world.Next() == "nothing");
    CHECK(world.Job("dead", "status") == row.ends_as);
    CHECK(world.Job("dead", "completed_at") != "null");
    CHECK(world.Shows(row.lock) == row.ends_as);
    CHECK(world.Shows("last_indexed_document_count") == "3");
  }
}

TEST_CASE("a runner that holds the state knows at once that its run was killed") {
  DeskWorld world;
  CheckIn mine(world.store, world.config, world.clock, {"m1", "here", false});
  world.AddJob("dead", "full", "in_progress");
  world.Change(kJobIndex, "dead",
               R"({"worker_hostname":"m1","metadata":{"dbx_es":{"target":"here"}}})");
  world.Change(kConnectorIndex, "c1", R"({"last_sync_status":"in_progress"})");
  REQUIRE(mine.Next());
  CHECK(mine.saw_own_job());
  CHECK(world.Job("dead", "status") == R"("in_progress")");
  REQUIRE(mine.Next(StateHold::kOurs));
  CHECK(!mine.saw_own_job());
  CHECK(world.Job("dead", "status") == R"("error")");
  CHECK(world.Job("dead", "error").find("The run on m1 did not end by itself") !=
        std::string::npos);
  CHECK(world.Shows("last_sync_status") == R"("error")");
  CHECK(world.Shows("status") == R"("error")");
  // That of another target is left alone.
  world.AddJob("theirs", "full", "in_progress");
  REQUIRE(mine.Next(StateHold::kOurs));
  CHECK(world.Job("theirs", "status") == R"("in_progress")");
}

TEST_CASE("a lock without a job is taken off once nobody shows himself") {
  DeskWorld world;
  world.Change(kConnectorIndex, "c1", R"({"last_sync_status":"in_progress"})");
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("last_sync_status") == R"("in_progress")");
  world.clock.Advance(std::chrono::minutes(6));
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("last_sync_status") == R"("error")");
  CHECK(world.Shows("last_sync_error").find("its job is gone") != std::string::npos);
}

TEST_CASE("a run that was killed between the ends of job and connector") {
  DeskWorld world;
  CheckIn mine(world.store, world.config, world.clock, {"m1", "here", false});
  world.AddJob("done", "full", "completed");
  world.Change(kJobIndex, "done",
               R"({"worker_hostname":"m1","metadata":{"dbx_es":{"target":"here"}}})");
  world.Change(kConnectorIndex, "c1",
               R"({"last_sync_status":"in_progress","dbx_es":{"job":"done"}})");
  REQUIRE(mine.Next());
  CHECK(mine.saw_own_job());
  CHECK(world.Shows("last_sync_status") == R"("in_progress")");
  REQUIRE(mine.Next(StateHold::kOurs));
  CHECK(!mine.saw_own_job());
  CHECK(world.Shows("last_sync_status") == R"("completed")");
  CHECK(world.Shows("last_sync_error") == "null");
  CHECK(world.Job("done", "status") == R"("completed")");
}

TEST_CASE("a lock that a newer job holds stays when an older one is closed") {
  DeskWorld world;
  world.AddJob("dead", "full", "in_progress");
  world.clock.Advance(std::chrono::minutes(6));
  world.AddJob("lives", "full", "in_progress");
  world.Change(kConnectorIndex, "c1",
               R"({"last_sync_status":"in_progress","dbx_es":{"job":"lives"}})");
  CHECK(world.Next() == "nothing");
  CHECK(world.Job("dead", "status") == R"("error")");
  CHECK(world.Shows("last_sync_status") == R"("in_progress")");
  CHECK(world.Job("lives", "status") == R"("in_progress")");
}

TEST_CASE("a connector that is unknown or cannot be used is an error") {
  DeskWorld world;
  world.config.connector.id = "c9";
  CHECK(world.Next().find("there is no connector c9") != std::string::npos);
  world.config.connector.id = "c1";
  world.Change(kConnectorIndex, "c1", R"({"deleted":true})");
  CHECK(world.Next().find("it was deleted in Kibana") != std::string::npos);
}

TEST_CASE("a job that its run did not take ends with the error of the run") {
  DeskWorld world;
  const JobEnd broken{.exit_code = ExitCode::kConfiguration, .message = "no such file: rules"};
  world.AddJob("a", "full");
  CHECK(world.check_in.Settle({"a", JobType::kFull}, {.exit_code = ExitCode::kLocked}) ==
        "pending");
  CHECK(world.Job("a", "status") == R"("pending")");
  CHECK(world.check_in.Settle({"a", JobType::kFull}, broken) == "error");
  CHECK(world.Job("a", "status") == R"("error")");
  CHECK(world.Job("a", "error") == R"("no such file: rules")");
  CHECK(world.Shows("last_sync_error") == R"("no such file: rules")");
  CHECK(world.Shows("status") == R"("error")");
  // What the run did take shows its end itself.
  world.AddJob("b", "full", "completed");
  CHECK(world.check_in.Settle({"b", JobType::kFull}, broken) == "completed");
  CHECK(world.check_in.Settle({"gone", JobType::kFull}, broken) == "");
  // Another runner took the job first, and failed.
  const JobEnd late{.exit_code = ExitCode::kLocked, .message = "job a is error by now"};
  CHECK(world.check_in.Settle({"a", JobType::kFull}, late) == "another's error");
}

}  // namespace
}  // namespace dbxes::connector
