// SPDX-License-Identifier: Apache-2.0
// Changes that search has not found and may still find: where they are, and when to search again.
// Search finds names within seconds and text within minutes (Dropbox HTTP API: files/search_v2
// promises no time).
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace dbxes::checkpoint {

struct LateSearch {
  // How long a file counts as new to search.
  static constexpr std::int64_t kPatience = 3600;
  // Ids that are remembered. With more, everything in the folder is searched for.
  static constexpr std::size_t kMostIds = 1000;

  std::string folder;           // path_lower of a folder that contains all; "" for the root
  std::int64_t since = 0;       // UTC seconds of the last of them; 0: there are none
  std::uint64_t looks = 0;      // since then
  std::set<std::uint64_t> ids;  // Hash64 of their ids; more than kMostIds are never complete

  bool Waits() const { return since != 0; }
  // Adds a change in `where`. The looks start over, at this number.
  void Note(std::uint64_t id, std::string_view where, std::int64_t now, std::uint64_t first_look);
  bool MayHold(std::uint64_t id) const { return ids.size() > kMostIds || ids.count(id) > 0; }
  // True if it is time to search again: at once, then after a minute, ten minutes and an hour.
  bool IsDue(std::int64_t now) const;
  // The whole folder has been searched. After the last look, nothing waits any more.
  void Looked();
};

}  // namespace dbxes::checkpoint
