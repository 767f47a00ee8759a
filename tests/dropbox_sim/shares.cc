// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/shares.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dbxes::sim {

void Shares::SetExplicitMembers(std::string_view file_path_or_id, std::vector<Member> members) {
  const ItemPtr item = file_path_or_id.substr(0, 3) == "id:" ? items_.FindById(file_path_or_id)
                                                             : items_.Require(file_path_or_id);
  if (item == nullptr) throw TreeError(fmt::format("no such file: {}", file_path_or_id));
  if (members.empty()) {
    explicit_members_.erase(item->id);
  } else {
    explicit_members_[item->id] = std::move(members);
  }
  items_.Changed();
}

const std::vector<Member>* Shares::explicit_members(std::string_view file_id) const {
  const auto found = explicit_members_.find(file_id);
  if (found != explicit_members_.end()) return &found->second;
  // A received file keeps its members when it is mounted.
  const auto received = std::find_if(received_.begin(), received_.end(), [&](const auto& file) {
    return file.id == file_id && !file.path_display.empty();
  });
  return received == received_.end() ? nullptr : &received->members;
}

std::string Shares::AddReceivedFile(std::string_view name, std::string_view bytes,
                                    const FileOptions& options) {
  ReceivedFile file;
  file.id = options.id.value_or(ids_.NewId());
  file.name = name;
  file.url = ids_.PreviewUrl();
  file.owner_display_name = "Jane Owner";
  file.account_id = people_.primary().account_id;
  file.rev = ids_.NewRev();
  file.server_modified_s = options.server_modified_s.value_or(ids_.NowSeconds());
  file.client_modified_s = options.client_modified_s.value_or(file.server_modified_s);
  file.time_invited_s = ids_.NowSeconds();
  file.content = std::make_shared<const Content>(std::string(bytes));
  file.members = {{MemberKind::kUser, people_.primary().account_id, "viewer", false}};
  std::string id = file.id;
  received_.push_back(std::move(file));
  items_.Changed();
  return id;
}

ReceivedFile& Shares::received_file(std::string_view id) {
  for (ReceivedFile& file : received_) {
    if (file.id == id) return file;
  }
  throw TreeError(fmt::format("no such received file: {}", id));
}

void Shares::RevokeReceivedFile(std::string_view id) {
  received_file(id);
  received_.erase(
      std::find_if(received_.begin(), received_.end(), [&](const auto& f) { return f.id == id; }));
  items_.Changed();
}

void Shares::SetReceivedFileMembers(std::string_view id, std::vector<Member> members) {
  received_file(id).members = std::move(members);
  items_.Changed();
}

void Shares::MountReceivedFile(std::string_view id, std::string_view path) {
  ReceivedFile& file = received_file(id);
  FileOptions options;
  options.id = file.id;
  options.client_modified_s = file.client_modified_s;
  options.server_modified_s = file.server_modified_s;
  items_.PutFile(path, file.content, options);
  file.path_display = path;
}

std::string Shares::AddSharedLink(std::string_view path, SharedLink link) {
  link.item_id = items_.Require(path)->id;
  link.url = ids_.NewLink();
  links_.push_back(std::move(link));
  events_.Log("sharing", "shared_link_create", "");
  items_.Changed();
  return links_.back().url;
}

void Shares::RevokeSharedLink(std::string_view url) {
  const auto gone = std::find_if(links_.begin(), links_.end(),
                                 [&](const SharedLink& link) { return link.url == url; });
  if (gone == links_.end()) throw TreeError(fmt::format("no such link: {}", url));
  links_.erase(gone);
  events_.Log("sharing", "shared_link_disable", "");
  items_.Changed();
}

}  // namespace dbxes::sim
