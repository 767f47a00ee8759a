// SPDX-License-Identifier: Apache-2.0
#include "report/summary.h"

#include <doctest/doctest.h>

#include "base/json/json.h"

namespace dbxes::report {
namespace {

RunSummary Done() {
  RunSummary summary;
  summary.command = "full-sync";
  summary.duration = Milliseconds(3'400);
  summary.counters.created = 1'204;
  summary.counters.updated = 3;
  summary.counters.unchanged = 88;
  summary.counters.deleted = 2;
  return summary;
}

FailedDocument Failure(int number) {
  return {"id:" + std::to_string(number), "/a/" + std::to_string(number), "index", 400, "refused"};
}

// Counts the members of a JSON object and asks for each that it is the number expected.
void CheckGroup(const rapidjson::Value& json, std::string_view group, const Counters& counters) {
  const rapidjson::Value* object = FindMember(json, group);
  REQUIRE(object != nullptr);
  std::size_t rows = 0;
  for (const CounterRow& row : kCounterTable) {
    if (row.group != group) continue;
    ++rows;
    CAPTURE(row.name);
    CHECK(UintMember(*object, row.name) == counters.*row.member);
  }
  CHECK(object->MemberCount() == rows);
}

}  // namespace

TEST_CASE("the summary of an outcome has its exit code, error and message") {
  CHECK(SummaryOf("check", {}).exit_code == ExitCode::kOk);
  const RunSummary failed = SummaryOf("auth", Fail(ErrorKind::kAuth, "no code"));
  CHECK(failed.command == "auth");
  CHECK(failed.exit_code == ExitCode::kAuthorization);
  REQUIRE(failed.error);
  CHECK(failed.error->kind == ErrorKind::kAuth);
  CHECK(failed.message == "no code");
}

TEST_CASE("a success is one line") {
  CHECK(SummaryLine(Done()) ==
        "full-sync: 1,204 created, 3 updated, 88 unchanged, 2 deleted in 3.4 s");
  CHECK(SummaryProblems(Done()).empty());
}

TEST_CASE("a success that changed nothing says so") {
  RunSummary summary;
  summary.command = "incremental";
  CHECK(SummaryLine(summary) ==
        "incremental: 0 created, 0 updated, 0 unchanged, 0 deleted in 0.0 s");
}

TEST_CASE("excluded, dropped and failed documents are shown if there are any") {
  RunSummary summary = Done();
  summary.counters.excluded = 7;
  summary.counters.dropped = 8;
  summary.counters.failed = 1'001;
  summary.exit_code = ExitCode::kDocumentsFailed;
  CHECK(
      SummaryLine(summary) ==
      "full-sync: 1,204 created, 3 updated, 88 unchanged, 2 deleted, 7 excluded, 8 dropped, 1,001 "
      "failed in 3.4 s");
}

TEST_CASE("a dry run does not claim to have written anything") {
  RunSummary summary = Done();
  summary.dry_run = true;
  CHECK(SummaryLine(summary) ==
        "full-sync (dry run, nothing was written): would create 1,204, update 3, delete 2; 88 "
        "unchanged in 3.4 s");
  summary.exit_code = ExitCode::kSafetyStop;
  CHECK(SummaryLine(summary).starts_with(
      "full-sync stopped for safety; this was a dry run: would create 1,204, "));
}

TEST_CASE("a run that stopped half-way does not look like a success") {
  for (const ExitCodeRow& row : kExitCodes) {
    if (row.code == ExitCode::kOk || row.code == ExitCode::kDocumentsFailed) continue;
    CAPTURE(row.outcome);
    RunSummary summary = Done();
    summary.exit_code = row.code;
    const std::string remark = row.code == ExitCode::kSafetyStop
                                   ? "stopped for safety"
                                   : "did not finish (" + std::string(row.outcome) + ")";
    CHECK(SummaryLine(summary).starts_with("full-sync " + remark + ": 1,204 created"));
    // Without a message of its own, the meaning of the exit code is shown.
    CHECK(SummaryProblems(summary) == std::vector<std::string>{std::string(row.help)});
    summary.message = "what to do";
    CHECK(SummaryProblems(summary) == std::vector<std::string>{"what to do"});
    // Nothing was counted.
    summary.counters = {};
    CHECK(SummaryLine(summary) == "");
  }
}

TEST_CASE("problems: each line of the message, some failed documents, and where the others are") {
  RunSummary summary = Done();
  summary.exit_code = ExitCode::kDocumentsFailed;
  summary.message = "7 documents failed\ntry again";
  summary.failures_file = "/s/failures.ndjson";
  for (int i = 1; i <= 7; ++i) summary.failures.push_back(Failure(i));
  summary.failures[1] = {"id:2", "", "read", 0, "broken off"};
  CHECK(SummaryProblems(summary) ==
        std::vector<std::string>{
            "7 documents failed", "try again", "failed: /a/1 (index, HTTP 400): refused",
            "failed: id:2 (read): broken off", "failed: /a/3 (index, HTTP 400): refused",
            "failed: /a/4 (index, HTTP 400): refused", "failed: /a/5 (index, HTTP 400): refused",
            "all failed documents: /s/failures.ndjson"});
}

TEST_CASE("more failures than are named are counted by what went wrong") {
  RunSummary summary = Done();
  summary.exit_code = ExitCode::kDocumentsFailed;
  summary.message = "50000 documents failed";
  summary.counters.failed = 50'000;
  for (int i = 1; i <= 20; ++i) summary.failures.push_back(Failure(i));
  summary.failure_groups = {{"download, HTTP 403", 49'990}, {"extract", 10}};
  const std::vector<std::string> lines = SummaryProblems(summary);
  REQUIRE(lines.size() == 8);
  CHECK(lines[6] == "failed: 49,990 documents (download, HTTP 403)");
  CHECK(lines[7] == "failed: 10 documents (extract)");
}

TEST_CASE("JSON holds every counter and every member, in the promised order") {
  RunSummary summary;
  summary.command = "full-sync";
  summary.duration = Milliseconds(1'234);
  std::uint64_t number = 1;
  for (const CounterRow& row : kCounterTable) summary.counters.*row.member = number++;
  const auto json = ParseJson(SummaryJson(summary), "summary");
  REQUIRE(json.has_value());
  for (const char* group : {"documents", "listing", "dropbox", "elasticsearch"}) {
    CheckGroup(*json, group, summary.counters);
  }
  std::vector<std::string> members;
  for (const auto& member : json->GetObject()) members.emplace_back(View(member.name));
  CHECK(members == std::vector<std::string>{"command", "outcome", "exit_code", "duration_ms",
                                            "dry_run", "message", "documents", "content", "listing",
                                            "dropbox", "elasticsearch", "failures_file",
                                            "failures"});
}

TEST_CASE("what is rare is shown only if there is any") {
  RunSummary summary = Done();
  CHECK(SummaryLine(summary).find("list") == std::string::npos);
  summary.counters.without_list = 3;
  summary.counters.closed = 2;
  summary.counters.identities_closed = 1;
  CHECK(SummaryLine(summary).find("3 without list, 2 closed, 1 identities closed") !=
        std::string::npos);
}

TEST_CASE("JSON of a success, byte for byte") {
  CHECK(
      SummaryJson(Done()) ==
      R"({"command":"full-sync","outcome":"ok","exit_code":0,"duration_ms":3400,)"
      R"("dry_run":false,"message":"",)"
      R"("documents":{"created":1204,"updated":3,"unchanged":88,"deleted":2,"excluded":0,)"
      R"("dropped":0,"failed":0,"without_list":0,"closed":0,"identities_closed":0},"content":{"fetched":0,"unchanged":0,"postponed":0,"truncated":0,"damaged_partly":0,"ocr_files":0,"ocr_milliseconds":0,"other_type":0,"empty":0,)"
      R"("too_large":0,"not_text":0,"no_text":0,"unreadable":0,"encrypted":0,"parser_failed":0,)"
      R"("no_pdftotext":0,"no_ocr":0,"refused":0,"gone":0,"failed":0},)"
      R"("listing":{"pages":0,"entries":0},)"
      R"("dropbox":{"requests":0,"retries":0,"bytes_received":0},)"
      R"("elasticsearch":{"requests":0,"retries":0,"bytes_sent":0},)"
      R"("failures_file":"","failures":[]})");
}

TEST_CASE("JSON of a failure names the first failed documents and stays JSON whatever is in them") {
  RunSummary summary = Done();
  summary.exit_code = ExitCode::kSafetyStop;
  summary.message = "line \"one\"\nline two\x01\xFF";
  summary.dry_run = true;
  summary.failures_file = "/s/\xFC.ndjson";
  for (int i = 0; i < 25; ++i) summary.failures.push_back(Failure(i));
  summary.failures[0].path = "/evil\n\"\xED\xA0\x80";
  const std::string text = SummaryJson(summary);
  CHECK(text.find('\n') == std::string::npos);
  const auto json = ParseJson(text, "summary");
  REQUIRE(json.has_value());
  CHECK(StringMember(*json, "outcome") == "safety_stop");
  CHECK(UintMember(*json, "exit_code") == 7);
  CHECK(BoolMember(*json, "dry_run", false));
  CHECK(StringMember(*json, "message") == "line \"one\"\nline two\x01\xEF\xBF\xBD");
  CHECK(StringMember(*json, "failures_file") == "/s/\xEF\xBF\xBD.ndjson");
  const rapidjson::Value* failures = FindMember(*json, "failures");
  REQUIRE(failures != nullptr);
  REQUIRE(failures->Size() == kMaxListedFailures);
  const rapidjson::Value& first = (*failures)[0];
  CHECK(StringMember(first, "id") == "id:0");
  CHECK(StringMember(first, "path") == "/evil\n\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(StringMember(first, "operation") == "index");
  CHECK(UintMember(first, "status") == 400);
  CHECK(StringMember(first, "reason") == "refused");
}

TEST_CASE("what a dry run would not be allowed to delete is listed") {
  RunSummary summary;
  CHECK(HeldBackLines(summary).empty());
  CHECK(SummaryJson(summary).find("held_back") == std::string::npos);
  summary.held_back = {"/a", "/b"};
  CHECK(HeldBackLines(summary) == std::vector<std::string>{"would delete /a", "would delete /b"});
  summary.more_held_back = 1200;
  CHECK(HeldBackLines(summary).back() == "would delete 1,200 more");
  CHECK(SummaryJson(summary).find(R"("held_back":["/a","/b"])") != std::string::npos);
}

}  // namespace dbxes::report
