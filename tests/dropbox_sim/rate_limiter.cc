// SPDX-License-Identifier: Apache-2.0

#include "dropbox_sim/rate_limiter.h"

#include <algorithm>
#include <cmath>

#include "dropbox_sim/text.h"

namespace dbxes::sim {

int64_t ToldWait::Promised() const { return std::max(header_s.value_or(0), body_s.value_or(0)); }

void RateLimiter::Set(RateLimit limit) {
  limit_ = std::move(limit);
  buckets_.clear();
}

std::optional<ToldWait> RateLimiter::Count(const std::string& authorization, std::string_view route,
                                           int64_t now_ms, uint64_t random) {
  if (limit_.calls_per_s <= 0 || !MatchesPattern(limit_.route, route)) return std::nullopt;
  Bucket& bucket = buckets_.try_emplace(authorization, Bucket{0, now_ms}).first->second;
  // Rounding must not refuse a client that comes on the very millisecond it was told.
  constexpr double kEpsilon = 1e-6;
  const double leak_per_s = limit_.calls_per_s * limit_.clock_factor;  // of the client's clock
  const double elapsed_s = static_cast<double>(std::max<int64_t>(0, now_ms - bucket.at_ms)) / 1000;
  bucket.level = std::max(0.0, bucket.level - elapsed_s * leak_per_s);
  bucket.at_ms = now_ms;
  const double room = limit_.burst - bucket.level;
  const double fullest =
      limit_.burst + static_cast<double>(limit_.max_wait_s) * limit_.calls_per_s - 1;
  bucket.level = std::min(bucket.level + 1, std::max(fullest, limit_.burst));
  if (room >= 1 - kEpsilon) return std::nullopt;
  // The next call must fit as well.
  const double empties_s = (bucket.level + 1 - limit_.burst) / leak_per_s;
  const auto least_s =
      static_cast<int64_t>(std::ceil(static_cast<double>(limit_.min_wait_s) / limit_.clock_factor));
  return Tell(std::max(least_s, static_cast<int64_t>(std::ceil(empties_s - kEpsilon))), random);
}

ToldWait RateLimiter::Tell(int64_t wait_s, uint64_t random) const {
  using Tells = RateLimit::Tells;
  Tells tells = limit_.tells;
  if (tells == Tells::kMixed) tells = static_cast<Tells>(random % 5);
  ToldWait told;
  const bool both = tells == Tells::kBoth || tells == Tells::kDisagreeing;
  if (both || tells == Tells::kHeader) told.header_s = wait_s;
  if (both || tells == Tells::kBody) told.body_s = wait_s;
  if (tells == Tells::kDisagreeing) ((random >> 8) % 2 == 0 ? told.header_s : told.body_s) = 0;
  const bool by_chance = limit_.tells == Tells::kMixed && !told.body_s && (random >> 16) % 2 == 0;
  told.text_body = limit_.text_body || by_chance;
  if (told.text_body) told.body_s.reset();
  return told;
}

}  // namespace dbxes::sim
