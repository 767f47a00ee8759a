// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http/event_loop.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "connector/registration.h"
#include "elastic/client.h"
#include "report/retries.h"
#include "report/summary.h"
#include "sync/command/kibana_runner.h"

namespace dbxes::cli {
namespace {

constexpr std::string_view kName = "connector";
constexpr Milliseconds kPatience{10'000};

Result<std::vector<std::string>> Change(const CommandLine& line, const config::Config& config,
                                        connector::ProtocolStore& store, const Clock& clock) {
  const bool dry_run = line.values.Has("--dry-run");
  TRY(store.CheckProduct());
  if (line.values.Argument(0) == "unregister") {
    return connector::Unregister(store, config, dry_run);
  }
  return connector::Register(store, config,
                             {.name = line.values.Text("--name"), .dry_run = dry_run}, clock);
}

// What the configuration has to contain for the runs of this target.
void AddSetting(const std::string& id, std::vector<std::string>& answer) {
  answer.emplace_back("add it to the configuration:");
  answer.emplace_back("[connector]");
  std::string quoted;
  for (const char c : id) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  answer.push_back(fmt::format("id = \"{}\"", quoted));
}

// The id that the runs of this target use, which get no flag.
std::string ConfiguredId(const CommandLine& line) {
  config::LoadRequest request{.config_file = line.load.config_file, .for_a_run = false};
  return config::InspectConfig(request, config::SystemSources()).config.connector.id;
}

// `register` and `unregister`. `is_new`: the configuration lacks the id.
report::RunSummary Administer(const CommandLine& line, const config::Config& config,
                              Environment& environment, bool is_new, report::Reporter& reporter) {
  config::Config hasty = config;
  hasty.sync.give_up_after = std::min(config.sync.give_up_after, kPatience);
  EventLoop loop(environment.http, environment.clock, environment.stop_signal);
  elastic::Client client(loop, hasty.elasticsearch, hasty.sync, SeedOf(environment.seed, "kibana"),
                         [&reporter](const Error& error, Milliseconds delay) {
                           reporter.Warn(report::RetryText(error, delay));
                         });
  connector::ProtocolStore store(client);
  auto done = Change(line, hasty, store, environment.clock);
  report::RunSummary summary = report::SummaryOf(kName, done ? Result<void>() : Fail(done.error()));
  summary.dry_run = line.values.Has("--dry-run");
  if (!done) return summary;
  summary.answer = *std::move(done);
  if (is_new && line.values.Argument(0) == "register") {
    AddSetting(config.connector.id, summary.answer);
  }
  return summary;
}

}  // namespace

ExitCode RunConnector(const CommandLine& line, const config::Config& config,
                      report::Reporter& reporter) {
  config::Config changed = config;
  std::string& id = changed.connector.id;
  if (id.empty()) id = connector::UsualId(config.elasticsearch.index);
  RealEnvironment environment(config.report.trace, reporter);
  const bool runs = line.values.Argument(0) == "run";
  report::RunSummary summary =
      runs ? sync::RunKibanaJob(*environment, changed, reporter)
           : Administer(line, changed, *environment, id != ConfiguredId(line), reporter);
  // A timer asks each minute, and an answer would be a mail.
  const bool idle = runs && summary.command == kName && !summary.error;
  if (idle && summary.answer.empty()) summary.answer = {"nothing to do"};
  if (idle && line.output.quiet) summary.answer.clear();
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace dbxes::cli
