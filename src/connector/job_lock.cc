// SPDX-License-Identifier: Apache-2.0
#include "connector/job_lock.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "connector/connector_document.h"
#include "connector/protocol_time.h"
#include "connector/sync_rules.h"

namespace dbxes::connector {
namespace {

constexpr std::size_t kIdBytes = 15;

constexpr ProtocolIndex kConnectors = ProtocolIndex::kConnectors;
constexpr ProtocolIndex kJobs = ProtocolIndex::kSyncJobs;
// How often a document is read again that somebody else has changed in between.
constexpr int kTries = 5;

// What else than the end of a job the lock of a connector shows.
bool MayHaveOpenJobs(const rapidjson::Value& connector, JobType type) {
  const std::string_view last = StringMember(connector, LockMember(type));
  return !last.empty() && last != "completed" && last != "error";
}

// The job that the run was started for. Somebody may have canceled it, or another run taken it.
Result<StoredDocument> WaitingJobOf(ProtocolStore& store, const JobFacts& facts) {
  TRY_ASSIGN(auto job, store.Read(kJobs, facts.job));
  if (job && IsWaiting(job->source)) return *std::move(job);
  const std::string_view status = job ? StringMember(job->source, "status") : "deleted";
  return Fail(ErrorKind::kLocked,
              fmt::format("job {} of connector {} is {} by now; nothing was done", facts.job,
                          facts.connector, status));
}

}  // namespace

JobLock::JobLock(EventLoop& loop, ProtocolStore& store, const config::Config& config,
                 const JobFacts& facts)
    : loop_(loop), store_(store), config_(config), facts_(facts) {}

std::string JobLock::Now() const { return FormatTime(loop_.clock().WallMicros()); }

Result<HeldJob> JobLock::Take() {
  for (int i = 0; i < kTries; ++i) {
    TRY_ASSIGN(auto connector, store_.ReadConnector(config_, /*afresh=*/i > 0));
    if (!connector) return Fail(NoConnector(config_));
    TRY(CheckConnector(connector->source, config_, /*registers=*/false));
    std::optional<StoredDocument> waiting;
    if (MayHaveOpenJobs(connector->source, facts_.type)) {
      TRY_ASSIGN(waiting, SettleJobs(*connector));
    }
    if (!facts_.job.empty()) {
      TRY_ASSIGN(waiting, WaitingJobOf(store_, facts_));
    }
    TRY_ASSIGN(auto held, Lock(*connector, waiting));
    if (held) return *std::move(held);
  }
  return Fail(ErrorKind::kTemporary,
              fmt::format("connector {} changes all the time", facts_.connector));
}

// A search may not yet see the job that the last run wrote, but the connector names it.
Result<std::vector<StoredDocument>> JobLock::JobsOf(const StoredDocument& connector) {
  TRY_ASSIGN(auto jobs, store_.OpenJobs(facts_.connector));
  const std::string last(LastJobOf(connector.source, facts_.type));
  if (last.empty()) return jobs;
  std::erase_if(jobs, [&](const StoredDocument& job) { return job.id == last; });
  TRY_ASSIGN(auto found, store_.Read(kJobs, last));
  if (found) jobs.push_back(*std::move(found));
  return jobs;
}

bool JobLock::IsDead(const rapidjson::Value& job) const {
  // The state is held here, so its last run has ended.
  if (IsOfTarget(job, facts_)) return true;
  return IsSilent(job, loop_.clock().WallMicros());
}

Result<std::optional<StoredDocument>> JobLock::SettleJobs(const StoredDocument& connector) {
  TRY_ASSIGN(auto jobs, JobsOf(connector));
  std::optional<StoredDocument> suspended;
  std::vector<Change> repairs;
  for (StoredDocument& job : jobs) {
    if (!IsSameKind(job.source, facts_.type)) continue;
    const std::string status(StringMember(job.source, "status"));
    if (status == "suspended") suspended = std::move(job);
    if (status != "in_progress" && status != "canceling") continue;
    const std::string_view host = StringMember(job.source, "worker_hostname");
    const std::string_view seen = StringMember(job.source, "last_seen");
    if (!IsDead(job.source)) {
      return Fail(ErrorKind::kLocked,
                  fmt::format("another program syncs connector {}: job {} on host {}, last seen "
                              "at {}; nothing was done",
                              facts_.connector, job.id, host.empty() ? "unknown" : host, seen));
    }
    repairs.push_back({Change::kUpdate, kJobs, job.id,
                       DeadJob(DeadText(host, seen), status == "canceling", Now()), job.version});
  }
  // What somebody else changes now is as good as repaired.
  if (!repairs.empty()) TRY(store_.Apply(repairs));
  return suspended;
}

Result<std::optional<HeldJob>> JobLock::Lock(const StoredDocument& connector,
                                             const std::optional<StoredDocument>& waiting) {
  HeldJob held;
  if (waiting) {
    held.id = waiting->id;
    held.counts = CountsOf(waiting->source);
    held.rules = RulesOfJob(waiting->source);
  } else {
    TRY_ASSIGN(held.id, RandomHex(kIdBytes));
  }
  held.active_rules = ActiveRules(connector.source);
  if (held.rules.empty()) held.rules = held.active_rules;
  const std::string now = Now();
  const Change job =
      waiting ? Change{Change::kUpdate, kJobs, held.id, TakenJob(waiting->source, facts_, now),
                       waiting->version}
              : Change{Change::kCreate, kJobs, held.id, NewJob(connector.source, facts_, now), {}};
  tentative_ = held;
  TRY_ASSIGN(const Changed changed,
             store_.Apply({{Change::kUpdate, kConnectors, facts_.connector,
                            LockedConnector(facts_, held.id, now), connector.version},
                           job}));
  tentative_.reset();
  held.connector = changed[0].value_or(elastic::DocumentVersion());
  held.job = changed[1].value_or(elastic::DocumentVersion());
  if (changed[0] && changed[1]) return held;
  const bool conflicts = std::all_of(changed.begin(), changed.end(), [](const auto& outcome) {
    return outcome || CameTooLate(outcome);
  });
  if (conflicts) {
    TRY_ASSIGN(auto ours, LookAfterConflict(changed, held));
    if (ours) return ours;
  }
  Undo(held, waiting, connector.source);
  for (const auto& outcome : changed) {
    if (!outcome && !CameTooLate(outcome)) return Fail(outcome.error());
  }
  return std::nullopt;
}

// The answer to an earlier attempt of the request may have been lost. Only this run knows the id of
// a new job; one that waited shows it by its host and target.
Result<std::optional<HeldJob>> JobLock::LookAfterConflict(const Changed& changed, HeldJob held) {
  TRY_ASSIGN(const auto connector, store_.Read(kConnectors, facts_.connector));
  TRY_ASSIGN(const auto job, store_.Read(kJobs, held.id));
  const bool locked = connector && LastJobOf(connector->source, facts_.type) == held.id &&
                      StringMember(connector->source, LockMember(facts_.type)) == "in_progress";
  const bool runs = job && StringMember(job->source, "status") == "in_progress" &&
                    StringMember(job->source, "worker_hostname") == facts_.host &&
                    IsOfTarget(job->source, facts_);
  if (!locked || !runs) return std::nullopt;
  if (!changed[0]) held.connector = connector->version;
  if (!changed[1]) held.job = job->version;
  return held;
}

// Of the two writes of Lock, takes back the one that succeeded. If that fails as well, the next run
// repairs it.
void JobLock::Undo(const HeldJob& held, const std::optional<StoredDocument>& waiting,
                   const rapidjson::Value& connector) {
  std::vector<Change> changes;
  if (held.job.IsKnown()) {
    changes.push_back({waiting ? Change::kUpdate : Change::kDelete, kJobs, held.id,
                       waiting ? ReturnedJob(waiting->source, Now()) : std::string(), held.job});
  }
  if (held.connector.IsKnown()) {
    changes.push_back({Change::kUpdate, kConnectors, facts_.connector,
                       RestoredConnector(facts_, connector), held.connector});
  }
  if (!changes.empty()) (void)store_.Apply(changes);
}

Result<void> JobLock::Return(const HeldJob& held, JobEnd end, const JobCounts& counts) {
  // Of what still has to be written; unknown for what has to be read first.
  std::optional<elastic::DocumentVersion> job = held.job;
  std::optional<elastic::DocumentVersion> connector = held.connector;
  for (int i = 0; i < kTries; ++i) {
    if (job && !job->IsKnown()) {
      TRY_ASSIGN(const auto found, store_.Read(kJobs, held.id));
      const bool running = found && IsRunning(found->source);
      const std::string_view status =
          found ? StringMember(found->source, "status") : std::string_view();
      job = running ? std::optional(found->version) : std::nullopt;
      // Nothing but canceled may follow, and the connector shows it, too.
      const bool canceled = status == "canceling" || status == "canceled";
      if (canceled && std::exchange(end.exit_code, ExitCode::kCanceled) != ExitCode::kCanceled) {
        connector.emplace();
      }
    }
    if (connector && !connector->IsKnown()) {
      TRY_ASSIGN(const auto found, store_.Read(kConnectors, facts_.connector));
      // Another run may have locked it since.
      const bool ours = found && LastJobOf(found->source, facts_.type) == held.id;
      connector = ours ? std::optional(found->version) : std::nullopt;
    }
    if (!job && !connector) return {};
    TRY(WriteEnd(held, end, counts, job, connector));
    if (!job && !connector) return {};
  }
  return Fail(ErrorKind::kTemporary, "its documents change all the time");
}

// One try; a version becomes nothing once its document is written, or unknown after a conflict.
Result<void> JobLock::WriteEnd(const HeldJob& held, const JobEnd& end, const JobCounts& counts,
                               std::optional<elastic::DocumentVersion>& job,
                               std::optional<elastic::DocumentVersion>& connector) {
  const std::string now = Now();
  std::vector<Change> changes;
  std::vector<std::optional<elastic::DocumentVersion>*> versions;
  if (job) {
    changes.push_back({Change::kUpdate, kJobs, held.id, EndedJob(end, counts, now), *job});
    versions.push_back(&job);
  }
  if (connector) {
    changes.push_back({Change::kUpdate, kConnectors, facts_.connector,
                       ReleasedConnector(facts_, end, counts, now), *connector});
    versions.push_back(&connector);
  }
  TRY_ASSIGN(const Changed changed, store_.Apply(changes));
  for (std::size_t at = 0; at < changed.size(); ++at) {
    const auto& outcome = changed[at];
    if (outcome) {
      versions[at]->reset();
    } else if (CameTooLate(outcome) || outcome.error().kind == ErrorKind::kNotFound) {
      versions[at]->emplace();
    } else {
      return Fail(outcome.error());
    }
  }
  return {};
}

}  // namespace dbxes::connector
