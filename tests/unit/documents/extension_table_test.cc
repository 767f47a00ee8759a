// SPDX-License-Identifier: Apache-2.0
#include "documents/extension_table.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace dbxes::documents {

using Pairs = std::vector<std::pair<std::string, int>>;

TEST_CASE("every extension is found, and no other") {
  for (const int size : {1, 2, 3, 4, 5, 100, 1000}) {
    Pairs pairs;
    for (int i = 0; i < size; ++i) pairs.emplace_back(fmt::format("e{}", i), i);
    const ExtensionTable<int> table(pairs);
    for (int i = 0; i < size; ++i) {
      const int* const found = table.Find(fmt::format("e{}", i));
      REQUIRE(found != nullptr);
      CHECK(*found == i);
      CHECK(table.Find(fmt::format("f{}", i)) == nullptr);
    }
    CHECK(table.Find("") == nullptr);
  }
}

TEST_CASE("a table of nothing finds nothing, and the first of two counts") {
  CHECK(ExtensionTable<int>(Pairs{}).Find("txt") == nullptr);
  const ExtensionTable<int> table(Pairs{{"a", 1}, {"a", 2}, {"", 3}});
  REQUIRE(table.Find("a") != nullptr);
  CHECK(*table.Find("a") == 1);
  REQUIRE(table.Find("") != nullptr);
  CHECK(*table.Find("") == 3);
}

}  // namespace dbxes::documents
