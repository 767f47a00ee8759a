// SPDX-License-Identifier: Apache-2.0
// Changes that search did not show and may only be late with: where they are, and when to look
// again. Search learns of names within seconds and of text within minutes (Dropbox HTTP API:
// files/search_v2 promises no time).
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
  // Ids that are remembered. Of more, everything in the folder is looked at.
  static constexpr std::size_t kMostIds = 1000;

  std::string folder;           // path_lower of one that holds them all; "" for the root
  std::int64_t since = 0;       // UTC seconds of the last of them; 0: there are none
  std::uint64_t looks = 0;      // since then
  std::set<std::uint64_t> ids;  // Hash64 of their ids; more than kMostIds are never complete

  bool Waits() const { return since != 0; }
  // Another change in `where`. The looks start anew, with the one of this number.
  void Note(std::uint64_t id, std::string_view where, std::int64_t now, std::uint64_t first_look);
  bool MayHold(std::uint64_t id) const { return ids.size() > kMostIds || ids.count(id) > 0; }
  // Whether it is time to look again: at once, then after a minute, ten minutes and an hour.
  bool IsDue(std::int64_t now) const;
  // Search was asked about the whole folder. After the last look nothing waits any more.
  void Looked();
};

}  // namespace dbxes::checkpoint
