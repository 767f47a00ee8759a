// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_plan.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace dbxes::elastic {
namespace {

struct Played {
  int requests = 0;
  std::vector<std::uint32_t> condemned;
  std::set<std::uint32_t> accepted;
};

// A cluster that refuses a request as a whole when it holds one of `poison`.
Played Play(std::uint32_t count, const std::set<std::uint32_t>& poison, bool certain) {
  BulkPlan plan(count);
  Played played;
  while (!plan.done()) {
    if (plan.waiting()) plan.Retry();
    ++played.requests;
    const BulkPlan::Items sent = plan.current();
    const bool bad = std::any_of(sent.begin(), sent.end(),
                                 [&](std::uint32_t item) { return poison.count(item) > 0; });
    if (!bad) played.accepted.insert(sent.begin(), sent.end());
    const auto condemned = bad ? plan.Refused(certain) : plan.Accepted({});
    if (condemned) played.condemned.push_back(*condemned);
  }
  CHECK(plan.done());
  return played;
}

}  // namespace

TEST_CASE("a good batch is one request") {
  const Played played = Play(2000, {}, true);
  CHECK(played.requests == 1);
  CHECK(played.accepted.size() == 2000);
  CHECK(played.condemned.empty());
}

TEST_CASE("one poison document among 2,000 costs at most 12 extra requests") {
  int most = 0;
  for (std::uint32_t poison = 0; poison < 2000; ++poison) {
    const Played played = Play(2000, {poison}, true);
    REQUIRE(played.condemned == std::vector<std::uint32_t>{poison});
    REQUIRE(played.accepted.size() == 1999);
    most = std::max(most, played.requests - 1);
  }
  CHECK(most <= 12);
}

TEST_CASE("an uncertain refusal is proven on the document alone, for one request more") {
  int most = 0;
  for (std::uint32_t poison = 0; poison < 2000; ++poison) {
    const Played played = Play(2000, {poison}, false);
    REQUIRE(played.condemned == std::vector<std::uint32_t>{poison});
    REQUIRE(played.accepted.size() == 1999);
    most = std::max(most, played.requests - 1);
  }
  CHECK(most <= 13);
}

TEST_CASE("any set of poison documents is found, and no other") {
  for (std::uint32_t count = 1; count <= 9; ++count) {
    for (std::uint32_t mask = 0; mask < (1u << count); ++mask) {
      std::set<std::uint32_t> poison;
      for (std::uint32_t item = 0; item < count; ++item) {
        if ((mask >> item & 1) != 0) poison.insert(item);
      }
      for (const bool certain : {true, false}) {
        const Played played = Play(count, poison, certain);
        REQUIRE(std::set<std::uint32_t>(played.condemned.begin(), played.condemned.end()) ==
                poison);
        REQUIRE(played.condemned.size() == poison.size());
        REQUIRE(played.accepted.size() == count - poison.size());
      }
    }
  }
}

TEST_CASE("a refusal that passes condemns nobody when it was uncertain") {
  BulkPlan plan(8);
  CHECK_FALSE(plan.Refused(false));
  std::set<std::uint32_t> accepted;
  while (!plan.done()) {
    if (plan.waiting()) plan.Retry();
    accepted.insert(plan.current().begin(), plan.current().end());
    CHECK_FALSE(plan.Accepted({}));
  }
  CHECK(accepted.size() == 8);
}

TEST_CASE("doubt about one action accuses none of the others") {
  BulkPlan plan(4);
  CHECK_FALSE(plan.Refused(false));  // 0-1 now
  CHECK_FALSE(plan.Refused(false));  // 0 now
  CHECK_FALSE(plan.Doubted());
  CHECK(plan.current() == BulkPlan::Items{2, 3, 1});
  CHECK_FALSE(plan.Accepted({}));
  CHECK(plan.waiting());
  plan.Retry();
  CHECK(plan.current() == BulkPlan::Items{0});
}

TEST_CASE("a request that is too large is halved until it fits") {
  BulkPlan plan(10);
  std::set<std::uint32_t> accepted;
  int requests = 0;
  while (!plan.current().empty()) {
    ++requests;
    if (plan.current().size() > 3) {
      CHECK_FALSE(plan.TooLarge());
    } else {
      accepted.insert(plan.current().begin(), plan.current().end());
      CHECK_FALSE(plan.Accepted({}));
    }
  }
  CHECK(accepted.size() == 10);
  CHECK(requests == 7);  // 10; 5, 2+3; 5, 2+3
}

TEST_CASE("a single action that is too large is condemned") {
  BulkPlan plan(2);
  CHECK_FALSE(plan.TooLarge());
  CHECK(plan.TooLarge() == 0u);
  CHECK(plan.current() == BulkPlan::Items{1});
  CHECK_FALSE(plan.Accepted({}));
  CHECK(plan.done());
}

TEST_CASE("too large in the midst of a bisection forgets no half") {
  BulkPlan plan(8);
  CHECK_FALSE(plan.Refused(true));  // 0-3 now, 4-7 next
  CHECK_FALSE(plan.TooLarge());     // 0-1 now
  std::set<std::uint32_t> accepted;
  while (!plan.current().empty()) {
    accepted.insert(plan.current().begin(), plan.current().end());
    CHECK_FALSE(plan.Accepted({}));
  }
  CHECK(accepted.size() == 8);
}

TEST_CASE("postponed items wait until everything else is sent, then go alone") {
  BulkPlan plan(4);
  CHECK_FALSE(plan.Accepted({1, 3}));
  CHECK(plan.waiting());
  CHECK_FALSE(plan.done());
  plan.Retry();
  CHECK(plan.current() == BulkPlan::Items{1, 3});
  CHECK_FALSE(plan.waiting());
  CHECK_FALSE(plan.Accepted({3}));
  plan.Retry();
  CHECK_FALSE(plan.Accepted({}));
  CHECK(plan.done());
}

TEST_CASE("items that are postponed during a bisection are kept") {
  BulkPlan plan(4);
  CHECK_FALSE(plan.Refused(true));  // 0-1 now, 2-3 suspected if that passes
  CHECK_FALSE(plan.Accepted({0}));  // so 2 or 3 it is
  CHECK(plan.current() == BulkPlan::Items{2});
  CHECK(plan.Accepted({}) == 3u);
  CHECK(plan.waiting());
  plan.Retry();
  CHECK(plan.current() == BulkPlan::Items{0});
}

}  // namespace dbxes::elastic
