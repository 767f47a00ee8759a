// SPDX-License-Identifier: Apache-2.0
#include "permissions/permission_reader.h"

#include <utility>

namespace dbxes::permissions {

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

PermissionReader::PermissionReader(EventLoop& loop, dropbox::Client& client,
                                   PermissionSettings settings)
    : loop_(loop),
      sharing_(client),
      settings_(std::move(settings)),
      unshared_(loop, client, settings_.account) {
  if (settings_.links) links_.emplace(loop_, sharing_);
}

std::string PermissionReader::FolderOf(const PermissionQuery& query) const {
  if (unshared_.Holds(query.shared_folder_id)) return {};
  return settings_.inherit || query.is_folder ? std::string(query.shared_folder_id) : "";
}

void PermissionReader::Hear(const std::vector<dropbox::Member>& members) {
  if (!on_member_) return;
  for (const dropbox::Member& member : members) on_member_(member);
}

// What the document takes over from where it lies.
Result<Permission> PermissionReader::Inherited(const PermissionQuery& query) {
  Permission permission;
  if (const std::string id = FolderOf(query); !id.empty()) {
    const Folder& folder = CacheOf(id);
    permission.list = folder.list;
    permission.of_folder = folder.list == nullptr;
    permission.problem = folder.problem;
    permission.http_status = folder.http_status;
    used_[id] = folder.list != nullptr ? folder.list->fingerprint : 0;
    return permission;
  }
  permission.list = unshared_.account_only();
  const bool takes_over = settings_.inherit || query.is_folder;
  if (!takes_over || !unshared_.Holds(query.shared_folder_id)) return permission;
  TRY_ASSIGN(const auto loose, unshared_.IsLoose(query.path_lower));
  if (!loose) return permission;
  auto readers = unshared_.ReadersOfRoot();
  if (readers) {
    permission.list = std::move(*readers);
    return permission;
  }
  if (!ConcernsOneList(readers.error())) return Fail(readers.error());
  permission.list = nullptr;
  permission.problem = readers.error().ToLine();
  permission.http_status = readers.error().http_status;
  return permission;
}

std::shared_ptr<const AccessList> PermissionReader::Opened(const AccessList& list,
                                                           dropbox::LinkAudience audience) {
  std::shared_ptr<const AccessList>& opened = opened_[{list.fingerprint, audience}];
  if (opened == nullptr) {
    std::vector<std::string> values = list.values;
    values.push_back(LinkValue(audience));
    opened = std::make_shared<const AccessList>(MakeAccessList(std::move(values), /*own*/ true));
  }
  return opened;
}

// With the document's own members and, where they count, shared links.
Result<Permission> PermissionReader::Combine(const PermissionQuery& query, const FilesById& files) {
  auto inherited = Inherited(query);
  if (!inherited || !inherited->Readable()) return inherited;
  Permission permission = std::move(*inherited);
  permission.has_own_members = query.has_own_members;
  if (query.has_own_members) {
    const FileMembers& own = files.at(std::string(query.id));
    permission.problem = own.problem;
    permission.http_status = own.http_status;
    if (!own.problem.empty()) {
      permission.list = nullptr;
      // What was received by itself has no place that it could leave.
      if (!own.unknown || query.path_lower.empty()) return permission;
      TRY_ASSIGN(auto left, HasLeft(std::string(query.id)));
      permission.has_left = left;
      return permission;
    }
    std::vector<std::string> values = ReadersOf(JudgeMembers(own.members));
    if (!values.empty()) {
      for (const std::string& value : permission.list->values) {
        if (value != kNobody) values.push_back(value);
      }
      permission.list =
          std::make_shared<const AccessList>(MakeAccessList(std::move(values), /*own*/ true));
    }
  }
  if (!links_) return permission;
  permission.link_audience = links_->AudienceOf(query.id, query.path_lower, query.shared_folder_id);
  if (permission.link_audience == dropbox::LinkAudience::kNobody) return permission;
  permission.list = Opened(*permission.list, permission.link_audience);
  return permission;
}

Result<std::vector<Permission>> PermissionReader::Read(
    const std::vector<PermissionQuery>& queries) {
  used_.clear();
  opened_.clear();
  if (links_) {
    TRY(links_->Load());
  }
  Ids folders;
  std::vector<std::string> files;
  for (const PermissionQuery& query : queries) {
    if (std::string folder = FolderOf(query); !folder.empty()) folders.insert(std::move(folder));
    if (query.has_own_members) files.emplace_back(query.id);
  }
  TRY(ReadFolders(folders));
  TRY_ASSIGN(auto members, ReadFiles(files));
  std::vector<Permission> permissions;
  permissions.reserve(queries.size());
  for (const PermissionQuery& query : queries) {
    TRY_ASSIGN(auto permission, Combine(query, members));
    permissions.push_back(std::move(permission));
    incomplete_ = incomplete_ || !permissions.back().Readable();
  }
  Forget(folders);
  return permissions;
}

}  // namespace dbxes::permissions
