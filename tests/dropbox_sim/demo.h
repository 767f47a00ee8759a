// SPDX-License-Identifier: Apache-2.0
// A small, realistic world for the quickstart: contracts, meeting notes, photos, a Paper document,
// a shared folder with members, a file that somebody else shared, and names in several scripts.
#pragma once

#include "dropbox_sim/tree.h"

namespace dbxes::sim {

// Adds the demo to a tree; the same every time for the same seed and clock.
void AddDemo(Tree* tree);

}  // namespace dbxes::sim
