// SPDX-License-Identifier: Apache-2.0
// The control interface of the server program: a test in another process changes the tree, injects
// faults and reads the books through it. README.md lists every call.
#pragma once

#include "dropbox_sim/simulator.h"

namespace dbxes::sim {

// True for targets under /control/.
bool IsControl(const Request& request);

// Answers a control call; 400 with a message when it is invalid. The program itself handles
// "/control/shutdown".
Response HandleControl(Simulator* simulator, const Request& request);

}  // namespace dbxes::sim
