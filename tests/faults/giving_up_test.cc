// SPDX-License-Identifier: Apache-2.0
// When a service stays away: how long a run waits, how it ends, and what it leaves.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <string>

#include "support/sync_world.h"

namespace dbxes {
namespace {

sim::Options SmallPages() {
  sim::Options options;
  options.default_page_size = 5;
  return options;
}

struct LargeWorld : SyncWorld {
  LargeWorld() : SyncWorld(SmallPages()) {
    config.dropbox.include_received_files = false;
    config.elasticsearch.bulk_max_actions = 5;
    config.sync.give_up_after = Milliseconds(60'000);
    for (int i = 0; i < 40; ++i) tree().AddFile(fmt::format("/{}", i), "x");
  }
};

}  // namespace

TEST_CASE("a Dropbox that stays away ends the run after give_up_after, with its state saved") {
  LargeWorld world;
  world.dropbox().Inject(sim::Fault::Html("files/list_folder/continue", 503).Skip(4).Times(0));
  const Milliseconds begin = world.clock.Now();
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kUnavailable);
  CHECK(summary.message.find("sync.give_up_after") != std::string::npos);
  const Milliseconds waited = world.clock.Now() - begin;
  CHECK(waited <= Milliseconds(62'000));
  CHECK(waited >= Milliseconds(1'000));
  world.dropbox().faults().Clear();
  const std::uint64_t listed = world.dropbox().Count("files/list_folder");
  const report::RunSummary resumed = world.Incremental();
  CHECK(resumed.exit_code == ExitCode::kOk);
  CHECK(resumed.counters.entries < 40);
  CHECK(world.dropbox().Count("files/list_folder") == listed);
  CHECK(world.Difference() == "");
}

TEST_CASE("an Elasticsearch that stays away ends the run after give_up_after") {
  for (const bool read_only : {false, true}) {
    CAPTURE(read_only);
    LargeWorld world;
    world.elastic.read_only = read_only;
    if (!read_only) {
      ElasticFault away;
      away.kind = ElasticFault::Kind::kRefused;
      away.skip = 2;
      away.times = -1;
      world.elastic.Inject(away);
    }
    const Milliseconds begin = world.clock.Now();
    const report::RunSummary summary = world.Full();
    CHECK(summary.exit_code == ExitCode::kUnavailable);
    CHECK(summary.message.find("sync.give_up_after") != std::string::npos);
    CHECK(world.clock.Now() - begin <= Milliseconds(95'000));  // and 30 s to settle
    world.elastic.ClearFaults();
    world.elastic.read_only = false;
    CHECK(world.Incremental().exit_code == ExitCode::kOk);
    CHECK(world.Difference() == "");
  }
}

TEST_CASE("a rate limit longer than give_up_after ends the run at once") {
  LargeWorld world;
  world.dropbox().Inject(sim::Fault::RateLimit("files/list_folder/continue", 300).Skip(2));
  const Milliseconds begin = world.clock.Now();
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kUnavailable);
  CHECK(summary.message.find("300 s") != std::string::npos);
  CHECK(world.clock.Now() - begin < Milliseconds(5'000));
  // The promised wait is over when the next run comes.
  world.clock.Advance(Milliseconds(300'000));
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
  CHECK(world.dropbox().Violations() == std::vector<std::string>());
}

TEST_CASE("a second run on a target reports who holds it, and changes nothing") {
  LargeWorld world;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().AddFile("/new.txt", "x");
  const auto before = world.elastic.Documents("docs");
  report::RunSummary second;
  bool tried = false;
  world.stop_signal = [&] {
    if (tried) return 0;
    tried = true;
    second = world.Incremental();
    return 0;
  };
  const report::RunSummary first = world.Incremental();
  REQUIRE(tried);
  CHECK(second.exit_code == ExitCode::kLocked);
  CHECK(second.message.find("pid 4711") != std::string::npos);
  CHECK(second.counters.dropbox_requests == 0);
  CHECK(second.counters.elasticsearch_requests == 0);
  CHECK(first.exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

}  // namespace dbxes
