// SPDX-License-Identifier: Apache-2.0
// A run as a job in Kibana: it locks the connector, shows what the run has done so far, notices
// that somebody cancels it, and ends with the run. All writes are conditional on what was read.
// Trouble with the job is no trouble of the run: it is reported once.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/callback_scope.h"
#include "base/clock.h"
#include "base/http/event_loop.h"
#include "base/result.h"
#include "config/config.h"
#include "connector/job_document.h"
#include "connector/job_lock.h"
#include "connector/protocol_store.h"

namespace dbxes::connector {

class SyncJob {
 public:
  struct Callbacks {
    std::function<JobCounts()> counts;             // of the run so far
    std::function<void()> cancel;                  // somebody canceled the job in Kibana
    std::function<void(const std::string&)> warn;  // the job no longer shows the run
  };

  // `client` is used by nothing else, so that an overload of documents delays no sign of life.
  SyncJob(elastic::Client& client, const config::Config& config, JobFacts facts,
          Callbacks callbacks);

  // Once the state is held, so that no other run of this target is under way: ends the jobs of runs
  // that were killed, locks the connector, and begins a job or continues a suspended one. kConfig:
  // there is no such connector, or it cannot be used (connector_document.h). kPermission. kLocked:
  // another program syncs this connector. kTemporary, and everything else: the run may go without.
  Result<void> Begin();
  bool has_begun() const { return held_.has_value(); }
  // The sync rules that the job carries (sync_rules.h). After Begin.
  const std::string& rules() const { return rules_; }
  // Those of the connector when it was locked. After Begin.
  const std::string& active_rules() const { return active_rules_; }
  // Ends a job that has begun.
  void End(JobEnd end);

 private:
  void BeatLater();
  void Beat();
  void OnJob(Result<std::optional<StoredDocument>> found);
  void OnBeat(const Result<Changed>& changed);
  void BeatOfConnector();
  void Lose(const std::string& why);
  JobCounts Counts() const { return held_->counts + callbacks_of_run_.counts(); }

  EventLoop& loop_;
  ProtocolStore store_;
  JobFacts facts_;
  JobLock lock_;
  Callbacks callbacks_of_run_;
  std::optional<HeldJob> held_;  // while the job shows the run
  std::string rules_;
  std::string active_rules_;
  Milliseconds next_of_connector_{0};
  CallbackScope callbacks_;
};

}  // namespace dbxes::connector
