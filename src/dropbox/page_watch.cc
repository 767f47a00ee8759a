// SPDX-License-Identifier: Apache-2.0
#include "dropbox/page_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/http/gave_up.h"

namespace dbxes::dropbox {
namespace {

// Dropbox sends a few empty pages now and then, and long rows of them in large team folders: the
// first ones cost nothing, and later ones little.
constexpr int kFreeEmptyPages = 8;
constexpr Milliseconds kLongestEmptyWait{1'000};

}  // namespace

PageWatch::PageWatch(const Clock& clock, std::string what, Limits limits)
    : clock_(clock), what_(std::move(what)), limits_(limits), backoff_(Hash64(what_)) {}

bool PageWatch::ComesRound(std::uint64_t cursor) {
  Cycle& cycle = cycle_;
  ++cycle.steps;
  ++cycle.since_round;
  if (cursor == cycle.remembered) {
    cycle.length = std::exchange(cycle.steps, 0);
    cycle.since_round = 0;
    return true;
  }
  // A cycle that was left is none.
  if (cycle.length != 0 && cycle.since_round >= cycle.length) cycle.length = 0;
  if (cycle.length == 0 && cycle.steps >= cycle.limit) {
    cycle.remembered = cursor;
    cycle.steps = 0;
    cycle.limit *= 2;
  }
  return cycle.length != 0;
}

Milliseconds PageWatch::Delay(bool goes_round) {
  if (goes_round) return backoff_.Delay(useless_ - 1);
  if (useless_ <= kFreeEmptyPages) return Milliseconds(0);
  return std::min(backoff_.Delay(useless_ - kFreeEmptyPages), kLongestEmptyWait);
}

Result<Milliseconds> PageWatch::See(std::string_view asked, std::string_view next, bool empty) {
  ++pages_;
  repeats_ = next == asked ? repeats_ + 1 : 0;
  const bool goes_round = ComesRound(Hash64(next)) || repeats_ > 0;
  if (!goes_round && !empty) {
    useless_ = 0;
    useless_since_.reset();
    return Milliseconds(0);
  }
  ++useless_;
  const Milliseconds now = clock_.Now();
  if (!useless_since_) useless_since_ = now;
  const Milliseconds delay = Delay(goes_round);
  const bool spent = limits_.max_repeats >= 0 && repeats_ > limits_.max_repeats;
  if (!spent && now + delay - *useless_since_ <= limits_.give_up_after) return delay;
  Error error = Reason();
  const Milliseconds since = now - *useless_since_;
  error.message +=
      spent ? fmt::format("; gave up after {:.1f} s", static_cast<double>(since.count()) / 1000)
            : GaveUp(since, delay, limits_.give_up_after);
  // Who asks all the same has the same patience again.
  useless_ = 0;
  useless_since_.reset();
  cycle_ = {};
  return Fail(std::move(error));
}

Error PageWatch::Reason() const {
  const std::string_view how = repeats_ > 0         ? "repeats its cursor"
                               : cycle_.length != 0 ? "comes round to earlier cursors"
                                                    : "sends empty pages";
  return {ErrorKind::kTemporary, fmt::format("Dropbox {} in {}: nothing new in {} of {} pages", how,
                                             what_, useless_, pages_)};
}

}  // namespace dbxes::dropbox
