// SPDX-License-Identifier: Apache-2.0
#include "base/http/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace dbxes {
namespace {

constexpr double kMsPerSecond = 1000;
// A rate that is that low would make the number of milliseconds overflow.
constexpr double kLongestWait = 1e12;

double Count(Milliseconds time) { return static_cast<double>(time.count()); }

}  // namespace

RateLimit::RateLimit(const Clock& clock, std::size_t rate)
    : clock_(clock), rate_(std::max<std::size_t>(rate, 1)), free_at_(Count(clock.Now())) {}

Milliseconds RateLimit::Charge(std::uint64_t bytes) {
  const double now = Count(clock_.Now());
  const double begin = std::max(free_at_, now - Count(kMostCredit));
  free_at_ = begin + static_cast<double>(bytes) * kMsPerSecond / static_cast<double>(rate_);
  const double wait = std::clamp(std::ceil(free_at_ - now), 0.0, kLongestWait);
  return Milliseconds(static_cast<Milliseconds::rep>(wait));
}

}  // namespace dbxes
