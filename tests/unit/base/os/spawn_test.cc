// SPDX-License-Identifier: Apache-2.0
#include "base/os/spawn.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>

#include "base/os/descriptor.h"

namespace dbxes {
namespace {

struct Pipe {
  Pipe() {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
  }
  Descriptor read;
  Descriptor write;
};

// What the shell prints for this line.
std::string Print(Spawn& spawn, const std::string& line, bool close_others = false) {
  Pipe pipe;
  spawn.Give(-1, STDIN_FILENO);
  spawn.Give(pipe.write.get(), STDOUT_FILENO);
  if (close_others) spawn.CloseFrom(STDERR_FILENO + 1);
  const auto pid = spawn.Start("/bin/sh", {"sh", "-c", line});
  REQUIRE(pid);
  pipe.write = Descriptor();
  std::string printed;
  char buffer[256];
  while (true) {
    const ssize_t got = ::read(pipe.read.get(), buffer, sizeof buffer);
    if (got <= 0) break;
    printed.append(buffer, static_cast<std::size_t>(got));
  }
  int status = 0;
  CHECK(::waitpid(*pid, &status, 0) == *pid);
  return printed;
}

}  // namespace

TEST_CASE("variables are left out by the beginning of their names") {
  ::setenv("DBX_ES_TEST_SECRET", "swordfish", 1);
  ::setenv("DBX_ES", "other", 1);
  const std::string line = "echo \"${DBX_ES_TEST_SECRET-none} ${DBX_ES-none} ${PATH:+path}\"";
  Spawn open;
  CHECK(Print(open, line) == "swordfish other path\n");
  Spawn hiding;
  hiding.HideVariables("DBX_ES_");
  CHECK(Print(hiding, line) == "none other path\n");
  ::unsetenv("DBX_ES_TEST_SECRET");
  ::unsetenv("DBX_ES");
}

TEST_CASE("a program gets the descriptors that it is given") {
  Pipe other;
  Spawn spawn;
  spawn.Give(other.read.get(), 77);
  CHECK(Print(spawn, "cat; test -e /proc/self/fd/77 && echo there") == "there\n");
  Spawn closed;
  closed.Give(other.read.get(), 77);
  CHECK(Print(closed, "test -e /proc/self/fd/77 || echo gone", true) == "gone\n");
}

TEST_CASE("a program gets our environment unless it is to have none") {
  ::setenv("DBX_ES_SPAWN_TEST", "value", 1);
  Spawn spawn;
  CHECK(Print(spawn, "echo $DBX_ES_SPAWN_TEST") == "value\n");
  Spawn empty;
  empty.EmptyEnvironment();
  CHECK(Print(empty, "echo $DBX_ES_SPAWN_TEST") == "\n");
  ::unsetenv("DBX_ES_SPAWN_TEST");
}

TEST_CASE("a program does not ignore SIGPIPE although we do") {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  Spawn spawn;
  CHECK(Print(spawn, "kill -PIPE $$; echo ignored").empty());
  std::signal(SIGPIPE, before);
}

TEST_CASE("a program that is not there is an error number") {
  const auto pid = Spawn().Start("no-such-program-anywhere", {"x"});
  REQUIRE_FALSE(pid);
  CHECK(pid.error() == ENOENT);
}

}  // namespace dbxes
