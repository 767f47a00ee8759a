// SPDX-License-Identifier: Apache-2.0
// The fields of a schedule in Elasticsearch's cron grammar (Elasticsearch: Cron expressions; class
// org.elasticsearch.xpack.core.scheduler.Cron), which is not that of crontab: seconds come first, 1
// is Sunday, and one of the two day fields is "?". No I/O.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dbxes::connector {

// Values from 0 to 63, one a bit.
class ValueSet {
 public:
  void Add(int value) { bits_ |= std::uint64_t{1} << value; }
  bool Has(int value) const { return (bits_ >> value & 1) != 0; }
  bool empty() const { return bits_ == 0; }

 private:
  std::uint64_t bits_ = 0;
};

// Which days of a month: those of one of the two fields.
enum class DayRule : std::uint8_t {
  kDays,         // those in `days`
  kLastDay,      // the last one of the month, or `count` days before it
  kWeekdays,     // those in `weekdays`
  kNthWeekday,   // the `count`th such weekday of the month
  kLastWeekday,  // the last such weekday of the month
};

// From `first` to `last` in steps.
struct YearRange {
  int first;
  int last;
  int step;
};

struct ScheduleFields {
  ValueSet seconds;
  ValueSet minutes;
  ValueSet hours;
  ValueSet days;      // 1 to 31
  ValueSet months;    // 1 to 12
  ValueSet weekdays;  // 1 (Sunday) to 7
  std::vector<YearRange> years;
  DayRule day_rule = DayRule::kDays;
  int count = 0;
};

// kConfig, naming the field, for what Elasticsearch refuses, and for what it accepts and then
// computes wrongly or ignores: W, anything behind a complete value, more than one day beside "#".
Result<ScheduleFields> ParseSchedule(std::string_view text);

}  // namespace dbxes::connector
