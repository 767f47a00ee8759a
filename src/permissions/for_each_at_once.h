// SPDX-License-Identifier: Apache-2.0
// Requests for many items, a few of them in flight at a time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/batches.h"
#include "base/result.h"

namespace dbxes::permissions {

// Calls `start` with each item, `at_once` of them at a time, and then `finish` with the item and
// what `start` returned. Stops at the first error of `finish`.
template <class Item, class Start, class Finish>
Result<void> ForEachAtOnce(const std::vector<Item>& items, std::size_t at_once, Start start,
                           Finish finish) {
  for (const std::span<const Item> batch : InBatches(items, at_once)) {
    std::vector<decltype(start(batch[0]))> started;
    for (const Item& item : batch) started.push_back(start(item));
    for (std::size_t i = 0; i < batch.size(); ++i) TRY(finish(batch[i], started[i]));
  }
  return {};
}

}  // namespace dbxes::permissions
