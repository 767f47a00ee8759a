// SPDX-License-Identifier: Apache-2.0
// The text of the line that shows how far a run is. No I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "report/counters.h"

namespace dbxes {

class ProgressLine {
 public:
  explicit ProgressLine(const Clock& clock) : clock_(clock) {}
  void StartPhase(std::string_view phase);
  // The line to draw now, or nothing when the last one is too young: a run must not be slowed down
  // by a terminal.
  std::optional<std::string> Update(const Counters& counters);

 private:
  std::string Text(const Counters& counters);

  const Clock& clock_;
  std::string phase_;
  Milliseconds phase_start_{0};
  std::uint64_t documents_before_ = 0;  // done when the phase began
  std::uint64_t documents_ = 0;
  std::optional<Milliseconds> drawn_at_;
};

}  // namespace dbxes
