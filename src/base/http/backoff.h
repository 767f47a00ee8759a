// SPDX-License-Identifier: Apache-2.0
// Jittered exponential backoff.
#pragma once

#include <cstdint>
#include <random>

#include "base/clock.h"

namespace dbxes {

// "Full jitter": a random delay in (0, base * 2^n], capped, so that many clients spread out.
class Backoff {
 public:
  explicit Backoff(std::uint64_t seed, Milliseconds base = Milliseconds(500),
                   Milliseconds cap = Milliseconds(60'000))
      : random_(seed), base_(base), cap_(cap) {}
  Milliseconds Delay(int attempt);  // attempt: 0 for the first retry

 private:
  std::mt19937_64 random_;
  Milliseconds base_;
  Milliseconds cap_;
};

}  // namespace dbxes
