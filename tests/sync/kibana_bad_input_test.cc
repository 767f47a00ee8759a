// SPDX-License-Identifier: Apache-2.0
// Documents that other programs, people or another clock have spoiled: `connector run` and a run
// from cron say what is wrong, and repair nothing by replacing it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "sync/kibana_world.h"

namespace dbxes {
namespace {

using Spoil = std::function<void(KibanaWorld&)>;

void SetMember(KibanaWorld& world, const char* member, const char* json) {
  world.ChangeConnector([&](rapidjson::Document& connector) {
    rapidjson::Document value(&connector.GetAllocator());
    value.Parse(json);
    connector.RemoveMember(member);
    connector.AddMember(rapidjson::StringRef(member), value, connector.GetAllocator());
  });
}

Spoil Member(const char* member, const char* json) {
  return [member, json](KibanaWorld& world) { SetMember(world, member, json); };
}

Spoil Refuse(int status, const char* type) {
  return [status, type](KibanaWorld& world) {
    ElasticFault fault;
    fault.route = "elastic-connectors";
    fault.status = status;
    fault.times = -1;
    fault.body =
        fmt::format(R"({{"error":{{"type":"{}","reason":"no"}},"status":{}}})", type, status);
    world.elastic.Inject(fault);
  };
}

struct Row {
  const char* what;
  Spoil spoil;
  ExitCode code;
  const char* words;  // of the message
};

const Row kRows[] = {
    {"an id that is unknown", [](KibanaWorld& world) { world.config.connector.id = "c9"; },
     ExitCode::kConfiguration, "there is no connector c9 in"},
    {"an id that was deleted", Member("deleted", "true"), ExitCode::kConfiguration,
     "connector c1: it was deleted in Kibana"},
    {"another service", Member("service_type", R"("jira")"), ExitCode::kConfiguration,
     "it is one of the type jira, not dropbox"},
    {"a managed connector", Member("is_native", "true"), ExitCode::kConfiguration, "(is_native)"},
    {"another index", Member("index_name", R"("others")"), ExitCode::kConfiguration,
     "it belongs to the index others, but elasticsearch.index is docs"},
    {"no index", Member("index_name", "null"), ExitCode::kConfiguration,
     "it has no index yet; run dbx-es connector register"},
    {"a status that nobody knows", Member("status", R"("sleepy")"), ExitCode::kConfiguration,
     "its status \"sleepy\" is unknown"},
    {"filtering that is no list", Member("filtering", R"({"active":{}})"), ExitCode::kConfiguration,
     "its member filtering is not an array"},
    {"filtering of no objects", Member("filtering", "[7]"), ExitCode::kConfiguration,
     "its member filtering[0] is not an object"},
    {"active rules that are no object", Member("filtering", R"([{"active":[]}])"),
     ExitCode::kConfiguration, "its member filtering[0].active is not an object"},
    {"rules that are no list", Member("filtering", R"([{"active":{"rules":7}}])"),
     ExitCode::kConfiguration, "/rules: must be an array, not a number"},
    {"a form that is no object", Member("configuration", "[]"), ExitCode::kConfiguration,
     "its member configuration is not an object"},
    {"a field that is no object", Member("configuration", R"({"path":7})"),
     ExitCode::kConfiguration, "its member configuration.path is not an object"},
    {"schedules that are no object", Member("scheduling", "7"), ExitCode::kConfiguration,
     "its member scheduling is not an object"},
    {"a value out of range",
     [](KibanaWorld& world) {
       world.config.connector.problem = "Kibana, \"Retries per request\": expected an integer";
     },
     ExitCode::kConfiguration, "Kibana, \"Retries per request\": expected an integer"},
    {"no credential", Refuse(401, "security_exception"), ExitCode::kAuthorization, ""},
    {"no privilege", Refuse(403, "security_exception"), ExitCode::kAuthorization,
     "view_index_metadata on .elastic-connectors*"},
    {"a cluster that is down", Refuse(503, "unavailable_shards_exception"), ExitCode::kUnavailable,
     ""},
};

TEST_CASE("what is wrong with the connector ends a look and a run, and stays as it is") {
  for (const Row& row : kRows) {
    CAPTURE(row.what);
    KibanaWorld world;
    world.PressSync("j1");
    row.spoil(world);
    for (const bool looks : {true, false}) {
      CAPTURE(looks);
      const auto summary = looks ? world.RunKibanaJob() : world.Full();
      CAPTURE(summary.message);
      CHECK(summary.exit_code == row.code);
      CHECK(summary.message.find(row.words) != std::string::npos);
      CHECK(!world.elastic.HasIndex("docs"));
    }
  }
}

TEST_CASE("what is only missing is added, and the sync runs") {
  for (const char* member : {"filtering", "features", "configuration", "scheduling", "pipeline",
                             "last_seen", "custom_scheduling", "name", "sync_now"}) {
    CAPTURE(member);
    KibanaWorld world;
    world.PressSync("j1");
    SetMember(world, member, "null");
    CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
    CHECK(world.OfJob("j1", "status") == "completed");
    CHECK(world.Difference().empty());
  }
}

// {member of the connector, what it has become}: nothing that a sync needs, or read as absent.
constexpr std::pair<const char*, const char*> kOddMembers[] = {
    {"deleted", R"("yes")"},
    {"is_native", R"("false")"},
    {"description", "[1,{}]"},
    {"error", R"({"a":1})"},
    {"features", R"({"sync_rules":7,"more":[null]})"},
    {"last_seen", "[]"},
    {"last_seen", "1e308"},
    {"last_sync_status", R"(["in_progress"])"},
    {"last_sync_error", "-1"},
    {"last_synced", R"("yesterday")"},
    {"last_indexed_document_count", "18446744073709551615"},
    {"last_sync_scheduled_at", R"({"since":0})"},
    {"scheduling", R"({"full":null,"incremental":7,"access_control":{"enabled":"true"}})"},
    {"scheduling", R"({"full":{"enabled":true}})"},
    {"custom_scheduling", "[[]]"},
    {"sync_cursor", R"("here")"},
    {"sync_now", "null"},
    {"pipeline", R"({"name":7,"extract_binary_content":"no"})"},
    {"filtering", "[]"},
    {"filtering", R"([{"draft":[],"active":null},7])"},
    {"filtering", R"([{"draft":{"validation":"edited","rules":{}}}])"},
    {"dbx_es", R"({"job":7,"schedules":[],"form":"x"})"},
    {"dbx_es", "[]"},
};

TEST_CASE("members of the connector that no sync needs may be anything") {
  for (const auto& odd : kOddMembers) {
    CAPTURE(odd.first);
    CAPTURE(odd.second);
    KibanaWorld world;
    world.PressSync("j1");
    SetMember(world, odd.first, odd.second);
    CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
    CHECK(world.OfJob("j1", "status") == "completed");
    CHECK(world.Incremental().exit_code == ExitCode::kOk);
    CHECK(world.Connector("last_sync_status") == "completed");
    CHECK(world.Difference().empty());
  }
}

TEST_CASE("members of a job that no run needs may be anything") {
  for (const char* members :
       {R"("connector":{"id":"c1","filtering":7,"configuration":[],"index_name":[]})",
        R"("connector":{"id":["c1","c2"],"filtering":[{"rules":null}]})",
        R"("connector":{"id":"c1"},"trigger_method":7,"metadata":"text")",
        R"("connector":{"id":"c1"},"metadata":[{"dbx_es":1}],"worker_hostname":{})",
        R"("connector":{"id":"c1"},"metadata":{"dbx_es":{"target":7,"version":[]}})",
        R"("connector":{"id":"c1"},"indexed_document_count":-1,"deleted_document_count":1e308)",
        R"("connector":{"id":"c1"},"indexed_document_volume":18446744073709551615,"error":[])",
        R"("connector":{"id":"c1"},"last_seen":"2036-01-01T00:00:00Z","started_at":7)",
        R"("connector":{"id":"c1"},"completed_at":"2001-01-01T00:00:00Z","canceled_at":{})",
        R"("connector":{"id":"c1"},"cancelation_requested_at":true,"total_document_count":"7")"}) {
    for (const char* status : {"pending", "suspended"}) {
      CAPTURE(members);
      CAPTURE(status);
      KibanaWorld world;
      world.elastic.Put(kJobs, "j1",
                        fmt::format(R"({{{},"status":"{}","job_type":"full","created_at":{}}})",
                                    members, status, world.clock.WallMicros() / 1000));
      CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
      CHECK(world.OfJob("j1", "status") == "completed");
      CHECK(world.OfJob("j1", "worker_hostname") == "machine-1");
      CHECK(world.Difference().empty());
    }
  }
}

TEST_CASE("a job whose status or type is no word is left alone, or ends with the reason") {
  for (const char* status : {"null", "7", R"(["pending","completed"])", R"("sleepy")", "{}"}) {
    CAPTURE(status);
    KibanaWorld world;
    world.elastic.Put(
        kJobs, "odd",
        fmt::format(R"({{"connector":{{"id":"c1"}},"status":{},"job_type":"full"}})", status));
    const auto before = world.elastic.Source(kJobs, "odd");
    world.PressSync("j1");
    CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
    CHECK(world.OfJob("j1", "status") == "completed");
    CHECK(world.elastic.Source(kJobs, "odd") == before);
  }
  for (const char* type : {"null", "7", R"(["full"])", R"("FULL")", "{}"}) {
    CAPTURE(type);
    KibanaWorld world;
    world.elastic.Put(kJobs, "odd",
                      fmt::format(R"({{"connector":{{"id":"c1"}},"status":"pending",)"
                                  R"("job_type":{}}})",
                                  type));
    world.PressSync("j1");
    CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
    CHECK(world.OfJob("j1", "status") == "completed");
    CHECK(world.OfJob("odd", "error").starts_with("unknown job type"));
  }
}

TEST_CASE("one bad schedule stops neither the others nor the jobs") {
  KibanaWorld world;
  world.Schedule("full", "0 0 0 15W * ?", true);
  world.Schedule("incremental", "0 0 * * * ?", true);
  world.RunKibanaJob();
  CHECK(world.Connector("error").starts_with("schedule full: "));
  world.clock.Advance(std::chrono::hours(1));
  CHECK(world.RunKibanaJob().command == "incremental");
  world.PressSync("j1");
  CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
  CHECK(world.OfJob("j1", "status") == "completed");
}

TEST_CASE("rules in a job that cannot be used are the error of the job") {
  KibanaWorld world;
  world.elastic.Put(
      kJobs, "j1",
      fmt::format(R"({{"connector":{{"id":"c1","filtering":{{"rules":[{{"id":"{}"}}]}}}},)"
                  R"("status":"pending","job_type":"full","created_at":{}}})",
                  std::string(100'000, 'r'), world.clock.WallMicros() / 1000));
  CHECK(world.RunKibanaJob().exit_code == ExitCode::kConfiguration);
  CHECK(world.OfJob("j1", "status") == "error");
  const std::string error = world.OfJob("j1", "error");
  CHECK(error.find("the sync rules of connector c1 in Kibana have") != std::string::npos);
  CHECK(error.size() < 10'000);
}

TEST_CASE("a type of job that nobody knows ends with an error, and the next job runs") {
  KibanaWorld world;
  world.PressSync("odd", "sideways");
  world.PressSync("j1");
  CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
  CHECK(world.OfJob("odd", "error") == "unknown job type \"sideways\"");
  CHECK(world.OfJob("j1", "status") == "completed");
}

TEST_CASE("times that are ahead of the clock stop no schedule") {
  KibanaWorld world;
  world.Schedule("full", "0 0 * * * ?", true);
  world.RunKibanaJob();
  SetMember(world, "last_sync_scheduled_at", R"("2036-01-01T00:00:00Z")");
  SetMember(world, "last_seen", R"("2036-01-01T00:00:00Z")");
  world.clock.Advance(std::chrono::hours(1));
  CHECK(world.RunKibanaJob().command == "full-sync");
  CHECK(world.Connector("last_seen").find("2036") == std::string::npos);
}

}  // namespace
}  // namespace dbxes
