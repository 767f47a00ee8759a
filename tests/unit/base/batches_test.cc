// SPDX-License-Identifier: Apache-2.0
#include "base/batches.h"

#include <doctest/doctest.h>

#include <vector>

namespace dbxes {
namespace {

std::vector<std::vector<int>> Split(const std::vector<int>& items, std::size_t size) {
  std::vector<std::vector<int>> batches;
  for (const auto batch : InBatches(items, size)) batches.emplace_back(batch.begin(), batch.end());
  return batches;
}

TEST_CASE("a range is split into batches, in order, and the last one may be smaller") {
  using B = std::vector<std::vector<int>>;
  CHECK(Split({}, 2) == B{});
  CHECK(Split({1}, 2) == B{{1}});
  CHECK(Split({1, 2}, 2) == B{{1, 2}});
  CHECK(Split({1, 2, 3, 4, 5}, 2) == B{{1, 2}, {3, 4}, {5}});
  CHECK(Split({1, 2, 3}, 10) == B{{1, 2, 3}});
}

TEST_CASE("the items of a batch are those of the range, and can be changed") {
  std::vector<int> items{1, 2, 3};
  for (const auto batch : InBatches(items, 2)) {
    for (int& item : batch) item *= 10;
  }
  CHECK(items == std::vector<int>{10, 20, 30});
}

}  // namespace
}  // namespace dbxes
