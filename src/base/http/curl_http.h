// SPDX-License-Identifier: Apache-2.0
// HTTP through libcurl's multi interface. Connections are kept and reused, HTTP/2 is used where the
// server offers it, and proxies come from the usual environment variables unless a request names
// one. The cost of a wake-up depends on what has happened, not on the number of transfers that
// wait.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/http/certificate_pin.h"
#include "base/http/http.h"
#include "base/http/paused_transfers.h"

namespace dbxes {

class CurlHttp final : public Http {
 public:
  // `user_agent` is sent with every request.
  explicit CurlHttp(std::string user_agent);
  ~CurlHttp() override;
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;

  void Start(HttpRequest request, HttpCallback done) override;
  void Poll(Milliseconds max_wait) override;
  void WakeOn(int descriptor) override;

 private:
  struct Transfer;
  struct Outcome;
  // libcurl calls them to watch a socket, and to be called at a time.
  static int OnSocket(CURL* handle, curl_socket_t socket, int what, void* user, void* known);
  static int OnTimer(CURLM* multi, long timeout_ms, void* user);
  int Watch(curl_socket_t socket, int what, bool known);
  void RunTimer();
  int WaitTime(Milliseconds max_wait) const;
  void RunSockets(int wait_ms);
  bool FinishSome();
  CURL* TakeHandle();
  // Null without a fingerprint.
  CertificatePin* PinFor(const HttpTransport& transport);
  Error NoAnswer(const Transfer& transfer, const Outcome& outcome);
  void Finish(CURL* handle, CURLcode code);

  std::string user_agent_;
  CURLM* multi_;
  int epoll_;
  std::optional<std::chrono::steady_clock::time_point> timer_;
  PausedTransfers paused_;
  int wake_on_ = -1;
  std::map<std::string, CertificatePin> pins_;  // by fingerprint; connections refer to them
  std::vector<CURL*> idle_;                     // for reuse: they are costly to make
  std::vector<std::unique_ptr<Transfer>> transfers_;
  // Failed before they began; the next Poll delivers them, since Start never calls back.
  std::vector<std::pair<HttpCallback, Error>> refused_;
};

}  // namespace dbxes
