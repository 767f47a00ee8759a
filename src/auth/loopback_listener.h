// SPDX-License-Identifier: Apache-2.0
// Waits on the loopback interface for the browser that Dropbox redirects here with the code (RFC
// 8252, 7.3). Other machines cannot connect.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace dbxes::auth {

class LoopbackListener {
 public:
  // Listens at `redirect_uri`: http, a loopback name and a port. kConfig when it has another form
  // or the port is in use.
  static Result<std::unique_ptr<LoopbackListener>> Open(const std::string& redirect_uri);
  ~LoopbackListener();
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  // Why it does not listen on the IPv6 address, although this machine has one; "" if it does.
  const std::string& problem() const { return problem_; }

  // The code of the redirect with this `state`. Several connections are served at a time, so that
  // none keeps the browser out. kAuth when the user declines or no redirect comes
  // within `patience`; kInterrupted when `stop_signal` returns a signal.
  Result<std::string> WaitForCode(const std::string& state, Clock& clock, Milliseconds patience,
                                  const std::function<int()>& stop_signal);

 private:
  explicit LoopbackListener(std::string path) : path_(std::move(path)) {}

  std::string path_;
  std::string problem_;
  std::vector<int> sockets_;  // of IPv4 and, where there is one, of IPv6
};

}  // namespace dbxes::auth
