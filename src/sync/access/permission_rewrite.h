// SPDX-License-Identifier: Apache-2.0
// Writes another list of members to all documents of a shared folder: by searching them and by
// partial updates, so that nothing else in them is touched.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/failures_file.h"
#include "elastic/action_sink.h"
#include "elastic/searchable_index.h"
#include "permissions/permission_reader.h"

namespace dbxes::sync {

// A query clause for the documents that are in, or are, the shared folder.
std::string DocumentsOf(const std::string& folder_id);

class PermissionRewrite {
 public:
  // Updates go to `sink`; a file whose members cannot be read is recorded in `failures`.
  PermissionRewrite(elastic::SearchableIndex index, permissions::PermissionReader& reader,
                    elastic::ActionSink& sink, checkpoint::FailuresFile& failures);

  // Writes `list` to the documents of the folder, which carried the one with the fingerprint
  // `before` (0: unknown); files with other lists may have members of their own and are asked for.
  // `files_inherit`: files, too, inherit the folder's list. Writes before this must be drained and
  // refreshed: a document that has left the folder must not be found in it.
  Result<void> Folder(const std::string& folder_id,
                      const std::shared_ptr<const permissions::AccessList>& list,
                      std::uint64_t before, bool files_inherit);

 private:
  using Hits = std::vector<elastic::Hit>;

  Result<void> ForEachPage(const std::string& query,
                           const std::function<Result<void>(const Hits&)>& visit);
  Result<void> Write(const elastic::Hit& hit,
                     const std::shared_ptr<const permissions::AccessList>& list);
  // Files may have members of their own, and shared links may open files and folders.
  Result<void> Ask(const std::string& folder_id, bool is_folder, const Hits& hits);

  elastic::SearchableIndex index_;
  permissions::PermissionReader& reader_;
  elastic::ActionSink& sink_;
  checkpoint::FailuresFile& failures_;
  std::string source_;  // of the action under way
};

}  // namespace dbxes::sync
