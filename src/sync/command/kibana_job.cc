// SPDX-License-Identifier: Apache-2.0
#include "sync/command/kibana_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/random.h"
#include "connector/connector_document.h"
#include "connector/protocol_store.h"
#include "connector/sync_rules.h"
#include "elastic/index_setup.h"
#include "elastic/search.h"

namespace dbxes::sync {
namespace {

// Kibana is not worth a longer wait.
constexpr Milliseconds kPatience{10'000};

config::SyncConfig Hasty(config::SyncConfig config) {
  config.give_up_after = std::min(config.give_up_after, kPatience);
  return config;
}

config::ElasticsearchConfig Hasty(config::ElasticsearchConfig config) {
  config.request_timeout = std::min(config.request_timeout, kPatience);
  return config;
}

connector::JobType TypeOf(SyncMode mode) {
  switch (mode) {
    case SyncMode::kFull:
      return connector::JobType::kFull;
    case SyncMode::kIncremental:
      return connector::JobType::kIncremental;
    case SyncMode::kAccessControl:
      return connector::JobType::kAccessControl;
  }
  return connector::JobType::kFull;
}

// What the user has to know before the run works on.
bool EndsRun(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kConfig:
    case ErrorKind::kAuth:
    case ErrorKind::kPermission:
    case ErrorKind::kLocked:
    case ErrorKind::kInterrupted:
      return true;
    default:
      return false;
  }
}

// Whether the run has come to its end. What the state says after others may be of an index that is
// no longer ours.
bool KnowsIndex(ExitCode code) {
  return code == ExitCode::kOk || code == ExitCode::kDocumentsFailed ||
         code == ExitCode::kSafetyStop;
}

}  // namespace

KibanaJob::KibanaJob(EventLoop& loop, const Environment& environment, const config::Config& config,
                     const RunOptions& options, Progress& progress, bool& canceled)
    : config_(config), progress_(progress), index_(config.elasticsearch.index) {
  if (config.connector.id.empty()) return;
  client_.emplace(loop, Hasty(config.elasticsearch), Hasty(config.sync),
                  SeedOf(environment.seed, "kibana"));
  if (DestinationOf(options) != Destination::kCluster) return;
  if (options.mode == SyncMode::kAccessControl) index_ = elastic::AccessControlIndexName(index_);
  const connector::JobFacts facts{.type = TypeOf(options.mode),
                                  .by_hand = environment.console.interactive,
                                  .connector = config.connector.id,
                                  .index = index_,
                                  .host = environment.host_name,
                                  .target = TargetOf(config),
                                  .shared_state = config.sync.state == config::StateKind::kCluster,
                                  .job = options.job};
  job_ = std::make_unique<connector::SyncJob>(
      *client_, config, facts,
      connector::SyncJob::Callbacks{
          .counts = [this] { return Counts(); },
          .cancel = [&canceled] { canceled = true; },
          .warn = [this](const std::string& text) { progress_.reporter().Warn(text); }});
}

Result<void> KibanaJob::Begin() {
  if (!job_) return {};
  auto begun = job_->Begin();
  if (begun || EndsRun(begun.error())) return begun;
  progress_.reporter().Warn("Kibana does not show this run: " + begun.error().ToLine());
  return {};
}

Result<rules::RuleSet> KibanaJob::Rules() {
  const std::string& id = config_.connector.id;
  if (job_ && job_->has_begun()) return connector::ReadKibanaRules(job_->rules(), id);
  connector::ProtocolStore store(*client_);
  TRY_ASSIGN(const auto found, store.ReadConnector(config_, /*afresh=*/false));
  if (!found) return Fail(connector::NoConnector(config_));
  TRY(connector::CheckConnector(found->source, config_, /*registers=*/false));
  return connector::ReadKibanaRules(connector::ActiveRules(found->source), id);
}

Result<rules::RuleSet> KibanaJob::ActiveRules() {
  if (!job_ || !job_->has_begun()) return Rules();
  return connector::ReadKibanaRules(job_->active_rules(), config_.connector.id);
}

void KibanaJob::End(const report::RunSummary& summary) {
  if (!job_ || !job_->has_begun()) return;
  connector::JobEnd end{.exit_code = summary.exit_code,
                        .message = summary.message,
                        .total = std::nullopt,
                        .unchanged = summary.counters.unchanged,
                        .failed = summary.counters.failed,
                        .full_because = progress_.full_because()};
  // The index may be missing, or the cluster unavailable, which the run has reported.
  if (summary.exit_code != ExitCode::kUnavailable) end.total = TotalAfter(summary);
  job_->End(std::move(end));
}

// The state mostly knows how many documents it has left. Otherwise they are counted, as of the last
// refresh, which may fail like the count itself, and which takes its time after a first full sync.
std::optional<std::uint64_t> KibanaJob::TotalAfter(const report::RunSummary& summary) {
  const bool of_documents = index_ == config_.elasticsearch.index;
  if (of_documents && KnowsIndex(summary.exit_code) && summary.index_documents) {
    return summary.index_documents;
  }
  const connector::JobCounts counts = Counts();
  if (counts.indexed + counts.deleted > 0) (void)elastic::Refresh(*client_, index_);
  const auto total = elastic::Count(*client_, index_);
  return total ? std::optional(*total) : std::nullopt;
}

SenderCounters KibanaJob::requests() const {
  return client_ ? client_->counters() : SenderCounters();
}

connector::JobCounts KibanaJob::Counts() const {
  const report::Counters totals = progress_.Totals();
  return {.indexed = totals.created + totals.updated,
          .deleted = totals.deleted,
          .bytes = totals.elasticsearch_bytes_sent};
}

std::string TargetOf(const config::Config& config) {
  const std::string index = config.elasticsearch.host + "/" + config.elasticsearch.index;
  return config.sync.state == config::StateKind::kCluster ? index : index + " " + config.state_dir;
}

void JudgeCanceled(bool canceled, Result<void>& outcome) {
  if (!canceled || outcome || outcome.error().kind != ErrorKind::kInterrupted) return;
  outcome.error().kind = ErrorKind::kCanceled;
  outcome.error().message = "canceled in Kibana";
}

}  // namespace dbxes::sync
