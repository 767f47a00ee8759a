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

TEST_CASE("the text of a recent write is that of the last one") {
  RecentWrites recent(2);
  CHECK_FALSE(recent.Body(1));
  recent.AddBody(1, 11);
  recent.AddBody(1, 0);
  CHECK(recent.Contains(1));
  CHECK(recent.Body(1) == 0u);
  recent.AddBody(1, std::nullopt);
  CHECK_FALSE(recent.Body(1));
  CHECK(recent.Contains(1));
  recent.AddBody(2, 22);
  recent.AddBody(3, 33);
  CHECK(recent.Body(2) == 22u);
  recent.AddBody(4, 44);
  recent.AddBody(5, 55);
  CHECK_FALSE(recent.Contains(2));
  CHECK(recent.Body(4) == 44u);
}

}  // namespace dbxes::sync
