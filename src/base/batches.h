// SPDX-License-Identifier: Apache-2.0
// A range in batches, for requests that take up to N items or that are sent up to N at a time:
// `for (const auto batch : InBatches(ids, kAtOnce))`. Each batch is a std::span.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <span>
#include <type_traits>

namespace dbxes {

// The batches of `items`, each of `size` items but for the last, which may have fewer.
template <class T>
class Batches {
 public:
  class Iterator {
   public:
    Iterator(std::span<T> rest, std::size_t size) : rest_(rest), size_(size) {}
    std::span<T> operator*() const { return rest_.first(std::min(size_, rest_.size())); }
    Iterator& operator++() {
      rest_ = rest_.subspan(std::min(size_, rest_.size()));
      return *this;
    }
    bool operator!=(const Iterator& other) const { return rest_.size() != other.rest_.size(); }

   private:
    std::span<T> rest_;
    std::size_t size_;
  };

  Batches(std::span<T> items, std::size_t size) : items_(items), size_(size) {}
  Iterator begin() const { return {items_, size_}; }
  Iterator end() const { return {items_.subspan(items_.size()), size_}; }

 private:
  std::span<T> items_;
  std::size_t size_;
};

// Of a vector, an array or a span that outlives the loop. `size` must not be 0.
template <class Range>
auto InBatches(Range&& items, std::size_t size) {
  static_assert(std::is_lvalue_reference_v<Range> || std::ranges::borrowed_range<Range>,
                "the items would not outlive the loop");
  using Item = std::remove_reference_t<std::ranges::range_reference_t<Range>>;
  return Batches<Item>(std::span<Item>(items), size);
}

}  // namespace dbxes
