// SPDX-License-Identifier: Apache-2.0
#include "auth/loopback_listener.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

namespace dbxes::auth {
namespace {

constexpr Milliseconds kPatience{60'000};

int NoSignal() { return 0; }

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// A port that is free at the moment.
std::uint16_t FreePort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(0);
  socklen_t length = sizeof address;
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0);
  REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  ::close(fd);
  return ntohs(address.sin_port);
}

// The answer to a browser; "" where nothing listens.
std::string Visit(std::uint16_t port, const std::string& request) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Loopback(port);
  std::string answer;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    ::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
    char buffer[4096];
    for (ssize_t got = 0; (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) {
      answer.append(buffer, static_cast<std::size_t>(got));
    }
  }
  ::close(fd);
  return answer;
}

std::string Get(std::uint16_t port, const std::string& target) {
  return Visit(port, fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", target));
}

}  // namespace

TEST_CASE("the code of the right browser is taken, whatever connects before") {
  const std::uint16_t port = FreePort();
  auto listener = LoopbackListener::Open(fmt::format("http://localhost:{}/back", port));
  REQUIRE(listener);
  std::string answers[5];
  std::thread browser([&] {
    answers[0] = Get(port, "/favicon.ico");
    answers[1] = Get(port, "/back?code=stolen&state=guessed");
    answers[2] = Visit(port, "POST /back?code=stolen&state=s1 HTTP/1.1\r\n\r\n");
    answers[3] = Visit(port, "nonsense\r\n\r\n");
    answers[4] = Get(port, "/back?code=the-code&state=s1");
  });
  SystemClock clock;
  const auto code = (*listener)->WaitForCode("s1", clock, kPatience, NoSignal);
  browser.join();
  REQUIRE(code);
  CHECK(*code == "the-code");
  CHECK(answers[0].starts_with("HTTP/1.1 404 "));
  CHECK(answers[1].starts_with("HTTP/1.1 400 "));
  CHECK(answers[2].starts_with("HTTP/1.1 404 "));
  CHECK(answers[3].starts_with("HTTP/1.1 404 "));
  CHECK(answers[4].starts_with("HTTP/1.1 200 "));
}

TEST_CASE("connections that stall or drip keep nobody out") {
  const std::uint16_t port = FreePort();
  auto listener = LoopbackListener::Open(fmt::format("http://localhost:{}/back", port));
  REQUIRE(listener);
  std::atomic<bool> over = false;
  std::thread browser([&] {
    std::vector<int> stalled;
    const sockaddr_in address = Loopback(port);
    for (int number = 0; number < 40; ++number) {
      const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
      if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        ::send(fd, "G", 1, MSG_NOSIGNAL);
      }
      stalled.push_back(fd);
    }
    std::thread drip([&] {
      while (!over) {
        for (const int fd : stalled) ::send(fd, "E", 1, MSG_NOSIGNAL);
        ::usleep(20'000);
      }
    });
    Get(port, "/back?code=the-code&state=s1");
    over = true;
    drip.join();
    for (const int fd : stalled) ::close(fd);
  });
  SystemClock clock;
  const Milliseconds begin = clock.Now();
  const auto code = (*listener)->WaitForCode("s1", clock, kPatience, NoSignal);
  browser.join();
  REQUIRE(code);
  CHECK(*code == "the-code");
  CHECK(clock.Now() - begin < Milliseconds(5'000));
}

TEST_CASE("a connection that drips is closed after its time") {
  const std::uint16_t port = FreePort();
  auto listener = LoopbackListener::Open(fmt::format("http://localhost:{}/back", port));
  REQUIRE(listener);
  std::atomic<bool> closed = false;
  std::thread client([&] {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = Loopback(port);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
    for (int tries = 0; tries < 400 && !closed; ++tries) {
      if (::send(fd, "G", 1, MSG_NOSIGNAL) < 0) closed = true;
      ::usleep(25'000);
    }
    ::close(fd);
  });
  SystemClock clock;
  const auto code = (*listener)->WaitForCode("s1", clock, Milliseconds(8'000), NoSignal);
  client.join();
  CHECK_FALSE(code);
  CHECK(closed);
}

TEST_CASE("a port whose IPv6 side another program has is reported") {
  const std::uint16_t port = FreePort();
  const int taken = ::socket(AF_INET6, SOCK_STREAM, 0);
  const int on = 1;
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  address.sin6_port = htons(port);
  if (taken < 0 || ::setsockopt(taken, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0 ||
      ::bind(taken, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    MESSAGE("skipped: this machine has no IPv6 loopback address");
    return;
  }
  REQUIRE(::listen(taken, 1) == 0);
  const auto listener = LoopbackListener::Open(fmt::format("http://localhost:{}/", port));
  REQUIRE(listener);
  CHECK((*listener)->problem().starts_with(
      fmt::format("cannot listen on [::1]:{}: Address already in use", port)));
  ::close(taken);
}

TEST_CASE("access that is denied ends the wait") {
  const std::uint16_t port = FreePort();
  auto listener = LoopbackListener::Open(fmt::format("http://127.0.0.1:{}/", port));
  REQUIRE(listener);
  std::thread browser([&] { Get(port, "/?error=access_denied&state=s1"); });
  SystemClock clock;
  const auto code = (*listener)->WaitForCode("s1", clock, kPatience, NoSignal);
  browser.join();
  REQUIRE_FALSE(code);
  CHECK(code.error().kind == ErrorKind::kAuth);
  CHECK(code.error().message.find("access was denied") != std::string::npos);
}

TEST_CASE("no browser comes, or a signal does") {
  auto listener = LoopbackListener::Open(fmt::format("http://localhost:{}/", FreePort()));
  REQUIRE(listener);
  SystemClock clock;
  const auto late = (*listener)->WaitForCode("s1", clock, Milliseconds(1), NoSignal);
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::kAuth);
  const auto stopped = (*listener)->WaitForCode("s1", clock, kPatience, [] { return SIGTERM; });
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().kind == ErrorKind::kInterrupted);
  CHECK(stopped.error().signal == SIGTERM);
}

TEST_CASE("only this machine's own addresses can be listened on, and free ports") {
  for (const char* uri : {"https://localhost:53682/", "http://example.com:53682/",
                          "http://localhost/", "http://localhost:0/", "http://127.example.org:1/",
                          "http://localhost:99999/", "nonsense"}) {
    CAPTURE(uri);
    const auto listener = LoopbackListener::Open(uri);
    REQUIRE_FALSE(listener);
    CHECK(listener.error().kind == ErrorKind::kConfig);
  }
  const std::string uri = fmt::format("http://localhost:{}/", FreePort());
  const auto first = LoopbackListener::Open(uri);
  REQUIRE(first);
  const auto second = LoopbackListener::Open(uri);
  REQUIRE_FALSE(second);
  CHECK(second.error().message.find("Address already in use") != std::string::npos);
}

}  // namespace dbxes::auth
