// SPDX-License-Identifier: Apache-2.0
#include "report/log_reporter.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "base/json/json.h"
#include "capture.h"
#include "hand_clock.h"
#include "report/summary.h"

namespace dbxes::report {
namespace {

std::string Log(const LogOptions& options, const std::function<void(LogReporter&)>& run) {
  Capture log;
  HandClock clock;
  clock.now = Milliseconds(1'785'924'000'007);
  LogReporter reporter(options, {"1.2.3", "incremental", 42}, log.stream(), clock);
  run(reporter);
  CHECK(reporter.problem().empty());
  return log.Text();
}

std::vector<rapidjson::Document> Objects(const std::string& log) {
  std::vector<rapidjson::Document> objects;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    auto object = ParseJson(line, "a line of the log");
    REQUIRE_MESSAGE(object, line);
    objects.push_back(*std::move(object));
  }
  return objects;
}

RunSummary Failed() {
  RunSummary summary;
  summary.command = "incremental";
  summary.exit_code = ExitCode::kUnavailable;
  summary.duration = Milliseconds(1'500);
  summary.counters.created = 5;
  summary.error = Error{ErrorKind::kTemporary, "Dropbox: HTTP 503"};
  summary.error->http_status = 503;
  summary.error->request_id = "r1";
  summary.error->url = "https://api.dropbox.test/2/files/list_folder";
  summary.error->tag = "internal";
  summary.message = "Dropbox: HTTP 503; gave up";
  return summary;
}

void Talk(LogReporter& reporter) {
  reporter.Phase("listing Dropbox");
  reporter.Info("an information");
  reporter.Warn("look\nout");
  reporter.Detail("a detail");
  reporter.Print("a result");
  RunSummary summary;
  summary.command = "incremental";
  summary.counters.created = 5;
  reporter.Summary(summary);
}

// Two minutes of a run.
std::string Minutes(const LogOptions& options) {
  Capture log;
  HandClock clock;
  LogReporter reporter(options, {"1.2.3", "incremental", 42}, log.stream(), clock);
  reporter.Phase("listing Dropbox");
  for (int second = 0; second <= 120; ++second) {
    reporter.Progress({}, {});
    clock.now += Milliseconds(1'000);
  }
  return log.Text();
}

constexpr const char* kBegin = "2026-08-05T10:00:00.007Z ";

}  // namespace

TEST_CASE("a log in text has a time, a level and a source on each line") {
  const std::string begin = kBegin;
  CHECK(Log({}, Talk) ==
        begin + "info  incremental[42]: an information\n" + begin +
            "warn  incremental[42]: look\\x0aout\n" + begin +
            "info  incremental[42]: incremental: 5 created, 0 updated, 0 unchanged, "
            "0 deleted in 0.0 s\n");
  const std::string verbose = Log({.verbose = true}, Talk);
  CHECK(verbose.find("debug incremental[42]: listing Dropbox\n") != std::string::npos);
  CHECK(verbose.find("debug incremental[42]: a detail\n") != std::string::npos);
  CHECK(Log({.quiet = true}, Talk) == begin + "warn  incremental[42]: look\\x0aout\n");
}

TEST_CASE("a log in JSON has the fields of the Elastic Common Schema") {
  const std::string log = Log({.json = true}, Talk);
  CHECK(log.starts_with(
      R"({"@timestamp":"2026-08-05T10:00:00.007Z","log.level":"info","message":"an information",)"));
  const auto objects = Objects(log);
  REQUIRE(objects.size() == 3);
  for (const auto& object : objects) {
    CHECK(StringMember(object, "ecs.version") == "8.11.0");
    CHECK(StringMember(object, "service.name") == "dbx-es");
    CHECK(StringMember(object, "service.version") == "1.2.3");
    CHECK(StringMember(object, "event.dataset") == "dbx-es.log");
    CHECK(StringMember(object, "event.action") == "incremental");
    CHECK(UintMember(object, "process.pid") == 42);
  }
  CHECK(StringMember(objects[1], "log.level") == "warn");
  CHECK(StringMember(objects[1], "message") == "look\nout");
  const auto& summary = objects[2];
  CHECK(StringMember(summary, "event.outcome") == "success");
  CHECK(UintMember(summary, "process.exit_code") == 0);
  CHECK(UintMember(summary, "dbx_es.documents.created") == 5);
  for (const CounterRow& row : kCounterTable) {
    const std::string name = "dbx_es." + std::string(row.group) + "." + std::string(row.name);
    CHECK_MESSAGE(FindMember(summary, name) != nullptr, name);
  }
}

TEST_CASE("a failure shows its error, its request and each document") {
  const auto objects = Objects(Log({.json = true, .quiet = true}, [](LogReporter& reporter) {
    const Error error = *Failed().error;
    reporter.Trouble(error, "Dropbox: HTTP 503; trying again in 5.0 s", true);
    reporter.Trouble(error, "not worth a word", false);
    RunSummary summary = Failed();
    summary.failures.push_back({"id:1", "/a.txt", "index", 400, "too long"});
    reporter.Summary(summary);
  }));
  REQUIRE(objects.size() == 3);
  CHECK(StringMember(objects[0], "log.level") == "warn");
  CHECK(StringMember(objects[0], "message") == "Dropbox: HTTP 503; trying again in 5.0 s");
  CHECK(StringMember(objects[1], "error.message") == "too long");
  CHECK(StringMember(objects[1], "file.path") == "/a.txt");
  CHECK(UintMember(objects[1], "http.response.status_code") == 400);
  CHECK(StringMember(objects[2], "event.outcome") == "failure");
  CHECK(UintMember(objects[2], "event.duration") == 1'500'000'000);
  CHECK(UintMember(objects[2], "process.exit_code") == 5);
  CHECK(StringMember(objects[2], "dbx_es.outcome") == "unavailable");
  CHECK(StringMember(objects[2], "message") ==
        "incremental did not finish (unavailable): 5 created, 0 updated, 0 unchanged, 0 deleted in "
        "1.5 s; Dropbox: HTTP 503; gave up");
  for (const std::size_t at : {0, 2}) {
    CHECK(StringMember(objects[at], "error.message") == "Dropbox: HTTP 503");
    CHECK(StringMember(objects[at], "error.type") == "temporary");
    CHECK(StringMember(objects[at], "error.code") == "internal");
    CHECK(UintMember(objects[at], "http.response.status_code") == 503);
    CHECK(StringMember(objects[at], "http.request.id") == "r1");
    CHECK(StringMember(objects[at], "url.full") == "https://api.dropbox.test/2/files/list_folder");
  }
}

TEST_CASE("whatever a message contains, a line is a line of JSON") {
  const auto objects = Objects(Log({.json = true}, [](LogReporter& reporter) {
    reporter.Warn("quote \" tab \t escape \x1b and no UTF-8 \xff");
  }));
  REQUIRE(objects.size() == 1);
  CHECK(StringMember(objects[0], "message") ==
        "quote \" tab \t escape \x1b and no UTF-8 \xEF\xBF\xBD");
}

TEST_CASE("what a person has to do is logged even with -q, without empty lines") {
  const auto objects = Objects(Log({.json = true, .quiet = true}, [](LogReporter& reporter) {
    reporter.Instruct("Open this link:");
    reporter.Instruct("");
    reporter.Instruct("  https://www.dropbox.test/");
  }));
  REQUIRE(objects.size() == 2);
  CHECK(StringMember(objects[1], "message") == "https://www.dropbox.test/");
}

TEST_CASE("a log file is appended to, and readable by its owner alone") {
  std::string path = "/tmp/dbx-es-log-XXXXXX";
  const int made = ::mkstemp(path.data());
  REQUIRE(made >= 0);
  ::close(made);
  ::unlink(path.c_str());
  const HandClock clock;
  for (const char* message : {"one", "two"}) {
    auto file = LogReporter::Open(path);
    REQUIRE(file);
    LogReporter reporter({}, {"1", "auth", 1}, file->get(), clock);
    reporter.Info(message);
  }
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  std::ifstream stream(path);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  CHECK(text.find(": one\n") < text.find(": two\n"));
  CHECK(text.ends_with(": two\n"));
  ::unlink(path.c_str());
}

TEST_CASE("a log that cannot be opened or written says so") {
  const auto absent = LogReporter::Open("/nowhere/at/all.log");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().kind == ErrorKind::kConfig);
  CHECK(absent.error().message ==
        "cannot open the log file /nowhere/at/all.log: No such file or directory");
  auto full = LogReporter::Open("/dev/full");
  REQUIRE(full);
  const HandClock clock;
  LogReporter reporter({}, {"1", "auth", 1}, full->get(), clock);
  reporter.Info("lost");
  CHECK(reporter.problem() == "No space left on device");
}

TEST_CASE("a run that takes minutes logs a line a minute") {
  const std::string log = Minutes({});
  CHECK(std::count(log.begin(), log.end(), '\n') == 2);
  CHECK(log.find("listing Dropbox, 1:00") < log.find("listing Dropbox, 2:00"));
  CHECK(log.find("listing Dropbox, 2:00") != std::string::npos);
  CHECK(Minutes({.progress = false}).empty());
  CHECK(Minutes({.quiet = true}).empty());
}

}  // namespace dbxes::report
