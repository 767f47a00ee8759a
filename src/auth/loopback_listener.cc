// SPDX-License-Identifier: Apache-2.0
#include "auth/loopback_listener.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>

#include "auth/redirect.h"
#include "base/http/event_loop.h"
#include "base/http/url.h"
#include "base/os/descriptor.h"
#include "base/safe_text.h"

namespace dbxes::auth {
namespace {

constexpr std::size_t kMaxRequestBytes = 16 << 10;
constexpr int kPollMs = 200;
// For one connection, from its beginning. Browsers open connections in advance and send nothing on
// them, and other programs of this machine may connect, too: each has its own time.
constexpr Milliseconds kConnectionTime{5'000};
// Beyond it, the oldest one is closed: a browser needs a moment only.
constexpr std::size_t kMostConnections = 16;

std::optional<std::uint16_t> PortOf(const std::string& text) {
  std::uint16_t port = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || port == 0) return {};
  return port;
}

// A listening socket, -1 with errno if there is none.
int Listen(const sockaddr* address, socklen_t length) {
  const int fd = ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address->sa_family == AF_INET6) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (::bind(fd, address, length) == 0 && ::listen(fd, 8) == 0) return fd;
  const int reason = errno;
  ::close(fd);
  errno = reason;
  return -1;
}

int ListenV4(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return Listen(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

int ListenV6(std::uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  address.sin6_port = htons(port);
  return Listen(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

// The target of "GET TARGET HTTP/1.1"; "" for everything else.
std::string TargetOf(std::string_view request) {
  const std::string_view line = request.substr(0, request.find("\r\n"));
  const std::size_t end = line.find(" HTTP/");
  if (line.substr(0, 4) != "GET " || end == std::string_view::npos || end < 4) return "";
  return std::string(line.substr(4, end - 4));
}

void SendAll(int connection, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    // The page may be cut short: the code has arrived.
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// Nothing until the redirect of our link arrives.
std::optional<Result<std::string>> Outcome(const Redirect& redirect) {
  switch (redirect.kind) {
    case Redirect::kElsewhere:
    case Redirect::kForged:
      return std::nullopt;
    case Redirect::kDenied:
      return Fail(ErrorKind::kAuth,
                  "access was denied in the browser: run dbx-es auth again and choose Allow");
    case Redirect::kRefused:
      return Fail(ErrorKind::kAuth, "Dropbox did not ask for access: " + InOneLine(redirect.text));
    case Redirect::kCode:
      return redirect.text;
  }
  return std::nullopt;
}

// Those who have connected and not sent a whole request yet. None of them makes another one wait.
class Connections {
 public:
  Connections(const std::string& path, const std::string& state) : path_(path), state_(state) {}

  void AddTo(std::vector<pollfd>& waiting) const {
    for (const Connection& one : all_) waiting.push_back({one.socket.get(), POLLIN, 0});
  }
  void Accept(int listening, Milliseconds now) {
    Descriptor socket(::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.is_open()) return;
    if (all_.size() == kMostConnections) all_.pop_front();
    all_.push_back({std::move(socket), "", now + kConnectionTime});
  }
  // What a connection asked for, if it was ours; and then, or when it has ended, it is closed.
  Redirect Read(int socket) {
    const auto found = std::find_if(all_.begin(), all_.end(), [socket](const Connection& one) {
      return one.socket.get() == socket;
    });
    if (found == all_.end() || !IsComplete(*found)) return {};
    const Redirect redirect = ReadRedirect(TargetOf(found->request), path_, state_);
    SendAll(socket, RedirectAnswer(redirect));
    all_.erase(found);
    return redirect;
  }
  void CloseLate(Milliseconds now) {
    std::erase_if(all_, [now](const Connection& one) { return one.deadline <= now; });
  }

 private:
  struct Connection {
    Descriptor socket;
    std::string request;
    Milliseconds deadline;
  };

  static bool IsComplete(Connection& one) {
    char buffer[2048];
    const ssize_t got = ::recv(one.socket.get(), buffer, sizeof buffer, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (got <= 0) return true;
    one.request.append(buffer, static_cast<std::size_t>(got));
    return one.request.find("\r\n\r\n") != std::string::npos ||
           one.request.size() >= kMaxRequestBytes;
  }

  const std::string& path_;
  const std::string& state_;
  std::deque<Connection> all_;
};

}  // namespace

Result<std::unique_ptr<LoopbackListener>> LoopbackListener::Open(const std::string& redirect_uri) {
  const auto url = ParseUrl(redirect_uri);
  const auto port = url ? PortOf(url->port) : std::nullopt;
  const bool local = url && url->scheme == "http" && IsLoopback(*url);
  if (!local || !port) {
    return Fail(ErrorKind::kConfig,
                fmt::format("--redirect-uri {} is not of the form http://localhost:PORT/, which a "
                            "listener on this machine can answer",
                            redirect_uri));
  }
  std::unique_ptr<LoopbackListener> listener(new LoopbackListener(url->path));
  const int v4 = ListenV4(*port);
  if (v4 < 0) {
    return Fail(ErrorKind::kConfig, fmt::format("cannot listen on port {} for the browser: {}",
                                                *port, std::strerror(errno)));
  }
  listener->sockets_.push_back(v4);
  // "localhost" may mean either; a machine without IPv6 uses IPv4 alone.
  if (const int v6 = ListenV6(*port); v6 >= 0) {
    listener->sockets_.push_back(v6);
  } else if (errno != EAFNOSUPPORT && errno != EADDRNOTAVAIL) {
    listener->problem_ = fmt::format(
        "cannot listen on [::1]:{}: {}; if the browser shows an error, another program got the "
        "answer: run dbx-es auth again with another --redirect-uri",
        *port, std::strerror(errno));
  }
  return listener;
}

LoopbackListener::~LoopbackListener() {
  for (const int socket : sockets_) ::close(socket);
}

Result<std::string> LoopbackListener::WaitForCode(const std::string& state, Clock& clock,
                                                  Milliseconds patience,
                                                  const std::function<int()>& stop_signal) {
  const Milliseconds deadline = clock.Now() + patience;
  Connections connections(path_, state);
  while (clock.Now() < deadline) {
    if (const int signal = stop_signal(); signal != 0) return Fail(EventLoop::Interrupted(signal));
    std::vector<pollfd> waiting;
    for (const int socket : sockets_) waiting.push_back({socket, POLLIN, 0});
    connections.AddTo(waiting);
    const bool any = ::poll(waiting.data(), waiting.size(), kPollMs) > 0;
    connections.CloseLate(clock.Now());
    for (std::size_t at = 0; any && at < waiting.size(); ++at) {
      if (waiting[at].revents == 0) continue;
      if (at < sockets_.size()) {
        connections.Accept(waiting[at].fd, clock.Now());
      } else if (auto outcome = Outcome(connections.Read(waiting[at].fd))) {
        return *std::move(outcome);
      }
    }
  }
  return Fail(ErrorKind::kAuth,
              fmt::format("the link was not used within {} minutes; run dbx-es auth again",
                          patience.count() / 60'000));
}

}  // namespace dbxes::auth
