// SPDX-License-Identifier: Apache-2.0
// The members of a team (Dropbox HTTP API: team/members/list_v2). Needs a team's token; these calls
// carry neither select nor path-root headers.
#pragma once

#include <string>

#include "dropbox/client.h"

namespace dbxes::dropbox {

// One page of team/members/list_v2, and of team/members/list/continue_v2 (`cursor` not empty).
Pending<TeamMemberPage> ListTeamPage(Client& client, const std::string& cursor);

}  // namespace dbxes::dropbox
