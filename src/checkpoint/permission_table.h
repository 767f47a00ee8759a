// SPDX-License-Identifier: Apache-2.0
// The access list that the documents of each shared folder have. No change feed reports that a list
// has changed, so a run that finds another one writes it to all documents of the folder.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace dbxes::checkpoint {

class PermissionTable {
 public:
  struct Row {
    std::uint64_t fingerprint = 0;  // of the list; 0: it could not be read yet
    bool settled = true;            // false: some documents may have another list
  };

  // A run uses this list for a folder's documents; 0: it could not be read. If the documents have
  // another list, the folder is no longer settled. True if something changed.
  bool Note(const std::string& folder_id, std::uint64_t fingerprint);
  // Every document of the folder has this list now.
  void Settle(const std::string& folder_id, std::uint64_t fingerprint);
  void Forget(const std::string& folder_id) { rows_.erase(folder_id); }
  void Clear() { rows_.clear(); }
  // Loads a saved row.
  void Restore(std::string folder_id, Row row) { rows_[std::move(folder_id)] = row; }

  const std::map<std::string, Row>& rows() const { return rows_; }
  bool HasUnsettled() const;

 private:
  std::map<std::string, Row> rows_;
};

}  // namespace dbxes::checkpoint
