// SPDX-License-Identifier: Apache-2.0
#include "report/progress_line.h"

#include <doctest/doctest.h>

#include "hand_clock.h"

namespace dbxes {

TEST_CASE("phase, rate and counts stand on the line") {
  HandClock clock;
  ProgressLine progress(clock);
  progress.StartPhase("listing Dropbox");
  Counters counters;
  CHECK(progress.Update(counters) == "listing Dropbox");
  clock.now += Milliseconds(500);
  counters.entries = 12'345;
  counters.created = 800;
  counters.unchanged = 200;
  CHECK(progress.Update(counters) == "listing Dropbox, 800 created, 200 unchanged, 12,345 entries");
  clock.now += Milliseconds(1'500);
  counters.created = 3'800;
  CHECK(progress.Update(counters) ==
        "listing Dropbox, 2,000 documents/s, 3,800 created, 200 unchanged, 12,345 entries");
}

TEST_CASE("the rate is that of the phase") {
  HandClock clock;
  ProgressLine progress(clock);
  progress.StartPhase("listing");
  Counters counters;
  counters.created = 1'000;
  progress.Update(counters);
  clock.now += Milliseconds(10'000);
  progress.StartPhase("deleting");
  counters.deleted = 50;
  clock.now += Milliseconds(5'000);
  CHECK(progress.Update(counters) == "deleting, 10 documents/s, 1,000 created, 50 deleted");
}

TEST_CASE("the line is redrawn ten times a second at most, and at once in a new phase") {
  HandClock clock;
  ProgressLine progress(clock);
  progress.StartPhase("a");
  int drawn = 0;
  for (int i = 0; i < 1'000; ++i) {
    drawn += progress.Update({}).has_value() ? 1 : 0;
    clock.now += Milliseconds(1);
  }
  CHECK(drawn == 10);
  CHECK(progress.Update({}).has_value());
  CHECK_FALSE(progress.Update({}).has_value());
  progress.StartPhase("b");
  CHECK(progress.Update({}) == "b");
}

}  // namespace dbxes
