// SPDX-License-Identifier: Apache-2.0
#include "report/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

#include "base/version.h"
#include "report/summary.h"

namespace dbxes::report {
namespace {

constexpr std::string_view kMark = "# Written by dbx-es, and replaced by its next run.";

struct Metric {
  std::string name;
  std::string_view type;
  std::string help;
};

constexpr std::string_view kMilliseconds = "milliseconds";

bool IsTime(const CounterRow& row) { return std::string_view(row.name).ends_with(kMilliseconds); }

// Prometheus measures time in seconds.
std::string NameOf(const CounterRow& row) {
  std::string name(row.name);
  if (IsTime(row)) name.replace(name.size() - kMilliseconds.size(), std::string::npos, "seconds");
  return fmt::format("dbx_es_{}_{}_total", row.group, name);
}

const std::vector<Metric>& Metrics() {
  static const std::vector<Metric> metrics = [] {
    std::vector<Metric> all{
        {"dbx_es_last_run_timestamp_seconds", "gauge", "When the last run ended."},
        {"dbx_es_last_run_success_timestamp_seconds", "gauge",
         "When the last run ended that did all of its work."},
        {"dbx_es_last_run_duration_seconds", "gauge", "How long the last run took."},
        {"dbx_es_last_run_exit_code", "gauge", "Exit status of the last run."},
        {"dbx_es_runs_total", "counter", "Number of runs, by outcome."},
        {"dbx_es_last_run_files_without_text", "gauge",
         "Files whose text the last run fetched or had to leave out, and that have none. "
         "Files known from earlier runs do not count."},
        {"dbx_es_changes_read_timestamp_seconds", "gauge",
         "When the last run began that read the change feed to its end."},
        {"dbx_es_index_documents", "gauge", "Documents in the index."},
        {"dbx_es_failures_pending", "gauge", "Documents that failed and are tried again."},
        {"dbx_es_build_info", "gauge", "1; the label names the version of the last run."},
    };
    for (const CounterRow& row : kCounterTable) {
      const char* const what = IsTime(row) ? "Seconds: {}." : "Number of {}.";
      all.push_back({NameOf(row), "counter", fmt::format(fmt::runtime(what), row.help)});
    }
    return all;
  }();
  return metrics;
}

std::string Escaped(std::string_view label) {
  std::string text;
  for (const char c : label) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

std::uint64_t ToNumber(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class Samples {
 public:
  // Metrics that this version does not know are dropped.
  bool Read(std::string_view text) {
    if (text.empty()) return true;
    if (!text.starts_with(kMark)) return false;
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      if (line.empty() || line.front() == '#') continue;
      const std::size_t open = line.find('{');
      const std::size_t close = line.rfind("} ");
      if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
        return false;
      }
      values_[std::string(line.substr(0, open))][std::string(line.substr(open, close + 1 - open))] =
          line.substr(close + 2);
    }
    return true;
  }

  void Set(const std::string& name, const std::string& labels, std::string value) {
    values_[name][labels] = std::move(value);
  }
  void Drop(const std::string& name) { values_.erase(name); }
  void Add(const std::string& name, const std::string& labels, std::uint64_t count) {
    std::string& value = values_[name][labels];
    value = std::to_string(ToNumber(value) + count);
  }

  std::string Write() const {
    std::string text = fmt::format("{}\n", kMark);
    for (const Metric& metric : Metrics()) {
      const auto found = values_.find(metric.name);
      if (found == values_.end()) continue;
      text +=
          fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", metric.name, metric.help, metric.type);
      for (const auto& [labels, value] : found->second) {
        text += fmt::format("{}{} {}\n", metric.name, labels, value);
      }
    }
    return text;
  }

 private:
  std::map<std::string, std::map<std::string, std::string>> values_;
};

std::string Seconds(std::int64_t micros) {
  return fmt::format("{}.{:03}", micros / 1'000'000, micros / 1000 % 1000);
}

// What is true of the index after any command, and known only after some runs.
void SetIndexFacts(const RunSummary& summary, std::string_view index, std::int64_t wall_micros,
                   Samples& samples) {
  const std::string labels = fmt::format("{{index=\"{}\"}}", Escaped(index));
  if (!ReadsFeedToEnd(summary.command, static_cast<int>(summary.exit_code), summary.counters)) {
    return;
  }
  if (summary.index_documents) {
    samples.Set("dbx_es_index_documents", labels, std::to_string(*summary.index_documents));
  }
  samples.Set("dbx_es_changes_read_timestamp_seconds", labels,
              Seconds(wall_micros - summary.duration.count() * 1000));
  samples.Set("dbx_es_failures_pending", labels, std::to_string(summary.counters.failed));
}

}  // namespace

Result<std::string> MetricsAfter(std::string_view before, const RunSummary& summary,
                                 std::string_view index, std::int64_t wall_micros) {
  Samples samples;
  if (!samples.Read(before)) {
    return Fail(ErrorKind::kConfig,
                "is not a metrics file of dbx-es: name another file in report.metrics_file");
  }
  const std::string run =
      fmt::format("command=\"{}\",index=\"{}\"", Escaped(summary.command), Escaped(index));
  const std::string labels = fmt::format("{{{}}}", run);
  samples.Set("dbx_es_last_run_timestamp_seconds", labels, Seconds(wall_micros));
  if (summary.exit_code == ExitCode::kOk) {
    samples.Set("dbx_es_last_run_success_timestamp_seconds", labels, Seconds(wall_micros));
  }
  samples.Set("dbx_es_last_run_duration_seconds", labels, Seconds(summary.duration.count() * 1000));
  samples.Set("dbx_es_last_run_exit_code", labels,
              std::to_string(static_cast<int>(summary.exit_code)));
  samples.Add("dbx_es_runs_total",
              fmt::format("{{{},outcome=\"{}\"}}", run, OutcomeName(summary.exit_code)), 1);
  for (const CounterRow& row : kCounterTable) {
    const std::uint64_t value = summary.counters.*row.member;
    samples.Add(NameOf(row), labels, IsTime(row) ? (value + 500) / 1000 : value);
  }
  samples.Set("dbx_es_last_run_files_without_text", labels,
              std::to_string(TextlessCount(summary.counters)));
  SetIndexFacts(summary, index, wall_micros, samples);
  samples.Drop("dbx_es_build_info");
  samples.Set("dbx_es_build_info", fmt::format("{{version=\"{}\"}}", Escaped(kVersion)), "1");
  return samples.Write();
}

}  // namespace dbxes::report
