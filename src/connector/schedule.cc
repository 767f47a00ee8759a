// SPDX-License-Identifier: Apache-2.0
#include "connector/schedule.h"

#include <algorithm>
#include <utility>

namespace dbxes::connector {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::months;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year_month_day;
using std::chrono::years;

// As far as Elasticsearch looks ahead.
constexpr years kHorizon{50};
constexpr int kDaysOfWeek = 7;

int DayOf(year_month_day date) { return static_cast<int>(unsigned{date.day()}); }

int LastDayOf(year_month_day date) {
  return static_cast<int>(unsigned{
      std::chrono::year_month_day_last(date.year() / date.month() / std::chrono::last).day()});
}

}  // namespace

Result<Schedule> Schedule::Parse(std::string_view text) {
  TRY_ASSIGN(auto fields, ParseSchedule(text));
  return Schedule(std::move(fields));
}

bool Schedule::HasYear(std::chrono::year year) const {
  const int number = static_cast<int>(year);
  return std::any_of(fields_.years.begin(), fields_.years.end(), [&](const YearRange& range) {
    return number >= range.first && number <= range.last &&
           (number - range.first) % range.step == 0;
  });
}

bool Schedule::HasDay(year_month_day date) const {
  const int day = DayOf(date);
  const int last = LastDayOf(date);
  if (fields_.day_rule == DayRule::kDays) return fields_.days.Has(day);
  if (fields_.day_rule == DayRule::kLastDay) return day == last - fields_.count;
  const auto weekday_of_date = static_cast<int>(weekday(sys_days(date)).c_encoding()) + 1;
  if (!fields_.weekdays.Has(weekday_of_date)) return false;
  if (fields_.day_rule == DayRule::kLastWeekday) return day + kDaysOfWeek > last;
  if (fields_.day_rule == DayRule::kNthWeekday) {
    return (day - 1) / kDaysOfWeek + 1 == fields_.count;
  }
  return true;
}

// The first time of a day that is not before `time_of_day`.
std::optional<seconds> Schedule::TimeFrom(seconds time_of_day) const {
  const std::chrono::hh_mm_ss from(time_of_day);
  for (int hour = static_cast<int>(from.hours().count()); hour < 24; ++hour) {
    if (!fields_.hours.Has(hour)) continue;
    const bool same_hour = hour == from.hours().count();
    for (int minute = same_hour ? static_cast<int>(from.minutes().count()) : 0; minute < 60;
         ++minute) {
      if (!fields_.minutes.Has(minute)) continue;
      const bool same = same_hour && minute == from.minutes().count();
      int second = same ? static_cast<int>(from.seconds().count()) : 0;
      while (second < 60 && !fields_.seconds.Has(second)) ++second;
      if (second < 60) return hours(hour) + minutes(minute) + seconds(second);
    }
  }
  return std::nullopt;
}

std::optional<UtcSeconds> Schedule::NextAfter(UtcSeconds time) const {
  const UtcSeconds from = time + seconds(1);
  sys_days day = floor<days>(from);
  const auto end = year_month_day(day).year() + kHorizon;
  for (;;) {
    const year_month_day date(day);
    if (date.year() > end) return std::nullopt;
    if (!HasYear(date.year())) {
      day = sys_days((date.year() + years(1)) / 1 / 1);
    } else if (!fields_.months.Has(static_cast<int>(unsigned{date.month()}))) {
      day = sys_days(date.year() / date.month() / 1 + months(1));
    } else {
      const seconds start = day < from ? from - UtcSeconds(day) : seconds(0);
      const auto found = HasDay(date) ? TimeFrom(start) : std::nullopt;
      if (found) return UtcSeconds(day) + *found;
      day += days(1);
    }
  }
}

}  // namespace dbxes::connector
