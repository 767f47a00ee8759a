// SPDX-License-Identifier: Apache-2.0
// When the postponed items of a batch are sent again, and when the writer gives up: it waits with a
// growing delay, and for a limited time without progress. No I/O.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/http/backoff.h"
#include "base/result.h"

namespace dbxes::elastic {

class Patience {
 public:
  // `backoff` outlives this object.
  Patience(Milliseconds give_up_after, Backoff& backoff)
      : give_up_after_(give_up_after), backoff_(backoff) {}

  // Why items wait: the last reason is reported.
  void Because(Error reason) { reason_ = std::move(reason); }
  const Error& reason() const { return reason_; }

  // Starts a wait of at most `longest` and returns its length. `progressed`: the last answer
  // settled something, so the limit starts anew. Fails with the reason once the limit has passed.
  Result<Milliseconds> Wait(Milliseconds now, bool progressed, Milliseconds longest);
  bool IsOver(Milliseconds now) const { return now >= ready_at_; }
  // The postponed items are sent again now.
  void Resume() { resumed_ = true; }
  // Postponed items have been sent again at least once.
  bool resumed() const { return resumed_; }

 private:
  Milliseconds give_up_after_;
  Backoff& backoff_;
  Error reason_;
  std::optional<Milliseconds> failing_since_;
  Milliseconds ready_at_{0};
  int attempt_ = 0;
  bool resumed_ = false;
};

}  // namespace dbxes::elastic
