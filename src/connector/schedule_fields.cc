// SPDX-License-Identifier: Apache-2.0
#include "connector/schedule_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/ascii.h"

namespace dbxes::connector {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kShortName = 3;
constexpr int kFirstYear = 1970;
// Later than any year that is computed.
constexpr int kLastYear = 9999;
constexpr int kLargestOffset = 30;
constexpr int kMostWeeks = 5;

constexpr std::string_view kMonths[] = {"JANUARY",   "FEBRUARY", "MARCH",    "APRIL",
                                        "MAY",       "JUNE",     "JULY",     "AUGUST",
                                        "SEPTEMBER", "OCTOBER",  "NOVEMBER", "DECEMBER"};
constexpr std::string_view kWeekdays[] = {"SUNDAY",   "MONDAY", "TUESDAY", "WEDNESDAY",
                                          "THURSDAY", "FRIDAY", "SATURDAY"};

struct FieldRow {
  std::string_view name;
  int min;
  int max;
  int first;                                // of "*"
  int max_step;                             // of "*/N"; others may be larger and give one value
  std::span<const std::string_view> names;  // of the values from `min` on
};

enum Field { kSecond, kMinute, kHour, kDay, kMonth, kWeekday, kYear };
constexpr FieldRow kFields[] = {{"second", 0, 59, 0, 59, {}},
                                {"minute", 0, 59, 0, 59, {}},
                                {"hour", 0, 23, 0, 23, {}},
                                {"day of month", 1, 31, 1, 31, {}},
                                {"month", 1, 12, 1, 12, kMonths},
                                {"day of week", 1, 7, 1, 7, kWeekdays},
                                {"year", 0, kLastYear, kFirstYear, kLastYear, {}}};
constexpr std::size_t kRequiredFields = 6;

// What is wrong with a value, for the message.
using Problem = std::string;
template <class T>
using Read = tl::expected<T, Problem>;
tl::unexpected<Problem> Wrong(Problem problem) {
  return tl::unexpected<Problem>(std::move(problem));
}

std::vector<std::string_view> Split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) return parts;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

// Takes the digits at the front of `text`; -1 if there are none, or too many.
int TakeNumber(std::string_view& text) {
  const std::string_view digits = text.substr(0, text.find_first_not_of(kDigits));
  int number = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return -1;
  text.remove_prefix(digits.size());
  return number;
}

Read<int> TakeStep(std::string_view& text) {
  const int step = TakeNumber(text);
  if (step < 0) return Wrong("\"/\" needs a number behind it");
  return step;
}

bool IsLetter(char c) { return c >= 'A' && c <= 'Z'; }

// Takes a name of three letters, or more of them if nothing follows. The number of its value.
Read<int> TakeName(const FieldRow& row, std::string_view& text) {
  const auto letters =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), IsLetter) - text.begin());
  const std::string_view name = text.substr(0, letters == text.size() ? letters : kShortName);
  for (std::size_t at = 0; name.size() >= kShortName && at < row.names.size(); ++at) {
    const bool last_weekday = name.size() == kShortName + 1 && name.back() == 'L' &&
                              row.names[at].substr(0, kShortName) == name.substr(0, kShortName);
    if (!row.names[at].starts_with(name) && !last_weekday) continue;
    text.remove_prefix(last_weekday ? kShortName : name.size());
    return row.min + static_cast<int>(at);
  }
  return Wrong(fmt::format("\"{}\" is not one of its values", text));
}

Read<int> TakeValue(const FieldRow& row, std::string_view& text) {
  if (!row.names.empty() && !text.empty() && IsLetter(text.front())) return TakeName(row, text);
  const std::string_view whole = text;
  const int value = TakeNumber(text);
  if (value < 0) return Wrong(fmt::format("\"{}\" is not one of its values", whole));
  if (value < row.min || value > row.max) {
    return Wrong(fmt::format("{} is not from {} to {}", value, row.min, row.max));
  }
  return value;
}

// One element of a list: values from `first` to `last`, which may be smaller: then they wrap.
struct Element {
  int first = 0;
  int last = 0;
  int step = 1;
};

Read<Element> ReadStarred(const FieldRow& row, std::string_view text) {
  Element element{row.first, row.max, 1};
  if (text.front() == '*') text.remove_prefix(1);
  if (text.empty()) return element;
  if (text.front() != '/') return Wrong(fmt::format("\"{}\" behind \"*\" has no meaning", text));
  text.remove_prefix(1);
  const auto step = TakeStep(text);
  if (!step) return Wrong(step.error());
  if (!text.empty()) return Wrong(fmt::format("\"{}\" behind the step has no meaning", text));
  if (*step > row.max_step) {
    return Wrong(fmt::format("a step of {} is more than {}", *step, row.max_step));
  }
  element.step = std::max(*step, 1);
  return element;
}

Read<Element> ReadElement(const FieldRow& row, std::string_view text) {
  if (text.front() == '*' || text.front() == '/') return ReadStarred(row, text);
  const bool named = IsLetter(text.front());
  const auto first = TakeValue(row, text);
  if (!first) return Wrong(first.error());
  Element element{*first, *first, 1};
  const bool range = text.starts_with('-');
  if (range) {
    text.remove_prefix(1);
    // Elasticsearch does not read a name and a number in one range.
    if (text.empty() || IsLetter(text.front()) != named) {
      return Wrong("both ends of a range must be numbers, or both names");
    }
    const auto last = TakeValue(row, text);
    if (!last) return Wrong(last.error());
    element.last = *last;
  }
  if (text.starts_with('/') && named) {
    return Wrong("Elasticsearch ignores a step behind a name; use numbers");
  }
  if (text.starts_with('/')) {
    text.remove_prefix(1);
    const auto step = TakeStep(text);
    if (!step) return Wrong(step.error());
    // Elasticsearch reads a step of 0 as the first value alone.
    if (*step == 0) element.last = element.first;
    if (*step > 0 && !range) element.last = row.max;
    element.step = std::max(*step, 1);
  }
  if (!text.empty()) return Wrong(fmt::format("\"{}\" behind a value has no meaning", text));
  return element;
}

void AddElement(const FieldRow& row, const Element& element, ValueSet& values) {
  const int count = row.max - row.min + 1;
  const int last = element.last < element.first ? element.last + count : element.last;
  for (int value = element.first; value <= last; value += element.step) {
    values.Add(value > row.max ? value - count : value);
    if (element.step > last - value) break;
  }
}

Read<ValueSet> ReadList(const FieldRow& row, std::string_view text) {
  ValueSet values;
  for (const std::string_view one : Split(text, ",")) {
    if (one == "?") return Wrong("\"?\" cannot be in a list");
    const auto element = ReadElement(row, one);
    if (!element) return Wrong(element.error());
    AddElement(row, *element, values);
  }
  if (values.empty()) return Wrong("it has no value");
  return values;
}

Problem ReadYears(std::string_view text, std::vector<YearRange>& years) {
  // Elasticsearch takes these numbers for its own marks.
  constexpr int kMarks[] = {98, 99};
  for (const std::string_view one : Split(text, ",")) {
    const auto element = ReadElement(kFields[kYear], one);
    if (!element) return element.error();
    if (element->last < element->first) return "the first year of a range is after the last one";
    for (const int mark : kMarks) {
      if (element->first == mark) return fmt::format("{} is not a year", mark);
    }
    years.push_back({element->first, element->last, element->step});
  }
  return years.empty() ? "it has no value" : "";
}

// "L" or "L-3".
Problem ReadLastDay(std::string_view text, ScheduleFields& fields) {
  fields.day_rule = DayRule::kLastDay;
  text.remove_prefix(1);
  if (text.empty()) return "";
  if (text.front() != '-') return fmt::format("\"{}\" behind L has no meaning", text);
  text.remove_prefix(1);
  fields.count = TakeNumber(text);
  if (fields.count < 0 || fields.count > kLargestOffset || !text.empty()) {
    return fmt::format("L- needs a number of days from 0 to {}", kLargestOffset);
  }
  return "";
}

Problem ReadDays(std::string_view text, ScheduleFields& fields) {
  if (text.find('W') != std::string_view::npos) {
    return "Elasticsearch computes W wrongly (15W never comes, 1W gives a time in the past); name "
           "the day, or the days of the week";
  }
  if (text.find('L') != std::string_view::npos) {
    if (text.find(',') == std::string_view::npos && text.front() == 'L') {
      return ReadLastDay(text, fields);
    }
    return "L is the last day of the month and excludes other days";
  }
  const auto days = ReadList(kFields[kDay], text);
  if (!days) return days.error();
  fields.days = *days;
  fields.day_rule = DayRule::kDays;
  return "";
}

// "2L", "MONL", "2#1" or "MON#1".
Problem ReadCountedWeekday(std::string_view text, ScheduleFields& fields) {
  const auto weekday = TakeValue(kFields[kWeekday], text);
  if (!weekday) return weekday.error();
  fields.weekdays.Add(*weekday);
  if (text == "L") {
    fields.day_rule = DayRule::kLastWeekday;
    return "";
  }
  fields.day_rule = DayRule::kNthWeekday;
  if (text.starts_with('#')) {
    text.remove_prefix(1);
    fields.count = TakeNumber(text);
    if (text.empty() && fields.count >= 1 && fields.count <= kMostWeeks) return "";
  }
  return fmt::format("expected a day and L, or #1 to #{}", kMostWeeks);
}

Problem ReadWeekdays(std::string_view text, ScheduleFields& fields) {
  const std::vector<std::string_view> elements = Split(text, ",");
  const bool nth = text.find('#') != std::string_view::npos;
  // No day has an L in its name.
  const bool last = text.find('L') != std::string_view::npos;
  if (last && text.find(',') != std::string_view::npos) return "L excludes other days of the week";
  if (nth && elements.size() != 1) return "# excludes other days of the week";
  if (text == "L") {
    fields.weekdays.Add(kFields[kWeekday].max);
    fields.day_rule = DayRule::kWeekdays;
    return "";
  }
  if (nth || last) return ReadCountedWeekday(elements.front(), fields);
  const auto weekdays = ReadList(kFields[kWeekday], text);
  if (!weekdays) return weekdays.error();
  fields.weekdays = *weekdays;
  fields.day_rule = DayRule::kWeekdays;
  return "";
}

bool IsOpen(std::string_view field) {
  return Split(field, ",") == std::vector<std::string_view>{"?"};
}

tl::unexpected<Error> WrongField(std::string_view text, Field field, const Problem& problem) {
  return Fail(ErrorKind::kConfig,
              fmt::format("the schedule \"{}\" is wrong: field {} ({}): {}", text,
                          static_cast<int>(field) + 1, kFields[field].name, problem));
}

// One of the two fields of days is "?".
Result<void> ReadDayFields(std::string_view text, std::string_view day, std::string_view weekday,
                           ScheduleFields& fields) {
  if (IsOpen(day) == IsOpen(weekday)) {
    return Fail(ErrorKind::kConfig,
                fmt::format("the schedule \"{}\" is wrong: exactly one of day of month and day of "
                            "week must be \"?\"",
                            text));
  }
  const bool by_day = IsOpen(weekday);
  const Problem problem = by_day ? ReadDays(day, fields) : ReadWeekdays(weekday, fields);
  if (problem.empty()) return {};
  return WrongField(text, by_day ? kDay : kWeekday, problem);
}

}  // namespace

Result<ScheduleFields> ParseSchedule(std::string_view text) {
  const std::string upper = UpperAscii(text);
  const std::vector<std::string_view> parts = Split(upper, kBlanks);
  if (parts.size() < kRequiredFields) {
    return Fail(ErrorKind::kConfig,
                fmt::format("the schedule \"{}\" is wrong: it has {} fields and needs second, "
                            "minute, hour, day of month, month and day of week",
                            text, parts.size()));
  }
  ScheduleFields fields;
  const std::pair<Field, ValueSet*> lists[] = {{kSecond, &fields.seconds},
                                               {kMinute, &fields.minutes},
                                               {kHour, &fields.hours},
                                               {kMonth, &fields.months}};
  for (const auto& [field, values] : lists) {
    auto read = ReadList(kFields[field], parts[field]);
    if (!read) return WrongField(text, field, read.error());
    *values = *read;
  }
  TRY(ReadDayFields(text, parts[kDay], parts[kWeekday], fields));
  const Problem problem = ReadYears(parts.size() > kYear ? parts[kYear] : "*", fields.years);
  if (!problem.empty()) return WrongField(text, kYear, problem);
  return fields;
}

}  // namespace dbxes::connector
