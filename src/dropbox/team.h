// SPDX-License-Identifier: Apache-2.0
// The members of a team (Dropbox HTTP API: team/members/list_v2). Needs a team's token; these calls
// carry neither select nor path-root headers.
#pragma once

#include <string>
#include <vector>

#include "dropbox/client.h"

namespace dbxes::dropbox {

struct TeamMember {
  std::string account_id;  // "" for people who have not joined
  std::string team_member_id;
  std::string email;
  std::vector<std::string> secondary_emails;  // the verified ones
  std::string display_name;
  std::string status;  // Dropbox's tag: "active", "invited", "suspended", "removed"
  std::string joined_on;
  std::string root_namespace_id;    // what "" means to this member; several may have the same
  std::vector<std::string> groups;  // ids; groups in groups are expanded by Dropbox
};

struct TeamMemberPage {
  std::vector<TeamMember> members;
  std::string cursor;
  bool has_more = false;
};

class TeamClient {
 public:
  explicit TeamClient(Client& client) : client_(client) {}

  // team/members/list_v2 and team/members/list/continue_v2 (`cursor` not empty).
  Pending<TeamMemberPage> ListMembers(const std::string& cursor);

 private:
  Client& client_;
};

}  // namespace dbxes::dropbox
