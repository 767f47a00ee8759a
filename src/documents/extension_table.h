// SPDX-License-Identifier: Apache-2.0
// What is known of each extension, to be asked for every file of a listing: by hash, and without
// the division that std::unordered_map takes to find a bucket.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace dbxes::documents {

template <class Value>
class ExtensionTable {
 public:
  // Of a list of pairs. Of several with one extension the first counts.
  template <class Pairs>
  explicit ExtensionTable(const Pairs& pairs) {
    std::size_t size = 1;
    while (size < 2 * std::size(pairs)) size *= 2;  // at most half full: a search ends soon
    slots_.resize(size);
    for (const auto& [extension, value] : pairs) {
      Slot& slot = slots_[Place(extension)];
      if (!slot.value) slot = {std::string(extension), value};
    }
  }

  // Null when nothing is known.
  const Value* Find(std::string_view extension) const {
    const Slot& slot = slots_[Place(extension)];
    return slot.value ? &*slot.value : nullptr;
  }

 private:
  struct Slot {
    std::string extension;
    std::optional<Value> value;
  };

  // The slot that has it, or the one that would.
  std::size_t Place(std::string_view extension) const {
    const std::size_t last = slots_.size() - 1;
    std::size_t at = Hash64(extension) & last;
    while (slots_[at].value && slots_[at].extension != extension) at = (at + 1) & last;
    return at;
  }

  std::vector<Slot> slots_;  // as many as a power of two
};

}  // namespace dbxes::documents
