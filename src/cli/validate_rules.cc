// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>

#include "base/json.h"
#include "base/posix_file_system.h"
#include "cli/commands.h"
#include "report/text.h"
#include "rules/rule_file.h"

namespace dbxes {
namespace {

constexpr std::string_view kCommand = "validate-rules";

Result<std::string> ReadStandardInput() {
  std::string text(kMaxRuleFileBytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), stdin));
  if (std::ferror(stdin) == 0) return text;
  return Fail(ErrorKind::kInternal, "cannot read standard input");
}

Result<std::string> ReadText(const std::string& path) {
  if (path == "-") return ReadStandardInput();
  PosixFileSystem files;
  return ReadRuleText(files, path);
}

ExitCode CodeOf(const RuleFile& file) {
  return file.findings.errors() == 0 ? ExitCode::kOk : ExitCode::kConfiguration;
}

std::string Counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string Verdict(const RuleFile& file, const std::string& name) {
  const Findings& findings = file.findings;
  std::string line = name + ": ";
  if (findings.errors() == 0) {
    line += fmt::format("valid: {}, {}", Counted(file.basic_count, "basic rule"),
                        Counted(file.advanced_count, "advanced rule"));
  } else {
    line += Counted(findings.errors(), "error");
  }
  if (findings.warnings() > 0) line += ", " + Counted(findings.warnings(), "warning");
  if (findings.dropped() > 0) line += fmt::format(" ({} of them not shown)", findings.dropped());
  return line;
}

void PrintText(RuleFile& file, const std::string& name, bool quiet, Reporter& reporter) {
  for (const Finding& finding : file.findings.Sorted()) {
    reporter.Print(FormatFinding(finding, name));
  }
  if (quiet && file.findings.errors() == 0) return;
  reporter.Print(Verdict(file, name));
}

void WriteText(JsonWriter& writer, std::string_view key, std::string_view text) {
  WriteKey(writer, key);
  WriteString(writer, WellFormedUtf8(text));
}

void WriteNumber(JsonWriter& writer, std::string_view key, std::size_t number) {
  WriteKey(writer, key);
  writer.Uint64(number);
}

void WriteFinding(JsonWriter& writer, const Finding& finding) {
  writer.StartObject();
  const bool error = finding.severity == Finding::Severity::kError;
  WriteText(writer, "severity", error ? "error" : "warning");
  WriteNumber(writer, "line", finding.place.line);
  WriteNumber(writer, "column", finding.place.column);
  WriteText(writer, "pointer", finding.pointer);
  WriteText(writer, "message", finding.message);
  WriteKey(writer, "allowed");
  writer.StartArray();
  for (const std::string& word : finding.allowed) WriteString(writer, word);
  writer.EndArray();
  writer.EndObject();
}

std::string Json(RuleFile& file, const std::string& name) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  const ExitCode code = CodeOf(file);
  writer.StartObject();
  WriteText(writer, "command", kCommand);
  WriteText(writer, "outcome", OutcomeName(code));
  WriteKey(writer, "exit_code");
  writer.Int(static_cast<int>(code));
  WriteText(writer, "message", code == ExitCode::kOk ? "" : Verdict(file, name));
  WriteText(writer, "file", name);
  WriteKey(writer, "valid");
  writer.Bool(code == ExitCode::kOk);
  WriteNumber(writer, "basic_rules", file.basic_count);
  WriteNumber(writer, "advanced_rules", file.advanced_count);
  WriteNumber(writer, "errors", file.findings.errors());
  WriteNumber(writer, "warnings", file.findings.warnings());
  WriteKey(writer, "findings");
  writer.StartArray();
  for (const Finding& finding : file.findings.Sorted()) WriteFinding(writer, finding);
  writer.EndArray();
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace

ExitCode RunValidateRules(const std::string& path, const OutputConfig& output, Reporter& reporter) {
  const auto text = ReadText(path);
  if (!text) {
    RunSummary summary;
    summary.command = kCommand;
    summary.exit_code = ExitCodeFor(text.error());
    summary.message = text.error().ToLine();
    reporter.Summary(summary);
    return summary.exit_code;
  }
  const std::string name = path == "-" ? "standard input" : path;
  RuleFile file = ReadRules(*text);
  if (output.json) {
    reporter.Print(Json(file, name));
  } else {
    PrintText(file, name, output.quiet, reporter);
  }
  return CodeOf(file);
}

}  // namespace dbxes
