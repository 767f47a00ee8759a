// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/permission_stage.h"

#include "documents/document.h"

namespace dbxes::sync {

PermissionStage::PermissionStage(permissions::PermissionReader& reader,
                                 checkpoint::PermissionTable& table,
                                 checkpoint::FailuresFile& failures)
    : reader_(reader), table_(table), failures_(failures) {}

Result<void> PermissionStage::Resolve(const std::vector<delta::Change>& changes) {
  queries_.clear();
  for (const delta::Change& change : changes) {
    const delta::Entry& entry = *change.entry;
    queries_.push_back({entry.id, entry.path_lower, documents::SharedFolderOf(entry),
                        entry.kind == delta::EntryKind::kFolder,
                        entry.has_explicit_shared_members});
  }
  TRY_ASSIGN(permissions_, WithContext(reader_.Read(queries_), "reading permissions"));
  for (const auto& [folder, fingerprint] : reader_.folders()) table_.Note(folder, fingerprint);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!permissions_[i].Readable()) Report(*changes[i].entry, permissions_[i]);
  }
  return {};
}

void PermissionStage::Report(const delta::Entry& entry, const permissions::Permission& permission) {
  // The folder is tried again as a whole, so that its documents need not all be remembered.
  if (permission.of_folder && ++named_ > kMostNamed) {
    ++unnamed_[std::string(documents::SharedFolderOf(entry))];
    return;
  }
  if (permission.has_left) return;
  failures_.Add({std::string(entry.id), std::string(entry.path_lower), std::string(kOperation),
                 permission.http_status, permission.problem});
}

Result<std::vector<permissions::Permission>> PermissionStage::ReadReceived(
    const std::vector<std::string_view>& ids) {
  queries_.clear();
  for (const std::string_view id : ids) queries_.push_back({id, "", "", false, true});
  TRY_ASSIGN(auto read,
             WithContext(reader_.Read(queries_), "reading permissions of received files"));
  return read;
}

}  // namespace dbxes::sync
