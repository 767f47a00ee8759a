// SPDX-License-Identifier: Apache-2.0
// Files that wait for their download, and which of them is next: in order as far as memory allows.
// Where the first does not fit, smaller ones behind it go first, but not forever.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>

namespace dbxes::sync {

template <class Item>
class DownloadQueue {
 public:
  // How far behind the first item Take looks for one that fits, and how often in all the first may
  // be overtaken before everything waits for it.
  static constexpr std::size_t kLookAhead = 64;
  static constexpr int kMostOvertaken = 1000;

  void Push(Item item) { waiting_.push_back(std::move(item)); }
  bool empty() const { return waiting_.empty(); }
  void Clear() { waiting_.clear(); }

  // Removes and returns the next item that `fits`; a default-constructed Item if there is none.
  template <class Fits>
  Item Take(const Fits& fits) {
    const std::size_t sight =
        overtaken_ < kMostOvertaken ? std::min(kLookAhead, waiting_.size()) : std::size_t{1};
    const auto end =
        waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(sight, waiting_.size()));
    const auto next = std::find_if(waiting_.begin(), end, fits);
    if (next == end) return Item();
    overtaken_ = next == waiting_.begin() ? 0 : overtaken_ + 1;
    Item item = std::move(*next);
    waiting_.erase(next);
    return item;
  }

 private:
  std::deque<Item> waiting_;
  int overtaken_ = 0;
};

}  // namespace dbxes::sync
