// SPDX-License-Identifier: Apache-2.0
// A table keyed by extension, looked up for every file of a listing: a hash table without the
// division that std::unordered_map needs to find a bucket.
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
  // From a list of pairs. Of several pairs with the same extension the first one counts.
  template <class Pairs>
  explicit ExtensionTable(const Pairs& pairs) {
    std::size_t size = 1;
    while (size < 2 * std::size(pairs)) size *= 2;  // at most half full, which keeps searches short
    slots_.resize(size);
    for (const auto& [extension, value] : pairs) {
      Slot& slot = slots_[Place(extension)];
      if (!slot.value) slot = {std::string(extension), value};
    }
  }

  // Null when the table does not have the extension.
  const Value* Find(std::string_view extension) const {
    const Slot& slot = slots_[Place(extension)];
    return slot.value ? &*slot.value : nullptr;
  }

 private:
  struct Slot {
    std::string extension;
    std::optional<Value> value;
  };

  // The slot of the extension, or the free one where it belongs.
  std::size_t Place(std::string_view extension) const {
    const std::size_t last = slots_.size() - 1;
    std::size_t at = Hash64(extension) & last;
    while (slots_[at].value && slots_[at].extension != extension) at = (at + 1) & last;
    return at;
  }

  std::vector<Slot> slots_;  // their number is a power of two
};

}  // namespace dbxes::documents
