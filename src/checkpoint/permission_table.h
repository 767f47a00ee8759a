// SPDX-License-Identifier: Apache-2.0
// Which list of members the documents of each shared folder carry: no change feed tells that a list
// has changed, so a run that meets another one brings it to all documents of the folder.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace dbxes::checkpoint {

class PermissionTable {
 public:
  struct Row {
    std::uint64_t fingerprint = 0;  // of the list; 0: none was readable yet
    bool settled = true;            // false: some documents may carry another one
  };

  // A run goes by this list for a folder's documents; 0: it could not be read. Another list than
  // the folder's documents carry unsettles it. True when something changed.
  bool Note(const std::string& folder_id, std::uint64_t fingerprint);
  // Every document of the folder carries this list now.
  void Settle(const std::string& folder_id, std::uint64_t fingerprint);
  void Forget(const std::string& folder_id) { rows_.erase(folder_id); }
  void Clear() { rows_.clear(); }
  // As it was saved.
  void Restore(std::string folder_id, Row row) { rows_[std::move(folder_id)] = row; }

  const std::map<std::string, Row>& rows() const { return rows_; }
  bool HasUnsettled() const;

 private:
  std::map<std::string, Row> rows_;
};

}  // namespace dbxes::checkpoint
