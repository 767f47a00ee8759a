// SPDX-License-Identifier: Apache-2.0
#include "sync/kibana_runner.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/http/event_loop.h"
#include "base/random.h"
#include "connector/check_in.h"
#include "elastic/client.h"
#include "report/summary.h"

namespace dbxes::sync {
namespace {

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

// One conversation with the two indices of the connector.
class Desk {
 public:
  Desk(Environment& environment, const config::Config& config)
      : config_(Hasty(config)),
        loop_(environment.http, environment.clock, environment.stop_signal),
        client_(loop_, config_.elasticsearch, config_.sync,
                SeedOf(environment.seed, "connector run")),
        store_(client_),
        check_in_(store_, config_, environment.clock) {}

  connector::CheckIn& check_in() { return check_in_; }

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
  return RunSync(environment, config, options, reporter, make_parser);
}

connector::JobEnd EndOf(const report::RunSummary& summary) {
  return {.exit_code = summary.exit_code, .message = summary.message};
}

}  // namespace

report::RunSummary RunKibanaJob(Environment& environment, const config::Config& config,
                                report::Reporter& reporter, const ParserFactory& make_parser) {
  const auto waiting = Desk(environment, config).check_in().Next();
  if (!waiting) return report::SummaryOf(kCommand, Fail(waiting.error()));
  if (!*waiting) return report::SummaryOf(kCommand, {});
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
