// SPDX-License-Identifier: Apache-2.0
// This program, executed once more, or another one: a process with a clean address space, an empty
// environment and only the descriptors that it is given; and files in memory to pass to it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/os/descriptor.h"
#include "base/result.h"

namespace dbxes::parsers {

// A file without a name, in memory, with these bytes.
Result<Descriptor> MakeMemoryFile(std::string_view bytes);
// At most `max_bytes` of its bytes from `offset` on, whichever process wrote them.
Result<std::string> ReadMemoryFile(const Descriptor& file, std::size_t max_bytes,
                                   std::uint64_t offset = 0);

// Leaves it where a program starts to read.
std::uint64_t SizeOf(const Descriptor& file);

// An empty one of this many bytes, which keeps its size: what does not fit cannot be written.
Result<Descriptor> MakeMemoryFileOf(std::size_t bytes);

// -1 for /dev/null.
struct StandardStreams {
  int input = -1;
  int output = -1;
  int errors = -1;
};

class ChildProcess {
 public:
  // The other end of socket() is its descriptor 3, which is closed when it ends. kInternal if it
  // cannot be started.
  static Result<ChildProcess> Start(const std::vector<std::string>& arguments,
                                    const StandardStreams& streams);
  // The same of another program, which gets nothing but that descriptor.
  static Result<ChildProcess> StartProgram(const std::string& path,
                                           const std::vector<std::string>& arguments);
  ChildProcess(ChildProcess&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), socket_(std::move(other.socket_)) {}
  ChildProcess& operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(socket_, other.socket_);
    return *this;
  }
  ~ChildProcess();

  int socket() const { return socket_.get(); }
  // It may use this many more seconds of CPU.
  void LimitCpu(std::size_t seconds) const;
  // Nothing once it has ended.
  void Kill() const;
  // Once: kills it unless it ends by itself within 0.1 s. Returns the status from waitpid(2).
  int End();

 private:
  static Result<ChildProcess> Spawned(const std::string& path,
                                      const std::vector<std::string>& arguments,
                                      const StandardStreams& streams);
  ChildProcess(pid_t pid, Descriptor socket) : pid_(pid), socket_(std::move(socket)) {}

  pid_t pid_;
  Descriptor socket_;
};

}  // namespace dbxes::parsers
