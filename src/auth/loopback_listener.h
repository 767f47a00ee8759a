// SPDX-License-Identifier: Apache-2.0
// Waits on the loopback interface for the browser that comes back from Dropbox with the code (RFC
// 8252, 7.3). Nobody outside this machine can reach it.
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
  // Listens where `redirect_uri` points: http, a loopback name and a port. kConfig when it does not
  // fit, or when the port is taken.
  static Result<std::unique_ptr<LoopbackListener>> Open(const std::string& redirect_uri);
  ~LoopbackListener();
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  // The code of the redirect with this `state`. kAuth when the person declines or nobody comes
  // within `patience`; kInterrupted when `stop_signal` gives a signal.
  Result<std::string> WaitForCode(const std::string& state, Clock& clock, Milliseconds patience,
                                  const std::function<int()>& stop_signal);

 private:
  explicit LoopbackListener(std::string path) : path_(std::move(path)) {}

  std::string path_;
  std::vector<int> sockets_;  // of IPv4 and, where there is one, of IPv6
};

}  // namespace dbxes::auth
