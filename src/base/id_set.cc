// SPDX-License-Identifier: Apache-2.0
#include "base/id_set.h"

#include <algorithm>
#include <utility>

namespace dbxes {
namespace {

constexpr std::size_t kFirstSlots = 64;

// 0 marks a free slot; the hash 0 is stored as 1.
constexpr std::uint64_t Key(std::uint64_t hash) { return hash == 0 ? 1 : hash; }

}  // namespace

bool IdSet::Insert(std::uint64_t hash) {
  if (used_ * 2 >= slots_.size()) Grow();
  const std::uint64_t key = Key(hash);
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = key & mask;
  while (slots_[slot] != 0 && slots_[slot] != key) slot = (slot + 1) & mask;
  if (slots_[slot] == key) return false;
  slots_[slot] = key;
  ++used_;
  return true;
}

bool IdSet::Contains(std::uint64_t hash) const {
  if (used_ == 0) return false;
  const std::uint64_t key = Key(hash);
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = key & mask;
  while (slots_[slot] != 0 && slots_[slot] != key) slot = (slot + 1) & mask;
  return slots_[slot] == key;
}

void IdSet::Clear() {
  std::fill(slots_.begin(), slots_.end(), 0);
  used_ = 0;
}

void IdSet::Grow() {
  std::vector<std::uint64_t> old = std::move(slots_);
  slots_.assign(std::max(kFirstSlots, old.size() * 2), 0);
  used_ = 0;
  for (std::uint64_t key : old) {
    if (key != 0) Insert(key);
  }
}

}  // namespace dbxes
