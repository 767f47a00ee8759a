// SPDX-License-Identifier: Apache-2.0
#include "sync/command/verify.h"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/json_write.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "report/result_json.h"
#include "report/summary.h"
#include "report/text.h"

namespace dbxes::cli {
namespace {

constexpr std::string_view kCommand = "verify";
// In one JSON object, which is in memory until the end. All of them are counted.
constexpr std::size_t kMostInJson = 100'000;

void WriteDifference(JsonWriter& writer, const sync::Difference& difference) {
  writer.StartObject();
  WriteText(writer, "kind", ToString(difference.kind));
  WriteText(writer, "id", difference.id);
  WriteText(writer, "path", difference.path);
  WriteText(writer, "index_path", difference.index_path);
  WriteTexts(writer, "fields", difference.fields);
  WriteText(writer, "reason", difference.reason);
  writer.EndObject();
}

std::string Json(const sync::Verification& result, const std::vector<sync::Difference>& shown) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  report::StartResult(writer, kCommand, result.exit_code, result.message);
  WriteNumber(writer, "duration_ms", result.duration.count());
  WriteNumber(writer, "documents", result.documents);
  WriteNumber(writer, "entries", result.entries);
  WriteNumber(writer, "texts", result.texts);
  WriteNumber(writer, "missing", result.missing);
  WriteNumber(writer, "different", result.different);
  WriteNumber(writer, "extra", result.extra);
  WriteKey(writer, "differences");
  writer.StartArray();
  for (const sync::Difference& difference : shown) WriteDifference(writer, difference);
  writer.EndArray();
  writer.EndObject();
  return std::string(View(buffer));
}

std::size_t SampleOf(const CommandValues& values) {
  const std::string text = values.Text("--sample", "0");
  std::size_t sample = 0;
  std::from_chars(text.data(), text.data() + text.size(), sample);
  return sample;
}

void ReportResult(const sync::Verification& result, report::Reporter& reporter) {
  if (result.exit_code == ExitCode::kOk) {
    const std::string texts =
        result.texts == 0 ? "" : fmt::format(" and {}", report::CountOf(result.texts, "text"));
    reporter.Info(fmt::format("no difference: {}{} compared in {}",
                              report::CountOf(result.documents, "document"), texts,
                              report::FormatDuration(result.duration)));
    return;
  }
  report::RunSummary summary;
  summary.command = kCommand;
  summary.exit_code = result.exit_code;
  summary.message = result.message;
  summary.duration = result.duration;
  reporter.Summary(summary);
}

}  // namespace

ExitCode RunVerify(const CommandLine& line, const config::Config& config,
                   report::Reporter& reporter) {
  RealEnvironment environment(config.report.trace, reporter);
  std::vector<sync::Difference> shown;
  const auto show = [&](const sync::Difference& difference) {
    if (!line.output.json) {
      reporter.Print(DifferenceLine(difference));
    } else if (shown.size() < kMostInJson) {
      shown.push_back(difference);
    }
  };
  const sync::Verification result =
      sync::Verify(*environment, config, SampleOf(line.values), reporter, show);
  line.output.json ? reporter.Print(Json(result, shown)) : ReportResult(result, reporter);
  return result.exit_code;
}

}  // namespace dbxes::cli
