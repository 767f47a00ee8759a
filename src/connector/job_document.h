// SPDX-License-Identifier: Apache-2.0
// The document of a sync job, and what a job changes in the document of its connector: what is
// written at each moment of a run. Everything here is JSON; no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/exit_code.h"
#include "base/json/json.h"

namespace dbxes::connector {

enum class JobType { kFull, kIncremental, kAccessControl };

// The run that a job shows.
struct JobFacts {
  JobType type = JobType::kFull;
  bool by_hand = false;       // from a terminal, not from a timer
  std::string connector;      // its id
  std::string index;          // that the documents, or the identities, are written to
  std::string host;           // where the run is
  std::string target;         // cluster and index: the same for all runs of one state
  bool shared_state = false;  // holding the state excludes runs on other machines, too
  std::string job = {};       // one that waits, which this run takes; "" for one of its own
};

// As in a document: "full", "incremental", "access_control".
std::string_view NameOf(JobType type);
// Nothing for a type that dbx-es does not know.
std::optional<JobType> TypeOf(const rapidjson::Value& job);

// What a run has done so far. Documents are those that the cluster has acknowledged.
struct JobCounts {
  std::uint64_t indexed = 0;
  std::uint64_t deleted = 0;
  std::uint64_t bytes = 0;  // of bulk requests
};
JobCounts operator+(const JobCounts& left, const JobCounts& right);
// Those in the document of a job.
JobCounts CountsOf(const rapidjson::Value& job);

// How a run ended.
struct JobEnd {
  ExitCode exit_code = ExitCode::kOk;
  std::string message = {};                 // the summary's; "" after a success
  std::optional<std::uint64_t> total = {};  // documents in the index, if known
  std::uint64_t unchanged = 0;
  std::uint64_t failed = 0;
  std::string full_because = {};  // why a run of another type was a full sync; "" if it was none
};
// "completed", "error", "suspended" or "canceled".
std::string_view StatusFor(ExitCode exit_code);

// Whether both are of the content, or both of identities: only such jobs exclude each other.
bool IsSameKind(const rapidjson::Value& job, JobType type);
// The member of a connector that locks it for jobs of this kind while it is "in_progress".
std::string_view LockMember(JobType type);
// The member of `dbx_es` that names the job with that lock.
std::string_view LastJobMember(JobType type);
// Whether a run may take the job: it is "pending" or "suspended".
bool IsWaiting(const rapidjson::Value& job);
// Whether a run of the job is under way: it is "in_progress" or "canceling".
bool IsRunning(const rapidjson::Value& job);
// Whether a running job gave no sign of life for `after` microseconds, usually 5 minutes (Connector
// Protocol: idle jobs). One of the future is none, either. `micros`: now, UTC since 1970.
bool IsSilent(const rapidjson::Value& job, std::int64_t micros, std::int64_t after = 300'000'000);
// Whether a run of this state wrote the job.
bool IsOfTarget(const rapidjson::Value& job, const JobFacts& facts);

// `now` is that of FormatTime. A new job that runs at once, with a snapshot of its connector, but
// without values that are secret.
std::string NewJob(const rapidjson::Value& connector, const JobFacts& facts,
                   const std::string& now);
// A new job that waits for a run, as the Connector API makes one. `facts`: without those of the
// run.
std::string WaitingJob(const rapidjson::Value& connector, const JobFacts& facts,
                       const std::string& now);
// A run takes a job that waits. A suspended one continues, with its first start and its counts.
std::string TakenJob(const rapidjson::Value& before, const JobFacts& facts, const std::string& now);
// The run did not begin: the job waits as before.
std::string ReturnedJob(const rapidjson::Value& before, const std::string& now);
std::string RunningJob(const JobCounts& counts, const std::string& now);
// `counts`: of the whole job.
std::string EndedJob(const JobEnd& end, const JobCounts& counts, const std::string& now);
// What Kibana shows of a run that was killed, by members of its job.
std::string DeadText(std::string_view host, std::string_view last_seen);
// `why`: that text. `canceling`: somebody had asked to cancel the job.
std::string DeadJob(const std::string& why, bool canceling, const std::string& now);

// What the connector shows while the job runs, after it, and after a job that did not begin.
std::string LockedConnector(const JobFacts& facts, const std::string& job, const std::string& now);
std::string ReleasedConnector(const JobFacts& facts, const JobEnd& end, const JobCounts& counts,
                              const std::string& now);
std::string RestoredConnector(const JobFacts& facts, const rapidjson::Value& before);
// The job of this kind that locked the connector last, "" if that was none of dbx-es. The kinds
// lock it independently of each other.
std::string_view LastJobOf(const rapidjson::Value& connector, JobType type);

}  // namespace dbxes::connector
