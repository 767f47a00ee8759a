// SPDX-License-Identifier: Apache-2.0
// The calls that are in flight. Such a call is open until the last bytes of its answer, or until
// its client hangs up: the client may use the call's cursor again at once. It closes its connection
// before it asks again, but the thread of the lost call may run later than the one of the new call;
// so each new call looks who has hung up.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace dbxes::sim {

class OpenCalls {
 public:
  // `done` is called once for each call, with the lock held: a caller of EndLost finds no call that
  // is neither here nor done.
  explicit OpenCalls(std::function<void(std::uint64_t ticket)> done) : done_(std::move(done)) {}

  void Begin(int socket, std::uint64_t ticket);
  // Nothing, where the call of this connection has ended before.
  void End(int socket);
  // Ends all calls whose clients have hung up.
  void EndLost();

 private:
  std::function<void(std::uint64_t ticket)> done_;
  std::mutex mutex_;
  std::map<int, std::uint64_t> tickets_;  // by socket
};

}  // namespace dbxes::sim
