// SPDX-License-Identifier: Apache-2.0
// A leaky bucket for each authorization: every call adds one, refused calls too, and a fixed amount
// leaks out per second. A client that does not wait as announced stays refused for ever.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace dbxes::sim {

struct RateLimit {
  // Where a refusal announces its wait ("Dropbox HTTP API: rate limits").
  enum class WaitIn : std::uint8_t {
    kBoth,
    kHeader,
    kBody,
    kNeither,
    kDisagreeing,  // one of the two is too short, by turns
    kMixed,        // any of the above, call by call
  };
  double calls_per_s = 0;         // leaks out; 0: no limit
  double burst = 20;              // calls that fit in
  std::string route = "*";        // which calls count, e.g. "files/*"
  std::int64_t min_wait_s = 1;    // the shortest wait announced
  std::int64_t max_wait_s = 300;  // the longest, however full the bucket is
  WaitIn wait_in = WaitIn::kBoth;
  bool text_body = false;  // text instead of JSON, without a wait
  // Dropbox's seconds in one second of the client: with 100 a bucket leaks a hundred times as fast
  // and a wait of 300 s is announced as 3.
  double clock_factor = 1;
};

// The wait in a refusal, in seconds of the client's clock.
struct AnnouncedWait {
  std::optional<std::int64_t> header_s;
  std::optional<std::int64_t> body_s;
  bool text_body = false;
  std::int64_t Promised() const;  // the greater of the two, 0 when none is announced
};

class RateLimiter {
 public:
  explicit RateLimiter(RateLimit limit) : limit_(std::move(limit)) {}
  // Empties all buckets.
  void Set(RateLimit limit);
  // Counts a call. Returns the wait to announce when it is refused, nothing when it passes.
  // `random` makes the random choices.
  std::optional<AnnouncedWait> Count(const std::string& authorization, std::string_view route,
                                     std::int64_t now_ms, std::uint64_t random);

 private:
  struct Bucket {
    double level = 0;
    std::int64_t at_ms = 0;
  };
  AnnouncedWait Announce(std::int64_t wait_s, std::uint64_t random) const;

  RateLimit limit_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace dbxes::sim
