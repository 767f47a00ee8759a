// SPDX-License-Identifier: Apache-2.0
#include "report/progress_line.h"

#include <fmt/format.h>

#include "report/text.h"

namespace dbxes {
namespace {

constexpr Milliseconds kRedrawInterval{100};
constexpr Milliseconds kRateNeeds{1000};  // a rate of less than a second says nothing

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
  drawn_at_.reset();
}

std::optional<std::string> ProgressLine::Update(const Counters& counters) {
  const Milliseconds now = clock_.Now();
  if (drawn_at_ && now - *drawn_at_ < kRedrawInterval) return std::nullopt;
  drawn_at_ = now;
  documents_ = DocumentsDone(counters);
  return Text(counters);
}

std::string ProgressLine::Text(const Counters& counters) {
  std::string text = phase_;
  const Milliseconds elapsed = clock_.Now() - phase_start_;
  if (elapsed >= kRateNeeds && documents_ > documents_before_) {
    const std::uint64_t done = documents_ - documents_before_;
    text += fmt::format(", {} documents/s",
                        WithThousands(done * 1000 / static_cast<std::uint64_t>(elapsed.count())));
  }
  for (const CounterRow& row : kCounterTable) {
    const bool shown = row.group == "documents" || row.member == &Counters::entries;
    if (!shown || counters.*row.member == 0) continue;
    text += fmt::format(", {} {}", WithThousands(counters.*row.member), row.name);
  }
  return text;
}

}  // namespace dbxes
