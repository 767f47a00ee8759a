// SPDX-License-Identifier: Apache-2.0
#include "check/status_table.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json/json.h"
#include "check/age.h"

namespace dbxes::check {
namespace {

checkpoint::RunRecord Run(const std::string& command, int exit_code) {
  checkpoint::RunRecord run;
  run.command = command;
  run.started_at = "2026-08-05T10:00:00Z";
  run.exit_code = exit_code;
  return run;
}

NamedStatus Good() {
  NamedStatus one{"docs", {}};
  one.status.target = "docs at https://elastic.test";
  one.status.now = *ParseUtc("2026-08-05T10:10:00Z");
  one.status.feed_read = ParseUtc("2026-08-05T10:00:00Z");
  one.status.runs = {Run("incremental", 0)};
  one.status.index = IndexLook{IndexStand::kAsLeft, "docs", ""};
  return one;
}

NamedStatus Kept() {
  NamedStatus one{"archive-of-everything", {}};
  one.status.pending_failures = 1200;
  one.status.pending_deletions = 3;
  one.status.running = "pid 7";
  one.status.index = IndexLook{IndexStand::kKeptElsewhere, "another state keeps the index", "ask"};
  return one;
}

NamedStatus Broken() {
  return {"broken", UnreadStatus({ErrorKind::kConfig, "broken.toml:1:2: expected a value"})};
}

}  // namespace

TEST_CASE("each configuration is one line, and what is wrong follows") {
  const auto lines = StatusTable({Kept(), Broken(), Good()});
  CHECK(fmt::format("{}", fmt::join(lines, "\n")) ==
        "configuration          index           changes read  last run (exit)  failed + pending "
        "deletions  now\n"
        "archive-of-everything  kept elsewhere  never         none             1,200 + 3"
        "                   running\n"
        "broken                 -               -             -                - + -"
        "                       problem\n"
        "docs                   ok              10 min ago    incremental (0)  0 + 0\n"
        "archive-of-everything: another state keeps the index: ask\n"
        "broken: broken.toml:1:2: expected a value");
}

TEST_CASE("the exit code is that of the worst") {
  CHECK(WorstCode({}) == ExitCode::kOk);
  CHECK(WorstCode({Good()}) == ExitCode::kOk);
  CHECK(WorstCode({Good(), Kept(), Good()}) == ExitCode::kLocked);
  CHECK(WorstCode({Broken(), Kept()}) == ExitCode::kConfiguration);
  CHECK(WorstCode({Kept(), Broken()}) == ExitCode::kConfiguration);
}

TEST_CASE("an index that is gone is shown, and is no failure") {
  NamedStatus one = Good();
  one.status.index = GoneIndex("docs");
  CHECK(WorstCode({one}) == ExitCode::kOk);
  const auto lines = StatusTable({one});
  REQUIRE(lines.size() == 3);
  CHECK(lines[1].find("gone") != std::string::npos);
  CHECK(lines[2].starts_with("docs: docs is gone, although runs have synced it: find out"));
}

TEST_CASE("JSON has the object of status for each configuration") {
  const std::string text = StatusTableJson("/etc/dbx-es", {Good(), Broken()});
  const auto json = ParseJson(text, "output");
  REQUIRE(json);
  CHECK(StringMember(*json, "command") == "status");
  CHECK(UintMember(*json, "exit_code") == 2);
  CHECK(StringMember(*json, "folder") == "/etc/dbx-es");
  CHECK(StringMember(*json, "message") == "broken: broken.toml:1:2: expected a value");
  const rapidjson::Value& all = *FindMember(*json, "configurations");
  REQUIRE(all.Size() == 2);
  CHECK(StringMember(all[0], "configuration") == "docs");
  CHECK(StringMember(all[0], "index") == "as_left");
  CHECK(UintMember(all[0], "exit_code") == 0);
  CHECK(UintMember(all[1], "exit_code") == 2);
}

}  // namespace dbxes::check
