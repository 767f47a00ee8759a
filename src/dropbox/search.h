// SPDX-License-Identifier: Apache-2.0
// Search (Dropbox HTTP API: files/search_v2). It is not a listing: it shows up to 10,000 matches,
// some of them twice, and learns of changes late.
#pragma once

#include <cstddef>
#include <string>

#include "dropbox/client.h"

namespace dbxes::dropbox {

// A search that has shown this number of matches shows no more.
inline constexpr std::size_t kMostSearchMatches = 10'000;

// files/search_v2, and files/search/continue_v2 (`cursor` not empty). A path that does not exist is
// kNotFound; one that is a file, or a search that Dropbox refuses otherwise, is kConfig. A cursor
// that has expired is kTemporary.
Pending<SearchPage> Search(Client& client, const SearchRequest& request,
                           const std::string& cursor = {});

// The argument of files/search_v2.
std::string SearchArgument(const SearchRequest& request);

}  // namespace dbxes::dropbox
