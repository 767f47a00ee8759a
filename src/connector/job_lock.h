// SPDX-License-Identifier: Apache-2.0
// One job of a kind at a time: the lock in the document of a connector, which the Connector
// Protocol has for all programs that sync it, and the job that holds it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/event_loop.h"
#include "base/result.h"
#include "config/config.h"
#include "connector/job_document.h"
#include "connector/protocol_store.h"

namespace dbxes::connector {

struct HeldJob {
  std::string id;
  JobCounts counts;   // of earlier runs of a job that continues
  std::string rules;  // that it carries (sync_rules.h)
  std::string active_rules;
  elastic::DocumentVersion job;
  elastic::DocumentVersion connector;
};

class JobLock {
 public:
  // All outlive this object.
  JobLock(EventLoop& loop, ProtocolStore& store, const config::Config& config,
          const JobFacts& facts);

  // See SyncJob::Begin.
  Result<HeldJob> Take();
  // After a Take that was interrupted: what may have been written, with versions that are unknown.
  const std::optional<HeldJob>& tentative() const { return tentative_; }
  // Ends the job and unlocks the connector, both in one request. A job that somebody cancels at
  // this moment is canceled; one that somebody else has ended stays as it is.
  Result<void> Return(const HeldJob& held, JobEnd end, const JobCounts& counts);

 private:
  std::string Now() const;
  // The suspended job of this kind, once jobs of dead runs are ended. kLocked if one is alive.
  Result<std::optional<StoredDocument>> SettleJobs(const StoredDocument& connector);
  Result<std::vector<StoredDocument>> JobsOf(const StoredDocument& connector);
  bool IsDead(const rapidjson::Value& job) const;
  // Nothing: somebody else was faster.
  Result<std::optional<HeldJob>> Lock(const StoredDocument& connector,
                                      const std::optional<StoredDocument>& waiting);
  // What holds after writes of which one conflicted, or whose answer was lost.
  Result<std::optional<HeldJob>> LookAfterConflict(const Changed& changed, HeldJob held);
  Result<void> WriteEnd(const HeldJob& held, const JobEnd& end, const JobCounts& counts,
                        std::optional<elastic::DocumentVersion>& job,
                        std::optional<elastic::DocumentVersion>& connector);
  void Undo(const HeldJob& held, const std::optional<StoredDocument>& waiting,
            const rapidjson::Value& connector);

  EventLoop& loop_;
  ProtocolStore& store_;
  const config::Config& config_;
  const JobFacts& facts_;
  std::optional<HeldJob> tentative_;
};

}  // namespace dbxes::connector
