// SPDX-License-Identifier: Apache-2.0
//
// A small HTTP/1.1 server, a thread per connection, that can misbehave on purpose: reset, cut,
// stall, trickle. A ready-made server library keeps the socket to itself and so cannot. Loopback
// only; TLS when a certificate is given.

#ifndef DBXES_TESTS_DROPBOX_SIM_HTTP_SERVER_H_
#define DBXES_TESTS_DROPBOX_SIM_HTTP_SERVER_H_

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

namespace dbxes::sim {

class HttpServer {
 public:
  /// Called from many threads at once.
  using Handler = std::function<Response(const Request&)>;
  /// Called when a response is out, or its connection is gone.
  using Done = std::function<void(uint64_t ticket)>;
  /// Asked after each Nudge for a response that waits for news: the answer, or nothing yet.
  using Wake = std::function<std::optional<Response>(const Request&, uint64_t ticket)>;

  HttpServer(Handler handler, Done done, Wake wake);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Binds 127.0.0.1; port 0 takes a free one. Files in PEM, both empty: no TLS. Returns an error
  /// or an empty text.
  std::string Listen(uint16_t port, const std::string& cert_file, const std::string& key_file);
  uint16_t port() const { return port_; }
  bool tls() const { return tls_context_ != nullptr; }
  /// Serves until Stop, then waits for the connections to end.
  void Run();
  /// May be called from a signal handler and from a handler.
  void Stop();
  /// Something has changed: who waits for news looks again.
  void Nudge();

 private:
  friend class Connection;
  void Accept();
  void Serve(int socket);
  /// False if the server stopped meanwhile.
  bool Sleep(int64_t ms);
  bool SleepUntil(std::chrono::steady_clock::time_point deadline);
  enum class Woken : uint8_t { kNudged, kTimeout, kStopped };
  /// Sleeps until there were more nudges than `*seen`, and counts them there.
  Woken WaitForNudge(uint64_t* seen, std::chrono::steady_clock::time_point deadline);
  uint64_t nudges();

  Handler handler_;
  Done done_;
  Wake wake_longpoll_;
  void* tls_context_ = nullptr;  // SSL_CTX
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  uint64_t nudges_ = 0;
  std::set<int> sockets_;
};

}  // namespace dbxes::sim

#endif  // DBXES_TESTS_DROPBOX_SIM_HTTP_SERVER_H_
