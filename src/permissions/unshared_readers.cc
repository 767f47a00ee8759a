// SPDX-License-Identifier: Apache-2.0
#include "permissions/unshared_readers.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dropbox/files.h"
#include "dropbox/follow_pages.h"
#include "dropbox/team.h"

namespace dbxes::permissions {

Result<std::vector<dropbox::TeamMember>> ListTeamMembers(EventLoop& loop, dropbox::Client& client) {
  std::vector<dropbox::TeamMember> members;
  const auto fetch = [&](const std::string& cursor) {
    return loop.Await(dropbox::ListTeamPage(client, cursor));
  };
  TRY(dropbox::FollowPages(
      client.pace(), "the team's members", fetch, [&](dropbox::TeamMemberPage& page) {
        std::move(page.members.begin(), page.members.end(), std::back_inserter(members));
      }));
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

// home_path keeps its case; only Dropbox can turn it into lower case.
Result<std::string> UnsharedReaders::FindHome() {
  auto place = loop_.Await(dropbox::GetPlace(client_, account_.home_path));
  if (place) return std::move(place->path_lower);
  if (place.error().kind == ErrorKind::kNotFound) return std::string();
  return Fail(WithContext(place.error(), "looking for the home folder"));
}

Result<bool> UnsharedReaders::IsInTeamRoot(std::string_view path_lower) {
  // Without a team's token Dropbox does not show who else has this root.
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
  TRY_ASSIGN(const auto members, WithContext(ListTeamMembers(loop_, client_),
                                             "listing the members who share this root"));
  std::vector<std::string> readers{UserValue(account_.account_id)};
  for (const dropbox::TeamMember& member : members) {
    const bool reads = member.status == "active" && !member.account_id.empty() &&
                       member.root_namespace_id == account_.root_namespace_id;
    if (reads) readers.push_back(UserValue(member.account_id));
  }
  return std::make_shared<const AccessList>(MakeAccessList(std::move(readers)));
}

}  // namespace dbxes::permissions
