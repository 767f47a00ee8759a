// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/open_calls.h"

#include <poll.h>

namespace dbxes::sim {

void OpenCalls::Begin(int socket, std::uint64_t ticket) {
  const std::lock_guard lock(mutex_);
  tickets_[socket] = ticket;
}

void OpenCalls::End(int socket) {
  const std::lock_guard lock(mutex_);
  const auto call = tickets_.extract(socket);
  if (!call.empty()) done_(call.mapped());
}

void OpenCalls::EndLost() {
  const std::lock_guard lock(mutex_);
  for (auto call = tickets_.begin(); call != tickets_.end();) {
    pollfd client{call->first, POLLRDHUP, 0};
    if (poll(&client, 1, 0) <= 0) {
      ++call;
      continue;
    }
    done_(call->second);
    call = tickets_.erase(call);
  }
}

}  // namespace dbxes::sim
