// SPDX-License-Identifier: Apache-2.0
#include "base/os/confinement_probe.h"

#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace dbxes {

std::string MissingConfinement() {
  const bool landlock =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
  std::uint32_t action = SECCOMP_RET_KILL_PROCESS;
  const bool seccomp = ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
  if (landlock && seccomp) return "";
  if (landlock) return "seccomp";
  return seccomp ? "Landlock" : "Landlock and seccomp";
}

}  // namespace dbxes
