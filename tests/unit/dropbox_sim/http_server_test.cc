// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <array>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace dbxes::sim {
namespace {

// A server whose answers to /slow take minutes; "/" says how many calls are open at its arrival.
class SlowServer {
 public:
  SlowServer()
      : server_([this](const Request& request) { return Answer(request); },
                [this](std::uint64_t ticket) { Done(ticket); },
                [](const Request&, std::uint64_t) { return std::nullopt; }) {
    REQUIRE(server_.Listen(0, "", "").empty());
    thread_ = std::thread([this] { server_.Run(); });
  }
  ~SlowServer() {
    server_.Stop();
    thread_.join();
  }
  SlowServer(const SlowServer&) = delete;
  SlowServer& operator=(const SlowServer&) = delete;

  int Connect() const {
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(client, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    return client;
  }

  static void Send(int client, const std::string& path) {
    const std::string request = "POST " + path + " HTTP/1.1\r\nContent-Length: 0\r\n\r\n";
    REQUIRE(write(client, request.data(), request.size()) == static_cast<ssize_t>(request.size()));
  }

  // A connection that has sent a request for this path.
  int Ask(const std::string& path) const {
    const int client = Connect();
    Send(client, path);
    return client;
  }

  // Reads until the end of the headers, at least.
  static std::string Read(int client) {
    std::array<char, 4096> chunk;
    std::string got;
    while (got.find("\r\n\r\n") == std::string::npos || got.back() == '\n') {
      const ssize_t size = read(client, chunk.data(), chunk.size());
      REQUIRE(size > 0);
      got.append(chunk.data(), static_cast<std::size_t>(size));
    }
    return got;
  }

 private:
  Response Answer(const Request& request) {
    const std::lock_guard lock(mutex_);
    Response response;
    response.ticket = ++tickets_;
    response.body = std::make_shared<const std::string>(std::to_string(open_.size()) + " open");
    open_.insert(response.ticket);
    if (request.target == "/slow") {
      response.fault.kind = TransportFault::Kind::kSlowBody;
      response.fault.bytes_per_second = 1;
    }
    return response;
  }

  void Done(std::uint64_t ticket) {
    const std::lock_guard lock(mutex_);
    CHECK(open_.erase(ticket) == 1);
  }

  std::mutex mutex_;
  std::uint64_t tickets_ = 0;
  std::set<std::uint64_t> open_;
  HttpServer server_;
  std::thread thread_;
};

// A hundred, because their threads cannot all have run when the next call arrives.
TEST_CASE("a client that hung up has no call in flight when it asks again") {
  SlowServer server;
  for (int round = 0; round < 20; ++round) {
    std::vector<int> lost;
    for (int i = 0; i < 100; ++i) lost.push_back(server.Ask("/slow"));
    for (int client : lost) CHECK(SlowServer::Read(client).find(" 200 OK") != std::string::npos);
    const int next = server.Connect();
    for (int client : lost) close(client);
    SlowServer::Send(next, "/");
    CHECK(SlowServer::Read(next).find("\r\n\r\n0 open") != std::string::npos);
    close(next);
  }
}

TEST_CASE("a slow call is in flight while its client waits for it") {
  SlowServer server;
  const int waiting = server.Ask("/slow");
  CHECK(SlowServer::Read(waiting).find(" 200 OK") != std::string::npos);
  const int other = server.Ask("/");
  CHECK(SlowServer::Read(other).find("1 open") != std::string::npos);
  close(waiting);
  close(other);
}

}  // namespace
}  // namespace dbxes::sim
