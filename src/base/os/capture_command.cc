// SPDX-License-Identifier: Apache-2.0
#include "base/os/capture_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace dbxes {
namespace {

constexpr std::size_t kMostBytes = 64 << 10;

// What a program is started with; freed at the end of the scope.
class Spawning {
 public:
  Spawning() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // Ignored signals stay ignored in a program that is executed; ours are none of its business.
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~Spawning() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;

  int Start(const std::vector<std::string>& words, int output, pid_t& pid) {
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    std::vector<std::string> copies = words;
    std::vector<char*> arguments;
    for (std::string& word : copies) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    return ::posix_spawnp(&pid, copies.front().c_str(), &actions_, &attributes_, arguments.data(),
                          environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

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

// The status of waitpid; ends the program when it goes on beyond the deadline.
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
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return Failed(words.front(), fmt::format("cannot be run: {}", std::strerror(errno)));
  }
  pid_t pid = 0;
  const int problem = Spawning().Start(words, ends[1], pid);
  ::close(ends[1]);
  if (problem != 0) {
    ::close(ends[0]);
    return Failed(words.front(), fmt::format("cannot be run: {}", std::strerror(problem)));
  }
  const Milliseconds deadline = SystemClock().Now() + patience;
  std::string output;
  const Ending ending = ReadAll(ends[0], deadline, output);
  ::close(ends[0]);
  const int status = WaitFor(pid, ending == Ending::kClosed ? deadline : Milliseconds(0));
  return Judge(words.front(), ending, status, patience, std::move(output));
}

}  // namespace dbxes
