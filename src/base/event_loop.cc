// SPDX-License-Identifier: Apache-2.0
#include "base/event_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

namespace dbxes {

EventLoop::EventLoop(Http& http, Clock& clock, std::function<int()> stop_signal)
    : http_(http), clock_(clock), stop_signal_(std::move(stop_signal)) {}

int EventLoop::StopSignal() const { return clock_.Now() < patient_until_ ? 0 : stop_signal_(); }

void EventLoop::After(Milliseconds delay, std::function<void()> action) {
  timers_.emplace(clock_.Now() + delay, std::move(action));
}

void EventLoop::RunOnce(Milliseconds max_wait) {
  Milliseconds wait = max_wait;
  if (!timers_.empty()) {
    wait = std::clamp(timers_.begin()->first - clock_.Now(), Milliseconds(0), max_wait);
  }
  http_.Poll(wait);
  const Milliseconds now = clock_.Now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    // Taken out first: an action may add timers.
    auto node = timers_.extract(timers_.begin());
    node.mapped()();
  }
}

Error EventLoop::Interrupted(int signal) {
  Error error{ErrorKind::kInterrupted,
              fmt::format("stopped by {}", signal == SIGTERM ? "SIGTERM" : "SIGINT")};
  error.signal = signal;
  return error;
}

}  // namespace dbxes
