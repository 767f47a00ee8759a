// SPDX-License-Identifier: Apache-2.0
#include "report/progress_line.h"

#include <fmt/format.h>

#include "report/text.h"

namespace dbxes::report {
namespace {

constexpr Milliseconds kRedrawInterval{100};
constexpr Milliseconds kRateNeeds{1000};  // a rate over less than a second means nothing
constexpr Milliseconds kEstimateNeeds{5000};

std::uint64_t DocumentsDone(const Counters& counters) {
  std::uint64_t done = 0;
  for (const CounterRow& row : kCounterTable) {
    if (row.group == "documents") done += counters.*row.member;
  }
  return done;
}

}  // namespace

void ProgressLine::StartPhase(std::string_view phase) {
  phase_ = phase;
  phase_start_ = clock_.Now();
  documents_before_ = documents_;
  entries_before_ = entries_;
  drawn_at_.reset();
}

std::optional<std::string> ProgressLine::Update(const Counters& counters, const Gauges& gauges) {
  const Milliseconds now = clock_.Now();
  if (drawn_at_ && now - *drawn_at_ < kRedrawInterval) return std::nullopt;
  drawn_at_ = now;
  return Text(counters, gauges);
}

std::string ProgressLine::Text(const Counters& counters, const Gauges& gauges) {
  documents_ = DocumentsDone(counters);
  entries_ = counters.entries;
  std::string text = phase_;
  const Milliseconds elapsed = clock_.Now() - phase_start_;
  if (elapsed >= kRateNeeds && documents_ > documents_before_) {
    const std::uint64_t done = documents_ - documents_before_;
    text += fmt::format(", {} documents/s",
                        WithThousands(done * 1000 / static_cast<std::uint64_t>(elapsed.count())));
  }
  if (counters.dropbox_bytes_received > 0) {
    text += fmt::format(", {} read", FormatBytes(counters.dropbox_bytes_received));
  }
  if (gauges.in_flight > 0) text += fmt::format(", {} in flight", WithThousands(gauges.in_flight));
  text += TimeLeft(counters, gauges);
  for (const CounterRow& row : kCounterTable) {
    const bool shown = row.group == "documents" || row.member == &Counters::entries;
    if (!shown || counters.*row.member == 0) continue;
    text += fmt::format(", {} {}", WithThousands(counters.*row.member), row.name);
  }
  return text;
}

// "" while there is too little to estimate from, and once there was more than expected.
std::string ProgressLine::TimeLeft(const Counters& counters, const Gauges& gauges) const {
  const Milliseconds elapsed = clock_.Now() - phase_start_;
  const std::uint64_t listed = counters.entries - entries_before_;
  const bool knows = gauges.expected_entries > counters.entries && elapsed >= kEstimateNeeds &&
                     listed >= gauges.expected_entries / 20 && listed > 0;
  if (!knows) return "";
  const double left = static_cast<double>(gauges.expected_entries - counters.entries);
  const double rate = static_cast<double>(listed) / static_cast<double>(elapsed.count());
  return fmt::format(", {} left",
                     FormatRoughly(Milliseconds(static_cast<std::int64_t>(left / rate))));
}

}  // namespace dbxes::report
