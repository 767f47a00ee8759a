// SPDX-License-Identifier: Apache-2.0
#include "base/os/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace dbxes {

void ForbidCoreDumps() {
  // Neither can fail for a process of its own: lowering a limit is always allowed.
  const struct rlimit none {};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace dbxes
