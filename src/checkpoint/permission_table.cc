// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/permission_table.h"

#include <algorithm>

namespace dbxes::checkpoint {

bool PermissionTable::Note(const std::string& folder_id, std::uint64_t fingerprint) {
  const auto [found, is_new] = rows_.try_emplace(folder_id);
  Row& row = found->second;
  if (is_new) {
    row = {fingerprint, fingerprint != 0};
    return true;
  }
  if (row.fingerprint == fingerprint || !row.settled) return false;
  row.settled = false;
  return true;
}

void PermissionTable::Settle(const std::string& folder_id, std::uint64_t fingerprint) {
  rows_[folder_id] = {fingerprint, true};
}

bool PermissionTable::HasUnsettled() const {
  return std::any_of(rows_.begin(), rows_.end(),
                     [](const auto& row) { return !row.second.settled; });
}

}  // namespace dbxes::checkpoint
