// SPDX-License-Identifier: Apache-2.0
// The oracle of document level security: what every person of the simulated Dropbox sees of the
// index through the query of an identity document, against what Dropbox would show them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "support/sync_world.h"

namespace dbxes {

// The values that an identity document gives a person: account, addresses and groups. From the
// simulator's books, not with the code under test.
std::set<std::string> PrincipalsOf(const sim::Tree& tree, const sim::Account& account);
// `_allow_access_control` of a document; empty opens it to everybody.
std::vector<std::string> AccessListOf(const FakeElastic& elastic, const std::string& index,
                                      const std::string& id);

// "" when every person sees exactly what they may; else one line for each wrong pair.
std::string PermissionDifference(SyncWorld& world);
// The same, but only what somebody sees and must not.
std::string Leaks(SyncWorld& world);

}  // namespace dbxes
