// SPDX-License-Identifier: Apache-2.0
#include "permissions/permission_reader.h"

#include <utility>

namespace dbxes {

bool ConcernsOneList(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kTemporary:
    case ErrorKind::kInternal:
    case ErrorKind::kNotFound:
      return error.http_status != 0 || error.kind == ErrorKind::kTemporary;
    case ErrorKind::kPermission:
      // 401 is a scope that the token lacks; 403 is said of one folder or file.
      return error.http_status == 403;
    default:
      return false;
  }
}

PermissionReader::PermissionReader(EventLoop& loop, SharingClient& sharing,
                                   PermissionSettings settings)
    : loop_(loop),
      sharing_(sharing),
      settings_(std::move(settings)),
      account_only_(
          std::make_shared<const AccessList>(MakeAccessList({UserValue(settings_.account_id)}))) {}

std::string PermissionReader::FolderOf(const PermissionQuery& query) const {
  if (query.shared_folder_id == settings_.home_namespace_id) return {};
  return settings_.inherit || query.is_folder ? std::string(query.shared_folder_id) : "";
}

void PermissionReader::Hear(const std::vector<Member>& members) {
  if (!on_member_) return;
  for (const Member& member : members) on_member_(member);
}

Permission PermissionReader::Combine(const PermissionQuery& query, const FilesById& files) {
  Permission permission;
  permission.has_own_members = query.has_own_members;
  permission.list = account_only_;
  if (const std::string id = FolderOf(query); !id.empty()) {
    const Folder& folder = CacheOf(id);
    permission.list = folder.list;
    permission.of_folder = folder.list == nullptr;
    permission.problem = folder.problem;
    permission.http_status = folder.http_status;
    used_[id] = folder.list != nullptr ? folder.list->fingerprint : 0;
  }
  if (!query.has_own_members || !permission.Readable()) return permission;
  const FileMembers& own = files.at(std::string(query.id));
  if (!own.problem.empty()) {
    permission.list = nullptr;
    permission.problem = own.problem;
    permission.http_status = own.http_status;
    return permission;
  }
  std::vector<std::string> values = ReadersOf(JudgeMembers(own.members));
  if (values.empty()) return permission;
  for (const std::string& value : permission.list->values) {
    if (value != kNobody) values.push_back(value);
  }
  permission.list =
      std::make_shared<const AccessList>(MakeAccessList(std::move(values), /*own*/ true));
  return permission;
}

Result<std::vector<Permission>> PermissionReader::Read(
    const std::vector<PermissionQuery>& queries) {
  used_.clear();
  Ids folders;
  std::vector<std::string> files;
  for (const PermissionQuery& query : queries) {
    if (std::string folder = FolderOf(query); !folder.empty()) folders.insert(std::move(folder));
    if (query.has_own_members) files.emplace_back(query.id);
  }
  if (auto read = ReadFolders(folders); !read) return Fail(read.error());
  auto members = ReadFiles(files);
  if (!members) return Fail(members.error());
  std::vector<Permission> permissions;
  permissions.reserve(queries.size());
  for (const PermissionQuery& query : queries) {
    permissions.push_back(Combine(query, *members));
    incomplete_ = incomplete_ || !permissions.back().Readable();
  }
  Forget(folders);
  return permissions;
}

}  // namespace dbxes
