// SPDX-License-Identifier: Apache-2.0
#include "base/http/gave_up.h"

#include <doctest/doctest.h>

namespace dbxes {

TEST_CASE("giving up names both times and the patience") {
  CHECK(GaveUp(Milliseconds(960), Milliseconds(1240), Milliseconds(2000)) ==
        "; gave up after 1.0 s: the next try, in 1.2 s, would exceed sync.give_up_after = 2 s");
  CHECK(GaveUp(Milliseconds(0), Milliseconds(300'000), Milliseconds(2500)) ==
        "; gave up after 0.0 s: the next try, in 300.0 s, would exceed sync.give_up_after = 2.5 s");
}

}  // namespace dbxes
