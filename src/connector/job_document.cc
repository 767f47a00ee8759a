// SPDX-License-Identifier: Apache-2.0
#include "connector/job_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <limits>

#include "base/json/json_write.h"
#include "base/utf8.h"
#include "base/version.h"
#include "connector/protocol_time.h"

namespace dbxes::connector {
namespace {

constexpr std::string_view kContentLock = "last_sync_status";
constexpr std::string_view kAccessLock = "last_access_control_sync_status";
constexpr std::string_view kAccessType = "access_control";
constexpr std::string_view kTypes[] = {"full", "incremental", kAccessType};  // as JobType
// A keyword has at most 32,766 bytes; nobody reads that much in Kibana.
constexpr std::size_t kLongestText = 8 * 1024;
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

// A JSON object under construction.
class Members {
 public:
  Members() { writer_.StartObject(); }
  Members& Text(std::string_view key, std::string_view value) {
    WriteKey(writer_, key);
    // What came from another server may not be UTF-8.
    IsUtf8(value) ? WriteString(writer_, CutUtf8(value, kLongestText))
                  : WriteString(writer_, "the reason is not valid UTF-8; see the log");
    return *this;
  }
  // "" becomes null: Kibana shows everything else.
  Members& TextOrNull(std::string_view key, std::string_view value) {
    return value.empty() ? Null(key) : Text(key, value);
  }
  Members& Null(std::string_view key) {
    WriteKey(writer_, key);
    writer_.Null();
    return *this;
  }
  Members& Number(std::string_view key, std::uint64_t value) {
    // The mapping has integers of 32 bits.
    constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
    WriteKey(writer_, key);
    writer_.Uint64(std::min(value, kMost));
    return *this;
  }
  Members& Json(std::string_view key, std::string_view json) {
    WriteKey(writer_, key);
    writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    return *this;
  }
  Members& Counts(const JobCounts& counts) {
    return Number("indexed_document_count", counts.indexed)
        .Number("deleted_document_count", counts.deleted)
        .Number("indexed_document_volume", (counts.bytes + kMiB / 2) / kMiB);
  }
  std::string End() {
    writer_.EndObject();
    return std::string(View(buffer_));
  }

 private:
  JsonBuffer buffer_;
  JsonWriter writer_{buffer_};
};

std::string MemberOrNull(const rapidjson::Value& object, std::string_view key) {
  const rapidjson::Value* found = FindMember(object, key);
  return found == nullptr ? "null" : JsonOf(*found);
}

// The form without what Kibana hides.
std::string Configuration(const rapidjson::Value& connector) {
  const rapidjson::Value* found = FindMember(connector, "configuration");
  if (found == nullptr || !found->IsObject()) return "{}";
  rapidjson::Document copy;
  copy.CopyFrom(*found, copy.GetAllocator());
  for (const auto& [name, field] : found->GetObject()) {
    const bool hidden = BoolMember(field, "sensitive", false);
    if (hidden && field.HasMember("value")) copy[name]["value"].SetString("");
  }
  return JsonOf(copy);
}

// The rules that Kibana shows beside the job: those that are active.
std::string Filtering(const rapidjson::Value& connector) {
  constexpr std::string_view kNone =
      R"({"advanced_snippet":{"value":{}},"rules":[{"id":"DEFAULT","field":"_",)"
      R"("policy":"include","rule":"regex","value":".*","order":0}],)"
      R"("validation":{"state":"valid","errors":[]}})";
  const rapidjson::Value* filtering = FindMember(connector, "filtering");
  const bool listed = filtering != nullptr && filtering->IsArray() && !filtering->Empty();
  const rapidjson::Value* active =
      listed && (*filtering)[0].IsObject() ? FindMember((*filtering)[0], "active") : nullptr;
  return active == nullptr || !active->IsObject() ? std::string(kNone) : JsonOf(*active);
}

std::string Metadata(const JobFacts& facts) {
  return fmt::format(R"({{"dbx_es":{}}})",
                     Members().Text("version", kVersion).Text("target", facts.target).End());
}

std::string ErrorMember(JobType type) {
  return type == JobType::kAccessControl ? "last_access_control_sync_error" : "last_sync_error";
}

// What Kibana shows beside a status that is no success.
std::string JobError(const JobEnd& end) {
  return StatusFor(end.exit_code) == "error" ? end.message : std::string();
}

// What a job shows of its connector.
std::string Snapshot(const rapidjson::Value& connector, const JobFacts& facts) {
  return Members()
      .Text("id", facts.connector)
      .Text("index_name", facts.index)
      .Json("language", MemberOrNull(connector, "language"))
      .Text("service_type", "dropbox")
      .Json("pipeline", MemberOrNull(connector, "pipeline"))
      .Json("configuration", Configuration(connector))
      .Json("filtering", Filtering(connector))
      .Null("sync_cursor")
      .End();
}

// What all new jobs have.
void FillNewJob(const rapidjson::Value& connector, const JobFacts& facts, const std::string& now,
                Members& job) {
  job.Json("connector", Snapshot(connector, facts))
      .Text("job_type", NameOf(facts.type))
      .Text("trigger_method", facts.by_hand ? "on_demand" : "scheduled")
      .Text("created_at", now)
      .Text("last_seen", now)
      .Null("completed_at")
      .Null("cancelation_requested_at")
      .Null("canceled_at")
      .Null("error")
      .Counts({})
      .Null("total_document_count");
}

}  // namespace

std::string_view NameOf(JobType type) { return kTypes[static_cast<std::size_t>(type)]; }

std::optional<JobType> TypeOf(const rapidjson::Value& job) {
  const auto* const found =
      std::find(std::begin(kTypes), std::end(kTypes), StringMember(job, "job_type"));
  if (found == std::end(kTypes)) return std::nullopt;
  return static_cast<JobType>(found - std::begin(kTypes));
}

JobCounts operator+(const JobCounts& left, const JobCounts& right) {
  return {left.indexed + right.indexed, left.deleted + right.deleted, left.bytes + right.bytes};
}

JobCounts CountsOf(const rapidjson::Value& job) {
  return {UintMember(job, "indexed_document_count").value_or(0),
          UintMember(job, "deleted_document_count").value_or(0),
          UintMember(job, "indexed_document_volume").value_or(0) * kMiB};
}

std::string_view StatusFor(ExitCode exit_code) {
  switch (exit_code) {
    case ExitCode::kOk:
    case ExitCode::kDocumentsFailed:
      return "completed";
    case ExitCode::kTimeLimit:
    case ExitCode::kInterrupted:
    case ExitCode::kTerminated:
      return "suspended";
    case ExitCode::kCanceled:
      return "canceled";
    default:
      return "error";
  }
}

bool IsSameKind(const rapidjson::Value& job, JobType type) {
  return (StringMember(job, "job_type") == kAccessType) == (type == JobType::kAccessControl);
}

std::string_view LockMember(JobType type) {
  return type == JobType::kAccessControl ? kAccessLock : kContentLock;
}

std::string_view LastJobMember(JobType type) {
  return type == JobType::kAccessControl ? "access_job" : "job";
}

bool IsWaiting(const rapidjson::Value& job) {
  const std::string_view status = StringMember(job, "status");
  return status == "pending" || status == "suspended";
}

bool IsRunning(const rapidjson::Value& job) {
  const std::string_view status = StringMember(job, "status");
  return status == "in_progress" || status == "canceling";
}

bool IsSilent(const rapidjson::Value& job, std::int64_t micros, std::int64_t after) {
  for (const char* member : {"last_seen", "started_at"}) {
    const rapidjson::Value* value = FindMember(job, member);
    const auto seen = value == nullptr ? std::nullopt : ReadTime(*value);
    // A clock that is ahead must not keep the job alive for ever.
    if (seen) return std::abs(micros - *seen) > after;
  }
  return true;
}

bool IsOfTarget(const rapidjson::Value& job, const JobFacts& facts) {
  const rapidjson::Value* target = FindPath(job, {"metadata", "dbx_es", "target"});
  if (target == nullptr || !target->IsString() || View(*target) != facts.target) return false;
  return facts.shared_state || StringMember(job, "worker_hostname") == facts.host;
}

std::string NewJob(const rapidjson::Value& connector, const JobFacts& facts,
                   const std::string& now) {
  Members job;
  FillNewJob(connector, facts, now, job);
  return job.Text("status", "in_progress")
      .Text("started_at", now)
      .Json("metadata", Metadata(facts))
      .Text("worker_hostname", facts.host)
      .End();
}

std::string WaitingJob(const rapidjson::Value& connector, const JobFacts& facts,
                       const std::string& now) {
  Members job;
  FillNewJob(connector, facts, now, job);
  return job.Text("status", "pending")
      .Null("started_at")
      .Json("metadata", "{}")
      .Null("worker_hostname")
      .End();
}

std::string TakenJob(const rapidjson::Value& before, const JobFacts& facts,
                     const std::string& now) {
  Members job;
  job.Text("status", "in_progress")
      .Text("last_seen", now)
      .Null("completed_at")
      .Null("error")
      .Json("metadata", Metadata(facts))
      .Text("worker_hostname", facts.host);
  if (StringMember(before, "started_at").empty()) job.Text("started_at", now);
  return job.End();
}

std::string ReturnedJob(const rapidjson::Value& before, const std::string& now) {
  Members job;
  job.Text("status", StringMember(before, "status")).Text("last_seen", now);
  return job.Json("started_at", MemberOrNull(before, "started_at")).End();
}

std::string RunningJob(const JobCounts& counts, const std::string& now) {
  return Members().Counts(counts).Text("last_seen", now).End();
}

std::string EndedJob(const JobEnd& end, const JobCounts& counts, const std::string& now) {
  const std::string_view status = StatusFor(end.exit_code);
  Members members;
  members.Text("status", status).Text("last_seen", now).Counts(counts);
  members.TextOrNull("error", JobError(end));
  if (end.total) members.Number("total_document_count", *end.total);
  if (status != "suspended") members.Text("completed_at", now);
  if (status == "canceled") members.Text("canceled_at", now);
  Members ours;
  ours.Number("exit_code", static_cast<std::uint64_t>(end.exit_code))
      .Number("unchanged", end.unchanged)
      .Number("failed", end.failed);
  if (!end.full_because.empty()) ours.Text("full_sync", end.full_because);
  return members.Json("metadata", fmt::format(R"({{"dbx_es":{}}})", ours.End())).End();
}

std::string DeadText(std::string_view host, std::string_view last_seen) {
  return fmt::format(
      "The run on {} did not end by itself; it was last seen at {}. The next run continues its "
      "work.",
      host.empty() ? "an unknown host" : host, last_seen.empty() ? "an unknown time" : last_seen);
}

std::string DeadJob(const std::string& why, bool canceling, const std::string& now) {
  Members members;
  members.Text("status", canceling ? "canceled" : "error").Text("completed_at", now);
  if (canceling) return members.Text("canceled_at", now).End();
  return members.Text("error", why).End();
}

std::string LockedConnector(const JobFacts& facts, const std::string& job, const std::string& now) {
  return Members()
      .Text("status", "connected")
      .Null("error")
      .Text(LockMember(facts.type), "in_progress")
      .Null(ErrorMember(facts.type))
      .Text("last_seen", now)
      .Json("dbx_es", Members().Text(LastJobMember(facts.type), job).End())
      .End();
}

std::string ReleasedConnector(const JobFacts& facts, const JobEnd& end, const JobCounts& counts,
                              const std::string& now) {
  const std::string_view status = StatusFor(end.exit_code);
  const std::string error = JobError(end);
  Members members;
  members.Text("status", status == "error" ? "error" : "connected")
      .Text(LockMember(facts.type), status)
      .TextOrNull(ErrorMember(facts.type), error)
      .Text("last_seen", now);
  // Documents that failed are no failure of the sync, but somebody should know.
  const bool note = end.exit_code == ExitCode::kDocumentsFailed;
  members.TextOrNull("error", note ? end.message : error);
  if (status == "suspended") return members.End();
  return members.Text("last_synced", now)
      .Number("last_indexed_document_count", counts.indexed)
      .Number("last_deleted_document_count", counts.deleted)
      .End();
}

std::string RestoredConnector(const JobFacts& facts, const rapidjson::Value& before) {
  Members members;
  const std::string error = ErrorMember(facts.type);
  for (const std::string_view key : {std::string_view("status"), std::string_view("error"),
                                     LockMember(facts.type), std::string_view(error)}) {
    members.Json(key, MemberOrNull(before, key));
  }
  return members.End();
}

std::string_view LastJobOf(const rapidjson::Value& connector, JobType type) {
  const rapidjson::Value* job = FindPath(connector, {"dbx_es", LastJobMember(type)});
  return job != nullptr && job->IsString() ? View(*job) : std::string_view();
}

}  // namespace dbxes::connector
