// SPDX-License-Identifier: Apache-2.0
#include "connector/dead_runs.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "base/json/json_write.h"
#include "connector/protocol_time.h"

namespace dbxes::connector {
namespace {

// A run shows itself every ten seconds.
constexpr std::int64_t kDoubtMicros = 60'000'000;
// A lock is older than this if its job is not to be found.
constexpr std::int64_t kSilentMicros = 300'000'000;
constexpr std::string_view kNoJob =
    "The last run did not end by itself, and its job is gone. The next run continues its work.";

// How a job that is over ended.
JobEnd EndOf(const rapidjson::Value& job) {
  const std::string_view status = StringMember(job, "status");
  if (status == "completed") return {.exit_code = ExitCode::kOk};
  if (status == "canceled") return {.exit_code = ExitCode::kCanceled};
  if (status == "error") {
    return {.exit_code = ExitCode::kFailed, .message = std::string(StringMember(job, "error"))};
  }
  return {.exit_code = ExitCode::kTerminated};
}

class Search {
 public:
  Search(ProtocolStore& store, const JobFacts& facts, bool holds_state, std::int64_t micros)
      : store_(store), facts_(facts), holds_state_(holds_state), micros_(micros) {}

  Result<DeadRuns> Run(const StoredDocument& connector, const std::vector<StoredDocument>& jobs) {
    rapidjson::Document members;
    members.SetObject();
    for (const StoredDocument& job : jobs) {
      if (!IsDead(job.source)) {
        found_.in_doubt |= MayBeDead(job.source);
        continue;
      }
      TRY(End(connector, job, members));
    }
    Unlock(connector.source, jobs, members);
    found_.connector = JsonOf(members);
    return std::move(found_);
  }

 private:
  bool IsDead(const rapidjson::Value& job) const {
    if (!IsRunning(job)) return false;
    return (holds_state_ && IsOfTarget(job, facts_)) || IsSilent(job, micros_);
  }

  // To find out takes time where the state is in the cluster, so a run that shows itself is
  // believed.
  bool MayBeDead(const rapidjson::Value& job) const {
    if (!IsRunning(job) || !IsOfTarget(job, facts_)) return false;
    return !facts_.shared_state || IsSilent(job, micros_, kDoubtMicros);
  }

  static bool IsLocked(const rapidjson::Value& connector, JobType type) {
    return StringMember(connector, LockMember(type)) == "in_progress";
  }

  // Whether a job that lives has locked the connector since.
  Result<bool> IsLockedByOther(const rapidjson::Value& connector, const std::string& dead,
                               JobType type) {
    const std::string last(LastJobOf(connector, type));
    if (last.empty() || last == dead) return false;
    TRY_ASSIGN(const auto other, store_.Read(ProtocolIndex::kSyncJobs, last));
    return other && IsSameKind(other->source, type) && IsRunning(other->source) &&
           !IsDead(other->source);
  }

  void Release(JobType type, const JobEnd& end, const JobCounts& counts,
               rapidjson::Document& members) const {
    JobFacts facts = facts_;
    facts.type = type;
    auto& allocator = members.GetAllocator();
    rapidjson::Document more(&allocator);
    const std::string json = ReleasedConnector(facts, end, counts, FormatTime(micros_));
    more.Parse(json.data(), json.size());
    for (const auto& [name, value] : std::as_const(more).GetObject()) {
      members.RemoveMember(name);
      members.AddMember(rapidjson::Value(name, allocator), rapidjson::Value(value, allocator),
                        allocator);
    }
  }

  Result<void> End(const StoredDocument& connector, const StoredDocument& job,
                   rapidjson::Document& members) {
    const bool canceling = StringMember(job.source, "status") == "canceling";
    const std::string why = DeadText(StringMember(job.source, "worker_hostname"),
                                     StringMember(job.source, "last_seen"));
    found_.jobs.push_back({Change::kUpdate, ProtocolIndex::kSyncJobs, job.id,
                           DeadJob(why, canceling, FormatTime(micros_)), job.version});
    const JobType type = TypeOf(job.source).value_or(JobType::kFull);
    if (!IsLocked(connector.source, type)) return {};
    TRY_ASSIGN(const bool other, IsLockedByOther(connector.source, job.id, type));
    if (other) return {};
    Release(type,
            {.exit_code = canceling ? ExitCode::kCanceled : ExitCode::kFailed, .message = why},
            CountsOf(job.source), members);
    return {};
  }

  // The run was killed between the ends of its job and of the connector. Anybody may be about to
  // write the latter, unless the state is held.
  bool FinishEnd(const rapidjson::Value& connector, const std::vector<StoredDocument>& jobs,
                 JobType type, rapidjson::Document& members) {
    const auto job = std::find_if(jobs.begin(), jobs.end(), [&](const StoredDocument& other) {
      return other.id == LastJobOf(connector, type) && IsSameKind(other.source, type) &&
             !IsRunning(other.source) && IsOfTarget(other.source, facts_);
    });
    if (job == jobs.end()) return false;
    found_.in_doubt |= !holds_state_;
    if (!holds_state_) return true;
    Release(type, EndOf(job->source), CountsOf(job->source), members);
    return true;
  }

  // Locks without a job that runs. A run that has just begun is not in the search yet, but was
  // seen.
  void Unlock(const rapidjson::Value& connector, const std::vector<StoredDocument>& jobs,
              rapidjson::Document& members) {
    const rapidjson::Value* seen = FindMember(connector, "last_seen");
    const auto time = seen == nullptr ? std::nullopt : ReadTime(*seen);
    const bool lately = time && std::abs(micros_ - *time) <= kSilentMicros;
    for (const JobType type : {JobType::kFull, JobType::kAccessControl}) {
      const bool runs = std::any_of(jobs.begin(), jobs.end(), [&](const StoredDocument& job) {
        return IsRunning(job.source) && IsSameKind(job.source, type);
      });
      if (runs || !IsLocked(connector, type)) continue;
      if (FinishEnd(connector, jobs, type, members) || lately) continue;
      Release(type, {.exit_code = ExitCode::kFailed, .message = std::string(kNoJob)}, {}, members);
    }
  }

  ProtocolStore& store_;
  const JobFacts& facts_;
  bool holds_state_;
  std::int64_t micros_;
  DeadRuns found_;
};

}  // namespace

Result<DeadRuns> FindDeadRuns(ProtocolStore& store, const JobFacts& facts, bool holds_state,
                              std::int64_t micros, const StoredDocument& connector,
                              const std::vector<StoredDocument>& jobs) {
  return Search(store, facts, holds_state, micros).Run(connector, jobs);
}

}  // namespace dbxes::connector
