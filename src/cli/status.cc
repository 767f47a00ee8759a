// SPDX-License-Identifier: Apache-2.0
#include "check/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "base/http/event_loop.h"
#include "base/random.h"
#include "check/connector_view.h"
#include "check/status_table.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/outcome.h"
#include "cli/state_session.h"
#include "elastic/client.h"
#include "report/retries.h"
#include "state/open_place.h"

namespace dbxes::cli {
namespace {

constexpr Milliseconds kPatience{5'000};
constexpr std::string_view kExtension = ".toml";

// Somebody is waiting, and the state says most of it.
config::Config Impatient(config::Config config) {
  config.sync.give_up_after = std::min(config.sync.give_up_after, kPatience);
  config.sync.connect_timeout = std::min(config.sync.connect_timeout, kPatience);
  config.elasticsearch.request_timeout = std::min(config.elasticsearch.request_timeout, kPatience);
  return config;
}

// What Kibana shows, one finding a line.
std::vector<std::string> ConnectorLines(elastic::Client& client, const config::Config& config,
                                        const Clock& clock) {
  const auto view = check::ViewConnector(client, config, clock);
  if (!view) return {"connector: " + view.error().ToLine()};
  std::vector<std::string> lines;
  for (const check::ConnectorFinding& finding : view->findings) {
    lines.push_back(fmt::format("{}: {}{}{}", finding.about, finding.text,
                                finding.advice.empty() ? "" : "; ", finding.advice));
  }
  return lines;
}

check::SyncStatus ReadStatus(Environment& environment, const config::Config& settings,
                             report::Reporter& reporter) {
  const config::Config config = Impatient(settings);
  EventLoop loop(environment.http, environment.clock, environment.stop_signal);
  const auto place = state::OpenPlace(environment, loop, config, config.sync.state,
                                      report::RetriesAsDetails(reporter));
  check::SyncStatus status = check::ReadStatus(*place, environment.clock, config);
  if (!status.problems.empty()) return status;
  // A login without the secret would be one that fails.
  if (const std::string& command = config.elasticsearch.command_not_run; !command.empty()) {
    status.index = check::IndexLook{check::IndexStand::kNotChecked,
                                    "not checked: status does not run " + command};
    return status;
  }
  elastic::Client client(loop, config.elasticsearch, config.sync,
                         SeedOf(environment.seed, "elasticsearch"),
                         report::RetriesAsDetails(reporter));
  status.index = check::LookAtIndex(*place, client, config.elasticsearch.index);
  if (!config.connector.id.empty()) {
    status.connector = ConnectorLines(client, config, environment.clock);
  }
  return status;
}

// The configurations of a folder, by name; empty if it cannot be read.
std::vector<std::string> ConfigsIn(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failed;
  for (std::filesystem::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (entry->path().extension() == kExtension) files.push_back(entry->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string FolderOf(const std::string& file) {
  const std::string folder = std::filesystem::path(file).parent_path().string();
  return folder.empty() ? "." : folder;
}

// The one of --all, else that of --config, else the first of the search path with configurations.
std::string FolderFor(const CommandLine& line, const config::ConfigSources& sources) {
  if (const std::string named = line.values.Text("--all"); !named.empty()) return named;
  if (line.load.config_file) return FolderOf(*line.load.config_file);
  const std::vector<std::string> searched = config::ConfigSearchPath(sources.environment);
  for (const std::string& file : searched) {
    if (!ConfigsIn(FolderOf(file)).empty()) return FolderOf(file);
  }
  return FolderOf(searched.back());
}

}  // namespace

ExitCode RunStatus(const CommandLine& line, const config::Config& config,
                   report::Reporter& reporter) {
  if (const auto target = NeedTarget(config); !target) {
    return ReportOutcome("status", target, reporter);
  }
  RealEnvironment environment(config.report.trace, reporter);
  const check::SyncStatus status = ReadStatus(*environment, config, reporter);
  const ExitCode code = check::CodeOf(status);
  if (line.output.json) {
    reporter.Print(check::StatusJson(status));
    return code;
  }
  for (const std::string& text : check::StatusLines(status)) reporter.Print(text);
  if (code == ExitCode::kOk) return code;
  const ErrorKind kind = code == ExitCode::kLocked ? ErrorKind::kLocked : ErrorKind::kConfig;
  return ReportOutcome("status", Fail(kind, check::MessageOf(status)), reporter);
}

ExitCode RunStatusOfAll(const CommandLine& line, const config::ConfigSources& sources,
                        report::Reporter& reporter) {
  const std::string folder = FolderFor(line, sources);
  const std::vector<std::string> files = ConfigsIn(folder);
  if (files.empty()) {
    return ReportOutcome(
        "status", Fail(ErrorKind::kConfig, fmt::format("no configuration (*.toml) in {}", folder)),
        reporter);
  }
  RealEnvironment environment("", reporter);
  std::vector<check::NamedStatus> all;
  for (const std::string& file : files) {
    config::LoadRequest request = line.load;
    request.config_file = file;
    const auto loaded = config::LoadConfig(request, sources);
    Result<void> usable = loaded ? NeedTarget(loaded->config) : Fail(loaded.error());
    all.push_back({std::filesystem::path(file).stem().string(),
                   usable ? ReadStatus(*environment, loaded->config, reporter)
                          : check::UnreadStatus(usable.error())});
  }
  if (line.output.json) {
    reporter.Print(check::StatusTableJson(folder, all));
  } else {
    for (const std::string& text : check::StatusTable(all)) reporter.Print(text);
  }
  return check::WorstCode(all);
}

}  // namespace dbxes::cli
