// SPDX-License-Identifier: Apache-2.0
#include "elastic/patience.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::elastic {
namespace {

constexpr Milliseconds kLong = Milliseconds::max();

struct World {
  Backoff backoff{1};
  Patience patience{Milliseconds(10'000), backoff};
};

}  // namespace

TEST_CASE("a wait is over after its delay, which is never longer than asked for") {
  World world;
  world.patience.Because({ErrorKind::kTemporary, "busy"});
  const auto delay = world.patience.Wait(Milliseconds(1000), false, Milliseconds(7));
  REQUIRE(delay);
  CHECK(*delay > Milliseconds(0));
  CHECK(*delay <= Milliseconds(7));
  CHECK_FALSE(world.patience.IsOver(Milliseconds(1000)));
  CHECK(world.patience.IsOver(Milliseconds(1000) + *delay));
}

TEST_CASE("without progress the writer gives up at the limit, with the last reason") {
  World world;
  world.patience.Because({ErrorKind::kTemporary, "first"});
  REQUIRE(world.patience.Wait(Milliseconds(1000), false, kLong));
  world.patience.Because({ErrorKind::kTemporary, "busy"});
  const auto last = world.patience.Wait(Milliseconds(10'999), false, kLong);
  REQUIRE(last);
  CHECK(*last == Milliseconds(1));
  const auto none = world.patience.Wait(Milliseconds(11'000), false, kLong);
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == ErrorKind::kTemporary);
  CHECK(none.error().message ==
        "busy; gave up after 10 s without progress (sync.give_up_after = 10 s)");
}

TEST_CASE("progress starts the limit anew") {
  World world;
  REQUIRE(world.patience.Wait(Milliseconds(0), false, kLong));
  REQUIRE(world.patience.Wait(Milliseconds(10'000), true, kLong));
  CHECK(world.patience.Wait(Milliseconds(19'999), false, kLong));
  CHECK_FALSE(world.patience.Wait(Milliseconds(20'000), false, kLong));
}

TEST_CASE("it is known whether postponed items were sent again") {
  World world;
  CHECK_FALSE(world.patience.resumed());
  world.patience.Resume();
  CHECK(world.patience.resumed());
}

}  // namespace dbxes::elastic
