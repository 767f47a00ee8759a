// SPDX-License-Identifier: Apache-2.0
#include "report/progress_line.h"

#include <fmt/format.h>

#include <vector>

#include "report/text.h"

namespace dbxes::report {
namespace {

constexpr Milliseconds kRedrawInterval{100};
constexpr Milliseconds kSignInterval{60'000};
constexpr Milliseconds kElapsedNeeds{1000};  // less is no time that anybody waits
constexpr Milliseconds kRateNeeds{1000};     // a rate over less than a second means nothing
constexpr Milliseconds kEstimateNeeds{5000};

std::uint64_t DocumentsDone(const Counters& counters) {
  std::uint64_t done = 0;
  for (const CounterRow& row : kCounterTable) {
    if (row.group == "documents") done += counters.*row.member;
  }
  return done;
}

std::string Counted(std::uint64_t number, std::string_view what) {
  return number == 0 ? "" : fmt::format("{} {}", WithThousands(number), what);
}

// What became of the documents, besides failures.
void AddOutcomes(const Counters& counters, std::vector<std::string>& parts) {
  for (const CounterRow& row : kCounterTable) {
    if (row.group != "documents" || row.member == &Counters::failed) continue;
    parts.push_back(Counted(counters.*row.member, row.name));
  }
}

// Every character of a part takes one column.
std::string Join(const std::vector<std::string>& parts, std::size_t columns) {
  std::string line;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    const std::string_view comma = line.empty() ? "" : ", ";
    const bool first = line.empty();
    if (!first && line.size() + comma.size() + part.size() > columns) break;
    line.append(comma).append(part);
  }
  return line;
}

}  // namespace

void ProgressLine::StartPhase(std::string_view phase) {
  phase_ = phase;
  phase_start_ = clock_.Now();
  documents_before_ = documents_;
  entries_before_ = entries_;
  drawn_at_.reset();
}

std::optional<std::string> ProgressLine::Update(const Counters& counters, const Gauges& gauges,
                                                std::size_t columns) {
  const Milliseconds now = clock_.Now();
  if (drawn_at_ && now - *drawn_at_ < kRedrawInterval) return std::nullopt;
  drawn_at_ = now;
  return Text(counters, gauges, columns);
}

std::optional<std::string> ProgressLine::Sign(const Counters& counters, const Gauges& gauges) {
  const Milliseconds now = clock_.Now();
  if (now - sign_at_ < kSignInterval) return std::nullopt;
  sign_at_ = now;
  return Text(counters, gauges);
}

std::string ProgressLine::Text(const Counters& counters, const Gauges& gauges,
                               std::size_t columns) {
  documents_ = DocumentsDone(counters);
  entries_ = counters.entries;
  const Milliseconds elapsed = clock_.Now() - start_;
  std::vector<std::string> parts{
      phase_,
      Percent(counters, gauges),
      elapsed < kElapsedNeeds ? "" : FormatElapsed(elapsed),
      TimeLeft(counters, gauges),
      Counted(documents_, "documents"),
      Counted(counters.failed, "failed"),
      Rate(),
      Counted(counters.entries, "entries"),
  };
  AddOutcomes(counters, parts);
  const std::uint64_t bytes = counters.dropbox_bytes_received;
  parts.push_back(bytes == 0 ? "" : FormatBytes(bytes) + " read");
  parts.push_back(Counted(gauges.in_flight, "in flight"));
  return Join(parts, columns);
}

// "" while the total is not known, and once there was more than expected.
std::string ProgressLine::Percent(const Counters& counters, const Gauges& gauges) const {
  if (gauges.expected_entries <= counters.entries) return "";
  return fmt::format("{}%", counters.entries * 100 / gauges.expected_entries);
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
  return FormatRoughly(Milliseconds(static_cast<std::int64_t>(left / rate))) + " left";
}

// Of the phase.
std::string ProgressLine::Rate() const {
  const Milliseconds elapsed = clock_.Now() - phase_start_;
  if (elapsed < kRateNeeds || documents_ <= documents_before_) return "";
  const std::uint64_t done = documents_ - documents_before_;
  return WithThousands(done * 1000 / static_cast<std::uint64_t>(elapsed.count())) + "/s";
}

}  // namespace dbxes::report
