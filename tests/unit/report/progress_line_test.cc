// SPDX-License-Identifier: Apache-2.0
#include "report/progress_line.h"

#include <doctest/doctest.h>

#include "hand_clock.h"

namespace dbxes::report {

TEST_CASE("phase, rate and counts stand on the line") {
  HandClock clock;
  ProgressLine progress(clock);
  Counters counters;
  CHECK(progress.Update(counters, {.in_flight = 1}) == "starting, 1 in flight");
  progress.StartPhase("listing Dropbox");
  CHECK(progress.Update(counters, {}) == "listing Dropbox");
  clock.now += Milliseconds(500);
  counters.entries = 12'345;
  counters.created = 800;
  counters.unchanged = 200;
  CHECK(progress.Update(counters, {}) ==
        "listing Dropbox, 800 created, 200 unchanged, 12,345 entries");
  clock.now += Milliseconds(1'500);
  counters.created = 3'800;
  CHECK(progress.Update(counters, {}) ==
        "listing Dropbox, 2,000 documents/s, 3,800 created, 200 unchanged, 12,345 entries");
}

TEST_CASE("what was read and what is in flight stand before the counts") {
  HandClock clock;
  ProgressLine progress(clock);
  progress.StartPhase("listing");
  Counters counters;
  counters.created = 7;
  counters.dropbox_bytes_received = 5'000'000;
  CHECK(progress.Update(counters, {.in_flight = 12}) ==
        "listing, 4.8 MiB read, 12 in flight, 7 created");
}

TEST_CASE(
    "an estimate is made when there is something to go by, and no longer than it may be right") {
  HandClock clock;
  ProgressLine progress(clock);
  progress.StartPhase("listing");
  Counters counters;
  const auto after = [&](int seconds, std::uint64_t entries, std::uint64_t expected) {
    clock.now = Milliseconds(1'000'000 + seconds * 1000);
    counters.entries = entries;
    return progress.Text(counters, {.expected_entries = expected});
  };
  CHECK(after(4, 400, 1000) == "listing, 400 entries");                   // too soon
  CHECK(after(10, 49, 1000) == "listing, 49 entries");                    // too few
  CHECK(after(10, 50, 0) == "listing, 50 entries");                       // nobody knows
  CHECK(after(10, 50, 1000) == "listing, about 4 min left, 50 entries");  // 190 s
  CHECK(after(10, 900, 1000) == "listing, under a minute left, 900 entries");
  CHECK(after(20, 1000, 1000) == "listing, 1,000 entries");  // more than expected
  CHECK(after(20, 1200, 1000) == "listing, 1,200 entries");
}

TEST_CASE("an estimate goes by the entries of its phase") {
  HandClock clock;
  ProgressLine progress(clock);
  progress.StartPhase("one");
  Counters counters;
  counters.entries = 1000;
  progress.Update(counters, {});
  clock.now += Milliseconds(60'000);
  progress.StartPhase("two");
  counters.entries = 1100;
  clock.now += Milliseconds(10'000);
  // 900 entries at ten a second.
  CHECK(progress.Text(counters, {.expected_entries = 2000}) ==
        "two, about 2 min left, 1,100 entries");
}

TEST_CASE("the rate is that of the phase") {
  HandClock clock;
  ProgressLine progress(clock);
  progress.StartPhase("listing");
  Counters counters;
  counters.created = 1'000;
  progress.Update(counters, {});
  clock.now += Milliseconds(10'000);
  progress.StartPhase("deleting");
  counters.deleted = 50;
  clock.now += Milliseconds(5'000);
  CHECK(progress.Update(counters, {}) == "deleting, 10 documents/s, 1,000 created, 50 deleted");
}

TEST_CASE("the line is redrawn ten times a second at most, and at once in a new phase") {
  HandClock clock;
  ProgressLine progress(clock);
  progress.StartPhase("a");
  int drawn = 0;
  for (int i = 0; i < 1'000; ++i) {
    drawn += progress.Update({}, {}).has_value() ? 1 : 0;
    clock.now += Milliseconds(1);
  }
  CHECK(drawn == 10);
  CHECK(progress.Update({}, {}).has_value());
  CHECK_FALSE(progress.Update({}, {}).has_value());
  progress.StartPhase("b");
  CHECK(progress.Update({}, {}) == "b");
}

}  // namespace dbxes::report
