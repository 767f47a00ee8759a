// SPDX-License-Identifier: Apache-2.0
// The text of the progress line. No I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "report/counters.h"

namespace dbxes::report {

class ProgressLine {
 public:
  explicit ProgressLine(const Clock& clock) : clock_(clock) {}
  void StartPhase(std::string_view phase);
  // The line to draw now, or nothing shortly after the last one: a terminal must not slow a run
  // down.
  std::optional<std::string> Update(const Counters& counters, const Gauges& gauges);
  // The line at this moment, however recent the last one is.
  std::string Text(const Counters& counters, const Gauges& gauges);

 private:
  std::string TimeLeft(const Counters& counters, const Gauges& gauges) const;

  const Clock& clock_;
  std::string phase_ = "starting";
  Milliseconds phase_start_{0};
  std::uint64_t documents_before_ = 0;  // done when the phase began
  std::uint64_t documents_ = 0;
  std::uint64_t entries_before_ = 0;
  std::uint64_t entries_ = 0;
  std::optional<Milliseconds> drawn_at_;
};

}  // namespace dbxes::report
