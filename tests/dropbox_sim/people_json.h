// SPDX-License-Identifier: Apache-2.0
// JSON about people and teams that the user routes and the team routes share.
#pragma once

#include "dropbox_sim/account.h"
#include "dropbox_sim/json_out.h"

namespace dbxes::sim {

// The object Name.
void WriteName(JsonOut* json, const Account& account);
// The object TeamSharingPolicies.
void WriteSharingPolicies(JsonOut* json);

}  // namespace dbxes::sim
