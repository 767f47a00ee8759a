// SPDX-License-Identifier: Apache-2.0
// The one event loop: HTTP exchanges, timers and descriptors of child processes. Code that uses it
// reads top to bottom: it starts work that returns a Pending<T>, then calls Await() for the value,
// and all other work in flight continues meanwhile.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/http/http.h"
#include "base/result.h"

namespace dbxes {

// A value that arrives once. Copies share the slot: the producer keeps one, the consumer the other.
// The consumer either polls it (Ready, Take) or sets a callback (Then). A callback whose object may
// be destroyed first is bound to its CallbackScope (base/callback_scope.h).
template <class T>
class Pending {
 public:
  void Fulfil(Result<T> value) const {
    if (slot_->then) return std::exchange(slot_->then, nullptr)(std::move(value));
    slot_->value.emplace(std::move(value));
  }
  void Then(std::function<void(Result<T>)> action) const {
    if (slot_->value) return action(Take());
    slot_->then = std::move(action);
  }
  bool Ready() const { return slot_->value.has_value(); }
  Result<T> Take() const {
    Result<T> value = std::move(*slot_->value);
    slot_->value.reset();
    return value;
  }

 private:
  struct Slot {
    std::optional<Result<T>> value;
    std::function<void(Result<T>)> then;
  };
  std::shared_ptr<Slot> slot_ = std::make_shared<Slot>();
};

class EventLoop {
 public:
  // `stop_signal` is called between events. It returns the number of a signal that asks to stop, or
  // 0.
  EventLoop(
      Http& http, Clock& clock, std::function<int()> stop_signal = [] { return 0; });
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  Clock& clock() { return clock_; }
  void Start(HttpRequest request, HttpCallback done) {
    http_.Start(std::move(request), std::move(done));
  }
  void After(Milliseconds delay, std::function<void()> action);
  // Calls `action` whenever the descriptor is readable or its other end is closed. Call Forget
  // before the descriptor is closed.
  Result<void> OnReadable(int descriptor, std::function<void()> action);
  void Forget(int descriptor);

  // Calls `action` after each turn of the loop: a few times a second, even if nothing happens.
  void EachTurn(std::function<void()> action) { each_turn_ = std::move(action); }

  // Waits for one event, at most `max_wait`, and runs the actions that are due.
  void RunOnce(Milliseconds max_wait = Milliseconds(250));

  // The number of the signal that asks to stop, or 0.
  int StopSignal() const;
  // For the work after a run, which a signal must not interrupt and which must not wait for ever:
  // StopSignal is 0 for `patience` from now on, and SIGTERM after that.
  void FinishInFlight(Milliseconds patience) { finish_until_ = clock_.Now() + patience; }

  // Runs the loop until the value has arrived. kInterrupted if a signal asks to stop first.
  template <class T>
  Result<T> Await(const Pending<T>& pending) {
    while (!pending.Ready()) {
      if (int signal = StopSignal(); signal != 0) return Fail(Interrupted(signal));
      RunOnce();
    }
    return pending.Take();
  }
  // Runs the loop for this long. kInterrupted if a signal asks to stop first.
  Result<void> Wait(Milliseconds duration);
  static Error Interrupted(int signal);

 private:
  void RunReadable();

  Http& http_;
  Clock& clock_;
  std::function<int()> stop_signal_;
  std::function<void()> each_turn_;
  std::optional<Milliseconds> finish_until_;
  std::multimap<Milliseconds, std::function<void()>> timers_;
  int epoll_ = -1;  // for readable_; -1 until the first descriptor
  std::map<int, std::function<void()>> readable_;
};

}  // namespace dbxes
