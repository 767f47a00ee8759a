// SPDX-License-Identifier: Apache-2.0
// `connector run` as a whole: jobs that Kibana and its schedules make become syncs.
#include "sync/command/kibana_runner.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <string>

#include "sync/kibana_world.h"
#include "sync/rules_world.h"

namespace dbxes {
namespace {

using sync::Indexed;
using sync::Strings;

using RunnerWorld = KibanaWorld;

TEST_CASE("Sync now starts a sync, which is that job") {
  RunnerWorld world;
  CHECK(world.RunKibanaJob().command == "connector");
  CHECK(!world.elastic.HasIndex("docs"));
  world.PressSync("pressed");
  const auto summary = world.RunKibanaJob();
  CHECK(summary.command == "full-sync");
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(world.OfJob("pressed", "status") == "completed");
  CHECK(world.OfJob("pressed", "trigger_method") == "on_demand");
  CHECK(world.OfJob("pressed", "indexed_document_count") == "8");
  CHECK(world.OfJob("pressed", "worker_hostname") == "machine-1");
  CHECK(world.OfJob("pressed", "started_at") != "null");
  CHECK(world.elastic.Documents(kJobs).size() == 1);
  CHECK(world.Connector("last_sync_status") == "completed");
  CHECK(world.Difference().empty());
}

TEST_CASE("each call runs the oldest job that waits") {
  RunnerWorld world;
  world.PressSync("first");
  world.clock.Advance(Milliseconds(1'000));
  world.PressSync("second", "incremental");
  CHECK(world.RunKibanaJob().command == "full-sync");
  CHECK(world.OfJob("first", "status") == "completed");
  CHECK(world.OfJob("second", "status") == "pending");
  CHECK(world.RunKibanaJob().command == "incremental");
  CHECK(world.OfJob("second", "status") == "completed");
  CHECK(world.elastic.Documents(kJobs).size() == 2);
}

TEST_CASE("a schedule starts a sync, and only one for the times that were missed") {
  RunnerWorld world;
  auto connector = ParseJson(world.elastic.Source(kConnectors, "c1").value(), "connector");
  (*connector)["scheduling"]["full"]["enabled"].SetBool(true);
  (*connector)["scheduling"]["full"]["interval"].SetString("0 0 * * * ?");
  world.elastic.Put(kConnectors, "c1", JsonText(*connector));
  CHECK(world.RunKibanaJob().command == "connector");
  world.clock.Advance(std::chrono::hours(7));
  CHECK(world.RunKibanaJob().command == "full-sync");
  CHECK(world.Job("trigger_method") == "scheduled");
  CHECK(world.Job("status") == "completed");
  CHECK(world.RunKibanaJob().command == "connector");
  CHECK(world.elastic.Documents(kJobs).size() == 1);
  CHECK(world.Difference().empty());
}

TEST_CASE("a signal suspends the job, and the next call continues it") {
  RunnerWorld world;
  world.PressSync("pressed");
  world.stop_signal = [&world, events = 0]() mutable {
    const bool begun = world.OfJob("pressed", "status") == "in_progress";
    return begun && ++events > 5 ? SIGTERM : 0;
  };
  CHECK(world.RunKibanaJob().exit_code == ExitCode::kTerminated);
  CHECK(world.OfJob("pressed", "status") == "suspended");
  const std::string started = world.OfJob("pressed", "started_at");
  world.stop_signal = [] { return 0; };
  CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
  CHECK(world.OfJob("pressed", "status") == "completed");
  CHECK(world.OfJob("pressed", "started_at") == started);
  CHECK(world.OfJob("pressed", "indexed_document_count") == "8");
  CHECK(world.Difference().empty());
}

TEST_CASE("somebody cancels the job") {
  RunnerWorld world;
  world.PressSync("pressed");
  world.stop_signal = [&world, events = 0]() mutable {
    const std::string status = world.OfJob("pressed", "status");
    if (status != "in_progress" && status != "canceling") return 0;
    if (++events == 3) world.CancelJobs();
    if (events > 3) world.clock.Advance(Milliseconds(6'000));
    return 0;
  };
  CHECK(world.RunKibanaJob().exit_code == ExitCode::kCanceled);
  CHECK(world.OfJob("pressed", "status") == "canceled");
}

TEST_CASE("a job that another program has taken or somebody canceled is not run") {
  RunnerWorld world;
  world.PressSync("pressed");
  std::string status;
  SUBCASE("taken") { status = "in_progress"; }
  SUBCASE("canceled") { status = "canceled"; }
  // Between the look at the jobs and the run.
  world.stop_signal = [&world, &status] {
    if (world.elastic.Requests("_search") == 1) world.PressSync("pressed", "full", status);
    return 0;
  };
  const auto summary = world.RunKibanaJob();
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(summary.command == "connector");
  CHECK(world.OfJob("pressed", "status") == status);
  CHECK(!world.elastic.HasIndex("docs"));
}

TEST_CASE("the job of a run that cannot begin shows why") {
  RunnerWorld world;
  world.PressSync("pressed");
  world.config.sync.rules_file = "/nowhere.json";
  const auto summary = world.RunKibanaJob();
  CHECK(summary.exit_code == ExitCode::kConfiguration);
  CHECK(world.OfJob("pressed", "status") == "error");
  CHECK(world.OfJob("pressed", "error").find("/nowhere.json") != std::string::npos);
}

TEST_CASE("a job runs the sync rules that it carries") {
  RunnerWorld world;
  world.elastic.Put(
      kJobs, "pressed",
      fmt::format(R"({{"connector":{{"id":"c1","filtering":{{"rules":[{}]}}}},"status":"pending",)"
                  R"("job_type":"full","created_at":{},"last_seen":null}})",
                  KibanaWorld::ExcludeName("3.txt"), world.clock.WallMicros() / 1000));
  world.ActivateRule(KibanaWorld::ExcludeName("5.txt"));
  CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
  const Strings indexed = Indexed(world);
  CHECK(indexed.size() == 7);
  CHECK(std::count(indexed.begin(), indexed.end(), "/3.txt") == 0);
  CHECK(std::count(indexed.begin(), indexed.end(), "/5.txt") == 1);
}

TEST_CASE("a job of an older program, without rules, runs those that are active") {
  RunnerWorld world;
  world.ActivateRule(KibanaWorld::ExcludeName("5.txt"));
  world.PressSync("pressed");
  CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
  CHECK(Indexed(world).size() == 7);
}

TEST_CASE("a cluster that is down is reported once, and no job is lost") {
  RunnerWorld world;
  world.PressSync("pressed");
  ElasticFault fault;
  fault.route = "elastic-connectors";
  fault.status = 503;
  fault.times = -1;
  world.elastic.Inject(fault);
  const auto summary = world.RunKibanaJob();
  CHECK(summary.command == "connector");
  CHECK(summary.exit_code == ExitCode::kUnavailable);
  CHECK(world.OfJob("pressed", "status") == "pending");
}

}  // namespace
}  // namespace dbxes
