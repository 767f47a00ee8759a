// SPDX-License-Identifier: Apache-2.0
#include "auth/loopback_listener.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "auth/redirect.h"
#include "base/http/event_loop.h"
#include "base/http/url.h"

namespace dbxes::auth {
namespace {

constexpr std::size_t kMaxRequestBytes = 16 << 10;
constexpr int kPollMs = 200;
// Browsers open connections in advance and send nothing on them.
constexpr time_t kReadSeconds = 2;

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
std::string ReadTarget(int connection) {
  const timeval limit{kReadSeconds, 0};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  std::string request;
  char buffer[2048];
  while (request.find("\r\n\r\n") == std::string::npos && request.size() < kMaxRequestBytes) {
    const ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    request.append(buffer, static_cast<std::size_t>(got));
  }
  const std::string_view line = std::string_view(request).substr(0, request.find("\r\n"));
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

Redirect Serve(int listening, const std::string& path, const std::string& state) {
  const int connection = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection < 0) return {};
  const Redirect redirect = ReadRedirect(ReadTarget(connection), path, state);
  SendAll(connection, RedirectAnswer(redirect));
  ::close(connection);
  return redirect;
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
      return Fail(ErrorKind::kAuth, "Dropbox did not ask for access: " + redirect.text);
    case Redirect::kCode:
      return redirect.text;
  }
  return std::nullopt;
}

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
  if (const int v6 = ListenV6(*port); v6 >= 0) listener->sockets_.push_back(v6);
  return listener;
}

LoopbackListener::~LoopbackListener() {
  for (const int socket : sockets_) ::close(socket);
}

Result<std::string> LoopbackListener::WaitForCode(const std::string& state, Clock& clock,
                                                  Milliseconds patience,
                                                  const std::function<int()>& stop_signal) {
  const Milliseconds deadline = clock.Now() + patience;
  std::vector<pollfd> waiting;
  for (const int socket : sockets_) waiting.push_back({socket, POLLIN, 0});
  while (clock.Now() < deadline) {
    if (const int signal = stop_signal(); signal != 0) return Fail(EventLoop::Interrupted(signal));
    if (::poll(waiting.data(), waiting.size(), kPollMs) <= 0) continue;
    for (const pollfd& ready : waiting) {
      if ((ready.revents & POLLIN) == 0) continue;
      if (auto outcome = Outcome(Serve(ready.fd, path_, state))) return *std::move(outcome);
    }
  }
  return Fail(ErrorKind::kAuth,
              fmt::format("the link was not used within {} minutes; run dbx-es auth again",
                          patience.count() / 60'000));
}

}  // namespace dbxes::auth
