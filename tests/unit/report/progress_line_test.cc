// SPDX-License-Identifier: Apache-2.0
#include "report/progress_line.h"

#include <doctest/doctest.h>

#include <string>

#include "hand_clock.h"

namespace dbxes::report {

TEST_CASE("phase, time, counts and rate stand on the line, what matters most first") {
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
        "listing Dropbox, 1,000 documents, 12,345 entries, 800 created, 200 unchanged");
  clock.now += Milliseconds(1'500);
  counters.created = 3'800;
  counters.failed = 5;
  counters.dropbox_bytes_received = 5'000'000;
  CHECK(progress.Update(counters, {.in_flight = 12}) ==
        "listing Dropbox, 0:02, 4,005 documents, 5 failed, 2,002/s, 12,345 entries, 3,800 created, "
        "200 unchanged, 4.8 MiB read, 12 in flight");
}

TEST_CASE("what does not fit into the columns is left out as a whole") {
  HandClock clock;
  ProgressLine progress(clock);
  progress.StartPhase("listing Dropbox");
  clock.now += Milliseconds(754'000);
  Counters counters;
  counters.entries = 4'560'000;
  counters.created = 4'321'098;
  const Gauges gauges{.in_flight = 8, .expected_entries = 10'000'000};
  const std::string line = progress.Text(counters, gauges, 79);
  CHECK(line == "listing Dropbox, 45%, 12:34, about 15 min left, 4,321,098 documents, 5,730/s");
  CHECK(progress.Text(counters, gauges, line.size() - 1) ==
        "listing Dropbox, 45%, 12:34, about 15 min left, 4,321,098 documents");
  CHECK(progress.Text(counters, gauges, 20) == "listing Dropbox, 45%");
  CHECK(progress.Text(counters, gauges, 19) == "listing Dropbox");
  CHECK(progress.Text(counters, gauges, 3) == "listing Dropbox");  // the terminal cuts it
}

TEST_CASE("a sign of life comes once a minute, the first one after a minute") {
  HandClock clock;
  ProgressLine progress(clock);
  progress.StartPhase("a");
  int signs = 0;
  for (int second = 0; second < 3 * 60; ++second) {
    clock.now += Milliseconds(1'000);
    if (second == 30) progress.StartPhase("b");
    const auto sign = progress.Sign({}, {});
    CHECK(sign.has_value() == (second % 60 == 59));
    signs += sign ? 1 : 0;
  }
  CHECK(signs == 3);
  clock.now += Milliseconds(59'999);
  CHECK_FALSE(progress.Sign({}, {}));
  clock.now += Milliseconds(1);
  CHECK(progress.Sign({}, {}) == "b, 4:00");
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
  CHECK(after(4, 400, 1000) == "listing, 40%, 0:04, 400 entries");                  // too soon
  CHECK(after(10, 49, 1000) == "listing, 4%, 0:10, 49 entries");                    // too few
  CHECK(after(10, 50, 0) == "listing, 0:10, 50 entries");                           // nobody knows
  CHECK(after(10, 50, 1000) == "listing, 5%, 0:10, about 4 min left, 50 entries");  // 190 s
  CHECK(after(10, 900, 1000) == "listing, 90%, 0:10, under a minute left, 900 entries");
  CHECK(after(20, 1000, 1000) == "listing, 0:20, 1,000 entries");  // more than expected
  CHECK(after(20, 1200, 1000) == "listing, 0:20, 1,200 entries");
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
        "two, 55%, 1:10, about 2 min left, 1,100 entries");
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
  CHECK(progress.Update(counters, {}) ==
        "deleting, 0:15, 1,050 documents, 10/s, 1,000 created, 50 deleted");
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
  CHECK(progress.Update({}, {}) == "b, 0:01");
}

}  // namespace dbxes::report
