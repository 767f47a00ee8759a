// SPDX-License-Identifier: Apache-2.0
// A set of 64-bit hashes, for ids by the million.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dbxes {

// Hashes of ids. Open addressing in one vector that is kept when cleared: nothing is allocated per
// id. Two ids with one hash make the writer wait once without need, and nothing worse.
class IdSet {
 public:
  // False when it was there already.
  bool Insert(std::uint64_t hash);
  bool Contains(std::uint64_t hash) const;
  void Clear();

 private:
  void Grow();

  std::vector<std::uint64_t> slots_;  // 0: free
  std::size_t used_ = 0;
};

}  // namespace dbxes
