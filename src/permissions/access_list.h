// SPDX-License-Identifier: Apache-2.0
// From memberships to `_allow_access_control`: who may read a document by Dropbox's rules (Dropbox
// HTTP API: sharing, members), in the strings of Elastic's Dropbox connector. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dropbox/sharing.h"

namespace dbxes::permissions {

// The list of a document that nobody may read, or whose members could not be read: an empty list
// would open it to everybody. No identity holds this value, as theirs all have a prefix.
inline constexpr std::string_view kNobody = "nobody";

// Owners, editors and viewers read. Who may only walk through a folder does not, nor does anybody
// by an access type that is not known here.
bool GrantsReading(std::string_view access_type);

// "user_id:dbid:…", "group:g:…", or "email:…" in lower case; "" for a deleted account.
std::string AccessValue(const dropbox::Member& member);
std::string UserValue(std::string_view account_id);

// "link:team" and "link:public": everybody in the team, and everybody who searches; "" for nobody.
std::string LinkValue(dropbox::LinkAudience audience);

// What is known of each member by value, in order: whether it may read.
using Verdicts = std::vector<std::pair<std::string, bool>>;

// Verdicts of one folder's members. What is said of somebody here stands against what is inherited;
// of several memberships on the same level the one that grants stands.
Verdicts JudgeMembers(const std::vector<dropbox::Member>& members);
// `nearer` before `farther`: somebody with no access here has none, whatever the folder above says.
Verdicts Inherit(const Verdicts& nearer, const Verdicts& farther);

// The value of `_allow_access_control`, ready to be written.
struct AccessList {
  std::vector<std::string> values;  // sorted, each once; never empty
  std::string json;                 // array of them
  std::uint64_t fingerprint = 0;    // never 0
};

// `has_own_members`: not the list of a folder alone; such a list has another fingerprint even when
// it names the same people, because another change of members changes it.
AccessList MakeAccessList(std::vector<std::string> values, bool has_own_members = false);
AccessList NobodysAccessList();
// Those whom the verdicts let read.
std::vector<std::string> ReadersOf(const Verdicts& verdicts);

}  // namespace dbxes::permissions
