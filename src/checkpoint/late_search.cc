// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/late_search.h"

#include <algorithm>
#include <array>

#include "base/tree_path.h"

namespace dbxes::checkpoint {
namespace {

constexpr std::array<std::int64_t, 4> kLookAfter{0, 60, 600, LateSearch::kPatience};

}  // namespace

void LateSearch::Note(std::uint64_t id, std::string_view where, std::int64_t now,
                      std::uint64_t first_look) {
  folder = Waits() ? CommonFolder(folder, where) : std::string(where);
  // If earlier changes wait as well, the sooner look counts.
  looks = Waits() ? std::min(looks, first_look) : first_look;
  since = now;
  if (ids.size() <= kMostIds) ids.insert(id);
}

bool LateSearch::IsDue(std::int64_t now) const {
  if (!Waits() || looks >= kLookAfter.size()) return false;
  // A clock that was set back must not cause an endless wait.
  return now < since || now >= since + kLookAfter[looks];
}

void LateSearch::Looked() {
  if (++looks >= kLookAfter.size()) *this = {};
}

}  // namespace dbxes::checkpoint
