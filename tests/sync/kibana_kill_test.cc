// SPDX-License-Identifier: Apache-2.0
// `connector run`, killed at each write to the documents of Kibana: the next ones leave job and
// connector right, whatever was written.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <string>

#include "sync/kibana_world.h"

namespace dbxes {
namespace {

struct Killed {};

struct KillWorld : KibanaWorld {
  // Ends `connector run` before its n-th write to these documents as SIGKILL would; false when it
  // ended by itself before.
  bool TickAndKill(int writes) {
    elastic.before_write = [writes](const FakeBulkOperation& operation) mutable {
      if (operation.index.starts_with(kConnectors) && --writes < 0) throw Killed{};
    };
    bool killed = false;
    try {
      RunKibanaJob();
    } catch (const Killed&) {
      killed = true;
    }
    elastic.before_write = nullptr;
    return killed;
  }
  // Of a state in a folder: who held it last.
  std::string LockNotes() {
    std::string notes;
    for (const auto& [path, content] : files.files()) {
      if (path.ends_with(".lock")) notes += path + ": " + content + "\n";
    }
    return notes;
  }
  // Until there is nothing to do.
  void Rest() {
    for (int i = 0; i < 5; ++i) {
      // A lease of a run that was killed has to end first.
      clock.Advance(std::chrono::minutes(2));
      RefreshJobs();
      if (RunKibanaJob().command == "connector") return;
    }
    FAIL("there is always something to do");
  }
  // What is not as it should be; "" if all is.
  std::string Wrong() const {
    std::string wrong;
    for (const auto& [id, source] : elastic.Documents(kJobs)) {
      const std::string status = OfJob(id, "status");
      const bool over = status == "completed" || status == "error" || status == "canceled";
      if (!over) wrong += fmt::format("job {} is {}\n", id, status);
      if (over && OfJob(id, "completed_at") == "null")
        wrong += fmt::format("job {} lacks its end\n", id);
      if ((status == "error") != (OfJob(id, "error") != "null"))
        wrong += fmt::format("job {}: {}\n", id, source);
    }
    if (Connector("last_sync_status") == "in_progress") wrong += "the connector is locked\n";
    if ((Connector("status") == "error") != (Connector("last_sync_error") != "null")) {
      wrong += fmt::format("the connector is {} with the error {}\n", Connector("status"),
                           Connector("last_sync_error"));
    }
    return wrong;
  }
};

TEST_CASE("a runner that is killed at any write leaves job and connector to the next one") {
  std::string what;
  SUBCASE("a job of a button") { what = "pressed"; }
  SUBCASE("a job that was suspended") { what = "suspended"; }
  SUBCASE("a schedule") { what = "schedule"; }
  SUBCASE("a draft of sync rules") { what = "draft"; }
  for (int writes = 0;; ++writes) {
    CAPTURE(writes);
    KillWorld world;
    if (what == "pressed") world.PressSync("j1");
    if (what == "suspended") world.PressSync("j1", "full", "suspended");
    if (what == "draft") world.EditDraft(world.ExcludeName("3.txt"));
    if (what == "schedule") {
      world.Schedule("full", "0 0 * * * ?", true);
      world.RunKibanaJob();
      world.clock.Advance(std::chrono::hours(1));
    }
    const bool killed = world.TickAndKill(writes);
    world.Rest();
    CHECK(world.Wrong() == "");
    if (what == "draft") CHECK(world.Connector("filtering").find("edited") == std::string::npos);
    CHECK(world.Full().exit_code == ExitCode::kOk);
    CHECK(world.Connector("last_sync_status") == "completed");
    CHECK(world.Wrong() == "");
    if (what != "draft") CHECK(world.Difference().empty());
    if (!killed) {
      CHECK(writes > (what == "draft" ? 0 : 3));
      break;
    }
  }
}

TEST_CASE("a killed run without a next one is closed by the next look") {
  KillWorld world;
  world.PressSync("j1");
  // After the lock and the beginning of the job.
  REQUIRE(world.TickAndKill(2));
  CHECK(world.OfJob("j1", "status") == "in_progress");
  world.clock.Advance(std::chrono::minutes(2));
  const auto notes = world.LockNotes();
  CHECK(world.RunKibanaJob().command == "connector");
  CHECK(world.OfJob("j1", "status") == "error");
  // `status` reports the killed run by it.
  CHECK(world.LockNotes() == notes);
  CHECK(world.Wrong() == "");
}

}  // namespace
}  // namespace dbxes
