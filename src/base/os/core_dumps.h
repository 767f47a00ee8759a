// SPDX-License-Identifier: Apache-2.0
// Secrets are in memory: no crash may write them to a disk, and no other process may read them.
#pragma once

namespace dbxes {

// From now on this process leaves no core dump, and only root may trace it (setrlimit(2),
// prctl(2): PR_SET_DUMPABLE). Programs that it executes may be traced again.
void ForbidCoreDumps();

}  // namespace dbxes
