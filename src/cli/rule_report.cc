// SPDX-License-Identifier: Apache-2.0
#include "cli/rule_report.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/json/json_write.h"
#include "base/os/posix_file_system.h"
#include "report/result_json.h"
#include "report/text.h"

namespace dbxes::cli {
namespace {

Result<std::string> ReadStandardInput() {
  std::string text(rules::kMaxRuleFileBytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), stdin));
  if (std::ferror(stdin) == 0) return text;
  return Fail(ErrorKind::kInternal, "cannot read standard input");
}

std::string Counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string Verdict(const RuleReport& report) {
  const rules::RuleFile& file = report.file;
  const rules::Findings& findings = file.findings;
  std::string line = report.name + ": ";
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

std::string_view VerbOf(check::RuleShare::Effect effect) {
  switch (effect) {
    case check::RuleShare::Effect::kFinds:
      return "finds";
    case check::RuleShare::Effect::kIncludes:
      return "includes";
    case check::RuleShare::Effect::kExcludes:
      return "excludes";
    case check::RuleShare::Effect::kUndecided:
      return "undecided";
  }
  return "";
}

// "/rules/0 excludes 3: name ends_with ".tmp" (id 1)".
void PrintShare(const check::RuleShare& share, report::Reporter& reporter) {
  const std::string who = share.pointer.empty() ? "" : share.pointer + " ";
  reporter.Print(fmt::format("{}{} {}: {}", who, VerbOf(share.effect),
                             report::WithThousands(share.count), share.rule));
  for (const std::string& path : share.paths) reporter.Print("  " + path);
  if (share.count > share.paths.size()) {
    reporter.Print(
        fmt::format("  and {} more", report::WithThousands(share.count - share.paths.size())));
  }
}

void PrintPreview(const check::RulePreview& preview, report::Reporter& reporter) {
  for (const check::RuleShare& share : preview.shares) PrintShare(share, reporter);
  const std::uint64_t undecided = preview.entries - preview.included - preview.excluded;
  reporter.Print(fmt::format(
      "of {}, {} would be included and {} excluded{}",
      preview.entries == 1 ? "one file or folder"
                           : report::WithThousands(preview.entries) + " files and folders",
      report::WithThousands(preview.included), report::WithThousands(preview.excluded),
      undecided == 0
          ? ""
          : fmt::format("; {} {} as {}", report::WithThousands(undecided),
                        undecided == 1 ? "stays" : "stay", undecided == 1 ? "it is" : "they are")));
}

void WriteFinding(JsonWriter& writer, const rules::Finding& finding) {
  writer.StartObject();
  const bool error = finding.severity == rules::Finding::Severity::kError;
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

void WriteShare(JsonWriter& writer, const check::RuleShare& share) {
  writer.StartObject();
  WriteText(writer, "pointer", share.pointer);
  WriteText(writer, "rule", share.rule);
  WriteText(writer, "effect", VerbOf(share.effect));
  WriteNumber(writer, "count", share.count);
  WriteTexts(writer, "paths", share.paths);
  writer.EndObject();
}

void WritePreview(JsonWriter& writer, const check::RulePreview& preview) {
  WriteKey(writer, "preview");
  writer.StartObject();
  WriteNumber(writer, "entries", preview.entries);
  WriteNumber(writer, "included", preview.included);
  WriteNumber(writer, "excluded", preview.excluded);
  WriteKey(writer, "rules");
  writer.StartArray();
  for (const check::RuleShare& share : preview.shares) WriteShare(writer, share);
  writer.EndArray();
  writer.EndObject();
}

std::string Json(RuleReport& report) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  const ExitCode code = CodeOf(report);
  report::StartResult(writer, "validate-rules", code, code == ExitCode::kOk ? "" : Verdict(report));
  WriteText(writer, "file", report.name);
  WriteFlag(writer, "valid", code == ExitCode::kOk);
  WriteNumber(writer, "basic_rules", report.file.basic_count);
  WriteNumber(writer, "advanced_rules", report.file.advanced_count);
  WriteNumber(writer, "errors", report.file.findings.errors());
  WriteNumber(writer, "warnings", report.file.findings.warnings());
  WriteKey(writer, "findings");
  writer.StartArray();
  for (const rules::Finding& finding : report.file.findings.Sorted()) WriteFinding(writer, finding);
  writer.EndArray();
  if (report.preview) WritePreview(writer, *report.preview);
  writer.EndObject();
  return std::string(View(buffer));
}

void PrintText(RuleReport& report, bool quiet, report::Reporter& reporter) {
  for (const rules::Finding& finding : report.file.findings.Sorted()) {
    reporter.Print(rules::FormatFinding(finding, report.name));
  }
  if (quiet && CodeOf(report) == ExitCode::kOk) return;
  reporter.Print(Verdict(report));
  if (report.preview) PrintPreview(*report.preview, reporter);
}

}  // namespace

Result<RuleReport> ReadReport(const std::string& path) {
  PosixFileSystem files;
  TRY_ASSIGN(auto text, path == "-" ? ReadStandardInput() : rules::ReadRuleText(files, path));
  return RuleReport{path == "-" ? "standard input" : path, rules::ReadRules(text), std::nullopt};
}

ExitCode CodeOf(const RuleReport& report) {
  return report.file.findings.errors() == 0 ? ExitCode::kOk : ExitCode::kConfiguration;
}

ExitCode Show(RuleReport& report, const OutputOptions& output, report::Reporter& reporter) {
  if (output.json) {
    reporter.Print(Json(report));
  } else {
    PrintText(report, output.quiet, reporter);
  }
  return CodeOf(report);
}

}  // namespace dbxes::cli
