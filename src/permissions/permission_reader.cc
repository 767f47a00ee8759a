// SPDX-License-Identifier: Apache-2.0
#include "permissions/permission_reader.h"

#include <algorithm>
#include <iterator>

#include "dropbox/route_error.h"

namespace dbxes::permissions {

PermissionReader::PermissionReader(EventLoop& loop, dropbox::Client& client,
                                   PermissionSettings settings)
    : settings_(std::move(settings)),
      unshared_(loop, client, settings_.account),
      folders_(loop, client, settings_.account.account_id, settings_.inherit,
               settings_.max_cached_bytes),
      files_(loop, client) {
  if (settings_.links) links_.emplace(loop, client);
}

std::string PermissionReader::FolderOf(const PermissionQuery& query) const {
  if (unshared_.Holds(query.shared_folder_id)) return {};
  return settings_.inherit || query.is_folder ? std::string(query.shared_folder_id) : "";
}

Permission PermissionReader::OfFolder(const std::string& id) {
  const FolderList& folder = folders_.ListOf(id);
  used_[id] = folder.list != nullptr ? folder.list->fingerprint : 0;
  Permission permission;
  permission.list = folder.list;
  permission.of_folder = folder.list == nullptr;
  permission.problem = folder.problem;
  permission.http_status = folder.http_status;
  return permission;
}

Result<Permission> PermissionReader::OutsideFolders(const PermissionQuery& query) {
  Permission permission;
  permission.list = unshared_.account_only();
  const bool inherits = settings_.inherit || query.is_folder;
  if (!inherits || !unshared_.Holds(query.shared_folder_id)) return permission;
  TRY_ASSIGN(const auto in_team_root, unshared_.IsInTeamRoot(query.path_lower));
  if (!in_team_root) return permission;
  auto readers = unshared_.ReadersOfRoot();
  if (readers) {
    permission.list = std::move(*readers);
    return permission;
  }
  if (!dropbox::ConcernsOneList(readers.error())) return Fail(readers.error());
  permission.list = nullptr;
  permission.problem = readers.error().ToLine();
  permission.http_status = readers.error().http_status;
  return permission;
}

Result<Permission> PermissionReader::Inherited(const PermissionQuery& query) {
  const std::string folder = FolderOf(query);
  return folder.empty() ? OutsideFolders(query) : OfFolder(folder);
}

std::shared_ptr<const AccessList> PermissionReader::WithLink(const AccessList& list,
                                                             dropbox::LinkAudience audience) {
  std::shared_ptr<const AccessList>& extended = with_links_[{list.fingerprint, audience}];
  if (extended == nullptr) {
    std::vector<std::string> values = list.values;
    values.push_back(LinkValue(audience));
    extended = std::make_shared<const AccessList>(MakeAccessList(std::move(values), /*own*/ true));
  }
  return extended;
}

Result<void> PermissionReader::AddOwnMembers(const PermissionQuery& query, const MembersOfFile& own,
                                             Permission& permission) {
  permission.has_own_members = true;
  permission.problem = own.problem;
  permission.http_status = own.http_status;
  if (!own.problem.empty()) {
    permission.list = nullptr;
    permission.unknown = own.unknown;
    // A file that was received on its own was never in the tree.
    if (!own.unknown || query.path_lower.empty()) return {};
    TRY_ASSIGN(permission.has_left, files_.HasLeft(std::string(query.id)));
    return {};
  }
  std::vector<std::string> values = ReadersOf(JudgeMembers(own.members));
  if (values.empty()) return {};
  std::copy_if(permission.list->values.begin(), permission.list->values.end(),
               std::back_inserter(values),
               [](const std::string& value) { return value != kNobody; });
  permission.list =
      std::make_shared<const AccessList>(MakeAccessList(std::move(values), /*own*/ true));
  return {};
}

Result<Permission> PermissionReader::Combine(const PermissionQuery& query,
                                             const FileMembers::ById& files) {
  TRY_ASSIGN(auto permission, Inherited(query));
  if (permission.Readable() && query.has_own_members) {
    TRY(AddOwnMembers(query, files.at(std::string(query.id)), permission));
  }
  if (!permission.Readable() || !links_) return permission;
  permission.link_audience = links_->AudienceOf(query.id, query.path_lower, query.shared_folder_id);
  if (permission.link_audience == dropbox::LinkAudience::kNobody) return permission;
  permission.list = WithLink(*permission.list, permission.link_audience);
  return permission;
}

Result<std::vector<Permission>> PermissionReader::Read(
    const std::vector<PermissionQuery>& queries) {
  used_.clear();
  with_links_.clear();
  if (links_) TRY(links_->Load());
  Ids folders;
  std::vector<std::string> files;
  for (const PermissionQuery& query : queries) {
    if (std::string folder = FolderOf(query); !folder.empty()) folders.insert(std::move(folder));
    if (query.has_own_members) files.emplace_back(query.id);
  }
  TRY(folders_.Read(folders));
  TRY_ASSIGN(const auto members, files_.Read(files));
  std::vector<Permission> permissions;
  permissions.reserve(queries.size());
  for (const PermissionQuery& query : queries) {
    TRY_ASSIGN(auto permission, Combine(query, members));
    permissions.push_back(std::move(permission));
    incomplete_ = incomplete_ || !permissions.back().Readable();
  }
  folders_.Trim(folders);
  return permissions;
}

}  // namespace dbxes::permissions
