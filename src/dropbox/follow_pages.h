// SPDX-License-Identifier: Apache-2.0
// Reads a list that Dropbox sends in pages: each page has the cursor of the next one, and the last
// page has none.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/http/event_loop.h"
#include "base/result.h"
#include "dropbox/page_watch.h"

namespace dbxes::dropbox {

// Where waits between pages happen, and how long a list may lead nowhere (Client::pace).
struct ListPace {
  EventLoop& loop;
  PageWatch::Limits limits;
};

// The number of rows of a page of any route.
template <class Page>
std::size_t RowsOf(const Page& page) {
  if constexpr (requires { page.members; }) {
    return page.members.size();
  } else if constexpr (requires { page.folders; }) {
    return page.folders.size();
  } else if constexpr (requires { page.files; }) {
    return page.files.size();
  } else if constexpr (requires { page.links; }) {
    return page.links.size();
  } else if constexpr (requires { page.children; }) {
    return page.children.size();
  } else {
    return page.matches.size();
  }
}

// Calls `use` with each page that `fetch(cursor)` returns (a Result), from `cursor` on ("": the
// first page). Where `use` returns a bool, false ends the reading. A page that repeats its cursor
// is requested again. A list that leads nowhere is kTemporary and concerns that list alone; `what`
// names it in the message.
template <class Fetch, class Use>
Result<void> FollowPages(const ListPace& pace, std::string_view what, Fetch fetch, Use use,
                         std::string cursor = {}) {
  PageWatch watch(pace.loop.clock(), std::string(what), pace.limits);
  do {
    TRY_ASSIGN(auto page, fetch(std::as_const(cursor)));
    std::string next = std::move(page.cursor);
    const bool repeats = !next.empty() && next == cursor;
    const bool empty = RowsOf(page) == 0;
    if constexpr (std::is_same_v<decltype(use(page)), bool>) {
      if (!repeats && !use(page)) return {};
    } else {
      if (!repeats) use(page);
    }
    if (!next.empty()) {
      auto wait = watch.See(cursor, next, empty);
      if (!wait) {
        wait.error().concern = Concern::kList;
        return Fail(std::move(wait.error()));
      }
      TRY(pace.loop.Wait(*wait));
    }
    cursor = std::move(next);
  } while (!cursor.empty());
  return {};
}

}  // namespace dbxes::dropbox
