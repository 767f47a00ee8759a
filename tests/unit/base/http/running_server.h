// SPDX-License-Identifier: Apache-2.0
// Real servers on the loopback, and the network client for them.
#pragma once

#include <doctest/doctest.h>
#include <httplib.h>

#include <string>
#include <thread>
#include <utility>

#include "base/http/curl_http.h"
#include "base/http/event_loop.h"

namespace dbxes {

// An httplib server in a thread of its own.
template <class Server>
class Running {
 public:
  template <class... Args>
  explicit Running(Args... args) : server(args...) {}
  ~Running() {
    server.stop();
    if (thread_.joinable()) thread_.join();
  }
  void Start() {
    port_ = server.bind_to_any_port("127.0.0.1");
    REQUIRE(port_ > 0);
    server.set_keep_alive_max_count(1000);
    // A connection that is kept occupies a thread of this server.
    server.new_task_queue = [] { return new httplib::ThreadPool(128); };
    thread_ = std::thread([this] { server.listen_after_bind(); });
    while (!server.is_running()) std::this_thread::yield();
  }
  std::string Url(const std::string& path, const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + path;
  }

  int port() const { return port_; }

  Server server;

 private:
  int port_ = 0;
  std::thread thread_;
};

struct Client {
  Result<HttpResponse> Ask(HttpRequest request) {
    const Pending<HttpResponse> pending;
    http.Start(std::move(request),
               [pending](Result<HttpResponse> answer) { pending.Fulfil(std::move(answer)); });
    REQUIRE_FALSE(pending.Ready());  // never from inside Start
    return loop.Await(pending);
  }

  CurlHttp http{"dbx-es/test"};
  SystemClock clock;
  EventLoop loop{http, clock};
};

inline HttpRequest Request(std::string method, std::string url) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  return request;
}

}  // namespace dbxes
