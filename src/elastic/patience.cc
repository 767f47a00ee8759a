// SPDX-License-Identifier: Apache-2.0
#include "elastic/patience.h"

#include <fmt/format.h>

#include <algorithm>

namespace dbxes::elastic {

Result<Milliseconds> Patience::Wait(Milliseconds now, bool progressed, Milliseconds longest) {
  if (progressed || !failing_since_) {
    failing_since_ = now;
    attempt_ = 0;
  }
  const Milliseconds failing_for = now - *failing_since_;
  if (failing_for >= give_up_after_) {
    Error error = reason_;
    error.message +=
        fmt::format("; gave up after {} s without progress (sync.give_up_after = {} s)",
                    failing_for.count() / 1000, give_up_after_.count() / 1000);
    return Fail(std::move(error));
  }
  const Milliseconds delay =
      std::min({give_up_after_ - failing_for, backoff_.Delay(attempt_++), longest});
  ready_at_ = now + delay;
  return delay;
}

}  // namespace dbxes::elastic
