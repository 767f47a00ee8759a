// SPDX-License-Identifier: Apache-2.0
#include "connector/due.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "connector/protocol_time.h"

namespace dbxes::connector {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kHour = 3600 * kSecond;
// 2026-03-15T10:07:30Z, a Sunday.
constexpr std::int64_t kNow = 1'773'569'250 * kSecond;

rapidjson::Document Parsed(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.c_str());
  REQUIRE(document.IsObject());
  return document;
}

// A schedule that is enabled and was first seen at `since`. `more`: other members.
std::string Enabled(const char* type, const char* interval, std::int64_t since,
                    const std::string& more = "") {
  return fmt::format(R"({{{3}"scheduling":{{"{0}":{{"enabled":true,"interval":"{1}"}}}},)"
                     R"("dbx_es":{{"schedules":{{"{0}":{{"interval":"{1}","since":"{2}"}}}}}}}})",
                     type, interval, FormatTime(since), more);
}

std::string Due(const std::string& connector, bool access_lists = true, std::int64_t now = kNow) {
  std::string text;
  for (const DueSync& due : LookAtSchedules(Parsed(connector), access_lists, now).due) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", NameOf(due.type), FormatTime(due.time));
  }
  return text;
}

std::string Changes(const std::string& connector) {
  return LookAtSchedules(Parsed(connector), true, kNow).changes;
}

TEST_CASE("a schedule counts from the moment in which it is first seen") {
  const char* const fresh = R"({"scheduling":{"full":{"enabled":true,"interval":"0 0 * * * ?"}}})";
  CHECK(Due(fresh).empty());
  CHECK(Changes(fresh) == R"({"dbx_es":{"schedules":{"full":{"interval":"0 0 * * * ?",)"
                          R"("since":"2026-03-15T10:07:30.000Z"}}}})");
  const std::string seen = Enabled("full", "0 0 * * * ?", kNow);
  CHECK(Changes(seen) == "{}");
  CHECK(Due(seen).empty());
  CHECK(Due(seen, true, kNow + kHour) == "full 2026-03-15T11:00:00.000Z");
}

TEST_CASE("times that were missed are one sync") {
  const std::string connector = Enabled("incremental", "0 0/5 * * * ?", kNow - 30 * kHour);
  CHECK(Due(connector) == "incremental 2026-03-15T10:05:00.000Z");
  CHECK(Changes(connector) ==
        R"({"last_incremental_sync_scheduled_at":"2026-03-15T10:05:00.000Z"})");
  // Also with very many of them.
  CHECK(Due(Enabled("full", "* * * * * ?", kNow - 20 * 366 * 24 * kHour)) ==
        "full 2026-03-15T10:07:30.000Z");
  CHECK(Due(Enabled("full", "0 0 2 1 1 ?", kNow - 5 * 366 * 24 * kHour)) ==
        "full 2026-01-01T02:00:00.000Z");
}

TEST_CASE("what was started is not due again") {
  const std::string hourly = "0 0 * * * ?";
  const auto with_last = [&](const char* last) {
    return Enabled("full", hourly.c_str(), kNow - 5 * kHour,
                   fmt::format(R"("last_sync_scheduled_at":"{}",)", last));
  };
  CHECK(Due(with_last("2026-03-15T10:00:00.000Z")).empty());
  CHECK(Due(with_last("2026-03-15T08:00:00.000Z")) == "full 2026-03-15T10:00:00.000Z");
  // A clock that was ahead does not stop the schedule for ever.
  CHECK(Due(with_last("2036-03-15T08:00:00.000Z")) == "full 2026-03-15T10:00:00.000Z");
  // Nor does a note of the future, which is written again.
  const std::string ahead = Enabled("full", hourly.c_str(), kNow + 900 * kHour);
  CHECK(Due(ahead).empty());
  CHECK(Changes(ahead).find("2026-03-15T10:07:30.000Z") != std::string::npos);
}

TEST_CASE("a schedule that was changed or enabled again counts from now on") {
  const char* const changed =
      R"({"scheduling":{"full":{"enabled":true,"interval":"0 30 * * * ?"}},"dbx_es":{"schedules":)"
      R"({"full":{"interval":"0 0 * * * ?","since":"2026-03-01T00:00:00.000Z"}}}})";
  CHECK(Due(changed).empty());
  CHECK(Changes(changed).find(R"("interval":"0 30 * * * ?")") != std::string::npos);
  const char* const disabled =
      R"({"scheduling":{"full":{"enabled":false,"interval":"0 0 * * * ?"}},"dbx_es":{"schedules":)"
      R"({"full":{"interval":"0 0 * * * ?","since":"2026-03-01T00:00:00.000Z"}}}})";
  CHECK(Due(disabled).empty());
  CHECK(Changes(disabled) == R"({"dbx_es":{"schedules":{"full":null}}})");
}

TEST_CASE("a full sync does the work of an incremental one") {
  const std::string both =
      R"({"scheduling":{"full":{"enabled":true,"interval":"0 0 * * * ?"},)"
      R"("incremental":{"enabled":true,"interval":"0 0 * * * ?"},)"
      R"("access_control":{"enabled":true,"interval":"0 0 * * * ?"}},"dbx_es":{"schedules":{)"
      R"("full":{"interval":"0 0 * * * ?","since":"2026-03-15T09:30:00Z"},)"
      R"("incremental":{"interval":"0 0 * * * ?","since":"2026-03-15T09:30:00Z"},)"
      R"("access_control":{"interval":"0 0 * * * ?","since":"2026-03-15T09:30:00Z"}}}})";
  CHECK(Due(both) == "access_control 2026-03-15T10:00:00.000Z, full 2026-03-15T10:00:00.000Z");
  CHECK(Changes(both).find("last_incremental_sync_scheduled_at") != std::string::npos);
  CHECK(Due(both, /*access_lists=*/false) == "full 2026-03-15T10:00:00.000Z");
}

TEST_CASE("documents that nobody should write start nothing") {
  for (const char* connector :
       {"{}", R"({"scheduling":null})", R"({"scheduling":[]})", R"({"scheduling":{"full":7}})",
        R"({"scheduling":{"full":{"enabled":"yes","interval":"* * * * * ?"}}})",
        R"({"scheduling":{"full":{"enabled":true,"interval":7}}})",
        R"({"scheduling":{"full":{"enabled":true,"interval":"0 0 25 * * ?"}}})",
        R"({"scheduling":{"full":{"enabled":true}},"dbx_es":7})"}) {
    CAPTURE(connector);
    CHECK(Due(connector).empty());
    CHECK(Changes(connector) == "{}");
  }
  const auto schedules = EnabledSchedules(
      Parsed(R"({"scheduling":{"full":{"enabled":true,"interval":"0 0 25 * * ?"}}})"), true, kNow);
  REQUIRE(schedules.size() == 1);
  CHECK(schedules[0].problem.find("hour") != std::string::npos);
}

}  // namespace
}  // namespace dbxes::connector
