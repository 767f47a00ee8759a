// SPDX-License-Identifier: Apache-2.0
#include "report/text_reporter.h"

#include <doctest/doctest.h>

#include <csignal>
#include <functional>
#include <string>

#include "capture.h"
#include "hand_clock.h"
#include "report/summary.h"

namespace dbxes::report {
namespace {

struct Printed {
  std::string out;
  std::string err;
};

Printed Print(const ReportOptions& options, const Terminal& terminal,
              const std::function<void(TextReporter&, HandClock&)>& run) {
  Capture out;
  Capture err;
  HandClock clock;
  {
    TextReporter reporter(options, {out.stream(), err.stream()}, terminal, clock);
    run(reporter, clock);
  }
  return {out.Text(), err.Text()};
}

Terminal Tty(std::size_t width = 80, std::string_view no_color = "1") {
  Terminal terminal = MakeTerminal(true, "xterm", no_color);
  terminal.width = [width] { return width; };
  return terminal;
}

const Terminal kPipe = MakeTerminal(false, "xterm", "");

RunSummary Success() {
  RunSummary summary;
  summary.command = "incremental";
  summary.duration = Milliseconds(1'000);
  summary.counters.created = 5;
  return summary;
}

RunSummary Unavailable() {
  RunSummary summary = Success();
  summary.exit_code = ExitCode::kUnavailable;
  summary.message = "Elasticsearch does not answer";
  return summary;
}

constexpr const char* kSuccessLine =
    "incremental: 5 created, 0 updated, 0 unchanged, 0 deleted in 1.0 s\n";

void Instruct(TextReporter& reporter, HandClock&) {
  reporter.Instruct("Open this link:");
  reporter.Instruct("");
  reporter.Instruct("  https://www.dropbox.test/");
}

void RunEverything(TextReporter& reporter, HandClock& clock) {
  reporter.Phase("listing Dropbox");
  reporter.Progress({}, {});
  clock.now += Milliseconds(1'000);
  reporter.Progress({}, {});
  reporter.Info("an information");
  reporter.Detail("a detail");
  reporter.Summary(Success());
}

}  // namespace

TEST_CASE("strong parts of a line are bold, and neither part controls the terminal") {
  const Printed printed = Print({}, kPipe, [](TextReporter& reporter, HandClock&) {
    reporter.PrintParts({{"a "},
                         {"b\x1b[2J", true},
                         {" \xE2\x80\xAE"
                          "c"}});
    reporter.PrintParts({});
  });
  CHECK(printed.out == "a \x1b[1mb\\x1b[2J\x1b[0m \\u202ec\n\n");
}

TEST_CASE("what a person has to do is shown as it is, even with -q, unless the log says it") {
  const Printed quiet = Print({.quiet = true}, kPipe, Instruct);
  CHECK(quiet.out.empty());
  CHECK(quiet.err == "Open this link:\n\n  https://www.dropbox.test/\n");
  CHECK(Print({.log_on_stderr = true}, kPipe, Instruct).err.empty());
}

TEST_CASE("off a terminal there is no progress and no escape sequence") {
  const Printed printed = Print({}, kPipe, RunEverything);
  CHECK(printed.out == kSuccessLine);
  CHECK(printed.err == "dbx-es: an information\n");
}

TEST_CASE("-v adds phases and details") {
  const Printed printed = Print({.verbose = true}, kPipe, RunEverything);
  CHECK(printed.out == kSuccessLine);
  CHECK(printed.err == "dbx-es: listing Dropbox\ndbx-es: an information\ndbx-es: a detail\n");
}

TEST_CASE("-q prints nothing of a success, on a terminal or off") {
  for (const Terminal& terminal : {kPipe, Tty()}) {
    const Printed printed = Print({.quiet = true}, terminal, RunEverything);
    CHECK(printed.out == "");
    CHECK(printed.err == "");
  }
}

TEST_CASE("-q keeps warnings and failures") {
  const Printed printed = Print({.quiet = true}, kPipe, [](TextReporter& reporter, HandClock&) {
    reporter.Warn("look out");
    reporter.Summary(Unavailable());
  });
  CHECK(printed.out ==
        "incremental did not finish (unavailable): 5 created, 0 updated, 0 unchanged, 0 deleted in "
        "1.0 s\n");
  CHECK(printed.err == "dbx-es: warning: look out\ndbx-es: Elasticsearch does not answer\n");
}

TEST_CASE("files without text have a line, and a reader that has ended ends in silence") {
  const auto print = [](const RunSummary& summary, bool quiet) {
    return Print({.quiet = quiet}, kPipe,
                 [&](TextReporter& reporter, HandClock&) { reporter.Summary(summary); });
  };
  RunSummary summary = Success();
  CHECK(print(summary, false).out == kSuccessLine);
  summary.counters.content_encrypted = 3;
  summary.counters.content_no_text = 2;
  summary.counters.content_no_pdftotext = 1200;
  summary.counters.content_no_type = 7;  // a picture has none
  CHECK(print(summary, false).out ==
        std::string(kSuccessLine) +
            "1,205 without text: 1,200 no_pdftotext, 3 encrypted, 2 no_text\n");
  CHECK(print(summary, true).out == "");
  summary.error = Error{ErrorKind::kInterrupted, "the reader has ended"};
  summary.error->signal = SIGPIPE;
  const Printed ended = print(summary, false);
  CHECK(ended.out == "");
  CHECK(ended.err == "");
}

TEST_CASE("a dry run that stops for safety lists what is held back, before all else") {
  RunSummary summary = Success();
  summary.dry_run = true;
  summary.exit_code = ExitCode::kSafetyStop;
  summary.message = "too many";
  summary.held_back = {"/a\n", "/b"};
  const auto print = [&](const ReportOptions& options) {
    return Print(options, kPipe,
                 [&](TextReporter& reporter, HandClock&) { reporter.Summary(summary); });
  };
  CHECK(print({}).err ==
        "dbx-es: would delete /a\\x0a\ndbx-es: would delete /b\ndbx-es: too many\n");
  CHECK(print({.quiet = true}).err == "dbx-es: too many\n");
}

TEST_CASE("an answer is printed line by line, -q or not") {
  for (const bool quiet : {false, true}) {
    const Printed printed = Print({.quiet = quiet}, kPipe, [](TextReporter& reporter, HandClock&) {
      RunSummary summary;
      summary.command = "explain";
      summary.answer = {"document: /a\x1b.txt", "index: shows it"};
      reporter.Summary(summary);
    });
    CHECK(printed.out == "document: /a\\x1b.txt\nindex: shows it\n");
    CHECK(printed.err == "");
  }
}

TEST_CASE("an answer leaves standard output alone where something else is printed there") {
  const Printed printed =
      Print({.summary_on_stderr = true}, kPipe, [](TextReporter& reporter, HandClock&) {
        RunSummary summary;
        summary.answer = {"account: Ana Diaz"};
        reporter.Summary(summary);
      });
  CHECK(printed.out == "");
  CHECK(printed.err == "account: Ana Diaz\n");
}

TEST_CASE("--json prints one object on standard output, always") {
  for (const bool quiet : {false, true}) {
    for (const RunSummary& summary : {Success(), Unavailable()}) {
      const Printed printed =
          Print({.json = true, .quiet = quiet}, kPipe,
                [&](TextReporter& reporter, HandClock&) { reporter.Summary(summary); });
      CHECK(printed.out == SummaryJson(summary) + "\n");
      CHECK(printed.err.empty() == (summary.exit_code == ExitCode::kOk));
    }
  }
}

TEST_CASE("the summary keeps out of standard output when documents go there") {
  const Printed printed = Print({.summary_on_stderr = true}, kPipe, RunEverything);
  CHECK(printed.out == "");
  CHECK(printed.err == std::string("dbx-es: an information\n") + kSuccessLine);
}

TEST_CASE("on a terminal the progress line is redrawn, and erased before anything else") {
  const Printed printed = Print({}, Tty(), RunEverything);
  CHECK(printed.out == kSuccessLine);
  CHECK(printed.err ==
        "\rlisting Dropbox\x1b[K\rlisting Dropbox, 0:01\x1b[K\r\x1b[Kdbx-es: an information\n");
}

TEST_CASE("a terminal that is resized gets lines of its new width") {
  std::size_t width = 80;
  Terminal terminal = Tty();
  terminal.width = [&width] { return width; };
  const Printed printed = Print({}, terminal, [&](TextReporter& reporter, HandClock& clock) {
    reporter.Phase("listing Dropbox");
    reporter.Progress({}, {});
    for (const std::size_t next : {8, 1, 80}) {
      width = next;
      clock.now += Milliseconds(1'000);
      reporter.Progress({}, {});
    }
  });
  CHECK(printed.err ==
        "\rlisting Dropbox\x1b[K\rlisting\x1b[K\rl\x1b[K\rlisting Dropbox, 0:03\x1b[K\r\x1b[K");
}

TEST_CASE("a status is printed when it is asked for, -q or not, on a terminal or off") {
  for (const Terminal& terminal : {kPipe, Tty()}) {
    const Printed printed =
        Print({.quiet = true}, terminal, [](TextReporter& reporter, HandClock& clock) {
          reporter.Phase("listing Dropbox");
          Counters counters;
          counters.created = 10;
          reporter.Progress(counters, {});
          reporter.Phase("deleting what is gone");
          clock.now += Milliseconds(2'000);
          counters.deleted = 8;
          reporter.Status(counters, {.in_flight = 3});
        });
    CHECK(printed.out == "");
    CHECK(printed.err ==
          "dbx-es: deleting what is gone, 0:02, 18 documents, 4/s, 10 created, 8 deleted, 3 in "
          "flight\n");
  }
}

TEST_CASE("a run that takes minutes shows a line a minute where there is no terminal") {
  const auto run = [](TextReporter& reporter, HandClock& clock) {
    reporter.Phase("listing Dropbox");
    Counters counters;
    for (int second = 0; second <= 130; ++second) {
      counters.entries += 100;
      reporter.Progress(counters, {});
      clock.now += Milliseconds(1'000);
    }
  };
  const std::string lines =
      "dbx-es: listing Dropbox, 1:00, 6,100 entries\n"
      "dbx-es: listing Dropbox, 2:00, 12,100 entries\n";
  CHECK(Print({}, kPipe, run).err == lines);
  CHECK(Print({.progress = ProgressMode::kLive}, kPipe, run).err == lines);
  CHECK(Print({.progress = ProgressMode::kPlain}, Tty(), run).err == lines);
  CHECK(Print({.progress = ProgressMode::kNone}, kPipe, run).err.empty());
  CHECK(Print({.progress = ProgressMode::kNone}, Tty(), run).err.empty());
  CHECK(Print({.quiet = true}, kPipe, run).err.empty());
  CHECK(Print({.quiet = true, .progress = ProgressMode::kPlain}, kPipe, run).err.empty());
  CHECK(Print({.log_on_stderr = true}, kPipe, run).err.empty());
  CHECK(Print({}, Tty(), run).err.find('\n') == std::string::npos);
}

TEST_CASE("where standard error belongs to a log, nothing else is written there") {
  const Printed printed = Print({.verbose = true, .log_on_stderr = true}, Tty(), RunEverything);
  CHECK(printed.out == "");
  CHECK(printed.err == "");
  const Printed json = Print({.json = true, .log_on_stderr = true}, Tty(), RunEverything);
  CHECK(json.out == SummaryJson(Success()) + "\n");
  CHECK(json.err == "");
}

TEST_CASE("the progress line is erased at the end even if nothing else is printed") {
  const Printed printed = Print({}, Tty(), [](TextReporter& reporter, HandClock&) {
    reporter.Phase("listing");
    reporter.Progress({}, {});
  });
  CHECK(printed.err == "\rlisting\x1b[K\r\x1b[K");
}

TEST_CASE("the progress line never reaches the last column") {
  const Printed printed = Print({}, Tty(8), [](TextReporter& reporter, HandClock&) {
    reporter.Phase("listing Dropbox");
    reporter.Progress({}, {});
  });
  CHECK(printed.err.starts_with("\rlisting\x1b[K"));
}

TEST_CASE("colours mark warnings and errors where they are allowed") {
  const auto run = [](TextReporter& reporter, HandClock&) {
    reporter.Info("info");
    reporter.Warn("look out");
    reporter.Summary(Unavailable());
  };
  CHECK(Print({}, Tty(80, ""), run).err ==
        "dbx-es: info\n\x1b[33mdbx-es: warning:\x1b[0m look out\n\x1b[31mdbx-es:\x1b[0m "
        "Elasticsearch does not answer\n");
  CHECK(Print({}, Tty(80, "1"), run).err ==
        "dbx-es: info\ndbx-es: warning: look out\ndbx-es: Elasticsearch does not answer\n");
}

TEST_CASE("names of documents cannot forge lines or drive the terminal") {
  const Printed printed = Print({}, kPipe, [](TextReporter& reporter, HandClock&) {
    reporter.Warn("/a\ndbx-es: all is well\x1b[2J");
    RunSummary summary = Unavailable();
    summary.failures.push_back({"id:1", "/b\rc", "index", 0, "no\nreason"});
    reporter.Summary(summary);
  });
  CHECK(printed.err ==
        "dbx-es: warning: /a\\x0adbx-es: all is well\\x1b[2J\n"
        "dbx-es: Elasticsearch does not answer\n"
        "dbx-es: failed: /b\\x0dc (index): no\\x0areason\n");
}

}  // namespace dbxes::report
