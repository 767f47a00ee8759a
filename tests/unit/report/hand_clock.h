// SPDX-License-Identifier: Apache-2.0
// A clock that a test moves by hand.
#pragma once

#include "base/clock.h"

namespace dbxes::report {

class HandClock final : public Clock {
 public:
  Milliseconds Now() const override { return now; }
  std::int64_t WallMicros() const override { return now.count() * 1000; }
  Milliseconds now{1'000'000};
};

}  // namespace dbxes::report
