// SPDX-License-Identifier: Apache-2.0
#include "check/age.h"

#include <doctest/doctest.h>

#include "base/clock.h"

namespace dbxes::check {

TEST_CASE("points in time are read as they are written") {
  const std::int64_t noon = std::int64_t{1'785'931'200} * 1'000'000;
  REQUIRE(FormatUtc(noon) == "2026-08-05T12:00:00Z");
  CHECK(ParseUtc("2026-08-05T12:00:00Z") == noon);
  CHECK(ParseHttpDate("Wed, 05 Aug 2026 12:00:00 GMT") == noon);
  for (const char* wrong : {"", "yesterday", "Wed, 05 Xyz 2026 12:00:00 GMT",
                            "Wed, 05 Aug 2026 12:00:00 CET", "Wed, 05 Aug 2026 1x:00:00 GMT"}) {
    CAPTURE(wrong);
    CHECK_FALSE(ParseHttpDate(wrong));
  }
  CHECK_FALSE(ParseUtc("2026-08-05"));
  CHECK_FALSE(ParseUtc("2026-0x-05T12:00:00Z"));
}

TEST_CASE("ages are as rough as a person would say them") {
  CHECK(FormatAge(0) == "0 s");
  CHECK(FormatAge(119) == "119 s");
  CHECK(FormatAge(120) == "2 min");
  CHECK(FormatAge(7199) == "119 min");
  CHECK(FormatAge(7200) == "2 h");
  CHECK(FormatAge(2 * 86'400 - 1) == "47 h");
  CHECK(FormatAge(2 * 86'400) == "2 days");
}

TEST_CASE("a time that is ahead of the clock has no age") {
  constexpr std::int64_t kSecond = 1'000'000;
  constexpr std::int64_t kNow = 1'000'000 * kSecond;
  CHECK(FormatAgo(kNow - 300 * kSecond, kNow) == "5 min ago");
  CHECK(FormatAgo(kNow, kNow) == "0 s ago");
  // Clocks of several hosts differ a little.
  CHECK(FormatAgo(kNow + 10 * kSecond, kNow) == "0 s ago");
  CHECK(FormatAgo(kNow + 3600 * kSecond, kNow) == "in the future: check the clock");
}

}  // namespace dbxes::check
