// SPDX-License-Identifier: Apache-2.0
// People, groups and namespaces of the simulated Dropbox.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dropbox_sim/item.h"

namespace dbxes::sim {

enum class MemberKind : std::uint8_t { kUser, kGroup, kInvitee };

// A member of a shared folder or of a single file.
struct Member {
  MemberKind kind = MemberKind::kUser;
  std::string id;  // account id, group id or e-mail address
  std::string access =
      "editor";  // owner, editor, viewer, viewer_no_comment, traverse, no_access, anything new
  bool inherited = false;
};

struct Account {
  std::string account_id;  // empty for a team member who has not joined
  std::string team_member_id;
  std::string given_name;
  std::string surname;
  std::string email;
  std::vector<std::string> secondary_emails;  // a leading '?' means: not verified
  std::string status = "active";              // active, invited, suspended, removed
  std::string account_type = "basic";
  std::string root_info_tag = "user";
  std::string home_path;  // set when the root is not the home
  bool admin = false;
  bool same_team = true;
  bool disabled = false;
  std::uint32_t home = 0;  // namespace indexes
  std::uint32_t root = 0;

  std::string display_name() const {
    return surname.empty() ? given_name : given_name + " " + surname;
  }
};

struct Group {
  std::string group_id;
  std::string name;
  std::string management_type = "company_managed";
  bool same_team = true;
  std::vector<std::string> account_ids;
};

enum class NamespaceType : std::uint8_t {
  kHome,
  kMemberRoot,
  kSharedFolder,
  kTeamFolder,
  kAppFolder,
  kTeamRoot,  // one root for all members, with the team folders and everybody's home in it
};

struct Namespace {
  std::string id;  // digits
  std::string name;
  NamespaceType type = NamespaceType::kHome;
  std::string folder_id;     // id:… of the shared folder itself
  std::string owner;         // account id
  std::uint32_t parent = 0;  // namespace that it is nested in, 0 for none
  bool inherits = true;      // access_inheritance
  std::string team_folder_status = "active";
  std::int64_t time_invited_s = 0;
  std::vector<Member> members;
  ItemSet items;
  std::map<std::string, ItemPtr> tombstones;    // by path_lower
  std::map<std::string, std::uint32_t> mounts;  // path_lower to namespace index
};

}  // namespace dbxes::sim
