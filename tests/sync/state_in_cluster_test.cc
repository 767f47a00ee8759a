// SPDX-License-Identifier: Apache-2.0
// Runs whose state is in the cluster: machines of which any may run next, one that is frozen at
// any moment while another does its work, and what it all costs.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/json/json.h"
#include "report/summary.h"
#include "state/state_document.h"
#include "support/state_text.h"
#include "support/sync_world.h"

namespace dbxes {
namespace {

constexpr char kState[] = "dbx-es-docs";
constexpr Milliseconds kHour{3'600'000};
constexpr Milliseconds kBeat{15'000};
constexpr Milliseconds kNever = Milliseconds::max();

sim::Options PagesOf(std::size_t entries) {
  sim::Options options;
  options.default_page_size = entries;
  return options;
}

struct ClusterWorld : SyncWorld {
  explicit ClusterWorld(std::size_t page = 3) : SyncWorld(PagesOf(page)) {
    config.sync.state = config::StateKind::kCluster;
    elastic.unbooked.clear();
    config.elasticsearch.bulk_max_actions = 2;
    for (int i = 0; i < 8; ++i)
      tree().AddFile(fmt::format("/{}.txt", i), fmt::format("text {}", i));
  }

  // What happened since the last full sync: new, changed, moved and deleted files, and a folder
  // that took the place of a file.
  void ChangeTree() {
    tree().AddFile("/new.txt", "new");
    tree().AddFile("/0.txt", "changed");
    tree().Move("/1.txt", "/folder/moved.txt");
    tree().Delete("/2.txt");
    tree().Delete("/3.txt");
    tree().AddFile("/3.txt/inside.txt", "inside");
    tree().Delete("/4.txt");
    tree().AddFile("/4.txt", "another file at its path");
  }

  // Runs until the event `event`, where `meanwhile` happens; then continues. False if the run ended
  // before.
  bool Freeze(sync::SyncMode mode, int event, const std::function<void()>& meanwhile,
              report::RunSummary& summary) {
    bool frozen = false;
    stop_signal = [this, event, &meanwhile, &frozen, at = 0]() mutable {
      if (++at != event) return 0;
      frozen = true;
      const auto own = std::exchange(stop_signal, [] { return 0; });
      meanwhile();
      stop_signal = own;
      return 0;
    };
    summary = Run(mode);
    stop_signal = [] { return 0; };
    return frozen;
  }
};

bool Said(const SyncWorld& world, const std::string& text) {
  return std::any_of(world.reporter.lines.begin(), world.reporter.lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

// `later`: once more when documents are counted.
void CheckSettled(ClusterWorld& world, bool later = false) {
  const report::RunSummary next = world.Incremental();
  CHECK(next.message == "");
  CHECK(world.Difference() == "");
  if (!later) return;
  for (int hour = 0; hour < 2; ++hour) {
    world.clock.Advance(kHour);
    CHECK(world.Incremental().message == "");
    CHECK_FALSE(Said(world, "somebody else has deleted or added some"));
  }
}

// What a run of another machine writes, which has the name `owner`, or returns the state ("").
void WriteAsOther(ClusterWorld& world, const std::string& owner) {
  const auto json = ParseJson(world.elastic.Source(kState, "state").value(), "the state");
  REQUIRE(json);
  auto document = state::ReadDocument(*json, kState);
  REQUIRE(document);
  const std::string now = FormatUtc(world.clock.WallMicros());
  document->holder = {owner, "other", 12, "2026-08-05T10:00:00Z", now, Milliseconds(60'000)};
  document->nonce = now;
  world.elastic.Put(kState, "state", state::Serialize(*document, "docs"));
}

// Another machine holds the state for `time` and shows its signs of life.
void HoldFor(ClusterWorld& world, Milliseconds time) {
  WriteAsOther(world, "x");
  const Milliseconds begin = world.clock.Now();
  world.stop_signal = [&world, end = begin + time, next = begin + kBeat]() mutable {
    if (world.clock.Now() < std::min(next, end)) return 0;
    if (next < end) {
      WriteAsOther(world, "x");
    } else if (next < kNever) {
      WriteAsOther(world, "");
    }
    next = next < end ? next + kBeat : kNever;
    return 0;
  };
}

// A run is frozen at each of its events in turn, with its requests in flight. The tree changes,
// another machine takes the state over and does its work, and the first run is thawed.
void FreezeEverywhere(sync::SyncMode mode, bool tree_changes) {
  int taken_over = 0;
  bool frozen = true;
  for (int event = 1; frozen; ++event) {
    CAPTURE(event);
    ClusterWorld world;
    if (mode == sync::SyncMode::kIncremental) {
      REQUIRE(world.Full().exit_code == ExitCode::kOk);
      world.ChangeTree();
    }
    report::RunSummary other;
    report::RunSummary thawed;
    frozen = world.Freeze(
        mode, event,
        [&] {
          if (tree_changes && mode == sync::SyncMode::kFull) world.ChangeTree();
          if (tree_changes) {
            world.tree().Delete("/5.txt");
            // A file that the first run may be creating in the index at this moment.
            world.tree().Delete("/new.txt");
          }
          world.clock.Advance(Milliseconds(61'000));
          world.host_name = "machine-2";
          other = world.Run(mode);
          world.host_name = "machine-1";
        },
        thawed);
    if (!frozen) break;
    REQUIRE(other.message == "");
    CAPTURE(thawed.message);
    const bool lost = thawed.exit_code == ExitCode::kLocked;
    REQUIRE((lost || thawed.exit_code == ExitCode::kOk));
    if (lost) ++taken_over;
    // It has begun, so somebody may be waiting for its end.
    CHECK_FALSE(report::FoundAnotherRun(thawed));
    CheckSettled(world, /*later=*/true);
  }
  CHECK(taken_over > 20);
}

}  // namespace

TEST_CASE("any machine continues what another one left, without a folder") {
  ClusterWorld world;
  world.files.FailAfter(0);
  REQUIRE(world.Full().message == "");
  CHECK(world.Difference() == "");
  world.ChangeTree();
  world.host_name = "machine-2";
  REQUIRE(world.Incremental().message == "");
  CHECK(world.Difference() == "");
  CHECK(world.files.files().empty());
}

TEST_CASE("a run without changes costs three requests to the cluster") {
  ClusterWorld world;
  REQUIRE(world.Full().message == "");
  REQUIRE(world.Incremental().message == "");
  world.elastic.ClearBooks();
  const report::RunSummary quiet = world.Incremental();
  REQUIRE(quiet.message == "");
  CHECK(world.elastic.requests() == 3);
  CHECK(world.elastic.Requests("/dbx-es-docs/_doc/state") == 3);
  // The last of them contains the summary.
  CHECK(quiet.counters.elasticsearch_requests == 2);
}

TEST_CASE("the index of the state is hidden, and no document of it is searched for by others") {
  ClusterWorld world;
  REQUIRE(world.Full().message == "");
  REQUIRE(world.elastic.HasIndex(kState));
  CHECK(world.elastic.Mappings(kState).find(R"("dynamic":"strict")") != std::string::npos);
  CHECK(world.elastic.Snapshot(kState).settings.find(R"("hidden":"true")") != std::string::npos);
}

TEST_CASE("no secret is in the state") {
  ClusterWorld world;
  REQUIRE(world.Full().message == "");
  for (const auto& [id, source] : world.elastic.Documents(kState)) {
    CHECK(source.find("sim-refresh-token") == std::string::npos);
    CHECK(source.find("sim-elastic-key") == std::string::npos);
    CHECK(source.find("sim-app-secret") == std::string::npos);
  }
}

TEST_CASE("a second run names host, process and start of the first one") {
  ClusterWorld world;
  report::RunSummary second;
  report::RunSummary first;
  // Frozen for a moment only: the first run lives, so the second one waits for its sign of life.
  const bool frozen = world.Freeze(
      sync::SyncMode::kFull, 20,
      [&] {
        // The first run cannot run while it is frozen; what it would write is written for it.
        int asked = 0;
        world.elastic.before_write = nullptr;
        world.stop_signal = [&world, asked]() mutable {
          if (++asked == 20) {
            auto source = world.elastic.Source(kState, "state").value();
            const auto at = source.find(R"("nonce":")") + 9;
            source[at] = source[at] == 'a' ? 'b' : 'a';
            world.elastic.Put(kState, "state", source);
          }
          return 0;
        };
        second = world.Full();
      },
      first);
  REQUIRE(frozen);
  CHECK(second.exit_code == ExitCode::kLocked);
  CHECK(second.message.find("pid 4711 on host machine-1, since 2026-08-05T10:00") !=
        std::string::npos);
}

TEST_CASE("a run that waits for another machine's run begins when that one has ended") {
  ClusterWorld world;
  REQUIRE(world.Full().message == "");
  world.ChangeTree();
  world.reporter.begun = 0;
  world.options.wait = Milliseconds(120'000);
  HoldFor(world, Milliseconds(70'000));
  const Milliseconds begin = world.clock.Now();
  CHECK(world.Incremental().message == "");
  CHECK(world.clock.Now() - begin < Milliseconds(80'000));
  CHECK(world.reporter.begun == 1);
  CHECK(world.Difference() == "");
  CHECK(Said(world, "waiting for another run to end"));
  CHECK(std::count_if(world.reporter.lines.begin(), world.reporter.lines.end(),
                      [](const std::string& line) {
                        return line.find("waiting for a sign of life") != std::string::npos;
                      }) == 1);
}

TEST_CASE("a run waits for another machine's run no longer than its limit, and leaves no trace") {
  ClusterWorld world;
  REQUIRE(world.Full().message == "");
  const std::string runs = StateText(world, ".runs.json");
  REQUIRE(runs != "");
  world.reporter.begun = 0;
  world.options.wait = Milliseconds(60'000);
  HoldFor(world, Milliseconds(300'000));
  const Milliseconds begin = world.clock.Now();
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kLocked);
  CHECK(summary.message ==
        "another run holds this target (pid 12 on host other, since 2026-08-05T10:00:00Z); nothing "
        "was done; waited 60 s for it");
  CHECK(world.clock.Now() - begin >= Milliseconds(60'000));
  CHECK(world.clock.Now() - begin < Milliseconds(85'000));
  CHECK(world.reporter.begun == 0);
  CHECK(StateText(world, ".runs.json") == runs);
}

TEST_CASE("a run that waits takes the state of a run that was killed, once its lease is over") {
  ClusterWorld world;
  REQUIRE(world.Full().message == "");
  world.ChangeTree();
  WriteAsOther(world, "x");
  world.options.wait = Milliseconds(10'000);
  CHECK(world.Incremental().message == "");
  CheckSettled(world, /*later=*/true);
}

TEST_CASE("who may change a state folder does not matter for a state in the cluster") {
  ClusterWorld world;
  world.state_open = "/state is writable by everybody (mode 0777); run: chmod go-w /state";
  CHECK(world.Full().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("a run that was killed keeps others out for its lease, and costs at most a page") {
  struct Killed {};
  bool more = true;
  for (int events = 1; more; events += 2) {
    CAPTURE(events);
    ClusterWorld world;
    world.stop_signal = [events]() mutable {
      if (--events < 0) throw Killed{};
      return 0;
    };
    more = false;
    try {
      world.Full();
    } catch (const Killed&) {
      more = true;
    }
    world.stop_signal = [] { return 0; };
    const Milliseconds before = world.clock.Now();
    const report::RunSummary next = world.Full();
    CHECK(next.message == "");
    CHECK(world.clock.Now() - before < Milliseconds(75'000));
    CHECK(world.Difference() == "");
    CheckSettled(world);
  }
}

TEST_CASE("a run that is stopped gives the state back") {
  ClusterWorld world;
  int events = 0;
  world.stop_signal = [&events] { return ++events > 20 ? SIGTERM : 0; };
  REQUIRE(world.Full().exit_code == ExitCode::kTerminated);
  world.stop_signal = [] { return 0; };
  const Milliseconds before = world.clock.Now();
  CHECK(world.Full().message == "");
  CHECK(world.clock.Now() - before < Milliseconds(10'000));
  CHECK(world.Difference() == "");
}

TEST_CASE("a full sync that was frozen at any moment does no harm when it is thawed") {
  FreezeEverywhere(sync::SyncMode::kFull, /*tree_changes=*/false);
}

TEST_CASE("a full sync that was frozen while the tree changed does no harm when it is thawed") {
  FreezeEverywhere(sync::SyncMode::kFull, /*tree_changes=*/true);
}

TEST_CASE("an incremental run that was frozen at any moment does no harm when it is thawed") {
  FreezeEverywhere(sync::SyncMode::kIncremental, /*tree_changes=*/false);
}

TEST_CASE("an incremental run that was frozen while the tree changed does no harm, either") {
  FreezeEverywhere(sync::SyncMode::kIncremental, /*tree_changes=*/true);
}

TEST_CASE("a run whose cluster is silent for longer than the lease continues if nobody came") {
  ClusterWorld world;
  // The heartbeats are lost, too; then the cluster is back.
  world.elastic.Inject({ElasticFault::Kind::kRefused, "", 30, 12, 503, "", {}, {}, "", ""});
  CHECK(world.Full().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("lost answers about the state are decided by reading it") {
  for (int skip = 0; skip < 8; ++skip) {
    for (const auto kind : {ElasticFault::Kind::kResetApplied, ElasticFault::Kind::kTimeoutApplied,
                            ElasticFault::Kind::kReset}) {
      CAPTURE(skip);
      ClusterWorld world;
      world.elastic.Inject({kind, "/dbx-es-docs/", skip, 1, 503, "", {}, {}, "", ""});
      CHECK(world.Full().message == "");
      CHECK(world.Difference() == "");
      CheckSettled(world);
    }
  }
}

TEST_CASE("many seen ids are in chunks, and none is left when the listing has ended") {
  ClusterWorld world(5000);
  for (int i = 0; i < 6000; ++i) world.tree().AddFile(fmt::format("/many/{}", i), "x");
  world.config.elasticsearch.bulk_max_actions = 1000;
  std::size_t most = 0;
  std::size_t longest = 0;
  world.stop_signal = [&] {
    const auto documents = world.elastic.Documents(kState);
    most = std::max(most, documents.size());
    for (const auto& [id, source] : documents) longest = std::max(longest, source.size());
    return 0;
  };
  REQUIRE(world.Full().message == "");
  CHECK(most > 1);
  CHECK(longest < 1'500'000);
  CHECK(world.elastic.Documents(kState).size() == 1);
  CHECK(world.Difference() == "");
}

TEST_CASE("chunks of a run that was killed are removed by the next one") {
  struct Killed {};
  ClusterWorld world(5000);
  for (int i = 0; i < 6000; ++i) world.tree().AddFile(fmt::format("/many/{}", i), "x");
  world.stop_signal = [&] {
    if (world.elastic.Documents(kState).size() > 1) throw Killed{};
    return 0;
  };
  CHECK_THROWS_AS(world.Full(), Killed);
  world.stop_signal = [] { return 0; };
  CHECK(world.Full().message == "");
  CHECK(world.elastic.Documents(kState).size() == 1);
}

TEST_CASE("a state index that somebody deletes is noticed, and no cursor is invented") {
  ClusterWorld world;
  REQUIRE(world.Full().message == "");
  world.ChangeTree();
  report::RunSummary run;
  REQUIRE(world.Freeze(
      sync::SyncMode::kIncremental, 12, [&] { world.elastic.DeleteIndex(kState); }, run));
  CHECK(run.exit_code == ExitCode::kLocked);
  CHECK_FALSE(report::FoundAnotherRun(run));
  // The index names a keeper that is gone.
  CHECK(world.Full().exit_code == ExitCode::kLocked);
  world.options.take_over = true;
  CHECK(world.Full().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("a dry run reads the state, and neither takes nor changes it") {
  ClusterWorld world;
  REQUIRE(world.Full().message == "");
  const auto before = world.elastic.Source(kState, "state");
  world.ChangeTree();
  world.options.dry_run = true;
  CHECK(world.Incremental().message == "");
  CHECK(world.elastic.Source(kState, "state") == before);
}

}  // namespace dbxes
