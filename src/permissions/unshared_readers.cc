// SPDX-License-Identifier: Apache-2.0
#include "permissions/unshared_readers.h"

#include <utility>

#include "dropbox/sharing.h"

namespace dbxes::permissions {

Result<std::vector<dropbox::TeamMember>> ListTeamMembers(EventLoop& loop, dropbox::Client& client) {
  dropbox::TeamClient team(client);
  std::vector<dropbox::TeamMember> members;
  std::string cursor;
  for (bool more = true; more;) {
    TRY_ASSIGN(auto page, loop.Await(team.ListMembers(cursor)));
    more = page.has_more;
    if (more && (page.cursor.empty() || page.cursor == cursor)) {
      return Fail(ErrorKind::kTemporary, "Dropbox repeats a cursor of the team's members");
    }
    for (dropbox::TeamMember& member : page.members) members.push_back(std::move(member));
    cursor = std::move(page.cursor);
  }
  return members;
}

UnsharedReaders::UnsharedReaders(EventLoop& loop, dropbox::Client& client, dropbox::Account account)
    : loop_(loop),
      client_(client),
      account_(std::move(account)),
      account_only_(
          std::make_shared<const AccessList>(MakeAccessList({UserValue(account_.account_id)}))) {}

bool UnsharedReaders::Holds(std::string_view shared_folder_id) const {
  return shared_folder_id.empty() || shared_folder_id == account_.home_namespace_id ||
         shared_folder_id == account_.root_namespace_id;
}

// In lower case only Dropbox itself knows the place of the home.
Result<std::string> UnsharedReaders::FindHome() {
  dropbox::SharingClient sharing(client_);
  auto place = loop_.Await(sharing.GetPlace(account_.home_path));
  if (place) return std::move(place->path_lower);
  if (place.error().kind == ErrorKind::kNotFound) return std::string();
  return Fail(WithContext(place.error(), "looking for the home folder"));
}

Result<bool> UnsharedReaders::IsLoose(std::string_view path_lower) {
  // Without a team's token nobody tells who else has this root.
  const bool may_be = account_.HasTeamSpace() && !account_.team_member_id.empty() &&
                      !account_.home_path.empty() && !path_lower.empty();
  if (!may_be) return false;
  if (!home_) home_ = FindHome();
  if (!*home_) return Fail(home_->error());
  const std::string& home = **home_;
  const bool at_home = path_lower.substr(0, home.size()) == home &&
                       (path_lower.size() == home.size() || path_lower[home.size()] == '/');
  return !home.empty() && !at_home;
}

UnsharedReaders::Readers UnsharedReaders::ReadersOfRoot() {
  if (!root_) root_ = ReadRoot();
  return *root_;
}

UnsharedReaders::Readers UnsharedReaders::ReadRoot() {
  TRY_ASSIGN(const auto members,
             WithContext(ListTeamMembers(loop_, client_), "listing whose root this is"));
  std::vector<std::string> readers{UserValue(account_.account_id)};
  for (const dropbox::TeamMember& member : members) {
    const bool reads = member.status == "active" && !member.account_id.empty() &&
                       member.root_namespace_id == account_.root_namespace_id;
    if (reads) readers.push_back(UserValue(member.account_id));
  }
  return std::make_shared<const AccessList>(MakeAccessList(std::move(readers)));
}

}  // namespace dbxes::permissions
