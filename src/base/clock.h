// SPDX-License-Identifier: Apache-2.0
// Time, injected so that tests take none.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace dbxes {

using Milliseconds = std::chrono::milliseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  // Monotonic; for deadlines and durations only.
  virtual Milliseconds Now() const = 0;
  // Microseconds of UTC since 1970; may jump.
  virtual std::int64_t WallMicros() const = 0;
};

class SystemClock final : public Clock {
 public:
  Milliseconds Now() const override;
  std::int64_t WallMicros() const override;
};

// "2026-08-05T10:00:00Z", second precision, as Dropbox writes its own timestamps.
std::string FormatUtc(std::int64_t wall_micros);

// Whether `text` is such a time, perhaps with a fraction of a second or an offset in place of "Z",
// of a year from 1 to 9999 that is on the calendar: what a search engine accepts as a date.
bool IsUtcTime(std::string_view text);

}  // namespace dbxes
