// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/recent_writes.h"

#include <doctest/doctest.h>

namespace dbxes::sync {

TEST_CASE("as many writes as may be unacknowledged are remembered, and in the end forgotten") {
  RecentWrites recent(2);
  recent.Add(1);
  recent.Add(2);
  recent.Add(3);
  CHECK(recent.Contains(1));
  CHECK(recent.Contains(3));
  recent.Add(4);
  recent.Add(5);
  CHECK_FALSE(recent.Contains(1));
  CHECK(recent.Contains(4));
  CHECK(recent.Contains(5));
}

}  // namespace dbxes::sync
