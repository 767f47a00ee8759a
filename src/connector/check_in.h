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

// The runs of this state, and where this one is.
struct Runner {
  std::string host = {};
  std::string target = {};  // as JobFacts has it
  bool shared_state = false;
};

// Whether a run of this state is under way.
enum class StateHold {
  kUnknown,
  kOurs,    // none is, as we hold the state
  kOthers,  // one is: somebody else holds the state
};

class CheckIn {
 public:
  // All outlive this object.
  CheckIn(ProtocolStore& store, const config::Config& config, const Clock& clock,
          Runner runner = {});

  // The job to run next, if one waits: identities first, then the oldest. Jobs that dbx-es cannot
  // run end with an error. kConfig: there is no such connector, it cannot be used, or its form has
  // values that cannot. kPermission.
  // Jobs that are dead end with an error, and so does what they lock. With kOurs, these are jobs of
  // this state that run; of other programs, jobs that were silent for five minutes.
  // With kUnknown, it does nothing if that matters (saw_own_job): the caller finds out, and asks
  // again.
  Result<std::optional<WaitingRun>> Next(StateHold hold = StateHold::kUnknown);

  // Whether Next found a job that runs, and that is dead if nobody holds the state.
  bool saw_own_job() const { return saw_own_job_; }

  // Whether Next found that somebody has yet to fill in the form in Kibana.
  bool waits_for_form() const { return waits_for_form_; }

  // Why jobs that Next found cannot run, one text for each; they have ended with it as their error.
  const std::vector<std::string>& refused() const { return refused_; }

  // After a run for a job: the status of the job, "another's error" if it is not that of the run.
  // One that the run did not take, for another reason than a lock, ends with the error of the run:
  // it would wait for ever. "" if it is gone.
  Result<std::string> Settle(const WaitingRun& waiting, const JobEnd& end);

 private:
  struct Plan;
  std::string ErrorChanges(const rapidjson::Value& connector) const;
  std::string ConnectorChanges(const rapidjson::Value& connector, const ScheduleLook& look,
                               const std::string& dead) const;
  Plan MakePlan(const StoredDocument& connector, const std::vector<StoredDocument>& jobs,
                const std::string& dead) const;
  JobFacts FactsOf(JobType type) const;
  Result<std::vector<bool>> Apply(const std::vector<Change>& changes);

  ProtocolStore& store_;
  const config::Config& config_;
  const Clock& clock_;
  Runner runner_;
  bool waits_for_form_ = false;
  bool saw_own_job_ = false;
  std::vector<std::string> refused_;
};

}  // namespace dbxes::connector
