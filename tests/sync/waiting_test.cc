// SPDX-License-Identifier: Apache-2.0
// Another run holds the target: a run ends with 11 and leaves no trace, or waits for it.
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "support/sync_world.h"

namespace dbxes::sync {
namespace {

struct BusyWorld : SyncWorld {
  BusyWorld() {
    config.sync.state = config::StateKind::kFolder;  // state_in_cluster_test.cc has the other one
    elastic.unbooked.clear();
    tree().AddFile("/a.txt", "x");
    REQUIRE(Full().message == "");
    tree().AddFile("/b.txt", "x");
    reporter.begun = 0;
    for (const auto& [path, content] : files.files()) {
      if (path.ends_with(".lock")) lock_path = path;
    }
    REQUIRE(lock_path != "");
    auto held = files.Lock(lock_path, "pid 12, since 2026-08-05T10:00:00Z");
    REQUIRE(held);
    lock = *std::move(held);
  }
  // The other run ends after this time.
  void ReleaseAfter(Milliseconds time) {
    stop_signal = [this, end = clock.Now() + time] {
      if (clock.Now() >= end) lock.reset();
      return 0;
    };
  }
  bool Waited() const {
    return std::find(reporter.lines.begin(), reporter.lines.end(),
                     "waiting for another run to end") != reporter.lines.end();
  }
  std::string Runs() {
    for (const auto& [path, content] : files.files()) {
      if (path.ends_with(".runs.json")) return content;
    }
    return "";
  }

  std::string lock_path;
  std::unique_ptr<FileLock> lock;
};

}  // namespace

TEST_CASE("a run that finds another one ends at once, and is no run") {
  BusyWorld world;
  const std::string runs = world.Runs();
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kLocked);
  CHECK(summary.message ==
        "another run holds this target (pid 12, since 2026-08-05T10:00:00Z); nothing was done");
  CHECK(world.reporter.begun == 0);
  CHECK_FALSE(world.Waited());
  CHECK(world.Runs() == runs);
  CHECK(summary.counters.dropbox_requests == 0);
}

TEST_CASE("a run that waits begins when the other one has ended") {
  for (const Milliseconds wait : {Milliseconds(60'000), Milliseconds::max()}) {
    BusyWorld world;
    world.options.wait = wait;
    world.ReleaseAfter(Milliseconds(42'000));
    const report::RunSummary summary = world.Incremental();
    CHECK(summary.message == "");
    CHECK(summary.counters.created == 1);
    CHECK(world.Waited());
    CHECK(world.reporter.begun == 1);
    CHECK(world.Difference() == "");
  }
}

TEST_CASE("a run waits no longer than its limit") {
  BusyWorld world;
  world.options.wait = Milliseconds(60'000);
  world.ReleaseAfter(Milliseconds(70'000));
  const Milliseconds begin = world.clock.Now();
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kLocked);
  CHECK(summary.message.ends_with("; nothing was done; waited 60 s for it"));
  CHECK(world.clock.Now() - begin >= Milliseconds(60'000));
  CHECK(world.clock.Now() - begin < Milliseconds(63'000));
  CHECK(world.reporter.begun == 0);
}

TEST_CASE("a signal ends the wait") {
  BusyWorld world;
  world.options.wait = Milliseconds::max();
  world.stop_signal = [&world, end = world.clock.Now() + Milliseconds(5'000)] {
    return world.clock.Now() >= end ? SIGTERM : 0;
  };
  CHECK(world.Incremental().exit_code == ExitCode::kTerminated);
  CHECK(world.reporter.begun == 0);
}

TEST_CASE("a free target is not waited for") {
  BusyWorld world;
  world.lock.reset();
  world.options.wait = Milliseconds::max();
  CHECK(world.Incremental().message == "");
  CHECK_FALSE(world.Waited());
  CHECK(world.reporter.begun == 1);
}

TEST_CASE("a run whose time is up ends itself, and the next one continues") {
  sim::Options options;
  options.default_page_size = 7;
  SyncWorld world(options);
  for (int i = 0; i < 300; ++i) world.tree().AddFile("/" + std::to_string(i) + ".txt", "x");
  // Each event takes a second.
  world.stop_signal = [&world] {
    world.clock.Advance(Milliseconds(1'000));
    return 0;
  };
  world.config.dropbox.include_received_files = false;
  world.config.elasticsearch.bulk_max_actions = 7;
  world.options.max_duration = Milliseconds(40'000);
  int stopped = 0;
  report::RunSummary summary = world.Full();
  std::uint64_t created = summary.counters.created;
  while (summary.exit_code == ExitCode::kTimeLimit && stopped < 100) {
    ++stopped;
    CHECK(summary.message.find("the time of the run is up (--max-duration)") != std::string::npos);
    CHECK(summary.duration < Milliseconds(80'000));
    summary = world.Full();
    created += summary.counters.created;
  }
  REQUIRE(summary.message == "");
  CHECK(stopped > 0);
  CHECK(created == 300);
  CHECK(world.Difference() == "");
}

TEST_CASE("a signal counts before the time of the run") {
  SyncWorld world;
  world.options.max_duration = Milliseconds(1);
  world.stop_signal = [] { return SIGTERM; };
  CHECK(world.Full().exit_code == ExitCode::kTerminated);
}

TEST_CASE("waiting for another run takes time of the run") {
  BusyWorld world;
  world.options.wait = Milliseconds::max();
  world.options.max_duration = Milliseconds(5'000);
  CHECK(world.Incremental().exit_code == ExitCode::kTimeLimit);
  CHECK(world.reporter.begun == 0);
}

}  // namespace dbxes::sync
