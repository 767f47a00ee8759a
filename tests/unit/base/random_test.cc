// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <doctest/doctest.h>

namespace dbxes {

TEST_CASE("streams of one seed differ, and repeat") {
  CHECK(SeedOf(1, "dropbox") == SeedOf(1, "dropbox"));
  CHECK(SeedOf(1, "dropbox") != SeedOf(1, "elasticsearch"));
  CHECK(SeedOf(1, "dropbox") != SeedOf(2, "dropbox"));
}

TEST_CASE("random bytes have the requested length, and differ") {
  const auto one = RandomBytes(16);
  const auto other = RandomBytes(16);
  REQUIRE(one);
  REQUIRE(other);
  CHECK(one->size() == 16);
  CHECK(*one != *other);
  const auto name = RandomHex(16);
  REQUIRE(name);
  CHECK(name->size() == 32);
  CHECK(name->find_first_not_of("0123456789abcdef") == std::string::npos);
}

}  // namespace dbxes
