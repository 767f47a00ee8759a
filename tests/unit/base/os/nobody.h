// SPDX-License-Identifier: Apache-2.0
// Another user of the machine, for tests that run as root.
#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace dbxes {

inline constexpr unsigned kNobody = 65534;

// Calls `prepare` in a process of the user nobody and waits for it.
inline void AsNobody(const std::function<void()>& prepare) {
  const pid_t pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) {
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(1);
    try {
      prepare();
    } catch (...) {
      ::_exit(2);
    }
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  REQUIRE(status == 0);
}

}  // namespace dbxes
