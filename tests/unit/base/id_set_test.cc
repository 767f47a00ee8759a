// SPDX-License-Identifier: Apache-2.0
#include "base/id_set.h"

#include <doctest/doctest.h>

#include "base/hash.h"

namespace dbxes {
namespace {

TEST_CASE("a set contains the ids that were inserted, and no others") {
  IdSet set;
  CHECK_FALSE(set.Contains(1));
  // Neighbouring and colliding slots, and the hash that marks a free slot.
  for (std::uint64_t hash = 0; hash < 4000; hash += 2) set.Insert(hash * 64);
  for (std::uint64_t hash = 0; hash < 4000; hash += 2) set.Insert(hash * 64);
  for (std::uint64_t hash = 0; hash < 4000; ++hash) {
    CHECK(set.Contains(hash * 64) == (hash % 2 == 0));
  }
  CHECK(set.Contains(0));
  set.Clear();
  CHECK_FALSE(set.Contains(0));
  CHECK_FALSE(set.Contains(128));
}

}  // namespace
}  // namespace dbxes
