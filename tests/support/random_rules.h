// SPDX-License-Identifier: Apache-2.0
// Sync rules that cut through the names, places and sizes of RandomChanges, each set written down
// twice: as a file, and as plain code for the oracle.
#pragma once

#include <cstdint>

#include "support/sync_world.h"

namespace dbxes {

// Gives the world the rules of this number; the number of sets is kRuleSets.
inline constexpr std::uint64_t kRuleSets = 5;
void UseRules(SyncWorld& world, std::uint64_t number);

}  // namespace dbxes
