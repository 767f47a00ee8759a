// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/progress.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/fake_clock.h"

namespace dbxes::sync {
namespace {

struct Watcher final : report::Reporter {
  void Phase(std::string_view) override {}
  void Progress(const report::Counters& counters, const report::Gauges& gauges) override {
    shown.push_back(counters.entries);
    expected = gauges.expected_entries;
  }
  void Status(const report::Counters&, const report::Gauges&) override { ++asked; }
  void Info(std::string_view message) override { said = message; }
  void Warn(std::string_view) override {}
  void Detail(std::string_view) override {}
  void Print(std::string_view) override {}
  void Summary(const report::RunSummary&) override {}

  std::vector<std::uint64_t> shown;
  std::uint64_t expected = 0;
  int asked = 0;
  std::string said;
};

}  // namespace

TEST_CASE("progress is shown at most ten times a second, the status whenever it is asked for") {
  FakeClock clock;
  Watcher watcher;
  bool ask = false;
  Progress progress(watcher, clock, [&] { return ask; });
  progress.ExpectEntries(9);
  progress.counters().entries = 1;
  progress.Tick();
  progress.counters().entries = 2;
  progress.Tick();
  clock.Advance(Milliseconds(100));
  progress.Tick();
  CHECK(watcher.shown == std::vector<std::uint64_t>{1, 2});
  CHECK(watcher.expected == 9);
  CHECK(watcher.asked == 0);
  ask = true;
  progress.Tick();
  CHECK(watcher.asked == 1);
  CHECK(watcher.shown.size() == 2);
}

TEST_CASE("totals have what others count") {
  FakeClock clock;
  Watcher watcher;
  Progress progress(watcher, clock, {});
  progress.counters().entries = 3;
  progress.CompleteWith([](report::Counters& counters, report::Gauges&) { counters.created += 2; });
  CHECK(progress.Totals().entries == 3);
  CHECK(progress.Totals().created == 2);
  CHECK(progress.counters().created == 0);
}

TEST_CASE("a run that becomes a full sync says why, and keeps it") {
  FakeClock clock;
  Watcher watcher;
  Progress progress(watcher, clock, {});
  CHECK(progress.full_because().empty());
  progress.TurnFull("no state yet");
  CHECK(progress.full_because() == "no state yet");
  CHECK(watcher.said == "no state yet: running a full sync");
}

}  // namespace dbxes::sync
