// SPDX-License-Identifier: Apache-2.0
//
// A leaky bucket for each authorization: every call pours one in, a refused one too, and so much
// leaks out a second. Who does not wait as told stays refused for ever.

#ifndef DBXES_TESTS_DROPBOX_SIM_RATE_LIMITER_H_
#define DBXES_TESTS_DROPBOX_SIM_RATE_LIMITER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace dbxes::sim {

struct RateLimit {
  /// Where a refusal tells its wait ("Dropbox HTTP API: rate limits").
  enum class Tells : uint8_t {
    kBoth,
    kHeader,
    kBody,
    kNeither,
    kDisagreeing,  // one of the two is too short, by turns
    kMixed,        // any of the above, call by call
  };
  double calls_per_s = 0;    // leaks out; 0: no limit
  double burst = 20;         // calls that fit in
  std::string route = "*";   // which calls count, e.g. "files/*"
  int64_t min_wait_s = 1;    // what is told at the least
  int64_t max_wait_s = 300;  // and at the most, however full the bucket
  Tells tells = Tells::kBoth;
  bool text_body = false;  // text instead of JSON, which tells no wait
  /// Dropbox's seconds in one second of the client: with 100 a bucket leaks a hundred times as fast
  /// and a wait of 300 s is told as 3.
  double clock_factor = 1;
};

/// What a refusal says, in seconds of the client's clock.
struct ToldWait {
  std::optional<int64_t> header_s;
  std::optional<int64_t> body_s;
  bool text_body = false;
  int64_t Promised() const;  // the greater of the two, 0 when nothing is told
};

class RateLimiter {
 public:
  explicit RateLimiter(RateLimit limit) : limit_(std::move(limit)) {}
  /// Forgets all that was counted.
  void Set(RateLimit limit);
  /// Counts a call. What to tell when it is refused; nothing when it passes. `random` decides where
  /// chance does.
  std::optional<ToldWait> Count(const std::string& authorization, std::string_view route,
                                int64_t now_ms, uint64_t random);

 private:
  struct Bucket {
    double level = 0;
    int64_t at_ms = 0;
  };
  ToldWait Tell(int64_t wait_s, uint64_t random) const;

  RateLimit limit_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace dbxes::sim

#endif  // DBXES_TESTS_DROPBOX_SIM_RATE_LIMITER_H_
