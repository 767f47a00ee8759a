// SPDX-License-Identifier: Apache-2.0
#include "parsers/capabilities.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace dbxes::parsers {
namespace {

using Sets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

}  // namespace

void DropCapabilities() {
  // What root would get back by executing a program. Only a process with CAP_SETPCAP may change
  // this; for others that privilege, and all, are kept away by PR_SET_NO_NEW_PRIVS alone.
  for (unsigned long capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
       ++capability) {
    ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  __user_cap_header_struct self{_LINUX_CAPABILITY_VERSION_3, 0};
  const Sets none{};
  ::syscall(SYS_capset, &self, none.data());
}

bool HasCapabilities() {
  __user_cap_header_struct self{_LINUX_CAPABILITY_VERSION_3, 0};
  Sets sets{};
  if (::syscall(SYS_capget, &self, sets.data()) != 0) return true;
  return std::any_of(sets.begin(), sets.end(), [](const __user_cap_data_struct& half) {
    return (half.permitted | half.effective | half.inheritable) != 0;
  });
}

}  // namespace dbxes::parsers
