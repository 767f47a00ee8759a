// SPDX-License-Identifier: Apache-2.0
// A clock that a test moves by hand, so that tests of waits take no time.
#pragma once

#include <cstdint>

#include "base/clock.h"

namespace dbxes {

class FakeClock final : public Clock {
 public:
  // 2026-08-05T10:00:00Z
  static constexpr std::int64_t kStartWallMicros = 1'785'924'000'000'000;

  Milliseconds Now() const override { return now_; }
  std::int64_t WallMicros() const override {
    return kStartWallMicros + now_.count() * 1000 + wall_jump_;
  }

  void Advance(Milliseconds by) { now_ += by; }
  // The wall clock jumps; the monotonic one does not.
  void JumpWall(std::int64_t micros) { wall_jump_ += micros; }

 private:
  Milliseconds now_{1'000};
  std::int64_t wall_jump_ = 0;
};

}  // namespace dbxes
