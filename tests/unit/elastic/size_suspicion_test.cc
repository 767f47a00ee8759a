// SPDX-License-Identifier: Apache-2.0
// The cluster answers with the same status to a document that is too large and when it is
// overloaded. In the first case the document must be rejected, in the second nothing.
#include "elastic/size_suspicion.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "elastic/bulk_writer.h"
#include "unit/elastic/world.h"

namespace dbxes::elastic {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

BulkSettings Settings() {
  BulkSettings settings;
  settings.index = "docs";
  return settings;
}

struct Large : World {
  explicit Large(BulkSettings settings = Settings())
      : writer(client, settings, [this](report::FailedDocument document) {
          rejected.push_back(std::move(document));
        }) {
    elastic.CreateIndex("docs");
  }
  void Index(const std::string& id, std::size_t bytes) {
    REQUIRE(writer.Add({BulkAction::kIndex, id, "/path/" + id,
                        fmt::format(R"({{"body":"{}"}})", std::string(bytes, 'x'))}));
  }
  // Calls `change` once this time has passed.
  void At(Milliseconds when, std::function<void()> change) {
    network.SetJitter(
        [this, when, change = std::move(change), start = clock.Now()](const FakeRequest&) mutable {
          if (change && clock.Now() - start >= when) std::exchange(change, nullptr)();
          return Milliseconds(0);
        });
  }
  bool Has(const std::string& id) const { return elastic.Source("docs", id).has_value(); }

  std::vector<report::FailedDocument> rejected;
  BulkWriter writer;
};

ElasticFault Busy() {
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kStatus;
  fault.status = 429;
  fault.times = -1;
  return fault;
}

}  // namespace

TEST_CASE("a probe asks for nothing") {
  CHECK(ProbeBody("a\"b") == "{\"update\":{\"_id\":\"a\\\"b\"}}\n{\"doc\":{}}\n");
}

TEST_CASE("a size is proven by refusals over a time, with none of the cluster between") {
  SizeSuspicion suspicion(Milliseconds(900'000));
  std::size_t smallest = SIZE_MAX;
  CHECK_FALSE(suspicion.RefusedAlone(1, 1000, Milliseconds(0), smallest));
  CHECK_FALSE(suspicion.RefusedAlone(1, 1000, Milliseconds(70'000), smallest));
  SUBCASE("often and long enough") {
    CHECK(suspicion.RefusedAlone(1, 1000, Milliseconds(70'001), smallest));
    CHECK(smallest == 1000);
    CHECK_FALSE(suspicion.RefusedAlone(2, 999, Milliseconds(70'002), smallest));
    CHECK(suspicion.RefusedAlone(3, 1000, Milliseconds(70'002), smallest));
  }
  SUBCASE("each by itself") {
    CHECK_FALSE(suspicion.RefusedAlone(2, 1000, Milliseconds(70'001), smallest));
  }
  SUBCASE("started over after a refused probe") {
    suspicion.ClusterIsBusy();
    CHECK_FALSE(suspicion.RefusedAlone(1, 1000, Milliseconds(70'001), smallest));
    CHECK(smallest == SIZE_MAX);
  }
  SUBCASE("sooner with less patience") {
    SizeSuspicion hasty(Milliseconds(45'000));
    CHECK_FALSE(hasty.RefusedAlone(1, 1000, Milliseconds(0), smallest));
    CHECK_FALSE(hasty.RefusedAlone(1, 1000, Milliseconds(1), smallest));
    CHECK(hasty.RefusedAlone(1, 1000, Milliseconds(15'000), smallest));
  }
}

TEST_CASE("a document that is too large for the cluster is reported, and the others are written") {
  Large world;
  SUBCASE("by a circuit breaker for the request") { world.elastic.max_breaker_bytes = kMiB; }
  SUBCASE("by indexing pressure for the document") { world.elastic.max_pressure_bytes = kMiB; }
  world.elastic.Put("docs", "giant", R"({"body":"old"})");
  const Milliseconds start = world.clock.Now();
  for (int i = 0; i < 20; ++i) world.Index(fmt::format("before {}", i), 1000);
  world.Index("giant", 2 * kMiB);
  for (int i = 0; i < 20; ++i) world.Index(fmt::format("after {}", i), 1000);
  world.writer.Mark(1);
  REQUIRE(world.writer.Drain());
  CHECK(world.writer.TakeReleasedMark() == 1);
  REQUIRE(world.rejected.size() == 1);
  CHECK(world.rejected[0].id == "giant");
  CHECK(world.rejected[0].path == "/path/giant");
  CHECK(world.rejected[0].operation == "index");
  CHECK(world.rejected[0].status == 429);
  CHECK(world.rejected[0].reason.find("too large for the cluster") != std::string::npos);
  CHECK(world.elastic.Source("docs", "giant") == R"({"body":"old"})");
  CHECK(world.elastic.Documents("docs").size() == 41);
  const Milliseconds took = world.clock.Now() - start;
  CHECK(took >= SizeSuspicion::kPatience);
  CHECK(took < Milliseconds(300'000));
  CHECK(world.writer.counters().rejected == 1);
  // Nothing came of the probes.
  for (const AppliedWrite& write : world.elastic.writes()) CHECK(write.operation == "index");
}

TEST_CASE("a size is proven before the writer gives up, whatever the jitter") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    BulkSettings settings = Settings();
    settings.give_up_after = Milliseconds(40'000);
    settings.seed = seed;
    for (const bool by_breaker : {false, true}) {
      Large world(settings);
      (by_breaker ? world.elastic.max_breaker_bytes : world.elastic.max_pressure_bytes) = kMiB;
      CAPTURE(seed);
      CAPTURE(by_breaker);
      world.Index("giant", 2 * kMiB);
      REQUIRE(world.writer.Drain());
      CHECK(world.rejected.size() == 1);
    }
  }
}

TEST_CASE("what is larger than a document that was refused is refused sooner") {
  Large world;
  world.elastic.max_pressure_bytes = kMiB;
  const Milliseconds start = world.clock.Now();
  world.Index("first", 6 * kMiB);
  REQUIRE(world.writer.Drain());
  const Milliseconds first = world.clock.Now() - start;
  world.Index("larger", 7 * kMiB);
  world.Index("smaller", kMiB / 2);
  REQUIRE(world.writer.Drain());
  CHECK(world.rejected.size() == 2);
  CHECK(world.Has("smaller"));
  CHECK(world.clock.Now() - start - first < first);
}

TEST_CASE("large documents of one request are refused for the one that is too large") {
  BulkSettings settings = Settings();
  settings.max_bytes = 8 * kMiB;
  Large world(settings);
  world.elastic.max_pressure_bytes = 2 * kMiB;
  for (int i = 0; i < 7; ++i) world.Index(fmt::format("{}", i), i == 3 ? 3 * kMiB : kMiB / 2);
  REQUIRE(world.writer.Drain());
  REQUIRE(world.rejected.size() == 1);
  CHECK(world.rejected[0].id == "3");
  CHECK(world.elastic.Documents("docs").size() == 6);
}

TEST_CASE("a cluster that is busy refuses no document") {
  Large world;
  SUBCASE("for some minutes, with whole requests") {
    world.elastic.Inject(Busy());
    world.At(Milliseconds(300'000), [&] { world.elastic.ClearFaults(); });
  }
  SUBCASE("for some minutes, with each document") {
    ElasticFault fault = Busy();
    fault.kind = ElasticFault::Kind::kItemStatus;
    fault.type = "es_rejected_execution_exception";
    world.elastic.Inject(fault);
    world.At(Milliseconds(300'000), [&] { world.elastic.ClearFaults(); });
  }
  SUBCASE("with its disk full") {
    world.elastic.read_only = true;
    world.At(Milliseconds(300'000), [&] { world.elastic.read_only = false; });
  }
  SUBCASE("for large ones, and not for long") {
    world.elastic.max_breaker_bytes = kMiB;
    world.At(Milliseconds(40'000), [&] { world.elastic.max_breaker_bytes = SIZE_MAX; });
  }
  world.Index("large", 2 * kMiB);
  world.Index("small", 100);
  REQUIRE(world.writer.Drain());
  CHECK(world.rejected.empty());
  CHECK(world.Has("large"));
  CHECK(world.Has("small"));
}

TEST_CASE("a cluster that stays busy ends the run") {
  Large world;
  world.elastic.Inject(Busy());
  const Milliseconds start = world.clock.Now();
  world.Index("large", 2 * kMiB);
  const auto drained = world.writer.Drain();
  REQUIRE_FALSE(drained);
  CHECK(drained.error().kind == ErrorKind::kTemporary);
  CHECK(drained.error().message.find("give_up_after") != std::string::npos);
  CHECK(world.rejected.empty());
  CHECK(world.clock.Now() - start < Milliseconds(2 * 900'000));
}

TEST_CASE("a small document is never refused for its size") {
  Large world;
  world.elastic.max_pressure_bytes = 1000;
  world.Index("small", 2000);
  CHECK_FALSE(world.writer.Drain());
  CHECK(world.rejected.empty());
}

}  // namespace dbxes::elastic
