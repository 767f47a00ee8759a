// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "base/json/json.h"
#include "base/os/posix_file_system.h"
#include "cli/commands.h"
#include "cli/config_report.h"
#include "config/connector_import.h"
#include "report/text.h"

namespace dbxes::cli {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

ExitCode Failed(std::string_view command, const Error& error, report::Reporter& reporter) {
  report::RunSummary summary;
  summary.command = command;
  summary.exit_code = ExitCodeFor(error);
  summary.message = error.ToLine();
  reporter.Summary(summary);
  return summary.exit_code;
}

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

// A new file alone: one that is there may hold what nobody has a copy of.
Result<void> Write(const std::string& path, const std::string& toml) {
  PosixFileSystem files;
  const auto there = files.ReadFile(path);
  if (there || there.error().kind != ErrorKind::kNotFound) {
    return Fail(ErrorKind::kConfig,
                fmt::format("{} is there already; name a new file with --output", path));
  }
  auto written = files.ReplaceFile(path, toml, 0600);
  if (!written) return Fail(ErrorKind::kConfig, written.error().message);
  return {};
}

std::string ImportJson(const config::ImportedConfig& imported, const std::string& toml) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  const auto text = [&writer](std::string_view key, std::string_view value) {
    WriteKey(writer, key);
    WriteString(writer, report::WellFormedUtf8(value));
  };
  writer.StartObject();
  text("command", "config import");
  text("outcome", OutcomeName(ExitCode::kOk));
  WriteKey(writer, "exit_code");
  writer.Int(0);
  text("message", "");
  text("toml", toml);
  WriteKey(writer, "notes");
  writer.StartArray();
  for (const std::string& note : imported.notes) WriteString(writer, report::WellFormedUtf8(note));
  writer.EndArray();
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

ExitCode RunConfigShow(const config::LoadedConfig& loaded, const config::OutputConfig& output,
                       report::Reporter& reporter) {
  for (const std::string& warning : loaded.warnings) reporter.Warn(warning);
  if (output.json) {
    reporter.Print(ConfigJson(loaded));
    return loaded.problems.empty() ? ExitCode::kOk : ExitCode::kConfiguration;
  }
  for (const std::string& line : ConfigLines(loaded)) reporter.Print(line);
  if (loaded.problems.empty()) return ExitCode::kOk;
  const Error error{ErrorKind::kConfig, fmt::format("{}", fmt::join(loaded.problems, "\n"))};
  return Failed("config show", error, reporter);
}

ExitCode RunConfigImport(const std::string& path, const std::string& target,
                         const config::OutputConfig& output, const config::ConfigSources& sources,
                         report::Reporter& reporter) {
  auto imported = Import(path, sources);
  if (!imported) return Failed("config import", imported.error(), reporter);
  const bool to_file = !target.empty() && target != "-";
  if (to_file) {
    auto written = Write(target, config::ImportedToml(*imported, /*with_secrets=*/true));
    if (!written) return Failed("config import", written.error(), reporter);
    reporter.Info(
        fmt::format("wrote {}; dbx-es check -c {} looks whether it works", target, target));
  }
  const std::string toml = config::ImportedToml(*imported, /*with_secrets=*/false);
  if (output.json) {
    reporter.Print(ImportJson(*imported, toml));
  } else if (!to_file) {
    PrintLines(toml, reporter);
  }
  return ExitCode::kOk;
}

}  // namespace dbxes::cli
