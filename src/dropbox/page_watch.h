// SPDX-License-Identifier: Apache-2.0
// Notices a list that leads nowhere: pages that repeat their cursor, cursors that come round in
// turn, empty pages on and on. No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/http/backoff.h"
#include "base/result.h"

namespace dbxes::dropbox {

class PageWatch {
 public:
  struct Limits {
    Milliseconds give_up_after{900'000};  // without a new entry
    int max_repeats = -1;                 // of one cursor; negative: bounded by time alone
  };
  // `what` names the list in messages.
  PageWatch(const Clock& clock, std::string what, Limits limits);

  // Sees a page that has a next one: `asked` is its own cursor. Returns how long to wait before the
  // next request; kTemporary once there was nothing new for too long.
  Result<Milliseconds> See(std::string_view asked, std::string_view next, bool empty);
  // What a wait is for, with the number of pages.
  Error Reason() const;

 private:
  bool ComesRound(std::uint64_t cursor);
  Milliseconds Delay(bool goes_round);

  const Clock& clock_;
  std::string what_;
  Limits limits_;
  Backoff backoff_;
  std::uint64_t pages_ = 0;
  int useless_ = 0;  // pages in a row without anything new
  std::optional<Milliseconds> useless_since_;
  int repeats_ = 0;  // of one cursor, in a row
  // Brent's search for a cycle: a cursor that is remembered for twice as many pages each time.
  struct Cycle {
    std::uint64_t remembered = 0;
    std::uint64_t steps = 0;  // since then
    std::uint64_t limit = 1;
    std::uint64_t length = 0;       // of the cycle that was found, 0 for none
    std::uint64_t since_round = 0;  // pages since its start was seen
  } cycle_;
};

}  // namespace dbxes::dropbox
