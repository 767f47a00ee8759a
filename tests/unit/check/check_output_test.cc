// SPDX-License-Identifier: Apache-2.0
#include "cli/check_output.h"

#include <doctest/doctest.h>

#include "base/json/json.h"

namespace dbxes::check {
namespace {

using Lines = std::vector<std::string>;

CheckReport Mixed() {
  CheckReport report;
  report.Ok("token", "of Ana");
  report.Warn("clock", "is wrong", "fix it");
  report.Problem("path", ExitCode::kConfiguration,
                 "a message with a length that does not fit into just one line of a terminal",
                 "do this");
  return report;
}

}  // namespace

TEST_CASE("each thing has a line, and a way out where it needs one") {
  CHECK(cli::CheckLines(Mixed(), false) ==
        Lines{"ok       token: of Ana", "warning  clock: is wrong", "         -> fix it",
              "problem  path: a message with a length that does not fit into just one line of",
              "         a terminal", "         -> do this", "1 problem, 1 warning, 1 ok"});
}

TEST_CASE("quiet leaves out what is right") {
  CHECK(cli::CheckLines(Mixed(), true).front() == "warning  clock: is wrong");
  CheckReport fine;
  fine.Ok("token", "of Ana");
  CHECK(cli::CheckLines(fine, true).empty());
  CHECK(cli::CheckLines(fine, false).back() == "0 problems, 0 warnings, 1 ok");
}

TEST_CASE("the same as one JSON object") {
  const auto json = ParseJson(cli::CheckJson(Mixed()), "output");
  REQUIRE(json.has_value());
  CHECK(StringMember(*json, "outcome") == "configuration");
  CHECK(UintMember(*json, "exit_code") == 2);
  const rapidjson::Value& checks = *FindMember(*json, "checks");
  REQUIRE(checks.Size() == 3);
  CHECK(StringMember(checks[0], "status") == "ok");
  CHECK(StringMember(checks[1], "advice") == "fix it");
  CHECK(UintMember(checks[2], "exit_code") == 2);
}

TEST_CASE("the worst line decides the exit status, and warnings do not") {
  CheckReport report;
  report.Warn("clock", "is wrong", "fix it");
  CHECK(report.code() == ExitCode::kOk);
  report.Problem("cluster", Error{ErrorKind::kTemporary, "no answer"});
  CHECK(report.code() == ExitCode::kUnavailable);
  CHECK_FALSE(report.lines().back().advice.empty());
  report.Problem("token", Error{ErrorKind::kAuth, "revoked"}, "run dbx-es auth");
  CHECK(report.code() == ExitCode::kAuthorization);
  CHECK(report.lines().back().advice == "run dbx-es auth");
  report.Problem("path", Error{ErrorKind::kNotFound, "gone"});
  CHECK(report.code() == ExitCode::kConfiguration);
}

}  // namespace dbxes::check
