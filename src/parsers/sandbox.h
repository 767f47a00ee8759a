// SPDX-License-Identifier: Apache-2.0
// What a process that reads untrusted files may cost and do. Each call concerns the process that
// makes it, for good, and what it executes later.
#pragma once

#include <cstddef>
#include <string>

namespace dbxes::parsers {

struct ProcessLimits {
  std::size_t memory_bytes = 0;  // of address space
  std::size_t cpu_seconds = 0;   // 0: the parent sets it anew for each file
  std::size_t output_bytes = 0;  // of any file that it writes
};

// The address sanitizer reserves terabytes: memory has no limit under it. gcc and clang tell of it
// in ways of their own.
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

// Resource limits, no core dumps, an end together with the parent, no new privileges, and deafness
// to the signals that ask the parent to stop: it decides about its children.
void LimitProcess(const ProcessLimits& limits);

// Which mechanisms are in force; a kernel or a container may lack either.
struct Confinement {
  bool landlock = false;
  bool seccomp = false;
};

// Nothing but memory and the descriptors that are there: no files, sockets, programs, processes.
// What is forbidden ends the process, except that opening files merely fails.
Confinement ConfineToDescriptors();

// For a program that has to be executed still and to find its libraries and fonts: reads the
// system's folders and the one of `program`; no other files, no sockets, processes, or writing.
Confinement ConfineToReading(const std::string& program);

}  // namespace dbxes::parsers
