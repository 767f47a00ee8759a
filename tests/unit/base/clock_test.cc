// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <doctest/doctest.h>

#include <utility>

namespace dbxes {

TEST_CASE("a time is written as Dropbox writes it") {
  const std::pair<std::int64_t, const char*> cases[] = {
      {0, "1970-01-01T00:00:00Z"},
      {999'999, "1970-01-01T00:00:00Z"},
      {1'785'924'000'000'000, "2026-08-05T10:00:00Z"},
      {1'709'164'799'999'999, "2024-02-28T23:59:59Z"},
      {1'709'164'800'000'000, "2024-02-29T00:00:00Z"},
      {4'102'444'800'000'000, "2100-01-01T00:00:00Z"},
  };
  for (const auto& [micros, text] : cases) CHECK(FormatUtc(micros) == text);
}

TEST_CASE("the clock of the system goes forward, and knows the year") {
  const SystemClock clock;
  const Milliseconds first = clock.Now();
  const std::int64_t wall = clock.WallMicros();
  CHECK(clock.Now() >= first);
  CHECK(FormatUtc(wall) >= "2026-");
  CHECK(FormatUtc(wall) < "2200-");
}

}  // namespace dbxes
