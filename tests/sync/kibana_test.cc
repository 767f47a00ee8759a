// SPDX-License-Identifier: Apache-2.0
// Whole runs as jobs of a connector: what Kibana shows of them, and that trouble with it is none of
// the run.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <string>

#include "base/json/json.h"
#include "report/summary.h"
#include "sync/kibana_world.h"

namespace dbxes {
namespace {

TEST_CASE("each sync is a job with true counts") {
  KibanaWorld world;
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.Job("status") == "completed");
  CHECK(world.Job("job_type") == "full");
  CHECK(world.Job("indexed_document_count") == "8");
  CHECK(world.Job("worker_hostname") == "machine-1");
  world.tree().AddFile("/new.txt", "new");
  world.tree().Delete("/0.txt");
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Job("job_type") == "incremental");
  CHECK(world.Job("indexed_document_count") == "1");
  CHECK(world.Job("deleted_document_count") == "1");
  CHECK(world.Connector("last_sync_status") == "completed");
  CHECK(world.elastic.Documents(kJobs).size() == 2);
  CHECK(world.Difference().empty());
}

TEST_CASE("a run without changes makes four requests for Kibana, and none without an id") {
  KibanaWorld world;
  world.Full();
  const auto requests = [&world] {
    return world.elastic.Requests("elastic-connectors") + world.elastic.Requests("/_bulk") +
           world.elastic.Requests("_count");
  };
  world.elastic.ClearBooks();
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(requests() == 4);
  world.elastic.ClearBooks();
  world.config.connector.id.clear();
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(requests() == 0);
}

TEST_CASE("dry runs and output files are no jobs") {
  KibanaWorld world;
  world.options.dry_run = true;
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.elastic.Requests("elastic-connectors") == 0);
  CHECK(world.elastic.Documents(kJobs).empty());
}

TEST_CASE("somebody cancels a run in Kibana; the next one continues") {
  KibanaWorld world;
  bool done = false;
  world.stop_signal = [&world, &done, events = 0]() mutable {
    if (world.elastic.Documents(kJobs).empty()) return 0;
    if (++events == 3) world.CancelJobs();
    // Dropbox takes its time.
    if (!done && events > 3) world.clock.Advance(Milliseconds(6'000));
    return 0;
  };
  const auto summary = world.Full();
  done = true;
  world.stop_signal = [] { return 0; };
  CHECK(summary.exit_code == ExitCode::kCanceled);
  CHECK(summary.message.starts_with("canceled in Kibana"));
  CHECK(world.Job("status") == "canceled");
  CHECK(world.Connector("last_sync_status") == "canceled");
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.Job("status") == "completed");
  CHECK(world.Difference().empty());
}

TEST_CASE("a signal suspends the job, and the next run continues it") {
  KibanaWorld world;
  int patience = 0;
  SUBCASE("while the job begins") { patience = 0; }
  SUBCASE("later") { patience = 5; }
  world.stop_signal = [&world, patience]() mutable {
    if (world.elastic.Documents(kJobs).empty()) return 0;
    return --patience < 0 ? SIGTERM : 0;
  };
  CHECK(world.Full().exit_code == ExitCode::kTerminated);
  CHECK(world.Job("status") == "suspended");
  world.stop_signal = [] { return 0; };
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Job("status") == "completed");
  CHECK(world.Job("indexed_document_count") == "8");
  CHECK(world.elastic.Documents(kJobs).size() == 1);
}

TEST_CASE("an error of the run is that of its job") {
  KibanaWorld world;
  world.Full();
  world.config.dropbox.path = "/nowhere";
  const auto summary = world.Incremental();
  CHECK(summary.exit_code != ExitCode::kOk);
  CHECK(world.Job("status") == "error");
  CHECK(world.Job("error") == summary.message);
  CHECK(world.Connector("last_sync_error") == summary.message);
}

TEST_CASE("trouble with the documents of Kibana fails no run") {
  KibanaWorld world;
  ElasticFault fault;
  fault.route = "elastic-connectors";
  fault.status = 503;
  fault.times = -1;
  SUBCASE("no answer at the beginning") {
    world.elastic.Inject(fault);
    CHECK(world.Full().exit_code == ExitCode::kOk);
    CHECK(world.Warned("Kibana does not show this run"));
  }
  SUBCASE("the documents are deleted meanwhile") {
    bool deleted = false;
    world.stop_signal = [&world, &deleted] {
      if (world.elastic.Documents(kJobs).empty() || deleted) return 0;
      deleted = true;
      world.elastic.DeleteIndex(kJobs);
      return 0;
    };
    CHECK(world.Full().exit_code == ExitCode::kOk);
    CHECK(world.Connector("last_sync_status") == "completed");
    CHECK(!world.elastic.HasIndex(kJobs));
  }
  CHECK(world.Difference().empty());
}

TEST_CASE("a connector that cannot be used ends the run before it has done anything") {
  KibanaWorld world;
  world.config.connector.id = "unknown";
  const auto summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kConfiguration);
  CHECK(summary.message.find("run dbx-es connector register") != std::string::npos);
  CHECK(!world.elastic.HasIndex("docs"));
}

TEST_CASE("another program that syncs the connector keeps the run out") {
  KibanaWorld world;
  auto connector = ParseJson(world.elastic.Source(kConnectors, "c1").value(), "connector");
  (*connector)["last_sync_status"].SetString("in_progress");
  world.elastic.Put(kConnectors, "c1", JsonText(*connector));
  world.elastic.Put(kJobs, "theirs",
                    fmt::format(R"({{"connector":{{"id":"c1"}},"status":"in_progress",)"
                                R"("job_type":"full","created_at":"2026-08-05T10:00:00Z",)"
                                R"("last_seen":{},"worker_hostname":"peer"}})",
                                world.clock.WallMicros() / 1000));
  const auto summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kLocked);
  CHECK(summary.message.find("job theirs on host peer") != std::string::npos);
  CHECK(!world.elastic.HasIndex("docs"));
}

}  // namespace
}  // namespace dbxes
