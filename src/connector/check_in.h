// SPDX-License-Identifier: Apache-2.0
// What `connector run` does each minute: it shows Kibana that dbx-es is there, makes the jobs that
// are due by Kibana's schedules, and finds the job to run next. Two requests, and more only if
// something has to be written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/config.h"
#include "connector/due.h"
#include "connector/job_document.h"
#include "connector/protocol_store.h"

namespace dbxes::connector {

// A job that waits for a run.
struct WaitingRun {
  std::string job;
  JobType type = JobType::kFull;
};

class CheckIn {
 public:
  // All outlive this object.
  CheckIn(ProtocolStore& store, const config::Config& config, const Clock& clock);

  // The job to run next, if one waits: identities first, then the oldest. Jobs that dbx-es cannot
  // run end with an error. kConfig: there is no such connector, or it
  // cannot be used. kPermission.
  Result<std::optional<WaitingRun>> Next();

  // After a run for a job: the status of the job. One that the run did not take, for another reason
  // than a lock, ends with the error of the run: it would wait for ever. "" if it is gone.
  Result<std::string> Settle(const WaitingRun& waiting, const JobEnd& end);

 private:
  struct Plan;
  std::string ConnectorChanges(const rapidjson::Value& connector, const ScheduleLook& look) const;
  Plan MakePlan(const StoredDocument& connector, const std::vector<StoredDocument>& jobs) const;
  JobFacts FactsOf(JobType type) const;
  Result<std::vector<bool>> Apply(const std::vector<Change>& changes);

  ProtocolStore& store_;
  const config::Config& config_;
  const Clock& clock_;
};

}  // namespace dbxes::connector
