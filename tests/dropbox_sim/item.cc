// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/item.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace dbxes::sim {

bool PathLess::Less(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  const auto [x, y] =
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin());
  if (x == a.begin() + static_cast<std::ptrdiff_t>(common)) return a.size() < b.size();
  if (*x == '/' || *y == '/') return *x == '/';
  return static_cast<unsigned char>(*x) < static_cast<unsigned char>(*y);
}

std::string RevText(std::uint64_t rev) { return fmt::format("{:015x}", rev); }

std::uint64_t ParseRev(std::string_view text) {
  if (text.size() < 9 || text.size() > 16) return 0;
  std::uint64_t value = 0;
  for (char c : text) {
    if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return 0;
    value = value * 16 + static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return value;
}

}  // namespace dbxes::sim
