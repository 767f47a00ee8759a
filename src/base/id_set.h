// SPDX-License-Identifier: Apache-2.0
// A set of 64-bit hashes, for ids by the million.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dbxes {

// Open addressing in one vector, which keeps its capacity when cleared: no allocation per id. If
// two ids share a hash, the writer waits once without need, and nothing worse happens.
class IdSet {
 public:
  // False if it was already there.
  bool Insert(std::uint64_t hash);
  bool Contains(std::uint64_t hash) const;
  void Clear();

 private:
  void Grow();

  std::vector<std::uint64_t> slots_;  // 0: free
  std::size_t used_ = 0;
};

}  // namespace dbxes
