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
  world.PressSyncWithRule("pressed", "full", KibanaWorld::ExcludeName("3.txt"));
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

// Nobody in Kibana can do what the message of exit status 6 says.
TEST_CASE("an incremental job for which only a full sync is right runs that") {
  RunnerWorld world;
  world.PressSync("first", "incremental");
  CHECK(world.RunKibanaJob().command == "incremental");
  CHECK(world.OfJob("first", "indexed_document_count") == "8");
  CHECK(world.FullBecause("first") == "no state yet");
  world.tree().AddFile("/new.txt", "new");
  std::string why = "settings that shaped the index have changed (sync.rules was ";
  SUBCASE("other rules are active") {
    world.ActivateRule(KibanaWorld::ExcludeName("3.txt"));
    world.PressSync("second", "incremental");
  }
  SUBCASE("the job carries the rules that are active") {
    world.ActivateRule(KibanaWorld::ExcludeName("3.txt"));
    world.PressSyncWithRule("second", "incremental", KibanaWorld::ExcludeName("3.txt"));
  }
  SUBCASE("a setting") {
    world.tree().Delete("/3.txt");
    world.config.dropbox.include_received_files = false;
    world.PressSync("second", "incremental");
    why = "settings that shaped the index have changed (dropbox.include_received_files was ";
  }
  SUBCASE("by a schedule") {
    world.ActivateRule(KibanaWorld::ExcludeName("3.txt"));
    world.Schedule("incremental", "0 0 * * * ?", true);
    world.RefreshJobs();
    CHECK(world.RunKibanaJob().command == "connector");
    world.clock.Advance(std::chrono::hours(1));
  }
  const auto summary = world.RunKibanaJob();
  CAPTURE(summary.message);
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(summary.command == "incremental");
  CHECK(world.Job("status") == "completed");
  CHECK(world.Job("job_type") == "incremental");
  CHECK(world.Job("indexed_document_count") == "1");
  CHECK(world.Job("deleted_document_count") == "1");
  CHECK(Indexed(world).size() == 8);
  CHECK(world.FullBecause(world.LastJob()).starts_with(why));
  // The next one is as its type says.
  world.PressSync("third", "incremental");
  CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
  CHECK(world.FullBecause("third").empty());
  CHECK(world.Full().exit_code == ExitCode::kOk);
}

TEST_CASE("an incremental job that became a full sync continues after a signal") {
  RunnerWorld world;
  CHECK(world.Full().exit_code == ExitCode::kOk);
  world.tree().AddFile("/new.txt", "new");
  world.ActivateRule(KibanaWorld::ExcludeName("3.txt"));
  world.PressSync("pressed", "incremental");
  world.stop_signal = [&world, events = 0]() mutable {
    const bool begun = world.OfJob("pressed", "status") == "in_progress";
    return begun && ++events > 8 ? SIGTERM : 0;
  };
  CHECK(world.RunKibanaJob().exit_code == ExitCode::kTerminated);
  CHECK(world.OfJob("pressed", "status") == "suspended");
  world.stop_signal = [] { return 0; };
  CHECK(world.RunKibanaJob().exit_code == ExitCode::kOk);
  CHECK(world.OfJob("pressed", "status") == "completed");
  CHECK(world.OfJob("pressed", "deleted_document_count") == "1");
  CHECK(!world.FullBecause("pressed").empty());
  CHECK(Indexed(world).size() == 8);
}

TEST_CASE("an incremental job brings nothing back that the rules of today leave out") {
  RunnerWorld world;
  world.PressSyncWithRule("old", "incremental", KibanaWorld::ExcludeName("5.txt"));
  world.ActivateRule(KibanaWorld::ExcludeName("3.txt"));
  CHECK(world.Full().exit_code == ExitCode::kOk);
  const auto summary = world.RunKibanaJob();
  CHECK(summary.exit_code == ExitCode::kFullSyncNeeded);
  CHECK(summary.message.find("sync rules that are no longer active") != std::string::npos);
  CHECK(world.OfJob("old", "status") == "error");
  CHECK(world.OfJob("old", "error") == summary.message);
  const Strings indexed = Indexed(world);
  CHECK(std::count(indexed.begin(), indexed.end(), "/3.txt") == 0);
  CHECK(std::count(indexed.begin(), indexed.end(), "/5.txt") == 1);
}

TEST_CASE("an incremental job makes no index of another folder") {
  RunnerWorld world;
  world.tree().AddFile("/other/a.txt", "a");
  CHECK(world.Full().exit_code == ExitCode::kOk);
  const Strings before = Indexed(world);
  world.config.dropbox.paths = {"/other"};
  world.PressSync("pressed", "incremental");
  const auto summary = world.RunKibanaJob();
  CHECK(summary.exit_code == ExitCode::kSafetyStop);
  CHECK(summary.message.find("--change-path") != std::string::npos);
  CHECK(world.OfJob("pressed", "status") == "error");
  CHECK(Indexed(world) == before);
}

TEST_CASE("an incremental run of cron leaves a full sync to its users") {
  RunnerWorld world;
  CHECK(world.Full().exit_code == ExitCode::kOk);
  world.ActivateRule(KibanaWorld::ExcludeName("3.txt"));
  CHECK(world.Incremental().exit_code == ExitCode::kFullSyncNeeded);
  CHECK(world.Job("status") == "error");
  CHECK(Indexed(world).size() == 8);
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
