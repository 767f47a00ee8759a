// SPDX-License-Identifier: Apache-2.0
// The hold of one run on a state in the cluster. The state document names the holder; each write of
// the holder is a sign of life. Clocks of machines are never compared: another run becomes the
// holder when it saw no new write for a whole lease by its own monotonic clock, and from then on no
// write of the former holder succeeds, because every write is on condition of the last version.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/callback_scope.h"
#include "base/http/event_loop.h"
#include "base/result.h"
#include "state/state_index.h"
#include "state/state_writer.h"

namespace dbxes::state {

class Lease {
 public:
  // `duration`: how long others wait for a sign of life. `on_wait` is called with the reason and
  // the time when Take has to wait, once for each holder.
  Lease(EventLoop& loop, StateIndex& index, Milliseconds duration,
        std::function<void(const Error&, Milliseconds)> on_wait);

  // Reads the state without holding it.
  Result<void> Read();
  // Becomes the holder; makes the index if it is absent. kLocked, naming the holder, if it shows a
  // sign of life. Waits for one for up to the holder's lease.
  Result<void> Take(const std::string& host, int pid);
  // Whether a holder did not return the state, since a run last noted what that means.
  bool after_dead() const { return after_dead_; }
  // Holds the state, as far as this process knows. Also after a Take that was interrupted, when the
  // claim may have been written.
  bool is_held() const { return held_ && !writer_.lost(); }

  // The state as it is here. Changes are written by Flush, or with the next sign of life.
  const StateDocument& document() const { return writer_.document(); }
  StateDocument& Change() { return writer_.Change(); }
  // Waits until all changes are written. kKeptElsewhere once another run has taken the state.
  Result<void> Flush() { return writer_.Flush(); }
  // Flush, and nobody holds the state any more.
  Result<void> GiveBack();
  // Calls `done` at once while no other run can have taken the state, else after the next write:
  // with its error if that failed.
  void WhenHeld(StateWriter::Done done);

 private:
  // How long a holder, whose writes were seen or not, has been silent.
  struct Watched {
    std::string nonce;
    Milliseconds since;
  };

  void Announce(const Holder& holder);
  Result<bool> IsDead(const StateDocument& found, std::optional<Watched>& watched);
  Result<void> Claim(std::optional<StoredState> found, Holder me);
  bool IsFresh() const;
  void Renew(StateWriter::Done done);
  void KeepAlive();
  void KeepAliveLater();

  EventLoop& loop_;
  StateIndex& index_;
  Milliseconds duration_;
  std::function<void(const Error&, Milliseconds)> on_wait_;
  StateWriter writer_;
  std::string announced_;  // the owner that on_wait_ was last called for
  bool held_ = false;
  bool after_dead_ = false;
  CallbackScope callbacks_;
};

}  // namespace dbxes::state
