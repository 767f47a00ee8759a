// SPDX-License-Identifier: Apache-2.0
// Whole runs as jobs of a connector: what Kibana shows of them, and that trouble with it is none of
// the run.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <string>

#include "base/json/json.h"
#include "report/summary.h"
#include "sync/kibana_world.h"
#include "sync/rules_world.h"

namespace dbxes {
namespace {

using sync::Indexed;

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
  CHECK(world.Job("total_document_count") == "8");
  CHECK(world.Connector("last_sync_status") == "completed");
  CHECK(world.elastic.Documents(kJobs).size() == 2);
  CHECK(world.Difference().empty());
}

TEST_CASE("the total of a job is what is in the index after it, not at the last refresh") {
  KibanaWorld world;
  world.Full();
  world.tree().AddFile("/new.txt", "new");
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Job("total_document_count") == "9");
}

TEST_CASE("a run without changes makes three requests for Kibana, and none without an id") {
  KibanaWorld world;
  world.Full();
  const auto requests = [&world] {
    return world.elastic.Requests("elastic-connectors") + world.elastic.Requests("/_bulk") +
           world.elastic.Requests("_count");
  };
  world.elastic.ClearBooks();
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(requests() == 3);
  world.elastic.ClearBooks();
  world.config.connector.id.clear();
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(requests() == 0);
}

TEST_CASE("a run takes the sync rules that are active in Kibana") {
  KibanaWorld world;
  world.ActivateRule(world.ExcludeName("3.txt"));
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(Indexed(world).size() == 7);
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  // Others shape another index.
  world.ActivateRule("");
  const auto summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kFullSyncNeeded);
  CHECK(summary.message.find("sync.rules was \"1 basic") != std::string::npos);
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(Indexed(world).size() == 8);
}

TEST_CASE("rules of a file, or none, keep those of Kibana out") {
  KibanaWorld world;
  world.ActivateRule(world.ExcludeName("3.txt"));
  SUBCASE("a file") {
    sync::Exclude(world, "name", "equals", "5.txt");
    CHECK(world.Full().exit_code == ExitCode::kOk);
    const auto indexed = Indexed(world);
    CHECK(indexed.size() == 7);
    CHECK(std::count(indexed.begin(), indexed.end(), "/3.txt") == 1);
  }
  SUBCASE("connector.rules = false") {
    world.config.connector.rules = false;
    CHECK(world.Full().exit_code == ExitCode::kOk);
    CHECK(Indexed(world).size() == 8);
  }
}

TEST_CASE("rules that cannot be used fail the run and its job, and nothing is indexed") {
  KibanaWorld world;
  world.ActivateRule(R"({"id":"r1","policy":"perhaps"})");
  const auto summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kConfiguration);
  CHECK(summary.message.find("r1: policy: ") != std::string::npos);
  CHECK(world.Job("status") == "error");
  CHECK(world.Job("error") == summary.message);
  CHECK(Indexed(world).empty());
}

TEST_CASE("a dry run takes the rules of Kibana, too") {
  KibanaWorld world;
  world.ActivateRule(world.ExcludeName("3.txt"));
  world.options.dry_run = true;
  const auto summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(summary.counters.created == 7);
  CHECK(world.elastic.Documents(kJobs).empty());
}

TEST_CASE("dry runs and output files are no jobs") {
  KibanaWorld world;
  world.config.connector.rules = false;
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
  world.config.dropbox.paths = {"/nowhere"};
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
    CHECK(world.Full().exit_code == ExitCode::kOk);
    world.elastic.Inject(fault);
    CHECK(world.Full().exit_code == ExitCode::kOk);
    CHECK(world.Warned("Kibana does not show this run"));
  }
  SUBCASE("no answer at the first run, which needs no rules of Kibana") {
    world.config.connector.rules = false;
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

TEST_CASE("without an answer, no run indexes what the rules of Kibana may leave out") {
  KibanaWorld world;
  world.ActivateRule(world.ExcludeName("3.txt"));
  ElasticFault fault;
  fault.route = "elastic-connectors";
  fault.status = 503;
  fault.times = -1;
  SUBCASE("at first") { world.elastic.Inject(fault); }
  SUBCASE("later") {
    CHECK(world.Full().exit_code == ExitCode::kOk);
    world.elastic.Inject(fault);
  }
  const auto before = Indexed(world);
  const auto summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kUnavailable);
  CHECK(summary.message.find("what Kibana says about this run") != std::string::npos);
  CHECK(Indexed(world) == before);
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
