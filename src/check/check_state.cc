// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/os/file_advice.h"
#include "base/os/file_probe.h"
#include "check/age.h"
#include "check/check_parts.h"
#include "check/status.h"
#include "dropbox/kept_token.h"
#include "report/text.h"
#include "rules/rule_file.h"
#include "sync/plan/settings_fingerprint.h"
#include "sync/plan/state_trust.h"

namespace dbxes::check {
namespace {

constexpr std::int64_t kOldSeconds = 3 * 86'400;

// The parts of "WHAT; run: COMMAND" (base/os/file_trust.h).
std::string WhatOf(const std::string& changeable) {
  return changeable.substr(0, changeable.find("; "));
}
std::string AdviceOf(const std::string& changeable) {
  const std::size_t advice = changeable.find("; ");
  return advice == std::string::npos ? "" : changeable.substr(advice + 2);
}

class StateCheck {
 public:
  StateCheck(Environment& environment, const config::Config& config, checkpoint::StatePlace* place,
             const std::optional<dropbox::Account>& account,
             const std::optional<rules::RuleSet>& kibana_rules, CheckReport& report)
      : environment_(environment),
        config_(config),
        place_(place),
        account_(account),
        kibana_rules_(kibana_rules),
        report_(report) {}

  void Run() {
    CheckRules();
    if (!InCluster()) {
      if (config_.state_dir.empty()) return;  // a problem of the configuration
      CheckFolder();
    }
    CheckToken();
    if (place_ != nullptr) ReportStatus(ReadStatus(*place_, environment_.clock, config_));
  }

 private:
  bool InCluster() const { return config_.sync.state == config::StateKind::kCluster; }

  void CheckFolder() {
    const Result<void> written = environment_.probe.check_writing(config_.state_dir);
    if (!written) {
      const std::string_view advice = WritingAdvice(written.error());
      return report_.Problem("state folder", written.error(),
                             fmt::format("{}{}set sync.state_dir to another folder", advice,
                                         advice.empty() ? "" : ", or "));
    }
    const std::string open = sync::StateChangeableBecause(environment_.probe, config_);
    const std::string changeable = environment_.probe.changeable(config_.state_dir);
    if (!open.empty()) {
      report_.Problem("state folder", ExitCode::kConfiguration,
                      "any user can change it, so that no run uses it: " + WhatOf(open),
                      AdviceOf(open));
    } else if (!changeable.empty()) {
      report_.Warn("state folder", "other users can change it: " + WhatOf(changeable),
                   AdviceOf(changeable));
    } else {
      report_.Ok("state folder", config_.state_dir);
    }
  }

  // Where a run has left one.
  void CheckToken() {
    const std::string& path = config_.dropbox.access_token_file;
    if (path.empty()) return;
    const auto kept = dropbox::ReadKeptToken(environment_.files, environment_.probe,
                                             environment_.clock, config_.dropbox);
    if (!kept && kept.error().kind == ErrorKind::kNotFound) return;
    if (!dropbox::KeepsToken(config_)) {
      return report_.Warn("access token", path + " was left by a run with other settings",
                          "the next run removes it");
    }
    if (kept) return report_.Ok("access token", DescribeToken(*kept));
    const bool exposed = kept.error().kind == ErrorKind::kConfig;
    const std::string& why = kept.error().message;
    report_.Warn("access token", exposed ? WhatOf(why) : why,
                 exposed ? AdviceOf(why) : "the next run replaces it");
  }
  static std::string DescribeToken(const dropbox::StoredToken& kept) {
    if (kept.usable_for.count() <= 0) return "the one of the last run has ended";
    return fmt::format("kept for runs in the next {}", FormatAge(kept.usable_for.count() / 1000));
  }

  void CheckRules() {
    if (config_.UsesKibanaRules()) {
      rules_are_wrong_ = !kibana_rules_;
      if (kibana_rules_) rules_ = *kibana_rules_;
      return;
    }
    const std::string& path = config_.sync.rules_file;
    if (path.empty()) return;
    auto rules = rules::LoadRules(environment_.files, path);
    if (!rules) {
      rules_are_wrong_ = true;
      return report_.Problem("rules", rules.error(),
                             fmt::format("run dbx-es validate-rules {}", path));
    }
    rules_ = *std::move(rules);
    report_.Ok("rules", path);
  }

  std::string AdviceOnState(const Error& problem) const {
    if (InCluster()) {
      return "fix what the message names; the privileges are those of the state index";
    }
    if (problem.tag == kForbiddenTag) {
      return "give the file to the user who runs dbx-es, or run as the user to whom it belongs";
    }
    return "move that file to another folder and run dbx-es full-sync, which writes only what "
           "differs";
  }

  void ReportStatus(const SyncStatus& status) {
    for (const Error& problem : status.problems) {
      report_.Problem("state", ExitCode::kConfiguration, problem.ToLine(), AdviceOnState(problem));
    }
    if (status.running) {
      report_.Warn("lock", "a run is under way: " + *status.running,
                   "wait for it; if it has been running for too long, end the process");
    } else {
      report_.Ok("lock", "no run is under way");
    }
    for (const checkpoint::RunRecord& stop : checkpoint::StandingStops(status.runs)) {
      report_.Warn("safety stop",
                   fmt::format("in effect since {}: {}", stop.stopped_since,
                               stop.message.empty() ? "nothing is deleted" : stop.message),
                   fmt::format("dbx-es {} --dry-run lists what would be deleted",
                               stop.command == "acl-sync" ? "acl-sync" : "full-sync"));
    }
    if (status.checkpoint) {
      ReportCheckpoint(*status.checkpoint);
      ReportAge(status);
    } else if (status.problems.empty()) {
      report_.Ok("state", "nothing is saved yet; the first run is a full sync");
    }
    ReportFailures(status.pending_failures);
  }

  // A document failed if its content, its readers or the cluster did. Nothing if the count is not
  // known, which is a problem already.
  void ReportFailures(std::optional<std::uint64_t> pending) {
    if (!pending) return;
    if (*pending == 0) return report_.Ok("failures", "no document waits for a retry");
    report_.Warn("failures",
                 fmt::format("{} failed, as a whole or in part; the next run tries {} again",
                             report::CountOf(*pending, "document"), *pending == 1 ? "it" : "them"),
                 "dbx-es failures shows the reason of each");
  }

  void ReportCheckpoint(const checkpoint::Checkpoint& checkpoint) {
    if (account_ && !checkpoint.account.account_id.empty() &&
        account_->account_id != checkpoint.account.account_id) {
      return report_.Problem(
          "state", ExitCode::kConfiguration,
          fmt::format("it belongs to {}, but the token to {}: a run would replace the documents of "
                      "one Dropbox with those of the other",
                      checkpoint.account.email, account_->email),
          "use the other token, or set another elasticsearch.index for this account");
    }
    const std::string difference =
        rules_are_wrong_
            ? ""
            : sync::DescribeDifference(checkpoint.settings, sync::FingerprintOf(config_, rules_));
    if (!difference.empty()) {
      return report_.Warn("state", "settings that shaped the index have changed: " + difference,
                          "run dbx-es full-sync");
    }
    if (checkpoint.full_sync) {
      return report_.Warn("state",
                          fmt::format("the full sync that started at {} is not finished",
                                      checkpoint.full_sync->started_at),
                          "run dbx-es full-sync, which continues where it stopped");
    }
    report_.Ok("state", "last full sync " + checkpoint.last_full_sync_at);
  }

  void ReportAge(const SyncStatus& status) {
    if (!status.feed_read) return;
    if (IsInFuture(*status.feed_read, status.now)) {
      return report_.Warn("cursor",
                          fmt::format("changes were last read at {}, which is in the future",
                                      FormatUtc(*status.feed_read)),
                          "correct the clock of this computer");
    }
    const std::int64_t age =
        std::max<std::int64_t>(0, (status.now - *status.feed_read) / 1'000'000);
    if (age <= kOldSeconds) {
      return report_.Ok("cursor", fmt::format("changes were read {} ago", FormatAge(age)));
    }
    report_.Warn(
        "cursor",
        fmt::format("changes were last read {} ago: the index is that old", FormatAge(age)),
        "check that cron or the timer runs dbx-es incremental; dbx-es status shows the last runs");
  }

  Environment& environment_;
  const config::Config& config_;
  checkpoint::StatePlace* place_;
  const std::optional<dropbox::Account>& account_;
  const std::optional<rules::RuleSet>& kibana_rules_;
  CheckReport& report_;
  rules::RuleSet rules_;
  bool rules_are_wrong_ = false;
};

}  // namespace

void CheckState(Environment& environment, const config::Config& config,
                checkpoint::StatePlace* place, const std::optional<dropbox::Account>& account,
                const std::optional<rules::RuleSet>& kibana_rules, CheckReport& report) {
  StateCheck(environment, config, place, account, kibana_rules, report).Run();
}

}  // namespace dbxes::check
