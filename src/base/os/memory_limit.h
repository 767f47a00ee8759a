// SPDX-License-Identifier: Apache-2.0
// How much memory this process and those that it starts may use before the kernel ends one of them.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace dbxes {

inline constexpr std::uint64_t kNoMemoryLimit = std::numeric_limits<std::uint64_t>::max();

// In bytes: the least of the machine's memory and the limits of the control groups that this
// process is in, such as that of a container. kNoMemoryLimit if nothing of it can be found.
std::uint64_t MemoryLimit();

// Of control groups alone. `groups` is what /proc/self/cgroup says, and `mount` is where they are,
// "/sys/fs/cgroup". Linux: Control Group v2, "memory.max"; Memory Resource Controller of v1,
// "memory.limit_in_bytes".
std::uint64_t ControlGroupMemoryLimit(std::string_view groups, const std::string& mount);

}  // namespace dbxes
