// SPDX-License-Identifier: Apache-2.0
// sync_seq: a number that only grows, within a run and from run to run, whatever the clock does.
#pragma once

#include <algorithm>
#include <cstdint>

namespace dbxes::checkpoint {

class SyncSequence {
 public:
  // Starts at the clock's microseconds, or above every number that an earlier run may have used.
  SyncSequence(std::int64_t wall_micros, std::int64_t reserved)
      : last_(std::max(wall_micros, reserved)) {}

  std::int64_t Next() { return ++last_; }
  std::int64_t last() const { return last_; }
  // From now on above `number`, which another writer of the index has used.
  void RaiseTo(std::int64_t number) { last_ = std::max(last_, number); }

 private:
  std::int64_t last_;
};

}  // namespace dbxes::checkpoint
