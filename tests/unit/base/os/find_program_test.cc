// SPDX-License-Identifier: Apache-2.0
#include "base/os/find_program.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace dbxes {

TEST_CASE("a program is found in the absolute folders of PATH") {
  const std::string kept = std::getenv("PATH");
  ::setenv("PATH", ".:bin::/nowhere:/bin", 1);
  CHECK(FindProgram("sh") == "/bin/sh");
  CHECK(FindProgram("no-such-program") == "");
  ::setenv("PATH", "bin:.", 1);
  CHECK(FindProgram("sh") == "");
  ::unsetenv("PATH");
  CHECK(FindProgram("sh") == "/usr/bin/sh");
  ::setenv("PATH", kept.c_str(), 1);
}

TEST_CASE("a program of our own is found beside this one") {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  CHECK(FindOwnProgram(self.substr(self.rfind('/') + 1)) == self);
  CHECK(FindOwnProgram("no-such-program") == "");
}

}  // namespace dbxes
