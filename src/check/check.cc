// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include <fmt/format.h>

#include "base/random.h"
#include "check/check_parts.h"
#include "report/retries.h"
#include "state/open_place.h"

namespace dbxes::check {
namespace {

// The user waits for the result: a service that does not answer in this time is down.
constexpr Milliseconds kPatience{5'000};

class Check {
 public:
  Check(Environment& environment, const config::LoadedConfig& loaded, report::Reporter& reporter)
      : environment_(environment),
        loaded_(loaded),
        reporter_(reporter),
        config_(Impatient(loaded.config)),
        loop_(environment.http, environment.clock, environment.stop_signal),
        place_(state::OpenPlace(environment, loop_, config_, config_.sync.state, OnRetry())) {}

  CheckReport Run() {
    CheckConfig(loaded_, report_);
    if (Has("dropbox", "app_key") && Has("dropbox", "refresh_token")) AskDropbox();
    if (!Stopped() && Has("elasticsearch", "host") && Has("elasticsearch", "index")) AskElastic();
    if (!Stopped()) CheckExtraction(environment_, loop_, config_, report_);
    if (!Stopped()) CheckReporting(environment_, loop_, config_, report_);
    if (!Stopped()) CheckState(environment_, config_, Place(), account_, rules_, report_);
    if (const int signal = environment_.stop_signal(); signal != 0) {
      report_.Problem("check", EventLoop::Interrupted(signal), "run it again");
    }
    return std::move(report_);
  }

 private:
  static config::Config Impatient(config::Config config) {
    config.sync.give_up_after = std::min(config.sync.give_up_after, kPatience);
    config.dropbox.retry_count = std::min(config.dropbox.retry_count, 1);
    return config;
  }
  bool Has(std::string_view section, std::string_view key) const {
    return loaded_.Holds(section, key);
  }
  checkpoint::StatePlace* Place() {
    return config_.elasticsearch.host.empty() ? nullptr : place_.get();
  }
  bool Stopped() const { return environment_.stop_signal() != 0; }

  report::OnRetry OnRetry() const { return report::RetriesAsDetails(reporter_); }

  void AskDropbox() {
    dropbox::Client client(loop_, config_, OnRetry(), SeedOf(environment_.seed, "dropbox"));
    account_ = CheckDropbox(loop_, client, config_, report_);
  }

  void AskElastic() {
    elastic::Client client(loop_, config_.elasticsearch, config_.sync,
                           SeedOf(environment_.seed, "elasticsearch"), OnRetry());
    auto index = CheckElastic(
        client, config_, [this] { return WasSynced(*place_); }, report_);
    if (!index) return;
    if (index->exists) {
      index->lacks_keeper = CheckKeeper(*place_, client, config_, report_);
    }
    CheckCompanions(client, config_, *index, *place_, report_);
    CheckPrivileges(client, config_, *index, report_);
    rules_ = CheckConnector(client, config_, environment_.clock, report_);
  }

  Environment& environment_;
  const config::LoadedConfig& loaded_;
  report::Reporter& reporter_;
  config::Config config_;
  EventLoop loop_;
  std::unique_ptr<checkpoint::StatePlace> place_;
  std::optional<dropbox::Account> account_;
  std::optional<rules::RuleSet> rules_;  // of Kibana
  CheckReport report_;
};

}  // namespace

CheckReport RunCheck(Environment& environment, const config::LoadedConfig& loaded,
                     report::Reporter& reporter) {
  return Check(environment, loaded, reporter).Run();
}

}  // namespace dbxes::check
