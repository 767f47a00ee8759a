// SPDX-License-Identifier: Apache-2.0
// How far a run is, as one line: redrawn on a terminal, or printed once a minute. No I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "report/counters.h"

namespace dbxes::report {

// Who is shown how far the run is.
enum class ProgressMode : std::uint8_t {
  kAuto,   // a live line on a terminal, plain lines elsewhere
  kLive,   // a line that is redrawn; plain lines where that is not possible
  kPlain,  // a line a minute
  kNone,
};

class ProgressLine {
 public:
  static constexpr std::size_t kWhole = SIZE_MAX;  // a line without limit

  // The run begins now.
  explicit ProgressLine(const Clock& clock)
      : clock_(clock), start_(clock.Now()), phase_start_(start_), sign_at_(start_) {}
  void StartPhase(std::string_view phase);
  // The line to draw now in this many columns, or nothing shortly after the last one: a terminal
  // must not slow a run down.
  std::optional<std::string> Update(const Counters& counters, const Gauges& gauges,
                                    std::size_t columns = kWhole);
  // The line, once a minute; the first one a minute after the run began.
  std::optional<std::string> Sign(const Counters& counters, const Gauges& gauges);
  // The line at this moment. What matters most is first; what does not fit into the columns as a
  // whole, and what is behind it, is left out.
  std::string Text(const Counters& counters, const Gauges& gauges, std::size_t columns = kWhole);

 private:
  std::string Percent(const Counters& counters, const Gauges& gauges) const;
  std::string TimeLeft(const Counters& counters, const Gauges& gauges) const;
  std::string Rate() const;

  const Clock& clock_;
  Milliseconds start_;
  std::string phase_ = "starting";
  Milliseconds phase_start_;
  Milliseconds sign_at_;                // of the last sign
  std::uint64_t documents_before_ = 0;  // done when the phase began
  std::uint64_t documents_ = 0;
  std::uint64_t entries_before_ = 0;
  std::uint64_t entries_ = 0;
  std::optional<Milliseconds> drawn_at_;
};

}  // namespace dbxes::report
