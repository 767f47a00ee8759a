// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/rate_limiter.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "dropbox_sim/text.h"

namespace dbxes::sim {

std::int64_t AnnouncedWait::Promised() const {
  return std::max(header_s.value_or(0), body_s.value_or(0));
}

void RateLimiter::Set(RateLimit limit) {
  limit_ = std::move(limit);
  buckets_.clear();
}

std::optional<AnnouncedWait> RateLimiter::Count(const std::string& authorization,
                                                std::string_view route, std::int64_t now_ms,
                                                std::uint64_t random) {
  if (limit_.calls_per_s <= 0 || !MatchesPattern(limit_.route, route)) return std::nullopt;
  Bucket& bucket = buckets_.try_emplace(authorization, Bucket{0, now_ms}).first->second;
  // Rounding must not refuse a client that waited exactly as long as announced.
  constexpr double kEpsilon = 1e-6;
  const double leak_per_s = limit_.calls_per_s * limit_.clock_factor;  // of the client's clock
  const double elapsed_s =
      static_cast<double>(std::max<std::int64_t>(0, now_ms - bucket.at_ms)) / 1000;
  bucket.level = std::max(0.0, bucket.level - elapsed_s * leak_per_s);
  bucket.at_ms = now_ms;
  const double room = limit_.burst - bucket.level;
  const double fullest =
      limit_.burst + static_cast<double>(limit_.max_wait_s) * limit_.calls_per_s - 1;
  bucket.level = std::min(bucket.level + 1, std::max(fullest, limit_.burst));
  if (room >= 1 - kEpsilon) return std::nullopt;
  // The next call must fit as well.
  const double empties_s = (bucket.level + 1 - limit_.burst) / leak_per_s;
  const auto least_s = static_cast<std::int64_t>(
      std::ceil(static_cast<double>(limit_.min_wait_s) / limit_.clock_factor));
  return Announce(std::max(least_s, static_cast<std::int64_t>(std::ceil(empties_s - kEpsilon))),
                  random);
}

AnnouncedWait RateLimiter::Announce(std::int64_t wait_s, std::uint64_t random) const {
  using WaitIn = RateLimit::WaitIn;
  WaitIn wait_in = limit_.wait_in;
  if (wait_in == WaitIn::kMixed) wait_in = static_cast<WaitIn>(random % 5);
  AnnouncedWait wait;
  const bool both = wait_in == WaitIn::kBoth || wait_in == WaitIn::kDisagreeing;
  if (both || wait_in == WaitIn::kHeader) wait.header_s = wait_s;
  if (both || wait_in == WaitIn::kBody) wait.body_s = wait_s;
  if (wait_in == WaitIn::kDisagreeing) ((random >> 8) % 2 == 0 ? wait.header_s : wait.body_s) = 0;
  const bool by_chance =
      limit_.wait_in == WaitIn::kMixed && !wait.body_s && (random >> 16) % 2 == 0;
  wait.text_body = limit_.text_body || by_chance;
  if (wait.text_body) wait.body_s.reset();
  return wait;
}

}  // namespace dbxes::sim
