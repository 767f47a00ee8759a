// SPDX-License-Identifier: Apache-2.0
#include "base/http/event_loop.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace dbxes {

EventLoop::EventLoop(Http& http, Clock& clock, std::function<int()> stop_signal)
    : http_(http), clock_(clock), stop_signal_(std::move(stop_signal)) {}

EventLoop::~EventLoop() {
  if (epoll_ < 0) return;
  http_.WakeOn(-1);
  ::close(epoll_);
}

int EventLoop::StopSignal() const {
  if (!finish_until_) return stop_signal_();
  return clock_.Now() < *finish_until_ ? 0 : SIGTERM;
}

void EventLoop::After(Milliseconds delay, std::function<void()> action) {
  timers_.emplace(clock_.Now() + delay, std::move(action));
}

Result<void> EventLoop::OnReadable(int descriptor, std::function<void()> action) {
  const auto failed = [](const char* call) {
    return Fail(ErrorKind::kInternal, fmt::format("{}: {}", call, std::strerror(errno)));
  };
  if (epoll_ < 0) {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) return failed("epoll_create1");
    http_.WakeOn(epoll_);
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) return failed("epoll_ctl");
  readable_[descriptor] = std::move(action);
  return {};
}

void EventLoop::Forget(int descriptor) {
  if (readable_.erase(descriptor) == 0) return;
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void EventLoop::RunReadable() {
  std::array<epoll_event, 16> events{};
  const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
  for (int at = 0; at < count; ++at) {
    // An earlier action may have removed this one, and an action may remove itself.
    const auto found = readable_.find(events[static_cast<std::size_t>(at)].data.fd);
    if (found == readable_.end()) continue;
    const std::function<void()> action = found->second;
    action();
  }
}

void EventLoop::RunOnce(Milliseconds max_wait) {
  Milliseconds wait = max_wait;
  if (!timers_.empty()) {
    wait = std::clamp(timers_.begin()->first - clock_.Now(), Milliseconds(0), max_wait);
  }
  http_.Poll(wait);
  if (!readable_.empty()) RunReadable();
  const Milliseconds now = clock_.Now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    // Taken out first: an action may add timers.
    auto node = timers_.extract(timers_.begin());
    node.mapped()();
  }
  if (each_turn_) each_turn_();
}

Result<void> EventLoop::Wait(Milliseconds duration) {
  if (duration.count() <= 0) return {};
  const Pending<bool> over;
  After(duration, [over] { over.Fulfil(true); });
  TRY(Await(over));
  return {};
}

Error EventLoop::Interrupted(int signal) {
  // Nobody sends SIGALRM: it is how a run is asked to end whose time is up.
  Error error{ErrorKind::kInterrupted, signal == SIGALRM
                                           ? "the time of the run is up (--max-duration)"
                                       : signal == SIGTERM ? "stopped by SIGTERM"
                                                           : "stopped by SIGINT"};
  error.signal = signal;
  return error;
}

}  // namespace dbxes
