// SPDX-License-Identifier: Apache-2.0
// A proxy for one tunnel after the other: CONNECT, to any address.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/http/raw_server.h"

namespace dbxes {

class TunnelProxy {
 public:
  // `refusal` is the whole answer to every request without `credential` (a complete header line)
  // in it; "" for a proxy without credentials.
  explicit TunnelProxy(std::string refusal = "", std::string credential = "")
      : refusal_(std::move(refusal)), credential_(std::move(credential)) {
    if (::listen(socket_.fd(), 8) != 0) throw std::runtime_error("cannot listen");
    thread_ = std::thread([this] { Serve(); });
  }
  ~TunnelProxy() {
    ::shutdown(socket_.fd(), SHUT_RDWR);
    ::shutdown(client_, SHUT_RDWR);  // which may want to keep its connection
    thread_.join();
  }
  TunnelProxy(const TunnelProxy&) = delete;
  TunnelProxy& operator=(const TunnelProxy&) = delete;

  // Without the slash at its end.
  std::string url() const { return socket_.url().substr(0, socket_.url().size() - 1); }
  // The heads of all requests so far.
  std::vector<std::string> heads() {
    const std::lock_guard<std::mutex> guard(mutex_);
    return heads_;
  }

 private:
  void Serve() {
    while (true) {
      const int client = ::accept(socket_.fd(), nullptr, nullptr);
      if (client < 0) return;
      client_ = client;
      while (Answer(client)) continue;
      client_ = -1;
      ::close(client);
    }
  }

  // False at the end of the connection.
  bool Answer(int client) {
    std::string head;
    char byte = 0;
    while (head.find("\r\n\r\n") == std::string::npos) {
      if (::recv(client, &byte, 1, 0) != 1) return false;
      head += byte;
    }
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      heads_.push_back(head);
    }
    const bool allowed =
        refusal_.empty() || (!credential_.empty() && head.find(credential_) != std::string::npos);
    if (!allowed) {
      Send(client, refusal_);
      return true;
    }
    const std::size_t colon = head.find(':');
    const int server = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(head.substr(colon + 1))));
    if (::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
      Send(client, "HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n");
      Pump(client, server);
    }
    ::close(server);
    return false;
  }

  static void Send(int to, const std::string& bytes) {
    ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  static void Pump(int one, int other) {
    char buffer[65536];
    while (true) {
      pollfd both[] = {{one, POLLIN, 0}, {other, POLLIN, 0}};
      if (::poll(both, 2, 10'000) <= 0) return;
      for (int i = 0; i < 2; ++i) {
        if (both[i].revents == 0) continue;
        const ssize_t got = ::recv(both[i].fd, buffer, sizeof(buffer), 0);
        if (got <= 0) return;
        Send(both[1 - i].fd, std::string(buffer, static_cast<std::size_t>(got)));
      }
    }
  }

  LoopbackSocket socket_;
  std::string refusal_;
  std::string credential_;
  std::atomic<int> client_{-1};
  std::mutex mutex_;
  std::vector<std::string> heads_;
  std::thread thread_;
};

}  // namespace dbxes
