// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "base/json/json_write.h"
#include "base/os/posix_file_system.h"
#include "cli/commands.h"
#include "cli/config_report.h"
#include "cli/outcome.h"
#include "config/connector_import.h"
#include "report/result_json.h"
#include "report/text.h"

namespace dbxes::cli {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

Result<std::string> ReadStandardInput() {
  std::string text;
  char buffer[65536];
  for (std::size_t got = 1; got > 0 && text.size() < kMostBytes;) {
    got = std::fread(buffer, 1, std::size(buffer), stdin);
    text.append(buffer, got);
  }
  if (std::ferror(stdin) != 0) return Fail(ErrorKind::kConfig, "cannot read standard input");
  return text;
}

Result<config::ImportedConfig> Import(const std::string& path,
                                      const config::ConfigSources& sources) {
  auto text = path == "-" ? ReadStandardInput() : sources.read_file(path);
  if (!text) return Fail(ErrorKind::kConfig, text.error().message);
  return config::ImportConnector(*text, path == "-" ? "standard input" : path);
}

// Only a new file: an existing one may have no copy.
Result<void> Write(const std::string& path, const std::string& toml) {
  PosixFileSystem files;
  const auto there = files.ReadFile(path);
  if (there || there.error().kind != ErrorKind::kNotFound) {
    return Fail(ErrorKind::kConfig,
                fmt::format("{} already exists; name a new file with --output", path));
  }
  auto written = files.ReplaceFile(path, toml, 0600);
  if (!written) return Fail(ErrorKind::kConfig, written.error().message);
  return {};
}

std::string ImportJson(const config::ImportedConfig& imported, const std::string& toml) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  report::StartResult(writer, "config import", ExitCode::kOk, "");
  WriteText(writer, "toml", toml);
  WriteTexts(writer, "notes", imported.notes);
  writer.EndObject();
  return std::string(View(buffer));
}

void PrintLines(std::string_view text, report::Reporter& reporter) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    reporter.Print(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
}

}  // namespace

ExitCode RunConfigShow(const CommandLine& line, const config::LoadedConfig& loaded,
                       report::Reporter& reporter) {
  for (const std::string& warning : loaded.warnings) reporter.Warn(warning);
  if (line.output.json) {
    reporter.Print(ConfigJson(loaded));
    return loaded.problems.empty() ? ExitCode::kOk : ExitCode::kConfiguration;
  }
  for (const std::string& text : ConfigLines(loaded)) reporter.Print(text);
  if (loaded.problems.empty()) return ExitCode::kOk;
  return ReportOutcome("config show", Fail(ErrorKind::kConfig, config::TextOf(loaded.problems)),
                       reporter);
}

ExitCode RunConfigImport(const CommandLine& line, const config::ConfigSources& sources,
                         report::Reporter& reporter) {
  const std::string target = line.values.Text("--output");
  auto imported = Import(line.values.Argument(1), sources);
  if (!imported) return ReportOutcome("config import", Fail(imported.error()), reporter);
  const bool to_file = !target.empty() && target != "-";
  if (to_file) {
    auto written = Write(target, config::ImportedToml(*imported, /*with_secrets=*/true));
    if (!written) return ReportOutcome("config import", written, reporter);
    reporter.Info(fmt::format("wrote {0}; test it with dbx-es check -c {0}", target));
  }
  const std::string toml = config::ImportedToml(*imported, /*with_secrets=*/false);
  if (line.output.json) {
    reporter.Print(ImportJson(*imported, toml));
  } else if (!to_file) {
    PrintLines(toml, reporter);
  }
  return ExitCode::kOk;
}

}  // namespace dbxes::cli
