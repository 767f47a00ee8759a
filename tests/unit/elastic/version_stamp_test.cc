// SPDX-License-Identifier: Apache-2.0
#include "elastic/version_stamp.h"

#include <doctest/doctest.h>

namespace dbxes::elastic {

TEST_CASE("a stamp is of one version in one index") {
  const VersionStamps here("index-1");
  CHECK(here.Of(1) == VersionStamps("index-1").Of(1));
  CHECK(here.Of(1) != here.Of(2));
  CHECK(here.Of(1) != VersionStamps("index-2").Of(1));
  for (const std::uint64_t version : {1, 2, 1'000'000}) {
    CHECK(here.Of(version) > 0);
    CHECK(here.Of(version) < std::int64_t{1} << 53);  // exact as a double
  }
}

TEST_CASE("where the index is not known, the stamp is the version") {
  CHECK(VersionStamps().Of(7) == 7);
  CHECK(VersionStamps("").Of(7) == 7);
}

}  // namespace dbxes::elastic
