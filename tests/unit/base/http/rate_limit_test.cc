// SPDX-License-Identifier: Apache-2.0
#include "base/http/rate_limit.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <random>

#include "support/fake_clock.h"

namespace dbxes {

TEST_CASE("bytes wait until the line would have carried them") {
  FakeClock clock;
  RateLimit limit(clock, 1000);
  CHECK(limit.rate() == 1000);
  CHECK(limit.Charge(500) == Milliseconds(500));
  // Behind those before.
  CHECK(limit.Charge(250) == Milliseconds(750));
  clock.Advance(Milliseconds(700));
  CHECK(limit.Charge(0) == Milliseconds(50));
  CHECK(limit.Charge(1) == Milliseconds(51));
  clock.Advance(Milliseconds(51));
  CHECK(limit.Charge(0) == Milliseconds(0));
}

TEST_CASE("a quiet line gives credit for a moment only") {
  FakeClock clock;
  RateLimit limit(clock, 1000);
  clock.Advance(Milliseconds(3'600'000));
  CHECK(limit.Charge(100) == Milliseconds(0));
  CHECK(limit.Charge(100) == Milliseconds(100));
}

TEST_CASE("parts of a millisecond are neither lost nor waited for twice") {
  FakeClock clock;
  RateLimit limit(clock, 3000);
  Milliseconds wait{0};
  for (int i = 0; i < 3000; ++i) wait = limit.Charge(1);
  CHECK(wait == Milliseconds(1000));
}

TEST_CASE("many bytes at a low rate wait long, and not for a negative time") {
  FakeClock clock;
  RateLimit limit(clock, 0);  // as the lowest rate
  CHECK(limit.rate() == 1);
  CHECK(limit.Charge(UINT64_MAX) > Milliseconds(1'000'000'000));
  CHECK(limit.Charge(UINT64_MAX) > Milliseconds(1'000'000'000));
}

// Receivers that keep to their waits, in any order: what they take keeps to the rate at any time.
TEST_CASE("whatever is taken after its wait keeps to the rate") {
  std::minstd_rand random(7);
  for (const std::size_t rate : {std::size_t{1024}, std::size_t{64} << 10, std::size_t{1} << 30}) {
    CAPTURE(rate);
    FakeClock clock;
    const Milliseconds start = clock.Now();
    RateLimit limit(clock, rate);
    double taken = 0;
    for (int i = 0; i < 2000; ++i) {
      const std::uint64_t bytes = random() % (rate / 4);
      clock.Advance(Milliseconds(random() % 3 == 0 ? random() % 2000 : 0));
      const Milliseconds due = clock.Now() + limit.Charge(bytes);
      taken += static_cast<double>(bytes);
      const double seconds =
          static_cast<double>((due - start + RateLimit::kMostCredit).count()) / 1000;
      CHECK(taken <= seconds * static_cast<double>(rate) * 1.000001);
    }
  }
}

}  // namespace dbxes
