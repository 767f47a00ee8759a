// SPDX-License-Identifier: Apache-2.0
// Reads lines "SECONDS|SCHEDULE" and prints for each the next times after that time since 1970, in
// seconds: what tests/engine/oracle/CronOracle.java prints with Elasticsearch's class.
#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "connector/schedule.h"

namespace {

constexpr int kTimes = 4;

std::string TimesOf(const std::string& line) {
  using dbxes::connector::Schedule;
  const std::size_t bar = line.find('|');
  const auto schedule = Schedule::Parse(std::string_view(line).substr(bar + 1));
  if (!schedule) return "refused: " + schedule.error().message;
  dbxes::connector::UtcSeconds time{std::chrono::seconds(std::stoll(line.substr(0, bar)))};
  std::string text;
  for (int i = 0; i < kTimes; ++i) {
    const auto next = schedule->NextAfter(time);
    text += next ? fmt::format("{} ", next->time_since_epoch().count()) : "never ";
    if (!next) break;
    time = *next;
  }
  return text;
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) fmt::print("{}\n", TimesOf(line));
  return 0;
}
