// SPDX-License-Identifier: Apache-2.0
// Reads a list that Dropbox sends in pages: each page has the cursor of the next one, and the last
// page has none.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace dbxes::dropbox {

// Calls `use` with each page that `fetch(cursor)` returns (a Result), from `cursor` on ("": the
// first page). Where `use` returns a bool, false ends the reading. A cursor that is followed by
// itself is kTemporary, so that no list is endless; `what` names the list in that message.
template <class Fetch, class Use>
Result<void> FollowPages(std::string_view what, Fetch fetch, Use use, std::string cursor = {}) {
  do {
    TRY_ASSIGN(auto page, fetch(std::as_const(cursor)));
    std::string next = std::move(page.cursor);
    if constexpr (std::is_same_v<decltype(use(page)), bool>) {
      if (!use(page)) return {};
    } else {
      use(page);
    }
    if (!next.empty() && next == cursor) {
      return Fail(ErrorKind::kTemporary, fmt::format("Dropbox repeats a cursor of {}", what));
    }
    cursor = std::move(next);
  } while (!cursor.empty());
  return {};
}

}  // namespace dbxes::dropbox
