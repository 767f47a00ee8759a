// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <utility>

#include "base/json/json_write.h"
#include "base/os/posix_file_system.h"
#include "cli/commands.h"
#include "cli/config_report.h"
#include "cli/outcome.h"
#include "config/config_secrets.h"
#include "config/connector_import.h"
#include "report/result_json.h"
#include "report/text.h"
#include "rules/rule_file.h"

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

// A connector with its sync rules, from the cluster of the configuration.
struct FromCluster {
  config::ImportedConfig imported;
  std::string rules;  // JSON; "" if it has none
};

std::string RulesIn(const rapidjson::Value& connector) {
  const rapidjson::Value* filtering = FindMember(connector, "filtering");
  if (filtering == nullptr || !filtering->IsArray() || filtering->Empty()) return "";
  const rapidjson::Value& domain = (*filtering)[0];
  const rapidjson::Value* active = domain.IsObject() ? FindMember(domain, "active") : nullptr;
  if (active == nullptr || !active->IsObject()) return "";
  const std::string json = JsonOf(*active);
  const rules::RuleFile file = rules::ReadRules(json);
  return file.findings.errors() == 0 && file.rules.Empty() ? "" : json;
}

Result<FromCluster> ImportFromCluster(const config::LoadRequest& request,
                                      const config::ConfigSources& sources) {
  const config::LoadedConfig loaded = config::InspectConfig(request, sources);
  const config::ConnectorConfig& connector = loaded.config.connector;
  if (connector.as_read.empty()) {
    const std::string problems = config::TextOf(loaded.problems);
    return Fail(ErrorKind::kConfig, fmt::format("connector {} cannot be read: {}", connector.id,
                                                problems.empty() ? connector.unread : problems));
  }
  TRY_ASSIGN(const auto answer, ParseJson(connector.as_read.Reveal(), "the connector"));
  const std::string source = JsonOf(answer["_source"]);
  TRY_ASSIGN(auto imported, config::ImportConnector(source, "connector " + connector.id));
  std::erase_if(imported.notes,
                [](const std::string& note) { return note.starts_with("filtering:"); });
  imported.notes.push_back(
      "elasticsearch: add host and credential; the connector does not contain them");
  return FromCluster{std::move(imported), RulesIn(answer["_source"])};
}

// Where the rules of an imported connector go: beside its configuration.
std::string RulesPath(std::string path) {
  constexpr std::string_view kEnding = ".toml";
  if (path.ends_with(kEnding)) path.erase(path.size() - kEnding.size());
  return path + ".rules.json";
}

Result<config::ImportedConfig> Import(const std::string& path,
                                      const config::ConfigSources& sources) {
  auto text = path == "-" ? ReadStandardInput() : sources.read_file(path);
  if (!text) return Fail(ErrorKind::kConfig, text.error().message);
  return config::ImportConnector(*text, path == "-" ? "standard input" : path);
}

// Only new files: an existing one may have no copy.
Result<void> CheckIsNew(const std::string& path) {
  const auto there = PosixFileSystem().ReadRange(path, 0, 1);
  if (!there && there.error().kind == ErrorKind::kNotFound) return {};
  return Fail(ErrorKind::kConfig,
              fmt::format("{} already exists; name a new file with --output", path));
}

Result<void> Write(const std::string& path, const std::string& text) {
  auto written = PosixFileSystem().ReplaceFile(path, text, 0600);
  if (!written) return Fail(ErrorKind::kConfig, written.error().message);
  return {};
}

Result<FromCluster> Read(const CommandLine& line, const config::ConfigSources& sources) {
  if (line.values.Has("--connector")) return ImportFromCluster(line.load, sources);
  TRY_ASSIGN(auto imported, Import(line.values.Argument(1), sources));
  return FromCluster{std::move(imported), ""};
}

// The rules go to `path`, or stay where they are if it is "".
void NameRules(const std::string& path, FromCluster& read) {
  if (read.rules.empty()) return;
  if (path.empty()) {
    read.imported.notes.emplace_back(
        "filtering: with --output, the active sync rules are written to a file beside it");
    return;
  }
  config::ApplySetting(*config::FindOption("sync", "rules"),
                       {config::RawValue::kText, path, read.imported.source},
                       read.imported.settings);
}

// Both files or none: a configuration that names foreign rules would delete documents.
Result<void> WriteAll(const std::string& target, const std::string& rules_path,
                      const FromCluster& read) {
  const bool has_rules = !read.rules.empty();
  TRY(CheckIsNew(target));
  if (has_rules) {
    TRY(CheckIsNew(rules_path));
    TRY(Write(rules_path, read.rules + "\n"));
  }
  auto written = Write(target, config::ImportedToml(read.imported, /*with_secrets=*/true));
  if (!written && has_rules) TRY(PosixFileSystem().Remove(rules_path));
  return written;
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
  if (const std::string& why = loaded.config.connector.unread; !why.empty()) {
    reporter.Warn("the settings in Kibana are not shown: " + why);
  }
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
  const bool to_file = !target.empty() && target != "-";
  auto read = Read(line, sources);
  if (!read) return ReportOutcome("config import", Fail(read.error()), reporter);
  const std::string rules_path = to_file ? sources.absolute(RulesPath(target)) : "";
  NameRules(rules_path, *read);
  if (to_file) {
    auto written = WriteAll(target, rules_path, *read);
    if (!written) return ReportOutcome("config import", written, reporter);
    reporter.Info(fmt::format("wrote {0}; test it with dbx-es check -c {0}", target));
  }
  const std::string toml = config::ImportedToml(read->imported, /*with_secrets=*/false);
  if (line.output.json) {
    reporter.Print(ImportJson(read->imported, toml));
  } else if (!to_file) {
    PrintLines(toml, reporter);
  }
  return ExitCode::kOk;
}

}  // namespace dbxes::cli
