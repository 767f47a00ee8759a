// SPDX-License-Identifier: Apache-2.0
#include "cli/console.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <optional>

#include "base/http/event_loop.h"
#include "base/os/spawn.h"

namespace dbxes::cli {
namespace {

constexpr int kPollMs = 200;
constexpr std::size_t kMaxLine = 16 << 10;

bool IsSet(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

// Byte by byte: input after the line is not ours.
Result<std::optional<std::string>> ReadLine(const std::function<int()>& stop_signal,
                                            std::optional<Milliseconds> patience = {}) {
  const auto begin = std::chrono::steady_clock::now();
  std::string line;
  pollfd input{STDIN_FILENO, POLLIN, 0};
  while (line.size() < kMaxLine) {
    if (const int signal = stop_signal(); signal != 0) return Fail(EventLoop::Interrupted(signal));
    if (patience && std::chrono::steady_clock::now() - begin >= *patience) return std::nullopt;
    if (::poll(&input, 1, kPollMs) <= 0) continue;
    char c = 0;
    const ssize_t got = ::read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 && line.empty()) return std::nullopt;
    if (got <= 0 || c == '\n') return line;
    line += c;
  }
  return line;
}

// Does nothing where standard input is no terminal.
class HiddenInput {
 public:
  HiddenInput() : is_terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_terminal_) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &hidden);
  }
  ~HiddenInput() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

 private:
  termios before_{};
  bool is_terminal_;
};

// Only where the user sits at this machine.
void OpenBrowser(const std::string& url) {
  const bool desktop = IsSet("DISPLAY") || IsSet("WAYLAND_DISPLAY");
  if (!desktop || IsSet("SSH_CONNECTION") || IsSet("CI") || ::isatty(STDIN_FILENO) == 0) return;
  Spawn spawn;
  // Output of the browser must not mix with the prompt.
  spawn.Give(-1, STDOUT_FILENO);
  spawn.Give(-1, STDERR_FILENO);
  // It shows pages of strangers, and needs none of our settings, which may be secrets.
  spawn.HideVariables("DBX_ES_");
  // The link is printed as well, so that nothing is lost if no browser starts.
  static_cast<void>(spawn.Start("xdg-open", {"xdg-open", url}));
}

}  // namespace

Console SystemConsole(const std::function<int()>& stop_signal) {
  return {.read_line = [stop_signal] { return ReadLine(stop_signal); },
          .read_answer =
              [stop_signal](Milliseconds patience) { return ReadLine(stop_signal, patience); },
          .read_secret =
              [stop_signal] {
                const HiddenInput hidden;
                return ReadLine(stop_signal);
              },
          .open_browser = OpenBrowser,
          .over_ssh = IsSet("SSH_CONNECTION"),
          .interactive = ::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0};
}

}  // namespace dbxes::cli
