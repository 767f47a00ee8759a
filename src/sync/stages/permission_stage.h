// SPDX-License-Identifier: Apache-2.0
// Asks who may see the documents of a page, between their draft and their writing. A document whose
// list could not be read is reported, so that the next run tries again.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/failures_file.h"
#include "checkpoint/permission_table.h"
#include "delta/change.h"
#include "permissions/permission_reader.h"

namespace dbxes::sync {

class PermissionStage {
 public:
  // The operation under which the failures file names what could not be read.
  static constexpr std::string_view kOperation = "permissions";
  // Documents that are named when the lists of whole folders cannot be read. Of more, the folders
  // remember that they are not settled.
  static constexpr std::uint64_t kMostNamed = 1000;

  PermissionStage(permissions::PermissionReader& reader, checkpoint::PermissionTable& table,
                  checkpoint::FailuresFile& failures);

  // Valid until the next call of either; in the order of the changes or ids.
  Result<void> Resolve(const std::vector<delta::Change>& changes);
  const std::vector<permissions::Permission>& permissions() const { return permissions_; }
  // Of files received one by one; these failures are the caller's to report.
  Result<std::vector<permissions::Permission>> ReadReceived(
      const std::vector<std::string_view>& ids);

  // Documents that were closed or left as they are and not named, by shared folder.
  const std::map<std::string, std::uint64_t>& unnamed() const { return unnamed_; }

 private:
  void Report(const delta::Entry& entry, const permissions::Permission& permission);

  permissions::PermissionReader& reader_;
  checkpoint::PermissionTable& table_;
  checkpoint::FailuresFile& failures_;
  std::vector<permissions::PermissionQuery> queries_;
  std::vector<permissions::Permission> permissions_;
  std::uint64_t named_ = 0;
  std::map<std::string, std::uint64_t> unnamed_;
};

}  // namespace dbxes::sync
