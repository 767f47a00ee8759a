// SPDX-License-Identifier: Apache-2.0
#include "config/nearest.h"

#include <doctest/doctest.h>

#include <vector>

namespace dbxes::config {

TEST_CASE("edit distance counts insertions, deletions, replacements and swaps") {
  CHECK(EditDistance("", "") == 0);
  CHECK(EditDistance("", "abc") == 3);
  CHECK(EditDistance("index", "index") == 0);
  CHECK(EditDistance("index", "indx") == 1);
  CHECK(EditDistance("index", "indexx") == 1);
  CHECK(EditDistance("index", "indax") == 1);
  CHECK(EditDistance("index", "idnex") == 1);
  CHECK(EditDistance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest name is suggested only when it may have been meant") {
  const std::vector<std::string> names{"host", "index", "api_key", "bulk_max_bytes"};
  CHECK(Nearest("indx", names) == "index");
  CHECK(Nearest("apikey", names) == "api_key");
  CHECK(Nearest("bulk_max_byte", names) == "bulk_max_bytes");
  CHECK(Nearest("colour", names).empty());
  CHECK(Nearest("", names).empty());
  CHECK(Nearest("x", std::vector<std::string>{"ab"}).empty());
}

}  // namespace dbxes::config
