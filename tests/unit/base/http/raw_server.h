// SPDX-License-Identifier: Apache-2.0
// A server for one connection at a time that sends exactly the bytes that it is given: half an
// answer, none at all, or one that an HTTP library would refuse to write.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace dbxes {

// A socket on a free port of the loopback.
class LoopbackSocket {
 public:
  LoopbackSocket() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd_, generic, length) != 0 || ::getsockname(fd_, generic, &length) != 0) {
      throw std::runtime_error("cannot bind a port of the loopback");
    }
    port_ = ntohs(address.sin_port);
  }
  ~LoopbackSocket() { ::close(fd_); }
  LoopbackSocket(const LoopbackSocket&) = delete;
  LoopbackSocket& operator=(const LoopbackSocket&) = delete;

  int fd() const { return fd_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  int fd_;
  int port_ = 0;
};

// A port that nobody listens on, and no other process can use.
class DeafPort {
 public:
  std::string url() const { return socket_.url(); }

 private:
  LoopbackSocket socket_;
};

class RawServer {
 public:
  // `hold`: keep the connection open after the bytes, until the client closes it. A client must go
  // before its server does.
  explicit RawServer(std::string bytes, bool hold = false) : bytes_(std::move(bytes)), hold_(hold) {
    if (::listen(socket_.fd(), 8) != 0) throw std::runtime_error("cannot listen");
    thread_ = std::thread([this] { Serve(); });
  }
  ~RawServer() {
    ::shutdown(socket_.fd(), SHUT_RDWR);
    thread_.join();
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url() const { return socket_.url(); }

 private:
  void Serve() {
    while (true) {
      const int connection = ::accept(socket_.fd(), nullptr, nullptr);
      if (connection < 0) return;
      char buffer[65536];
      std::string request;
      ssize_t got = 0;
      while (request.find("\r\n\r\n") == std::string::npos &&
             (got = ::recv(connection, buffer, sizeof(buffer), 0)) > 0) {
        request.append(buffer, static_cast<std::size_t>(got));
      }
      ::send(connection, bytes_.data(), bytes_.size(), MSG_NOSIGNAL);
      while (hold_ && ::recv(connection, buffer, sizeof(buffer), 0) > 0) continue;
      ::close(connection);
    }
  }

  LoopbackSocket socket_;
  std::string bytes_;
  bool hold_;
  std::thread thread_;
};

}  // namespace dbxes
