// SPDX-License-Identifier: Apache-2.0
#include "check/extract.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/json/json_write.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/outcome.h"
#include "report/result_json.h"
#include "report/summary.h"
#include "report/text.h"

namespace dbxes::cli {
namespace {

constexpr std::string_view kCommand = "extract";

void WriteFile(JsonWriter& writer, const check::FileText& file) {
  const content::ExtractedText& extracted = file.extracted;
  writer.StartObject();
  WriteText(writer, "file", file.file);
  WriteText(writer, "cause", file.cause);
  WriteText(writer, "title", extracted.title);
  WriteText(writer, "author", extracted.author);
  WriteText(writer, "language", extracted.language);
  WriteFlag(writer, "truncated", extracted.truncated);
  WriteFlag(writer, "damaged_partly", extracted.damaged_partly);
  WriteText(writer, "text", extracted.text);
  writer.EndObject();
}

std::string Json(const report::RunSummary& summary, const std::vector<check::FileText>& files) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  report::StartResult(writer, kCommand, summary.exit_code, summary.message);
  WriteKey(writer, "files");
  writer.StartArray();
  for (const check::FileText& file : files) WriteFile(writer, file);
  writer.EndArray();
  writer.EndObject();
  return std::string(View(buffer));
}

// A line at a time, because a reporter makes control characters visible. Tabs separate cells.
void PrintLines(std::string text, report::Reporter& reporter) {
  for (char& c : text) {
    if (c == '\t') c = ' ';
  }
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    reporter.Print(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
}

void PrintFile(const check::FileText& file, bool heading, report::Reporter& reporter) {
  const content::ExtractedText& extracted = file.extracted;
  if (heading) reporter.Print(fmt::format("==> {} <==", file.file));
  for (const auto& [what, value] :
       {std::pair("title", &extracted.title), std::pair("author", &extracted.author),
        std::pair("language", &extracted.language)}) {
    if (!value->empty()) reporter.Detail(fmt::format("{}: {}: {}", file.file, what, *value));
  }
  PrintLines(extracted.text, reporter);
  if (extracted.truncated) reporter.Warn(file.file + ": the text is cut at its limit");
  if (extracted.damaged_partly) reporter.Warn(file.file + ": parts of it cannot be read");
  if (!file.cause.empty()) {
    reporter.Warn(fmt::format("{}: nothing is indexed of it: {}", file.file, file.cause));
  }
}

}  // namespace

ExitCode RunExtract(const CommandLine& line, const config::Config& config,
                    report::Reporter& reporter) {
  RealEnvironment environment(config.report.trace, reporter);
  const std::vector<std::string>& names = line.values.arguments();
  std::vector<check::FileText> files;
  std::size_t without = 0;
  const auto show = [&](check::FileText file) {
    if (file.opened && !file.cause.empty()) ++without;
    if (line.output.json) {
      files.push_back(std::move(file));
    } else if (!file.opened) {
      // Of the only one, the outcome says it.
      if (names.size() > 1) reporter.Warn(file.cause);
    } else {
      PrintFile(file, names.size() > 1, reporter);
    }
  };
  const auto outcome = check::ExtractFiles(*environment, config, names, reporter, show);
  if (!outcome && !line.output.json) return ReportOutcome(kCommand, outcome, reporter);
  report::RunSummary summary = report::SummaryOf(kCommand, outcome);
  if (outcome && without > 0) {
    summary.exit_code = ExitCode::kFailed;
    summary.message = fmt::format("nothing is indexed of {} of {}", without,
                                  report::CountOf(names.size(), "file"));
  }
  if (line.output.json) reporter.Print(Json(summary, files));
  return summary.exit_code;
}

}  // namespace dbxes::cli
