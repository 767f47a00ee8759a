// SPDX-License-Identifier: Apache-2.0
// The job that Kibana shows of a run. It stands beside the run, which works the same without it;
// without connector.id, and for runs that write no index, it does nothing and makes no request.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/environment.h"
#include "base/http/event_loop.h"
#include "base/http/request_sender.h"
#include "config/config.h"
#include "connector/sync_job.h"
#include "report/summary.h"
#include "rules/rule_set.h"
#include "sync/owners/progress.h"
#include "sync/plan/sync_plan.h"

namespace dbxes::sync {

class KibanaJob {
 public:
  // Somebody who cancels the job sets `canceled`, which has to stop the run.
  KibanaJob(EventLoop& loop, const Environment& environment, const config::Config& config,
            const RunOptions& options, Progress& progress, bool& canceled);

  // Once the state is held. An error ends the run (connector/sync_job.h).
  Result<void> Begin();
  // The sync rules of the run, where they are those of Kibana. Without a job, also because it could
  // not begin, those that are active now.
  Result<rules::RuleSet> Rules();
  // Those that are active now, whatever the job carries.
  Result<rules::RuleSet> ActiveRules();
  // Shows how the run ended, before the state is returned.
  void End(const report::RunSummary& summary);
  // Its own requests.
  SenderCounters requests() const;

 private:
  connector::JobCounts Counts() const;
  std::optional<std::uint64_t> TotalAfter(const report::RunSummary& summary);

  const config::Config& config_;
  Progress& progress_;
  std::string index_;  // that the job is about
  std::optional<elastic::Client> client_;
  std::unique_ptr<connector::SyncJob> job_;  // null for none
};

// The cluster, the index and the state, since only holding the state shows that its runs have
// ended.
std::string TargetOf(const config::Config& config);

// An interrupted run that somebody canceled in Kibana.
void JudgeCanceled(bool canceled, Result<void>& outcome);

}  // namespace dbxes::sync
