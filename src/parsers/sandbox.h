// SPDX-License-Identifier: Apache-2.0
// Limits what a process that reads untrusted files may cost and do. Each call limits the process
// that makes it, and programs that it executes later; nothing can undo it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace dbxes::parsers {

struct ProcessLimits {
  std::size_t memory_bytes = 0;  // of address space
  std::size_t cpu_seconds = 0;   // 0: the parent sets it anew for each file
  std::size_t output_bytes = 0;  // of any file that it writes
};

// The address sanitizer reserves terabytes, so memory is not limited under it. gcc and clang
// announce it in different ways.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kLimitsMemory = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kLimitsMemory = false;
#else
inline constexpr bool kLimitsMemory = true;
#endif
#else
inline constexpr bool kLimitsMemory = true;
#endif

// Exit status of a process that needed more memory than it may have.
inline constexpr int kExitOutOfMemory = 71;
// Exit status of a process that could not be confined and therefore read nothing.
inline constexpr int kExitUnconfined = 72;

// Ends the process together with its parent, gives up the capabilities that it has as root,
// disables new privileges, and lets the kernel end it before other processes where memory is short.
// Signals that ask the parent to stop are ignored: the parent ends its children.
void EndWithParent();

// Sets resource limits, disables core dumps and new processes, and calls EndWithParent. Returns the
// limits that could not be set, "memory, capabilities"; "" if all hold.
std::string LimitProcess(const ProcessLimits& limits);

// Which mechanisms are active; a kernel or a container may lack either.
struct Confinement {
  bool landlock = false;
  bool seccomp = false;
  std::string missing_limits = {};  // that LimitProcess could not set
};

// Allows only memory and the descriptors that are already open: no files, sockets, programs or
// processes. Opening a file fails; every other forbidden call ends the process.
Confinement ConfineToDescriptors();

// For a program that is still to be executed and needs its libraries and fonts: allows reading the
// system's folders and that of `program`, but no other files, no sockets, no processes, no writing,
// and nothing that reaches other processes or changes the machine. It may signal itself only.
Confinement ConfineToReading(const std::string& program);

// For a server that starts a process for each file: the filter of ConfineToDescriptors, which also
// allows to open files for reading, as far as Landlock does. It is compiled once, in the server.
// "" if it cannot be.
std::string CompileReadingFilter();

// The filters of the three functions above, as the kernel takes them, for any architecture
// (SCMP_ARCH_...): so that tests can judge them for machines that are not here. Values of flags are
// those of this machine. "" if it cannot be compiled.
enum class Filter { kDescriptors, kProgram, kReading };
std::string CompileFilter(Filter which, std::uint32_t architecture);
// Confines this process by it. Whether it is active.
bool LoadFilter(const std::string& filter);

}  // namespace dbxes::parsers
