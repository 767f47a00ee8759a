// SPDX-License-Identifier: Apache-2.0
#include "base/http/backoff.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace dbxes {

TEST_CASE("a delay is spread over the whole of a window that doubles up to the cap") {
  constexpr Milliseconds kBase{100};
  constexpr Milliseconds kCap{3000};
  Backoff backoff(7, kBase, kCap);
  for (int attempt = 0; attempt < 40; ++attempt) {
    CAPTURE(attempt);
    const Milliseconds ceiling = attempt < 5 ? kBase * (1 << attempt) : kCap;
    Milliseconds least = ceiling;
    Milliseconds most{0};
    for (int draw = 0; draw < 500; ++draw) {
      const Milliseconds delay = backoff.Delay(attempt);
      least = std::min(least, delay);
      most = std::max(most, delay);
    }
    CHECK(least >= Milliseconds(1));
    CHECK(least <= ceiling / 10);
    CHECK(most <= ceiling);
    CHECK(most >= ceiling * 9 / 10);
  }
}

TEST_CASE("delays follow from the seed") {
  Backoff one(1);
  Backoff same(1);
  Backoff other(2);
  std::vector<Milliseconds> first;
  std::vector<Milliseconds> second;
  std::vector<Milliseconds> third;
  for (int attempt = 0; attempt < 10; ++attempt) {
    first.push_back(one.Delay(attempt));
    second.push_back(same.Delay(attempt));
    third.push_back(other.Delay(attempt));
  }
  CHECK(first == second);
  CHECK(first != third);
}

}  // namespace dbxes
