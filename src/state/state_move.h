// SPDX-License-Identifier: Apache-2.0
// Carries a state from one place to another, so that the next run continues there.
#pragma once

#include "base/result.h"
#include "checkpoint/state_place.h"

namespace dbxes::state {

// Copies all parts and then removes them from where they were: the checkpoint first, so that no run
// continues from a state that was left behind. Holds both places meanwhile. A move that was
// interrupted can be repeated; one that has been done is none. kConfig if there is no state, or if
// `to` has another one;
// kLocked if a run holds one of them.
Result<void> MoveState(checkpoint::StatePlace& from, checkpoint::StatePlace& to, int pid);

}  // namespace dbxes::state
