// SPDX-License-Identifier: Apache-2.0
#include "sync/command/kibana_runner.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/http/event_loop.h"
#include "base/random.h"
#include "connector/check_in.h"
#include "connector/connector_document.h"
#include "elastic/client.h"
#include "report/summary.h"
#include "state/open_place.h"
#include "sync/command/kibana_job.h"

namespace dbxes::sync {
namespace {

using connector::StateHold;

constexpr std::string_view kCommand = "connector";
// The next look is a minute away.
constexpr Milliseconds kPatience{10'000};

SyncMode ModeOf(connector::JobType type) {
  switch (type) {
    case connector::JobType::kFull:
      return SyncMode::kFull;
    case connector::JobType::kIncremental:
      return SyncMode::kIncremental;
    case connector::JobType::kAccessControl:
      return SyncMode::kAccessControl;
  }
  return SyncMode::kFull;
}

connector::Runner RunnerOf(const Environment& environment, const config::Config& config) {
  return {environment.host_name, TargetOf(config),
          config.sync.state == config::StateKind::kCluster};
}

// One conversation with the two indices of the connector.
class Desk {
 public:
  Desk(Environment& environment, const config::Config& config)
      : config_(Hasty(config)),
        loop_(environment.http, environment.clock, environment.stop_signal),
        client_(loop_, config_.elasticsearch, config_.sync,
                SeedOf(environment.seed, "connector run")),
        store_(client_),
        check_in_(store_, config_, environment.clock, RunnerOf(environment, config)) {}

  connector::CheckIn& check_in() { return check_in_; }

  // Looks; and once more, knowing who holds the state, if a job of this state may be that of a run
  // that was killed. Without a state to hold, a run is under way.
  Result<std::optional<connector::WaitingRun>> Look(Environment& environment) {
    auto waiting = check_in_.Next();
    if (!waiting || !check_in_.saw_own_job()) return waiting;
    const auto place = state::OpenPlace(environment, loop_, config_, config_.sync.state,
                                        [](const Error&, Milliseconds) {});
    if (config_.sync.state == config::StateKind::kFolder) {
      // The note stays that of the run that was killed, which `status` reports.
      const auto lock = environment.files.Lock(place->base() + ".lock", place->LastHolder());
      return check_in_.Next(lock ? StateHold::kOurs : StateHold::kOthers);
    }
    if (!place->Take(environment.pid)) return check_in_.Next(StateHold::kOthers);
    waiting = check_in_.Next(StateHold::kOurs);
    TRY(place->GiveBack());
    return waiting;
  }

 private:
  static config::Config Hasty(config::Config config) {
    config.sync.give_up_after = std::min(config.sync.give_up_after, kPatience);
    config.elasticsearch.request_timeout =
        std::min(config.elasticsearch.request_timeout, kPatience);
    return config;
  }

  config::Config config_;
  EventLoop loop_;
  elastic::Client client_;
  connector::ProtocolStore store_;
  connector::CheckIn check_in_;
};

report::RunSummary RunFor(const connector::WaitingRun& waiting, Environment& environment,
                          const config::Config& config, report::Reporter& reporter,
                          const ParserFactory& make_parser) {
  RunOptions options;
  options.mode = ModeOf(waiting.type);
  options.job = waiting.job;
  // The look may have changed it.
  config::Config afresh = config;
  afresh.connector.as_read = {};
  return RunSync(environment, afresh, options, reporter, make_parser);
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

connector::JobEnd EndOf(const report::RunSummary& summary) {
  return {.exit_code = summary.exit_code, .message = summary.message};
}

}  // namespace

report::RunSummary RunKibanaJob(Environment& environment, const config::Config& config,
                                report::Reporter& reporter, const ParserFactory& make_parser) {
  Desk desk(environment, config);
  const auto waiting = desk.Look(environment);
  if (!waiting) return report::SummaryOf(kCommand, Fail(waiting.error()));
  if (!*waiting) {
    report::RunSummary looked = report::SummaryOf(kCommand, {});
    for (const std::string& why : desk.check_in().refused()) {
      looked.answer.push_back("a job has ended with an error: " + why);
    }
    if (desk.check_in().waits_for_form()) {
      looked.answer = {"the connector waits for its configuration in Kibana: " +
                       Joined(connector::MissingFields(config))};
    }
    return looked;
  }
  report::RunSummary summary = RunFor(**waiting, environment, config, reporter, make_parser);
  const auto status = Desk(environment, config).check_in().Settle(**waiting, EndOf(summary));
  // A job that ended with an error did so by this run; in any other state, it is somebody else's.
  if (!report::FoundAnotherRun(summary) || (status && *status == "error")) return summary;
  reporter.Info(summary.message);
  report::RunSummary looked = report::SummaryOf(kCommand, {});
  looked.answer = {"a job waits for another run"};
  return looked;
}

}  // namespace dbxes::sync
