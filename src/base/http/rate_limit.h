// SPDX-License-Identifier: Apache-2.0
// How fast answers may arrive: one limit for all exchanges that share it. Pure; the network client
// (base/http/curl_http.h) asks it and waits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace dbxes {

class RateLimit {
 public:
  // Time in which nothing arrived is credit for at most this long.
  static constexpr Milliseconds kMostCredit{100};

  // `rate`: bytes a second, at least 1. The clock has to live as long.
  RateLimit(const Clock& clock, std::size_t rate);

  // Notes that an exchange has received these bytes. Returns how long it has to wait before it
  // takes them: until the line would have carried them, and all that was charged before, at this
  // rate. So whatever is taken after its wait keeps to the rate, in the order in which it came.
  Milliseconds Charge(std::uint64_t bytes);

  // Bytes a second.
  std::size_t rate() const { return rate_; }

 private:
  const Clock& clock_;
  std::size_t rate_;
  double free_at_;  // milliseconds of the clock: when all that was charged has passed the line
};

}  // namespace dbxes
