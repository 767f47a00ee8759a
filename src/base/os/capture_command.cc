// SPDX-License-Identifier: Apache-2.0
#include "base/os/capture_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/os/descriptor.h"
#include "base/os/spawn.h"

namespace dbxes {
namespace {

constexpr std::size_t kMostBytes = 64 << 10;

enum class Ending { kClosed, kTooLate, kTooMuch };

Ending ReadAll(int fd, Milliseconds deadline, std::string& output) {
  const SystemClock clock;
  char buffer[4096];
  while (output.size() <= kMostBytes) {
    const Milliseconds left = deadline - clock.Now();
    if (left.count() <= 0) return Ending::kTooLate;
    pollfd readable{fd, POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(left.count())) <= 0) continue;
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Ending::kClosed;
    output.append(buffer, static_cast<std::size_t>(got));
  }
  return Ending::kTooMuch;
}

// The status from waitpid. A program that is still running at the deadline is killed.
int WaitFor(pid_t pid, Milliseconds deadline) {
  const SystemClock clock;
  int status = 0;
  while (true) {
    const pid_t done = ::waitpid(pid, &status, WNOHANG);
    if (done == pid || (done < 0 && errno != EINTR)) return status;
    if (clock.Now() >= deadline) ::kill(pid, SIGKILL);
    ::usleep(2'000);
  }
}

tl::unexpected<Error> Failed(const std::string& program, std::string_view how) {
  return Fail(ErrorKind::kConfig, fmt::format("'{}' {}", program, how));
}

Result<std::string> Judge(const std::string& program, Ending ending, int status,
                          Milliseconds patience, std::string output) {
  if (ending == Ending::kTooLate) {
    return Failed(program, fmt::format("was not done after {} s", patience.count() / 1000));
  }
  if (ending == Ending::kTooMuch) return Failed(program, "printed more than 64 KiB");
  if (WIFSIGNALED(status)) {
    return Failed(program, fmt::format("was ended by signal {}", WTERMSIG(status)));
  }
  if (WEXITSTATUS(status) != 0) {
    return Failed(program, fmt::format("ended with exit status {}", WEXITSTATUS(status)));
  }
  return output;
}

}  // namespace

Result<std::string> CaptureCommand(const std::vector<std::string>& words, Milliseconds patience) {
  const auto failed = [&](int reason) {
    return Failed(words.front(), fmt::format("cannot be run: {}", std::strerror(reason)));
  };
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return failed(errno);
  const Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  Spawn spawn;
  spawn.Give(-1, STDIN_FILENO);
  spawn.Give(theirs.get(), STDOUT_FILENO);
  // It knows one secret; the others in our environment are none of its business.
  spawn.HideVariables("DBX_ES_");
  const auto pid = spawn.Start(words.front(), words);
  if (!pid) return failed(pid.error());
  theirs = Descriptor();  // now the program alone holds it, so that its end is seen
  const Milliseconds deadline = SystemClock().Now() + patience;
  std::string output;
  const Ending ending = ReadAll(ours.get(), deadline, output);
  const int status = WaitFor(*pid, ending == Ending::kClosed ? deadline : Milliseconds(0));
  return Judge(words.front(), ending, status, patience, std::move(output));
}

}  // namespace dbxes
