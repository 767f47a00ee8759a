// SPDX-License-Identifier: Apache-2.0
// From memberships to `_allow_access_control`: the readers of a document by Dropbox's rules
// (Dropbox HTTP API: sharing, members), in the strings of Elastic's Dropbox connector. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dropbox/types.h"

namespace dbxes::permissions {

// The list of a document that nobody may read, or whose members could not be read: an empty list
// would open it to everybody. No identity holds this value, as theirs all have a prefix.
inline constexpr std::string_view kNobody = "nobody";

// True for owners, editors and viewers. False for "traverse", and for every access type that is not
// known here.
bool GrantsReading(std::string_view access_type);

// "user_id:dbid:…", "group:g:…", or "email:…" in lower case; "" for a deleted account.
std::string AccessValue(const dropbox::Member& member);
std::string UserValue(std::string_view account_id);

// "link:team" for the members of the team, "link:public" for everybody; "" for nobody.
std::string LinkValue(dropbox::LinkAudience audience);

// Whether each member may read, sorted by the member's value.
using Verdicts = std::vector<std::pair<std::string, bool>>;

// Verdicts of one folder's members. A direct membership overrides an inherited one; of several on
// the same level, one that grants reading wins.
Verdicts JudgeMembers(const std::vector<dropbox::Member>& members);
// `nearer` overrides `farther`: somebody without access here has none, whatever the folder above
// grants.
Verdicts Inherit(const Verdicts& nearer, const Verdicts& farther);

// The value of `_allow_access_control`, ready to be written.
struct AccessList {
  std::vector<std::string> values;  // sorted, each once; never empty
  std::string json;                 // array of them
  std::uint64_t fingerprint = 0;    // never 0
};

// `has_own_members`: not the list of a folder alone. Such a list has another fingerprint even with
// the same people, because other changes of members affect it.
AccessList MakeAccessList(std::vector<std::string> values, bool has_own_members = false);
AccessList NobodysAccessList();
// The members that may read.
std::vector<std::string> ReadersOf(const Verdicts& verdicts);

}  // namespace dbxes::permissions
