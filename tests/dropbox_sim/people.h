// SPDX-License-Identifier: Apache-2.0
//
// What the user routes and the team routes both say about people and teams.

#ifndef DBXES_TESTS_DROPBOX_SIM_PEOPLE_H_
#define DBXES_TESTS_DROPBOX_SIM_PEOPLE_H_

#include "dropbox_sim/json_out.h"
#include "dropbox_sim/tree.h"

namespace dbxes::sim {

/// The object Name.
void WriteName(JsonOut* json, const Account& account);
/// The object TeamSharingPolicies.
void WriteSharingPolicies(JsonOut* json);

}  // namespace dbxes::sim

#endif  // DBXES_TESTS_DROPBOX_SIM_PEOPLE_H_
