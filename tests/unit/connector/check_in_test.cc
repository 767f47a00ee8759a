// SPDX-License-Identifier: Apache-2.0
#include "connector/check_in.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <string>

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

TEST_CASE("what Kibana lost of the connector is added again") {
  DeskWorld world;
  world.Change(kConnectorIndex, "c1", R"({"features":null,"status":"needs_configuration"})");
  CHECK(world.Next() == "nothing");
  CHECK(world.Shows("features.incremental_sync.enabled") == "true");
  CHECK(world.Shows("status") == R"("configured")");
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
}

}  // namespace
}  // namespace dbxes::connector
