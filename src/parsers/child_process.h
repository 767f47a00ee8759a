// SPDX-License-Identifier: Apache-2.0
// This program started once more, as a process with a clean address space, an empty environment and
// no descriptors but those it is given; and files without a name to hand it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace dbxes::parsers {

// An open descriptor, closed when it goes.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// In memory, with these bytes in it.
Result<Descriptor> MakeMemoryFile(std::string_view bytes);
// The first `max_bytes` of it, whoever wrote them.
Result<std::string> ReadMemoryFile(const Descriptor& file, std::size_t max_bytes);

class ChildProcess {
 public:
  // `input` and `output` become its standard streams; -1 for /dev/null. It finds the other end of
  // socket() as descriptor 3, and closes it by ending.
  static Result<ChildProcess> Start(const std::vector<std::string>& arguments, int input,
                                    int output);
  ChildProcess(ChildProcess&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), socket_(std::move(other.socket_)) {}
  ChildProcess& operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(socket_, other.socket_);
    return *this;
  }
  ~ChildProcess();

  int socket() const { return socket_.get(); }
  // How many seconds of CPU it may take from now on.
  void LimitCpu(std::size_t seconds) const;
  void Kill() const;
  // Ends it, unless it has ended by itself, and says how, as waitpid does.
  int End();

 private:
  ChildProcess(pid_t pid, Descriptor socket) : pid_(pid), socket_(std::move(socket)) {}

  pid_t pid_;
  Descriptor socket_;
};

}  // namespace dbxes::parsers
