// SPDX-License-Identifier: Apache-2.0
#include "connector/check_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/hash.h"
#include "base/json/json_text.h"
#include "base/json/json_write.h"
#include "base/utf8.h"
#include "connector/connector_document.h"
#include "connector/dead_runs.h"
#include "connector/protocol_time.h"
#include "connector/sync_rules.h"
#include "elastic/index_setup.h"

namespace dbxes::connector {
namespace {

constexpr std::string_view kInProgress = "in_progress";
constexpr ProtocolIndex kConnectors = ProtocolIndex::kConnectors;
constexpr ProtocolIndex kJobs = ProtocolIndex::kSyncJobs;
// How often a connector is read again that somebody else has changed in between.
constexpr int kTries = 5;
// Kibana calls a connector dead after 30 minutes.
constexpr std::int64_t kBeatMicros = 300'000'000;
constexpr std::string_view kScheduleError = "schedule ";
constexpr std::string_view kFormError = "Kibana";  // config/kibana_settings.cc
constexpr std::size_t kIdDigits = 30;
constexpr std::size_t kLongestError = 8 * 1024;

bool WasSeenLately(const rapidjson::Value& connector, std::int64_t micros) {
  const rapidjson::Value* seen = FindMember(connector, "last_seen");
  const auto time = seen == nullptr ? std::nullopt : ReadTime(*seen);
  return time && std::abs(micros - *time) < kBeatMicros;
}

// The same for all runners that see the time come, so that only one of them makes the job.
std::string IdOf(const std::string& connector, const DueSync& due) {
  Sha256 hash;
  hash.Update(fmt::format("{}/{}/{}", NameOf(due.type), due.time, connector));
  return "dbx-es-" + ToHex(hash.Finish()).substr(0, kIdDigits);
}

// Why dbx-es cannot run a job; "" if it can.
std::string Obstacle(const rapidjson::Value& job, const config::Config& config) {
  const auto type = TypeOf(job);
  if (!type) return fmt::format("unknown job type \"{}\"", StringMember(job, "job_type"));
  if (*type != JobType::kAccessControl || config.dropbox.use_document_level_security) return "";
  return "there are no identities to sync: dropbox.use_document_level_security is off";
}

// Whether a due sync adds nothing to what waits or runs. A run that was killed does not count.
bool IsCovered(JobType type, const std::vector<StoredDocument>& jobs, std::int64_t micros) {
  return std::any_of(jobs.begin(), jobs.end(), [&](const StoredDocument& job) {
    const auto other = TypeOf(job.source);
    if (!other) return false;
    const bool waits = IsWaiting(job.source);
    if (!waits && IsSilent(job.source, micros)) return false;
    return *other == type || (waits && *other == JobType::kFull && type == JobType::kIncremental);
  });
}

bool IsAmong(const std::vector<Change>& changes, const std::string& id) {
  return std::any_of(changes.begin(), changes.end(),
                     [&id](const Change& change) { return change.id == id; });
}

// "schedule full: ...", of the first one that starts nothing.
std::string ScheduleProblem(const std::vector<EnabledSchedule>& schedules) {
  for (const EnabledSchedule& schedule : schedules) {
    if (schedule.problem.empty()) continue;
    return fmt::format("{}{}: {}", kScheduleError, NameOf(schedule.type), schedule.problem);
  }
  return "";
}

// What the form of the connector has to do with it, and people can correct there. "" if it is fine.
std::string FormProblem(const rapidjson::Value& connector, const config::Config& config) {
  if (!config.connector.problem.empty()) return config.connector.problem;
  const std::vector<std::string> missing = MissingFields(config);
  const std::string_view status = StringMember(connector, "status");
  const bool waits = status.empty() || status == "created" || status == "needs_configuration";
  if (missing.empty() || waits) return "";
  return fmt::format("{}, \"{}\": a value is missing", kFormError, missing.front());
}

// Whether dbx-es wrote the error here, so that it takes it back.
bool IsOwnError(std::string_view error) {
  return error.starts_with(kScheduleError) || error.starts_with(kFormError);
}

// A search may not see yet the jobs that have locked the connector, which names them.
Result<std::vector<StoredDocument>> JobsOf(ProtocolStore& store, const StoredDocument& connector) {
  TRY_ASSIGN(auto jobs, store.OpenJobs(connector.id));
  for (const JobType type : {JobType::kFull, JobType::kAccessControl}) {
    const std::string last(LastJobOf(connector.source, type));
    const bool locked = StringMember(connector.source, LockMember(type)) == kInProgress;
    if (!locked || last.empty()) continue;
    std::erase_if(jobs, [&](const StoredDocument& job) { return job.id == last; });
    TRY_ASSIGN(auto found, store.Read(kJobs, last));
    if (found) jobs.push_back(*std::move(found));
  }
  return jobs;
}

// A search shows jobs as of the last refresh.
Result<std::optional<WaitingRun>> FirstStillWaiting(ProtocolStore& store,
                                                    const std::vector<WaitingRun>& waiting) {
  for (const WaitingRun& run : waiting) {
    TRY_ASSIGN(const auto job, store.Read(kJobs, run.job));
    if (job && IsWaiting(job->source)) return run;
  }
  return std::nullopt;
}

// Objects are merged (Elasticsearch: Update API).
void MergeObject(rapidjson::Value& into, const rapidjson::Value& members,
                 rapidjson::Document::AllocatorType& allocator) {
  for (const auto& [name, value] : members.GetObject()) {
    rapidjson::Value copy(value, allocator);
    if (!into.HasMember(name)) {
      into.AddMember(rapidjson::Value(name, allocator), copy, allocator);
    } else if (rapidjson::Value& there = into[name]; there.IsObject() && value.IsObject()) {
      MergeObject(there, value, allocator);
    } else {
      there = copy;
    }
  }
}

void Merge(rapidjson::Document& into, std::string_view members) {
  rapidjson::Document more;
  more.Parse(members.data(), members.size());
  MergeObject(into, more, into.GetAllocator());
}

}  // namespace

// What one look at the documents leads to.
struct CheckIn::Plan {
  std::vector<Change> new_jobs;      // of syncs that are due
  std::vector<Change> changes;       // that of the connector comes first
  bool changes_connector = false;    // on condition of its version
  std::vector<WaitingRun> made;      // one for each new job
  std::vector<WaitingRun> waiting;   // jobs that exist
  std::string problem;               // of the form, which keeps jobs from running
  bool waits_for_form = false;       // for values that a run needs
  std::vector<std::string> refused;  // why jobs cannot run, one text for each
};

CheckIn::CheckIn(ProtocolStore& store, const config::Config& config, const Clock& clock,
                 Runner runner)
    : store_(store), config_(config), clock_(clock), runner_(std::move(runner)) {}

JobFacts CheckIn::FactsOf(JobType type) const {
  const std::string& index = config_.elasticsearch.index;
  return {.type = type,
          .connector = config_.connector.id,
          .index = type == JobType::kAccessControl ? elastic::AccessControlIndexName(index) : index,
          .host = runner_.host,
          .target = runner_.target,
          .shared_state = runner_.shared_state};
}

// The error that Kibana shows, and the status with it. That of a sync stays.
std::string CheckIn::ErrorChanges(const rapidjson::Value& connector) const {
  const std::string of_form = FormProblem(connector, config_);
  const std::string of_schedule = ScheduleProblem(EnabledSchedules(
      connector, config_.dropbox.use_document_level_security, clock_.WallMicros()));
  const std::string problem(CutUtf8(of_form.empty() ? of_schedule : of_form, kLongestError));
  const std::string_view error = StringMember(connector, "error");
  const std::string_view status = StringMember(connector, "status");
  std::string members;
  if (error != problem && (!of_form.empty() || error.empty() || IsOwnError(error))) {
    members = fmt::format(R"("error":{})", problem.empty() ? "null" : JsonString(problem));
  }
  const bool cured = of_form.empty() && status == "error" && error.starts_with(kFormError);
  if (cured || (!of_form.empty() && status != "error")) {
    members += fmt::format(R"({}"status":"{}")", members.empty() ? "" : ",",
                           cured ? "configured" : "error");
  }
  return "{" + members + "}";
}

// Members to change, "{}" for none.
std::string CheckIn::ConnectorChanges(const rapidjson::Value& connector, const ScheduleLook& look,
                                      const std::string& dead) const {
  const std::int64_t micros = clock_.WallMicros();
  rapidjson::Document members;
  // Kibana replaces the whole document when it makes an API key: what that lost is added again.
  const std::string& name = config_.connector.id;
  const std::string missing = Complete(connector, NewConnector(config_, name, micros)).changes;
  members.Parse(missing.data(), missing.size());
  Merge(members, look.changes);
  if (const auto judged = Judged(connector, config_)) {
    Merge(members, fmt::format(R"({{"filtering":{}}})", *judged));
  }
  Merge(members, ErrorChanges(connector));
  Merge(members, dead);
  if (members.MemberCount() > 0 || !WasSeenLately(connector, micros)) {
    Merge(members, fmt::format(R"({{"last_seen":"{}"}})", FormatTime(micros)));
  }
  return JsonOf(members);
}

CheckIn::Plan CheckIn::MakePlan(const StoredDocument& connector,
                                const std::vector<StoredDocument>& jobs,
                                const std::string& dead) const {
  const std::int64_t micros = clock_.WallMicros();
  const std::string now = FormatTime(micros);
  Plan plan;
  plan.problem = FormProblem(connector.source, config_);
  plan.waits_for_form = plan.problem.empty() && !MissingFields(config_).empty();
  const bool may_run = plan.problem.empty() && !plan.waits_for_form;
  // Times that pass until then are made up for.
  const ScheduleLook look =
      may_run
          ? LookAtSchedules(connector.source, config_.dropbox.use_document_level_security, micros)
          : ScheduleLook{{}, "{}"};
  std::string members = ConnectorChanges(connector.source, look, dead);
  plan.changes_connector = members != "{}";
  if (plan.changes_connector) {
    plan.changes.push_back({Change::kUpdate, kConnectors, config_.connector.id, std::move(members),
                            connector.version});
  }
  if (!may_run) return plan;
  for (const StoredDocument& job : jobs) {
    if (!IsWaiting(job.source)) continue;
    const std::string obstacle = Obstacle(job.source, config_);
    if (!obstacle.empty()) {
      plan.refused.push_back(obstacle);
      const JobEnd end{.exit_code = ExitCode::kConfiguration, .message = obstacle};
      plan.changes.push_back(
          {Change::kUpdate, kJobs, job.id, EndedJob(end, CountsOf(job.source), now), job.version});
    } else {
      plan.waiting.push_back({job.id, *TypeOf(job.source)});
    }
  }
  for (const DueSync& due : look.due) {
    if (IsCovered(due.type, jobs, micros)) continue;
    const std::string id = IdOf(config_.connector.id, due);
    plan.new_jobs.push_back(
        {Change::kCreate, kJobs, id, WaitingJob(connector.source, FactsOf(due.type), now), {}});
    plan.made.push_back({id, due.type});
  }
  return plan;
}

// The outcome of each change. To come too late is no error.
Result<std::vector<bool>> CheckIn::Apply(const std::vector<Change>& changes) {
  std::vector<bool> done;
  if (changes.empty()) return done;
  TRY_ASSIGN(const auto outcomes, store_.Apply(changes));
  for (const auto& outcome : outcomes) {
    if (!outcome && !CameTooLate(outcome)) return Fail(outcome.error());
    done.push_back(outcome.has_value());
  }
  return done;
}

Result<std::optional<WaitingRun>> CheckIn::Next(StateHold hold) {
  const bool holds_state = hold == StateHold::kOurs;
  for (int i = 0; i < kTries; ++i) {
    TRY_ASSIGN(const auto connector,
               store_.ReadConnector(config_, /*afresh=*/hold != StateHold::kUnknown || i > 0));
    if (!connector) return Fail(NoConnector(config_));
    TRY(CheckConnector(connector->source, config_, /*registers=*/false));
    // The settings were loaded without those of its form.
    if (const std::string& why = config_.connector.unread; !why.empty()) {
      return Fail(ErrorKind::kTemporary, why);
    }
    TRY_ASSIGN(auto jobs, JobsOf(store_, *connector));
    TRY_ASSIGN(const DeadRuns dead, FindDeadRuns(store_, FactsOf(JobType::kFull), holds_state,
                                                 clock_.WallMicros(), *connector, jobs));
    saw_own_job_ = dead.in_doubt;
    // A run that is dead covers no sync that is due.
    if (saw_own_job_ && hold == StateHold::kUnknown) return std::nullopt;
    std::erase_if(jobs, [&dead](const StoredDocument& job) { return IsAmong(dead.jobs, job.id); });
    Plan plan = MakePlan(*connector, jobs, dead.connector);
    plan.changes.insert(plan.changes.end(), dead.jobs.begin(), dead.jobs.end());
    // The connector notes a time only when its job exists, whose id keeps it from being made twice.
    TRY(Apply(plan.new_jobs));
    TRY_ASSIGN(const auto changed, Apply(plan.changes));
    if (plan.changes_connector && !changed.front()) continue;
    if (!plan.problem.empty()) return Fail(ErrorKind::kConfig, plan.problem);
    waits_for_form_ = plan.waits_for_form;
    refused_ = std::move(plan.refused);
    std::vector<WaitingRun> waiting = std::move(plan.waiting);
    waiting.insert(waiting.end(), plan.made.begin(), plan.made.end());
    std::stable_partition(waiting.begin(), waiting.end(), [](const WaitingRun& run) {
      return run.type == JobType::kAccessControl;
    });
    return FirstStillWaiting(store_, waiting);
  }
  return Fail(ErrorKind::kTemporary,
              fmt::format("connector {} changes all the time", config_.connector.id));
}

Result<std::string> CheckIn::Settle(const WaitingRun& waiting, const JobEnd& end) {
  TRY_ASSIGN(const auto job, store_.Read(kJobs, waiting.job));
  std::string status(job ? StringMember(job->source, "status") : "");
  // Long messages are cut.
  const std::string_view error = job ? StringMember(job->source, "error") : std::string_view();
  if (status == "error" && !end.message.starts_with(error)) return std::string("another's error");
  if (status != "pending" || StatusFor(end.exit_code) != "error" ||
      end.exit_code == ExitCode::kLocked) {
    return status;
  }
  TRY_ASSIGN(const auto connector, store_.Read(kConnectors, config_.connector.id));
  const std::string now = FormatTime(clock_.WallMicros());
  std::vector<Change> changes = {
      {Change::kUpdate, kJobs, job->id, EndedJob(end, CountsOf(job->source), now), job->version}};
  // Another program may hold the lock.
  if (connector && StringMember(connector->source, LockMember(waiting.type)) != "in_progress") {
    changes.push_back({Change::kUpdate, kConnectors, config_.connector.id,
                       ReleasedConnector(FactsOf(waiting.type), end, {}, now), connector->version});
  }
  TRY(Apply(changes));
  return std::string("error");
}

}  // namespace dbxes::connector
