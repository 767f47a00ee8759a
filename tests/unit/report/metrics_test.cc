// SPDX-License-Identifier: Apache-2.0
#include "report/metrics.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "base/version.h"

namespace dbxes::report {
namespace {

// The samples of a file, after a check against all that promtool asks of one (Prometheus: text
// exposition format, metric and label naming): each metric in one block, HELP and TYPE once and
// before its samples, names and labels well-formed, no sample twice, counters that end in _total.
class Checked {
 public:
  explicit Checked(const std::string& text) {
    REQUIRE(text.ends_with('\n'));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      if (line.starts_with("# HELP ")) {
        Begin(line.substr(7));
      } else if (line.starts_with("# TYPE ")) {
        Type(line.substr(7));
      } else if (!line.starts_with("# ")) {
        Sample(line);
      }
    }
    CHECK(type_of_.size() == helped_.size());
  }

  const std::map<std::string, std::string>& samples() const { return samples_; }
  std::string Value(const std::string& sample) const {
    const auto found = samples_.find(sample);
    return found == samples_.end() ? "absent" : found->second;
  }

 private:
  void Begin(const std::string& rest) {
    static const std::regex kHelp("([a-z_:][a-z0-9_:]*) (\\S.*)");
    std::smatch match;
    REQUIRE(std::regex_match(rest, match, kHelp));
    now_ = match[1];
    CHECK(helped_.insert(now_).second);
  }
  void Type(const std::string& rest) {
    static const std::regex kType("(\\S+) (counter|gauge)");
    std::smatch match;
    REQUIRE(std::regex_match(rest, match, kType));
    CHECK(match[1] == now_);
    CHECK(type_of_.emplace(now_, match[2]).second);
    CHECK((match[2] == "counter") == now_.ends_with("_total"));
  }
  void Sample(const std::string& line) {
    static const std::regex kSample(
        R"re(([a-z_:][a-z0-9_:]*)\{([a-z_]+="([^"\\\n]|\\["\\n])*"(,[a-z_]+="([^"\\\n]|\\["\\n])*")*)\} ([0-9]+(\.[0-9]+)?))re");
    std::smatch match;
    REQUIRE(std::regex_match(line, match, kSample));
    CHECK(match[1] == now_);
    CHECK(type_of_.count(now_) == 1);
    CHECK(samples_.emplace(match[1].str() + "{" + match[2].str() + "}", match[6]).second);
  }

  std::string now_;
  std::set<std::string> helped_;
  std::map<std::string, std::string> type_of_;
  std::map<std::string, std::string> samples_;
};

RunSummary Run(const char* command, ExitCode code = ExitCode::kOk) {
  RunSummary summary;
  summary.command = command;
  summary.exit_code = code;
  summary.duration = Milliseconds(1'500);
  summary.counters.created = 3;
  summary.counters.dropbox_bytes_received = std::uint64_t{1} << 40;
  return summary;
}

constexpr std::int64_t kNow = 1'785'924'000'250'000;
const std::string kLabels = R"({command="incremental",index="files"})";

std::string After(const std::string& before, const RunSummary& summary, std::int64_t now = kNow,
                  std::string_view index = "files") {
  const auto after = MetricsAfter(before, summary, index, now);
  REQUIRE_MESSAGE(after, after.error().message);
  return *after;
}

}  // namespace

TEST_CASE("the first run writes every metric") {
  const Checked file(After("", Run("incremental")));
  CHECK(file.Value("dbx_es_last_run_timestamp_seconds" + kLabels) == "1785924000.250");
  CHECK(file.Value("dbx_es_last_run_success_timestamp_seconds" + kLabels) == "1785924000.250");
  CHECK(file.Value("dbx_es_last_run_duration_seconds" + kLabels) == "1.500");
  CHECK(file.Value("dbx_es_last_run_exit_code" + kLabels) == "0");
  CHECK(file.Value(R"(dbx_es_runs_total{command="incremental",index="files",outcome="ok"})") ==
        "1");
  CHECK(file.Value("dbx_es_documents_created_total" + kLabels) == "3");
  CHECK(file.Value("dbx_es_dropbox_bytes_received_total" + kLabels) == "1099511627776");
  CHECK(file.Value("dbx_es_last_run_files_without_text" + kLabels) == "0");
  // It began 1.5 s before its end.
  CHECK(file.Value(R"(dbx_es_changes_read_timestamp_seconds{index="files"})") == "1785923998.750");
  CHECK(file.Value(R"(dbx_es_failures_pending{index="files"})") == "0");
  CHECK(file.Value(fmt::format(R"(dbx_es_build_info{{version="{}"}})", kVersion)) == "1");
  CHECK(file.samples().size() == 9 + std::size(kCounterTable));
}

TEST_CASE("counters continue, and a failure leaves the time of the last success") {
  const std::string first = After("", Run("incremental"));
  const Checked file(After(first, Run("incremental", ExitCode::kUnavailable), kNow + 60'000'000));
  CHECK(file.Value("dbx_es_last_run_timestamp_seconds" + kLabels) == "1785924060.250");
  CHECK(file.Value("dbx_es_last_run_success_timestamp_seconds" + kLabels) == "1785924000.250");
  CHECK(file.Value("dbx_es_last_run_exit_code" + kLabels) == "5");
  CHECK(file.Value("dbx_es_documents_created_total" + kLabels) == "6");
  CHECK(file.Value("dbx_es_dropbox_bytes_received_total" + kLabels) == "2199023255552");
  CHECK(file.Value(R"(dbx_es_runs_total{command="incremental",index="files",outcome="ok"})") ==
        "1");
  CHECK(file.Value(
            R"(dbx_es_runs_total{command="incremental",index="files",outcome="unavailable"})") ==
        "1");
}

TEST_CASE("times are in seconds") {
  RunSummary run = Run("full-sync");
  run.counters.content_ocr_milliseconds = 2600;
  const Checked file(After("", run));
  CHECK(file.Value(R"(dbx_es_content_ocr_seconds_total{command="full-sync",index="files"})") ==
        "3");
}

TEST_CASE("what is true of the index stays where a run does not know it") {
  RunSummary full = Run("full-sync", ExitCode::kDocumentsFailed);
  full.index_documents = 1204;
  full.counters.failed = 2;
  full.counters.content_encrypted = 3;
  full.counters.content_too_large = 1;
  full.counters.content_empty = 9;
  const std::string first = After("", full);
  RunSummary access = Run("acl-sync");
  const std::string second = After(first, access, kNow + 60'000'000);
  const std::string third =
      After(second, Run("incremental", ExitCode::kUnavailable), kNow + 120'000'000);
  for (const std::string& text : {first, second, third}) {
    const Checked file(text);
    CHECK(file.Value(R"(dbx_es_index_documents{index="files"})") == "1204");
    CHECK(file.Value(R"(dbx_es_failures_pending{index="files"})") == "2");
    CHECK(file.Value(R"(dbx_es_changes_read_timestamp_seconds{index="files"})") ==
          "1785923998.750");
    CHECK(file.Value(R"(dbx_es_last_run_files_without_text{command="full-sync",index="files"})") ==
          "4");
  }
  RunSummary stopped = Run("incremental", ExitCode::kSafetyStop);
  const auto read = [&] {
    return Checked(After(third, stopped, kNow + 180'000'000))
        .Value(R"(dbx_es_changes_read_timestamp_seconds{index="files"})");
  };
  CHECK(read() == "1785923998.750");
  stopped.counters.pages = 1;
  CHECK(read() == "1785924178.750");
}

TEST_CASE("the dashboard and the alerts name metrics that the file has") {
  RunSummary full = Run("full-sync");
  full.index_documents = 1;
  std::set<std::string> written;
  const Checked checked(After("", full));
  for (const auto& [sample, value] : checked.samples()) {
    written.insert(sample.substr(0, sample.find('{')));
  }
  for (const char* name : {"grafana-dashboard.json", "prometheus-rules.yaml"}) {
    CAPTURE(name);
    std::ifstream file(std::string(DBXES_SOURCE_DIR "/packaging/monitoring/") + name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    static const std::regex kName("dbx_es_[a-z_]+");
    const std::sregex_iterator begin(text.begin(), text.end(), kName);
    CHECK(std::distance(begin, {}) > 8);
    for (auto at = begin; at != std::sregex_iterator(); ++at) {
      CAPTURE(at->str());
      CHECK(written.contains(at->str()));
    }
  }
}

TEST_CASE("only the version of the last run is shown") {
  std::string before = After("", Run("incremental"));
  before.replace(before.find(std::string(kVersion)), kVersion.size(), "0.0.1");
  const std::string after = After(before, Run("incremental"));
  CHECK(after.find("0.0.1") == std::string::npos);
  CHECK(Checked(after).Value(fmt::format(R"(dbx_es_build_info{{version="{}"}})", kVersion)) == "1");
}

TEST_CASE("commands and indices share a file") {
  std::string text = After("", Run("incremental"));
  text = After(text, Run("full-sync"));
  text = After(text, Run("incremental"), kNow, "other");
  text = After(text, Run("incremental"));
  const Checked file(text);
  CHECK(file.Value("dbx_es_documents_created_total" + kLabels) == "6");
  CHECK(file.Value(R"(dbx_es_documents_created_total{command="full-sync",index="files"})") == "3");
  CHECK(file.Value(R"(dbx_es_documents_created_total{command="incremental",index="other"})") ==
        "3");
}

TEST_CASE("labels are escaped, and read back as they are") {
  const std::string index = "a\"b\\c\nd} 7";
  const std::string first = After("", Run("incremental"), kNow, index);
  const Checked file(After(first, Run("incremental"), kNow, index));
  CHECK(file.Value(
            R"(dbx_es_documents_created_total{command="incremental",index="a\"b\\c\nd} 7"})") ==
        "6");
}

TEST_CASE("what is no file of ours is not replaced") {
  for (const std::string before :
       {"node_cpu_seconds_total 1\n", "# HELP a b\n",
        "# Written by dbx-es, and replaced by its next run.\nhalf a line\n"}) {
    CAPTURE(before);
    const auto after = MetricsAfter(before, Run("incremental"), "files", kNow);
    REQUIRE_FALSE(after);
    CHECK(after.error().kind == ErrorKind::kConfig);
  }
}

TEST_CASE("a metric that an older version wrote, and this one does not know, goes") {
  const std::string before = After("", Run("incremental")) +
                             "# HELP dbx_es_old_total x\n# TYPE dbx_es_old_total counter\n"
                             "dbx_es_old_total{command=\"incremental\",index=\"files\"} 1\n";
  CHECK(After(before, Run("incremental")).find("dbx_es_old_total") == std::string::npos);
}

}  // namespace dbxes::report
