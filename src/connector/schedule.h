// SPDX-License-Identifier: Apache-2.0
// When a connector's syncs are due: a schedule as Kibana stores it, in UTC. No I/O.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "connector/schedule_fields.h"

namespace dbxes::connector {

using UtcSeconds = std::chrono::sys_seconds;

class Schedule {
 public:
  // kConfig as of ParseSchedule.
  static Result<Schedule> Parse(std::string_view text);

  // The first time after `time`; nothing if there is none in the next 50 years, as for 31 February.
  std::optional<UtcSeconds> NextAfter(UtcSeconds time) const;

 private:
  explicit Schedule(ScheduleFields fields) : fields_(std::move(fields)) {}

  bool HasYear(std::chrono::year year) const;
  bool HasDay(std::chrono::year_month_day date) const;
  std::optional<std::chrono::seconds> TimeFrom(std::chrono::seconds time_of_day) const;

  ScheduleFields fields_;
};

}  // namespace dbxes::connector
