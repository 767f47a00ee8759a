// SPDX-License-Identifier: Apache-2.0
#include "sync/permission_stage.h"

#include <utility>

#include "documents/document.h"

namespace dbxes {

PermissionStage::PermissionStage(PermissionReader& reader, PermissionTable& table,
                                 std::function<void(FailedDocument)> on_failed)
    : reader_(reader), table_(table), on_failed_(std::move(on_failed)) {}

Result<void> PermissionStage::Resolve(const std::vector<Change>& changes) {
  queries_.clear();
  for (const Change& change : changes) {
    const Entry& entry = *change.entry;
    queries_.push_back({entry.id, entry.path_lower, SharedFolderOf(entry),
                        entry.kind == EntryKind::kFolder, entry.has_explicit_shared_members});
  }
  auto read = reader_.Read(queries_);
  if (!read) return Fail(WithContext(read.error(), "reading permissions"));
  permissions_ = std::move(*read);
  for (const auto& [folder, fingerprint] : reader_.folders()) table_.Note(folder, fingerprint);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!permissions_[i].Readable()) Report(*changes[i].entry, permissions_[i]);
  }
  return {};
}

void PermissionStage::Report(const Entry& entry, const Permission& permission) {
  // The folder is tried again as a whole, so that its documents need not all be remembered.
  if (permission.of_folder && ++named_ > kMostNamed) {
    ++unnamed_[std::string(SharedFolderOf(entry))];
    return;
  }
  if (permission.has_left) return;
  on_failed_({std::string(entry.id), std::string(entry.path_lower), std::string(kOperation),
              permission.http_status, permission.problem});
}

Result<std::vector<Permission>> PermissionStage::ReadReceived(
    const std::vector<std::string_view>& ids) {
  queries_.clear();
  for (const std::string_view id : ids) queries_.push_back({id, "", "", false, true});
  auto read = reader_.Read(queries_);
  if (!read) return Fail(WithContext(read.error(), "reading permissions of received files"));
  return read;
}

}  // namespace dbxes
