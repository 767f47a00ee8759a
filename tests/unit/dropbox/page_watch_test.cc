// SPDX-License-Identifier: Apache-2.0
#include "dropbox/page_watch.h"

#include <doctest/doctest.h>

#include <string>

#include "support/fake_clock.h"

namespace dbxes::dropbox {
namespace {

constexpr Milliseconds kPatience{60'000};

struct Watched {
  FakeClock clock;
  PageWatch watch{clock, "the test", {kPatience, -1}};
  std::string cursor = "start";
  std::uint64_t pages = 0;
  Milliseconds waited{0};

  bool See(const std::string& next, bool empty) {
    const auto wait = watch.See(cursor, next, empty);
    ++pages;
    cursor = next;
    if (!wait) return false;
    clock.Advance(*wait + Milliseconds(10));  // and the request
    waited += *wait;
    return true;
  }
};

}  // namespace

TEST_CASE("a list that leads on costs no wait, however long it is") {
  Watched list;
  for (int i = 0; i < 100'000; ++i) REQUIRE(list.See("cursor" + std::to_string(i), false));
  CHECK(list.waited == Milliseconds(0));
}

TEST_CASE("a few empty pages cost nothing, and an entry resets the patience") {
  Watched list;
  for (int i = 0; i < 1'000; ++i) {
    REQUIRE(list.See("cursor" + std::to_string(i), i % 8 != 0));
  }
  CHECK(list.waited == Milliseconds(0));
}

TEST_CASE("empty pages on and on are read quickly, but not for ever") {
  Watched list;
  while (list.See("cursor" + std::to_string(list.pages), true)) continue;
  CHECK(list.clock.Now() >= kPatience - Milliseconds(2'000));
  CHECK(list.clock.Now() <= kPatience + Milliseconds(3'000));
  CHECK(list.pages > 60);
}

TEST_CASE("cycles of any length are found, whatever they carry") {
  for (const int length : {1, 2, 3, 7, 64, 100}) {
    for (const int before : {0, 1, 5, 33}) {
      CAPTURE(length);
      CAPTURE(before);
      Watched list;
      for (int i = 0; i < before; ++i) REQUIRE(list.See("before" + std::to_string(i), false));
      std::uint64_t at = 0;
      while (list.See("round" + std::to_string(at++ % static_cast<std::uint64_t>(length)), false)) {
        REQUIRE(at < 10'000);
      }
      CHECK(list.waited > Milliseconds(0));
    }
  }
}

TEST_CASE("a cursor that came twice and then leads on is no cycle") {
  Watched list;
  for (int i = 0; i < 200; ++i) {
    REQUIRE(list.See("a" + std::to_string(i), false));
    REQUIRE(list.See("b" + std::to_string(i), false));
    REQUIRE(list.See("a" + std::to_string(i), false));
  }
  CHECK(list.clock.Now() < 4 * kPatience);
}

}  // namespace dbxes::dropbox
