// SPDX-License-Identifier: Apache-2.0
// Brings another list of members to all documents of a shared folder: by searching them and by
// partial updates, so that nothing else in them is touched.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "elastic/action_sink.h"
#include "elastic/search.h"
#include "permissions/permission_reader.h"
#include "report/reporter.h"

namespace dbxes::sync {

// Sets the list and its fingerprint, and nothing else.
Result<void> WriteAccess(elastic::ActionSink& sink, std::string_view id, std::string_view path,
                         const std::shared_ptr<const permissions::AccessList>& list);

// A query clause for the documents that lie in, or are, the shared folder.
std::string DocumentsOf(const std::string& folder_id);

class PermissionRewrite {
 public:
  // `id_field` is IndexTarget::id_field.
  PermissionRewrite(elastic::Client& client, std::string index, std::string id_field,
                    permissions::PermissionReader& reader, elastic::ActionSink& sink,
                    std::function<void(report::FailedDocument)> on_failed);

  // Writes `list` to the documents of the folder, which carried the one with the fingerprint
  // `before` (0: unknown); files with other lists may have members of their own and are asked for.
  // `files_inherit`: files, too, take over the folder's list. Writes before this must be drained
  // and refreshed: a document that has left the folder must not be found in it.
  Result<void> Folder(const std::string& folder_id,
                      const std::shared_ptr<const permissions::AccessList>& list,
                      std::uint64_t before, bool files_inherit);

 private:
  Result<void> ForEachHit(
      const std::string& query,
      const std::function<Result<void>(const std::vector<elastic::Hit>&)>& visit);
  // Files may have members of their own, and shared links may open files and folders.
  Result<void> Ask(const std::string& folder_id, bool is_folder,
                   const std::vector<elastic::Hit>& hits);

  elastic::Client& client_;
  std::string index_;
  std::string id_field_;
  permissions::PermissionReader& reader_;
  elastic::ActionSink& sink_;
  std::function<void(report::FailedDocument)> on_failed_;
};

}  // namespace dbxes::sync
