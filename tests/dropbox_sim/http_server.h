// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 server, a thread per connection, that can misbehave on purpose: reset, cut,
// stall, trickle. Server libraries hide the socket and cannot do this. Loopback only; TLS when a
// certificate is given.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "dropbox_sim/message.h"
#include "dropbox_sim/open_calls.h"

namespace dbxes::sim {

class HttpServer {
 public:
  // Called from many threads at once.
  using Handler = std::function<Response(const Request&)>;
  // Called once for each response, before its last bytes are sent or when its client is seen to
  // have hung up.
  using Done = std::function<void(std::uint64_t ticket)>;
  // Called after each Nudge for a response that waits for news: the answer, or nothing yet.
  using Wake = std::function<std::optional<Response>(const Request&, std::uint64_t ticket)>;

  HttpServer(Handler handler, Done done, Wake wake);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Binds 127.0.0.1; port 0 takes a free one. Files in PEM, both empty: no TLS. Returns an error
  // or an empty text.
  std::string Listen(std::uint16_t port, const std::string& cert_file, const std::string& key_file);
  std::uint16_t port() const { return port_; }
  bool tls() const { return tls_context_ != nullptr; }
  // Serves until Stop, then waits for the connections to end.
  void Run();
  // May be called from a signal handler and from a handler.
  void Stop();
  // Something has changed: requests that wait for news check again.
  void Nudge();

 private:
  friend class Connection;
  void Accept();
  void Serve(int socket);
  // False if the server stopped meanwhile, or the client at this socket hung up.
  bool SleepUntil(std::chrono::steady_clock::time_point deadline, int client);
  enum class Woken : std::uint8_t { kNudged, kTimeout, kStopped };
  // Sleeps until there are more nudges than `*seen`, and updates it.
  Woken WaitForNudge(std::uint64_t* seen, std::chrono::steady_clock::time_point deadline);
  std::uint64_t nudges();

  Handler handler_;
  Wake wake_longpoll_;
  OpenCalls open_calls_;
  void* tls_context_ = nullptr;  // SSL_CTX
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::uint64_t nudges_ = 0;
  std::set<int> sockets_;
};

}  // namespace dbxes::sim
