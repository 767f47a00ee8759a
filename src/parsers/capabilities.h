// SPDX-License-Identifier: Apache-2.0
// The parts of root's power (capabilities(7)) that this process has, also as root in a container.
// By system calls: libcap would be one more library in each process.
#pragma once

namespace dbxes::parsers {

// Gives up all of them, for programs that this process executes, too, once new privileges are
// disabled (PR_SET_NO_NEW_PRIVS). HasCapabilities says whether it worked.
void DropCapabilities();
// Whether it has any.
bool HasCapabilities();

}  // namespace dbxes::parsers
