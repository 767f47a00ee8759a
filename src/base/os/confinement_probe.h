// SPDX-License-Identifier: Apache-2.0
// What this system offers to confine processes, found without confining this one.
#pragma once

#include <string>

namespace dbxes {

// Which of Landlock and seccomp this kernel or container lacks: "Landlock", "seccomp" or "Landlock
// and seccomp"; "" if it has both.
std::string MissingConfinement();

}  // namespace dbxes
