// SPDX-License-Identifier: Apache-2.0
#include "connector/schedule.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <vector>

namespace dbxes::connector {
namespace {

// 2026-03-15T10:07:30Z, a Sunday.
const UtcSeconds kSunday{std::chrono::seconds(1'773'569'250)};

std::string Text(UtcSeconds time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     unsigned{date.month()}, unsigned{date.day()}, clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

// The next times, or why there are none.
std::vector<std::string> Times(const std::string& text, std::size_t count,
                               UtcSeconds time = kSunday) {
  const auto schedule = Schedule::Parse(text);
  if (!schedule) return {schedule.error().message};
  std::vector<std::string> times;
  while (times.size() < count) {
    const auto next = schedule->NextAfter(time);
    times.push_back(next ? Text(*next) : "never");
    if (!next) break;
    time = *next;
  }
  return times;
}

std::string Refusal(const std::string& text) {
  const auto schedule = Schedule::Parse(text);
  if (schedule) return "";
  CHECK(schedule.error().kind == ErrorKind::kConfig);
  CHECK(schedule.error().message.starts_with(fmt::format("the schedule \"{}\" is wrong", text)));
  return schedule.error().message;
}

struct Row {
  std::string text;
  std::vector<std::string> times;
};

TEST_CASE("a schedule comes when Elasticsearch says it does") {
  // What the class Cron of Elasticsearch 9.5.3 computes.
  const std::vector<Row> rows{
      {"0 0 0 * * ?", {"2026-03-16 00:00:00"}},
      {"0/5 * * * * ?", {"2026-03-15 10:07:35"}},
      {"0 0/15 * * * ?", {"2026-03-15 10:15:00", "2026-03-15 10:30:00"}},
      {"0 0,5,10 * * * ?", {"2026-03-15 10:10:00", "2026-03-15 11:00:00"}},
      {"0 0 0/3 * * ?", {"2026-03-15 12:00:00", "2026-03-15 15:00:00"}},
      {"0 0 2 ? * 1", {"2026-03-22 02:00:00"}},
      {"0 0 2 ? * MON-FRI", {"2026-03-16 02:00:00", "2026-03-17 02:00:00"}},
      {"0 0 2 15 * ?", {"2026-04-15 02:00:00"}},
      {"0 0 2 L * ?", {"2026-03-31 02:00:00", "2026-04-30 02:00:00"}},
      {"0 0 2 1 JAN ?", {"2027-01-01 02:00:00"}},
      {"0 0 2 ? * 2#5", {"2026-03-30 02:00:00", "2026-06-29 02:00:00"}},
      {"0 0 2 29 2 ?", {"2028-02-29 02:00:00", "2032-02-29 02:00:00"}},
      {"0 0,30 8-18 ? * MON-FRI", {"2026-03-16 08:00:00", "2026-03-16 08:30:00"}},
      {"0 0 2 ? * 2#1", {"2026-04-06 02:00:00", "2026-05-04 02:00:00"}},
      {"0 0 2 ? * 2L", {"2026-03-30 02:00:00", "2026-04-27 02:00:00"}},
      {"0 0 2 ? * L", {"2026-03-21 02:00:00"}},
      {"0 5-20/5 * * * ?", {"2026-03-15 10:10:00", "2026-03-15 10:15:00"}},
      {"0 0 22-2 * * ?", {"2026-03-15 22:00:00", "2026-03-15 23:00:00", "2026-03-16 00:00:00"}},
      {"0 0 2 ? * SUN,WED", {"2026-03-18 02:00:00", "2026-03-22 02:00:00"}},
      {"0 0 2 ? * 1-5", {"2026-03-16 02:00:00"}},
      {"0 0 2 ? * 6-2", {"2026-03-16 02:00:00", "2026-03-20 02:00:00"}},
      {"0 0 2 1-3,15 * ?", {"2026-04-01 02:00:00"}},
      {"0 0 2 * * ? 2027", {"2027-01-01 02:00:00"}},
      {"0 0 2 L-3 * ?", {"2026-03-28 02:00:00", "2026-04-27 02:00:00"}},
      {"0 0 2 1/5 * ?", {"2026-03-16 02:00:00", "2026-03-21 02:00:00"}},
      {"0 0 2 ? * FRIL", {"2026-03-27 02:00:00", "2026-04-24 02:00:00"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(Times(row.text, row.times.size()) == row.times);
  }
}

TEST_CASE("a schedule is read as generously as Elasticsearch reads it") {
  const std::vector<Row> rows{
      {" 0  0\t0 1 *  ? ", {"2026-04-01 00:00:00"}},
      {"0 0 0 1 * ? 2027 8 words more", {"2027-01-01 00:00:00"}},
      {"0 0 0 1, * ?", {"2026-04-01 00:00:00"}},
      {"0/0 0/60 0 1 * ?", {"2026-04-01 00:00:00", "2026-05-01 00:00:00"}},
      {"*/0 0 0 1 * ?", {"2026-04-01 00:00:00", "2026-04-01 00:00:01"}},
      {"/30 0 0 1 * ?", {"2026-04-01 00:00:00", "2026-04-01 00:00:30"}},
      {"10/100 * * * * ?", {"2026-03-15 10:08:10", "2026-03-15 10:09:10"}},
      {"0 0 0 ?, * monday", {"2026-03-16 00:00:00", "2026-03-23 00:00:00"}},
      {"0 50-10/7 0 * * ?", {"2026-03-16 00:04:00", "2026-03-16 00:50:00", "2026-03-16 00:57:00"}},
      {"0 0 0 20-5/6 * ?", {"2026-03-20 00:00:00", "2026-03-26 00:00:00", "2026-04-01 00:00:00"}},
      {"0 0 0 ? 11-3/2 SAT-SUN", {"2026-03-21 00:00:00"}},
      {"0 0 0 1 1 ? 2040/60", {"2040-01-01 00:00:00", "never"}},
      {"0 0 0 1 1 ? */10", {"2030-01-01 00:00:00", "2040-01-01 00:00:00"}},
      {"0 0 0 L-28 2 ?", {"2028-02-01 00:00:00"}},
      {"59 59 23 31 12 ?", {"2026-12-31 23:59:59", "2027-12-31 23:59:59"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(Times(row.text, row.times.size()) == row.times);
  }
}

TEST_CASE("a schedule that never comes") {
  for (const char* text : {"0 0 0 31 2 ?", "0 0 0 31 4,6 ?", "0 0 0 * * ? 2025", "0 0 0 * * ? 2099",
                           "0 0 0 29 2 ? 2027", "0 0 0 L-29 2 ?", "0 0 0 * * ? 1969"}) {
    CAPTURE(text);
    CHECK(Times(text, 1) == std::vector<std::string>{"never"});
  }
}

TEST_CASE("the next time is after the one that is asked about") {
  const auto schedule = Schedule::Parse("0 0 0 * * ?");
  REQUIRE(schedule);
  using std::chrono::seconds;
  const UtcSeconds midnight{seconds(1'773'619'200)};
  CHECK(schedule->NextAfter(midnight - seconds(1)) == midnight);
  CHECK(schedule->NextAfter(midnight) == midnight + seconds(86'400));
  CHECK(schedule->NextAfter(UtcSeconds(seconds(-1))) == UtcSeconds(seconds(0)));
}

TEST_CASE("what Elasticsearch refuses is refused") {
  for (const char* text : {"",
                           "@daily",
                           "0 0 0 * *",
                           "* * * * *",
                           "0 0 0 * * *",
                           "0 0 0 1 * 1",
                           "0 0 0 ? * ?",
                           "60 0 0 * * ?",
                           "0 60 0 * * ?",
                           "0 0 24 * * ?",
                           "0 0 0 0 * ?",
                           "0 0 0 32 * ?",
                           "0 0 0 1 0 ?",
                           "0 0 0 1 13 ?",
                           "0 0 0 ? * 0",
                           "0 0 0 ? * 8",
                           "0 0 0 ? * 2#6",
                           "0 0 0 ? * 1#0",
                           "0 0 0 ? * 2#",
                           "0 0 0 1,L * ?",
                           "0 0 0 L-31 * ?",
                           "0 0 0 L- * ?",
                           "0 0 0 ? * MON,FRIL",
                           "0 0 0 ? * FR",
                           "0 0 0 ? * 2-FRI",
                           "0 0 0 ? * FRI-5",
                           "0 5- 0 * * ?",
                           "0 -5 0 * * ?",
                           "0 x 0 * * ?",
                           "0 ? 0 * * ?",
                           "0 1/ 0 * * ?",
                           "*/60 0 0 * * ?",
                           "0 0 */24 * * ?",
                           "0 0 0 ? * */8",
                           "0 , 0 * * ?",
                           "0 99999999999 0 * * ?",
                           "0 0 0 1 FOO ?",
                           "0 0 0 * * ? 2027-2025",
                           "0 0 0 * * ? MON"}) {
    CAPTURE(text);
    CHECK(Refusal(text) != "");
  }
}

TEST_CASE("what Elasticsearch accepts and gets wrong is refused in words") {
  CHECK(Refusal("0 0 0 15W * ?") ==
        "the schedule \"0 0 0 15W * ?\" is wrong: field 4 (day of month): Elasticsearch computes W "
        "wrongly (15W never comes, 1W gives a time in the past); name the day, or the days of the "
        "week");
  for (const char* text : {"0 0 0 1W * ?", "0 0 0 LW * ?", "0 0 0 L-3W * ?"}) {
    CAPTURE(text);
    CHECK(Refusal(text).find("computes W wrongly") != std::string::npos);
  }
  CHECK(Refusal("0 0 0 ? * MON/2").find("a step behind a name") != std::string::npos);
  CHECK(Refusal("0 0 0 ? * 2#1,3").find("# excludes other days") != std::string::npos);
  for (const char* text : {"99 0 0 * * ?",
                           "0 0 0 99 * ?",
                           "0 0 0 98 * MON",
                           "0 0 0 * * ? 99",
                           "0 0 0 * * ? 98",
                           "5X 0 0 * * ?",
                           "0 1-5X 0 * * ?",
                           "0 1-5-7 0 * * ?",
                           "0 1-5/2/3 0 * * ?",
                           "0 5/55X 0 * * ?",
                           "0 *5 0 * * ?",
                           "0 ** 0 * * ?",
                           "0 0 0 ? * 5L3",
                           "0 0 0 ? * 0#1",
                           "0 0 0 ? * 8#1",
                           "0 0 0 ?5 * MON",
                           "0 0 0 ?,1 * MON",
                           "0 0 0 1 JAN#5 ?",
                           "0 0 0 ? * MONDAY-FRIDAY",
                           "0 0 0 ? * MONX",
                           "0 0 0 ? * FRILX",
                           "0 5.5 0 * * ?"}) {
    CAPTURE(text);
    CHECK(Refusal(text) != "");
  }
}

}  // namespace
}  // namespace dbxes::connector
