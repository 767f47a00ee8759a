// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/run_history.h"

#include <doctest/doctest.h>

#include "support/memory_file_system.h"

namespace dbxes::checkpoint {
namespace {

constexpr std::int64_t kNoon = std::int64_t{1'785'931'200} * 1'000'000;

report::RunSummary Summary(const std::string& message = "") {
  report::RunSummary summary;
  summary.command = "incremental";
  summary.exit_code = ExitCode::kUnavailable;
  summary.message = message;
  summary.duration = Milliseconds(1234);
  for (const report::CounterRow& row : report::kCounterTable) summary.counters.*row.member = 1;
  summary.counters.created = 42;
  return summary;
}

}  // namespace

TEST_CASE("a run is remembered with all that it counted") {
  MemoryFileSystem files;
  RunHistory history(files, "/state/docs");
  REQUIRE(history.Load());
  CHECK(history.Load()->empty());
  REQUIRE(history.Add(RecordOf(Summary("no answer"), kNoon)));
  const auto runs = history.Load();
  REQUIRE(runs);
  REQUIRE(runs->size() == 1);
  const RunRecord& run = runs->front();
  CHECK(run.command == "incremental");
  CHECK(run.started_at == "2026-08-05T12:00:00Z");
  CHECK(run.duration_ms == 1234);
  CHECK(run.exit_code == 5);
  CHECK(run.message == "no answer");
  CHECK(run.counters.created == 42);
  for (const report::CounterRow& row : report::kCounterTable) CHECK(run.counters.*row.member > 0);
}

TEST_CASE("counters that this version does not know, or cannot read, are passed over") {
  MemoryFileSystem files;
  files.files()["/state/docs.runs.json"] = R"({"runs":[{"command":"full-sync","counters":{
      "documents.created":7,"documents.unheard_of":1,"documents":2,"documents.updated":-3,
      "documents.deleted":"4","":5}},{"command":"incremental","counters":[6]}]})";
  RunHistory history(files, "/state/docs");
  const auto runs = history.Load();
  REQUIRE(runs);
  REQUIRE(runs->size() == 2);
  CHECK(runs->front().counters.created == 7);
  CHECK(runs->front().counters.updated == 0);
  CHECK(runs->front().counters.deleted == 0);
  CHECK(runs->back().counters.created == 0);
}

TEST_CASE("a safety stop stands until a sync did all of its work, whatever comes between") {
  MemoryFileSystem files;
  RunHistory history(files, "/state/docs");
  std::int64_t now = kNoon;
  const auto add = [&](const std::string& command, ExitCode code) {
    report::RunSummary summary;
    summary.command = command;
    summary.exit_code = code;
    summary.message = command + " message";
    now += 60'000'000;
    REQUIRE(history.Add(RecordOf(summary, now)));
    std::string stops;
    for (const RunRecord& stop : StandingStops(*history.Load())) {
      stops += stop.command + " " + stop.stopped_since.substr(11, 5) + " " + stop.message + ";";
    }
    return stops;
  };
  CHECK(add("incremental", ExitCode::kOk) == "");
  CHECK(add("incremental", ExitCode::kSafetyStop) == "incremental 12:02 incremental message;");
  CHECK(add("incremental", ExitCode::kSafetyStop) == "incremental 12:02 incremental message;");
  // It was never so far, or has another task.
  CHECK(add("full-sync", ExitCode::kUnavailable) == "full-sync 12:02 incremental message;");
  CHECK(add("acl-sync", ExitCode::kOk) == "full-sync 12:02 incremental message;");
  CHECK(add("acl-sync", ExitCode::kSafetyStop) ==
        "acl-sync 12:06 acl-sync message;full-sync 12:02 incremental message;");
  CHECK(add("incremental", ExitCode::kDocumentsFailed) == "acl-sync 12:06 acl-sync message;");
  CHECK(add("acl-sync", ExitCode::kOk) == "");
  // Another one is a new one.
  CHECK(add("full-sync", ExitCode::kSafetyStop) == "full-sync 12:09 full-sync message;");
}

TEST_CASE("only the last runs are kept, the newest first") {
  MemoryFileSystem files;
  RunHistory history(files, "/state/docs");
  for (int i = 0; i < 30; ++i) {
    REQUIRE(history.Add(RecordOf(Summary(std::to_string(i)), kNoon)));
  }
  const auto runs = history.Load();
  REQUIRE(runs);
  REQUIRE(runs->size() == RunHistory::kMost);
  CHECK(runs->front().message == "29");
  CHECK(runs->back().message == "10");
}

TEST_CASE("a long message is cut, and invalid UTF-8 is replaced") {
  MemoryFileSystem files;
  RunHistory history(files, "/state/docs");
  REQUIRE(history.Add(RecordOf(Summary(std::string(10'000, 'x') + "\xff"), kNoon)));
  REQUIRE(history.Add(RecordOf(Summary("\xff"), kNoon)));
  const auto runs = history.Load();
  REQUIRE(runs);
  CHECK(runs->front().message == "\xEF\xBF\xBD");
  CHECK(runs->back().message.size() == 500);
}

TEST_CASE("a record is harmless to a terminal, and read as it was") {
  MemoryFileSystem files;
  RunHistory history(files, "/state/docs");
  const std::string message = "gnp.\u202eexe\u2028\u009b2J";
  REQUIRE(history.Add(RecordOf(Summary(message), kNoon)));
  CHECK(files.files().at(history.path()).find("\u202e") == std::string::npos);
  CHECK(files.files().at(history.path()).find("\u009b") == std::string::npos);
  CHECK(history.Load()->front().message == message);
}

TEST_CASE("a damaged file is an error, and the next run replaces it") {
  for (const char* text : {"", "{", "[]", "{\"runs\":5}", "null"}) {
    CAPTURE(text);
    MemoryFileSystem files;
    files.files()["/state/docs.runs.json"] = text;
    RunHistory history(files, "/state/docs");
    const auto damaged = history.Load();
    REQUIRE_FALSE(damaged);
    CHECK(damaged.error().kind == ErrorKind::kConfig);
    CHECK(damaged.error().message.find("/state/docs.runs.json") != std::string::npos);
    REQUIRE(history.Add(RecordOf(Summary(), kNoon)));
    REQUIRE(history.Load());
    CHECK(history.Load()->size() == 1);
  }
}

TEST_CASE("a full disk is an error and leaves what was there") {
  MemoryFileSystem files;
  RunHistory history(files, "/state/docs");
  REQUIRE(history.Add(RecordOf(Summary("first"), kNoon)));
  files.FailAfter(files.changes());
  CHECK_FALSE(history.Add(RecordOf(Summary("second"), kNoon)));
  REQUIRE(history.Load());
  CHECK(history.Load()->front().message == "first");
}

}  // namespace dbxes::checkpoint
