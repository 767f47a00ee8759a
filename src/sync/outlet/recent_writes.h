// SPDX-License-Identifier: Apache-2.0
// Documents that were handed on so recently that a lookup in the index may still show them as they
// were before. Two generations, each at least as large as what can be unacknowledged at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/id_set.h"

namespace dbxes::sync {

class RecentWrites {
 public:
  // `max_unacknowledged`: how many actions are held at most before they take effect.
  explicit RecentWrites(std::size_t max_unacknowledged);

  // Everything has taken effect.
  void Clear();

  // Ids by their Hash64.
  void Add(std::uint64_t id);
  bool Contains(std::uint64_t id) const;

 private:
  std::size_t max_unacknowledged_;
  IdSet ids_;
  IdSet earlier_ids_;
  std::size_t count_ = 0;  // of calls that filled `ids_`
};

}  // namespace dbxes::sync
