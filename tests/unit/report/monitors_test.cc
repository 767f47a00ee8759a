// SPDX-License-Identifier: Apache-2.0
#include "report/monitors.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/os/posix_file_system.h"
#include "base/os/temp_folder.h"
#include "support/fake_clock.h"
#include "support/fake_network.h"
#include "support/memory_file_system.h"

namespace dbxes::report {
namespace {

class Warnings final : public Reporter {
 public:
  void Phase(std::string_view) override {}
  void Progress(const Counters&, const Gauges&) override {}
  void Info(std::string_view) override {}
  void Warn(std::string_view message) override { all.emplace_back(message); }
  void Detail(std::string_view) override {}
  void Print(std::string_view) override {}
  void Summary(const RunSummary&) override {}
  std::vector<std::string> all;
};

// A service that is pinged, and a disk.
struct Place {
  Monitors Make(std::string ping_url, std::string metrics_file = "") {
    return Monitors(
        {"files", std::move(metrics_file), std::move(ping_url)}, files, clock,
        [this] {
          auto network = std::make_unique<FakeNetwork>(clock);
          network->Route("https://hc.test", [this](const FakeRequest& request) {
            asked.push_back(request.method + " " + request.target);
            FakeAnswer answer;
            answer.status = status;
            return answer;
          });
          return network;
        },
        warnings);
  }

  FakeClock clock;
  MemoryFileSystem files;
  Warnings warnings;
  std::vector<std::string> asked;
  int status = 200;
};

RunSummary Ended(ExitCode code) {
  RunSummary summary;
  summary.command = "incremental";
  summary.exit_code = code;
  return summary;
}

}  // namespace

TEST_CASE("the beginning and the end of a run are reported") {
  Place place;
  Monitors monitors = place.Make("https://hc.test/ping/swordfish");
  monitors.Begin();
  monitors.Summary(Ended(ExitCode::kOk));
  monitors.Begin();
  monitors.Summary(Ended(ExitCode::kUnavailable));
  CHECK(place.asked == std::vector<std::string>{"GET /ping/swordfish/start", "GET /ping/swordfish",
                                                "GET /ping/swordfish/start",
                                                "GET /ping/swordfish/5"});
  CHECK(place.warnings.all.empty());
  CHECK_FALSE(monitors.failed());
}

TEST_CASE("a query stays behind the path, and a slash at the end is none") {
  Place place;
  Monitors monitors = place.Make("https://hc.test/x/?create=1");
  monitors.Begin();
  CHECK(place.asked == std::vector<std::string>{"GET /x/start?create=1"});
}

TEST_CASE("a run that found another one at work leaves the word to that one") {
  Place place;
  Monitors monitors = place.Make("https://hc.test/x", "/m.prom");
  RunSummary summary = Ended(ExitCode::kLocked);
  summary.error = Error{ErrorKind::kLocked, "another run holds this target"};
  monitors.Summary(summary);
  CHECK(place.asked.empty());
  CHECK(place.files.files()["/m.prom"].find("outcome=\"locked\"") != std::string::npos);
  // Nobody else pings for an index that another state folder keeps.
  summary.error->kind = ErrorKind::kKeptElsewhere;
  monitors.Summary(summary);
  CHECK(place.asked == std::vector<std::string>{"GET /x/11"});
}

TEST_CASE("a look for work that finds none is neither measured nor pinged") {
  Place place;
  RunSummary look = Ended(ExitCode::kOk);
  look.command = "connector";
  Monitors idle = place.Make("https://hc.test/x", "/m.prom");
  idle.Summary(look);
  CHECK(place.asked.empty());
  CHECK_FALSE(place.files.files().contains("/m.prom"));
  look.exit_code = ExitCode::kUnavailable;
  idle.Summary(look);
  CHECK(place.asked == std::vector<std::string>{"GET /x/5"});
  // What was begun is ended.
  look.exit_code = ExitCode::kOk;
  Monitors monitors = place.Make("https://hc.test/y");
  monitors.Begin();
  monitors.Summary(look);
  CHECK(place.asked.back() == "GET /y");
}

TEST_CASE("a ping that fails is tried again at the end, warned about, and changes nothing else") {
  Place place;
  place.status = 503;
  Monitors monitors = place.Make("https://hc.test/swordfish");
  monitors.Begin();
  CHECK(place.asked.size() == 1);
  monitors.Summary(Ended(ExitCode::kOk));
  CHECK(place.asked.size() == 4);
  CHECK_FALSE(monitors.failed());
  REQUIRE(place.warnings.all.size() == 2);
  CHECK(place.warnings.all[1] == "ping to hc.test failed: HTTP 503; tried 3 times");
  place.status = 404;
  monitors.Summary(Ended(ExitCode::kOk));
  CHECK(place.asked.size() == 5);
  for (const std::string& warning : place.warnings.all) {
    CHECK(warning.find("swordfish") == std::string::npos);
  }
}

TEST_CASE("without a URL nothing is asked, and without a file nothing is written") {
  Place place;
  Monitors monitors = place.Make("");
  monitors.Begin();
  monitors.Summary(Ended(ExitCode::kOk));
  CHECK(place.asked.empty());
  CHECK(place.files.files().empty());
}

TEST_CASE("metrics are written run after run") {
  Place place;
  Monitors monitors = place.Make("", "/m.prom");
  monitors.Summary(Ended(ExitCode::kOk));
  monitors.Summary(Ended(ExitCode::kOk));
  CHECK(place.files.files()["/m.prom"].find(
            R"(dbx_es_runs_total{command="incremental",index="files",outcome="ok"} 2)") !=
        std::string::npos);
  CHECK_FALSE(monitors.failed());
}

TEST_CASE("a run whose metrics could not be written is reported as failed") {
  Place place;
  Monitors monitors = place.Make("https://hc.test/x", "/m.prom");
  place.files.FailAfter(0);
  monitors.Summary(Ended(ExitCode::kOk));
  monitors.Summary(Ended(ExitCode::kUnavailable));
  CHECK(place.asked == std::vector<std::string>{"GET /x/1", "GET /x/5"});
}

TEST_CASE("metrics that cannot be written are warned about, and count") {
  Place place;
  Monitors monitors = place.Make("", "/m.prom");
  SUBCASE("a full disk") {
    place.files.FailAfter(0);
    monitors.Summary(Ended(ExitCode::kOk));
    REQUIRE(place.warnings.all.size() == 1);
    CHECK(place.warnings.all[0].find("metrics file: ") == 0);
  }
  SUBCASE("a file of somebody else") {
    place.files.files()["/m.prom"] = "node_load1 0.5\n";
    monitors.Summary(Ended(ExitCode::kOk));
    CHECK(place.warnings.all ==
          std::vector<std::string>{"metrics file: /m.prom is not a metrics file of dbx-es: name "
                                   "another file in report.metrics_file"});
    CHECK(place.files.files()["/m.prom"] == "node_load1 0.5\n");
  }
  SUBCASE("a file without an end") {
    place.files.files()["/m.prom"] = std::string((std::size_t{4} << 20) + 1, '#');
    monitors.Summary(Ended(ExitCode::kOk));
    CHECK(place.warnings.all ==
          std::vector<std::string>{"metrics file: /m.prom is longer than 4 MiB: remove it"});
    CHECK(place.files.files()["/m.prom"].size() == (std::size_t{4} << 20) + 1);
  }
  CHECK(monitors.failed());
}

TEST_CASE("several targets share one metrics file, and no count is lost") {
  const TempFolder folder;
  constexpr int kTargets = 4;
  constexpr int kRuns = 20;
  std::vector<std::thread> targets;
  std::atomic<int> failures = 0;
  for (int target = 0; target < kTargets; ++target) {
    targets.emplace_back([&, target] {
      PosixFileSystem files;
      FakeClock clock;
      Warnings warnings;
      Monitors monitors(
          {fmt::format("index{}", target), folder / "dbx-es.prom", ""}, files, clock,
          [] { return nullptr; }, warnings);
      for (int run = 0; run < kRuns; ++run) monitors.Summary(Ended(ExitCode::kOk));
      if (monitors.failed()) ++failures;
    });
  }
  for (std::thread& target : targets) target.join();
  CHECK(failures == 0);
  const std::string metrics = PosixFileSystem().ReadFile(folder / "dbx-es.prom").value();
  for (int target = 0; target < kTargets; ++target) {
    CHECK(metrics.find(fmt::format("dbx_es_runs_total{{command=\"incremental\",index=\"index{}\","
                                   "outcome=\"ok\"}} {}\n",
                                   target, kRuns)) != std::string::npos);
  }
}

TEST_CASE("a lock of the metrics file that stays held is a failure with words") {
  Place place;
  Monitors monitors = place.Make("", "/m.prom");
  const auto held = place.files.Lock("/m.prom.lock", "metrics");
  monitors.Summary(Ended(ExitCode::kOk));
  CHECK(monitors.failed());
  CHECK(place.warnings.all ==
        std::vector<std::string>{"metrics file: /m.prom.lock is held by another process"});
  CHECK(place.files.files().count("/m.prom") == 0);
}

}  // namespace dbxes::report
