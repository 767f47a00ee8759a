// SPDX-License-Identifier: Apache-2.0
//
// The control interface of the server program: a test in another process changes the tree, injects
// faults and reads the books through it. README.md lists every call.

#ifndef DBXES_TESTS_DROPBOX_SIM_CONTROL_H_
#define DBXES_TESTS_DROPBOX_SIM_CONTROL_H_

#include "dropbox_sim/simulator.h"

namespace dbxes::sim {

/// True for targets under /control/.
bool IsControl(const Request& request);

/// Answers a control call; 400 with a sentence when it makes no sense. "/control/shutdown" is the
/// program's own.
Response HandleControl(Simulator* simulator, const Request& request);

}  // namespace dbxes::sim

#endif  // DBXES_TESTS_DROPBOX_SIM_CONTROL_H_
