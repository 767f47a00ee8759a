// SPDX-License-Identifier: Apache-2.0
// Cursors of the routes that page through a short list: members, shared folders, received files,
// teams, search. Such a cursor carries the argument of the first call and an offset; it is signed,
// so that a foreign cursor is detected.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dropbox_sim/service.h"

namespace dbxes::sim {

struct PagerState {
  std::string route;    // of the first call
  std::string subject;  // what is listed: an id, a query
  std::uint64_t limit = 0;
  std::uint64_t offset = 0;
  std::uint64_t hop = 0;  // empty pages so far
};

std::string EncodePager(const Service& service, const PagerState& state);
// Nothing if it is not a cursor of this route.
std::optional<PagerState> DecodePager(const Service& service, std::string_view cursor,
                                      std::string_view route);

struct PageBounds {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool more = false;
  PagerState next;
};

// The next stretch of a list of `total`, with the odd sizes and empty pages of the style.
PageBounds NextBounds(const Service& service, const Call& call, PagerState state,
                      std::size_t total);

// Sharing routes: a cursor while there is more; at the end absent, null or empty.
void WriteSharingCursor(JsonOut* json, const Service& service, const PageBounds& page);
// Team routes: a cursor always, and has_more.
void WriteTeamCursor(JsonOut* json, const Service& service, const PageBounds& page);

}  // namespace dbxes::sim
