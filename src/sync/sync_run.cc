// SPDX-License-Identifier: Apache-2.0
#include "sync/sync_run.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/http/http.h"
#include "base/os/file_system.h"
#include "base/random.h"
#include "elastic/bulk_writer.h"
#include "elastic/ndjson_file.h"
#include "rules/rule_file.h"
#include "sync/deletion/eraser.h"
#include "sync/pipeline.h"
#include "sync/settings_fingerprint.h"
#include "sync/stages/change_stage.h"
#include "sync/stages/rule_stage.h"

namespace dbxes::sync {
namespace {

constexpr Milliseconds kTick{100};
// A stop waits this long for the answers to what is in flight.
constexpr Milliseconds kSettleTime{30'000};

std::function<void(const Error&, Milliseconds)> RetryTeller(report::Reporter& reporter) {
  return [&reporter](const Error& error, Milliseconds delay) {
    const auto text = fmt::format("{}; trying again in {:.1f} s", error.ToLine(),
                                  static_cast<double>(delay.count()) / 1000);
    // Short waits are the network's weather; long ones a person wants to know about.
    reporter.Trouble(error, text, delay >= Milliseconds(5000));
  };
}

}  // namespace

SyncRun::SyncRun(Environment& environment, const config::Config& config, SyncMode mode,
                 report::Reporter& reporter, const ParserFactory& make_parser)
    : environment_(environment),
      config_(config),
      mode_(mode),
      reporter_(reporter),
      make_parser_(make_parser),
      loop_(environment.http, environment.clock, environment.stop_signal),
      dropbox_(loop_, config, RetryTeller(reporter), SeedOf(environment.seed, "dropbox")),
      elastic_(loop_, config.elasticsearch, config.sync, SeedOf(environment.seed, "elasticsearch"),
               RetryTeller(reporter)),
      store_(environment.files, config.state_dir,
             checkpoint::TargetFileName(config.elasticsearch.host, config.elasticsearch.index)),
      scratch_(environment.files, environment.scratch_folder, "scratch"),
      failures_(environment.files, environment.clock, KeepsState() ? store_.failures_path() : ""),
      planner_(config.extraction, !environment.pdftotext.empty()) {
  loop_.EachTurn([this] { Tick(); });
}

// Pages and files may take long: how far the run is does not wait for them.
void SyncRun::Tick() {
  if (environment_.status_asked()) {
    reporter_.Status(counters(), gauges());
  }
  const Milliseconds now = environment_.clock.Now();
  if (now < next_tick_) return;
  next_tick_ = now + kTick;
  reporter_.Progress(counters(), gauges());
}

report::Gauges SyncRun::gauges() const {
  return {dropbox_.counters().in_flight + elastic_.counters().in_flight, expected_entries_};
}

SyncRun::Pass::Pass(SyncRun& run, bool full)
    : files(run.KeepsState() ? run.store_ : run.scratch_),
      pending(files.files(), files.pending_path()),
      seen(full
               ? std::optional<checkpoint::SeenIds>(std::in_place, files.files(), files.seen_path())
               : std::nullopt),
      builder(run.MakeDocumentContext()),
      rules(run.rules_.Chooses()
                ? std::optional<RuleJudge>(std::in_place, run.rules_, run.MakeDocumentContext())
                : std::nullopt),
      checkpointer(run.KeepsState() ? &run.store_ : nullptr, run.state_, *run.sequence_, *run.sink_,
                   run.next_token_, run.failures_, pending, seen ? &*seen : nullptr) {}

documents::DocumentContext SyncRun::MakeDocumentContext() const {
  return {config_.dropbox.web_url, state_.account.home_namespace_id,
          !config_.elasticsearch.pipeline.empty()};
}

std::size_t SyncRun::MaxUnacknowledged() const {
  return config_.elasticsearch.bulk_max_actions *
         (static_cast<std::size_t>(config_.elasticsearch.bulk_max_concurrency) + 1);
}

DocumentStage SyncRun::MakeDocumentStage(Pass& pass) {
  return DocumentStage(pass.builder, planner_, index_is_new_ ? nullptr : stored_.get(), *sink_,
                       content_, counters_, config_.force, MaxUnacknowledged());
}

ReceivedStage SyncRun::MakeReceivedStage(Pass& pass) {
  return ReceivedStage(loop_, dropbox_, pass.builder, stored_.get(), pass.judge(),
                       permission_stage(), planner_, content_, *sink_, *sequence_, counters_);
}

Result<void> SyncRun::Feed(Pass& pass) {
  delta::DeltaReader feed(loop_, dropbox_, config_.dropbox.path, state_.root.cursor);
  ChangeStage changes(pass.pending, pass.seen ? &*pass.seen : nullptr, *sequence_);
  TRY(OpenSearch(pass));
  RuleStage rules(pass.judge(), pass.search ? &*pass.search : nullptr, pass.pending,
                  pass.seen ? &*pass.seen : nullptr, counters_);
  DocumentStage documents = MakeDocumentStage(pass);
  if (pass.seen) documents.CompareWith(snapshot_);
  ExpectEntries(pass);
  auto fed = RunPipeline({feed, changes, rules, documents, permission_stage(), pass.checkpointer},
                         environment_.clock, counters_, [this] { Tick(); });
  if (fed) ReportUnknown(changes.unknown());
  return fed;
}

// What the index holds is the best guess at what a full listing brings. Of one that is resumed, a
// part is done; and where rules exclude, there is no telling.
void SyncRun::ExpectEntries(const Pass& pass) {
  expected_entries_ = 0;
  if (!pass.seen || rules_.Chooses() || !state_.full_sync) return;
  const std::uint64_t done = state_.full_sync->entries;
  if (snapshot_.size() > done) expected_entries_ = counters_.entries + snapshot_.size() - done;
}

Result<void> SyncRun::ReadRules() {
  const std::string& path = config_.sync.rules_file;
  if (path.empty()) return {};
  TRY_ASSIGN(rules_, rules::LoadRules(environment_.files, path));
  return {};
}

Result<void> SyncRun::Load() {
  if (KeepsState()) {
    TRY_ASSIGN(lock_, store_.Lock(environment_.clock, environment_.pid));
  } else
    TRY(scratch_.MakeFolder());
  TRY(failures_.Load());
  if (config_.output_file.empty()) {
    TRY_ASSIGN(auto loaded, store_.Load());
    has_state_ = loaded.has_value();
    if (has_state_) state_ = std::move(*loaded);
  }
  sequence_.emplace(environment_.clock.WallMicros(), state_.sync_seq_reserved);
  return {};
}

Result<std::unique_ptr<elastic::ActionSink>> SyncRun::MakeWriter() {
  if (!config_.output_file.empty()) {
    TRY_ASSIGN(auto file, elastic::NdjsonFile::Open(config_.output_file));
    return file;
  }
  stored_ = std::make_unique<elastic::MultiGet>(elastic_, config_.elasticsearch.index);
  if (config_.dry_run) {
    return std::make_unique<elastic::DryRunSink>([this](const elastic::BulkAction& action) {
      reporter_.Detail(
          fmt::format("would {} {} {}", elastic::ToString(action.kind), action.id, action.path));
    });
  }
  return std::make_unique<elastic::BulkWriter>(
      elastic_, elastic::BulkSettings::From(config_, SeedOf(environment_.seed, "bulk")),
      [this](report::FailedDocument failure) { failures_.Add(std::move(failure)); });
}

Result<void> SyncRun::OpenSink() {
  TRY_ASSIGN(sink_, MakeWriter());
  if (config_.extraction.mode == config::ExtractionMode::kOff || config_.dry_run) return {};
  if (config_.extraction.mode == config::ExtractionMode::kService) {
    extraction_service_ = std::make_unique<content::ExtractionService>(
        loop_, environment_.files, config_,
        checkpoint::TargetFileName(config_.elasticsearch.host, config_.elasticsearch.index),
        SeedOf(environment_.seed, "extraction"), RetryTeller(reporter_));
  }
  if (config_.extraction.mode == config::ExtractionMode::kLocal) {
    parsers::ParserSettings settings = ContentStage::ParsersFor(config_.extraction);
    settings.pdftotext = environment_.pdftotext;
    settings.on_note = [this](const std::string& note) { reporter_.Detail(note); };
    parser_ = make_parser_(loop_, std::move(settings));
  }
  auto content = std::make_unique<ContentStage>(
      loop_, dropbox_, ContentReaders{extraction_service_.get(), parser_.get()}, config_,
      std::move(sink_), MaxUnacknowledged(), counters_, reporter_,
      [this](report::FailedDocument failure) { failures_.Add(std::move(failure)); });
  content_ = content.get();
  sink_ = std::move(content);
  return {};
}

Result<void> SyncRun::Run() {
  TRY(ReadRules());
  TRY(Load());
  TRY(OpenSink());
  TRY(RunMode());
  // acl-sync tries none of the documents again that were refused.
  return mode_ == SyncMode::kAccessControl ? failures_.Sync() : failures_.Replace();
}

Result<void> SyncRun::RunMode() {
  if (mode_ == SyncMode::kAccessControl) return RunAccessControl();
  const std::string difference =
      has_state_ ? DescribeDifference(state_.settings, FingerprintOf(config_, rules_)) : "";
  const bool under_way = has_state_ && state_.full_sync.has_value();
  if (mode_ == SyncMode::kFull) {
    const bool resume = under_way && difference.empty() && !config_.dry_run &&
                        state_.full_sync->force == config_.force;
    return RunFull(!resume);
  }
  if (!difference.empty()) {
    return Fail(
        ErrorKind::kFullSyncNeeded,
        fmt::format("settings that shaped the index have changed ({}): run dbx-es full-sync",
                    difference));
  }
  if (!has_state_) reporter_.Info("no state yet: running a full sync");
  if (!has_state_ || under_way) return RunFull(!under_way || config_.dry_run);
  return RunIncremental();
}

void SyncRun::Settle() {
  loop_.FinishInFlight(kSettleTime);
  if (!sink_ || !pass_) return;
  if (content_ != nullptr) content_->Abandon();
  // Whatever goes wrong here went wrong before and is the run's outcome already, or is a write that
  // the next run repeats because no checkpoint counts it.
  const auto drained = sink_->Drain();
  auto saved = pass_->checkpointer.SaveAcknowledged();
  if (drained && saved) saved = failures_.Sync();
  if (!drained) reporter_.Detail("while stopping: " + drained.error().ToLine());
  if (!saved) reporter_.Warn("while stopping: " + saved.error().ToLine());
}

std::string SyncRun::Whereabouts() const {
  if (!KeepsState()) return "";
  if (!state_.full_sync) return fmt::format("after {} entries", counters_.entries);
  return fmt::format(
      "{} pages and {} entries of the full sync are saved; the next run goes on there",
      state_.full_sync->pages, state_.full_sync->entries);
}

report::Counters SyncRun::counters() const {
  report::Counters all = counters_;
  if (sink_) {
    const elastic::BulkCounters& written = sink_->counters();
    all.created += written.created;
    all.updated += written.updated;
    all.deleted += written.deleted;
  }
  all.failed = failures_.count();
  const SenderCounters dropbox = dropbox_.counters();
  all.dropbox_requests = dropbox.requests;
  all.dropbox_retries = dropbox.retries;
  all.dropbox_bytes_received = dropbox.bytes_received;
  const SenderCounters& elastic = elastic_.counters();
  all.elasticsearch_requests = elastic.requests;
  all.elasticsearch_retries = elastic.retries;
  all.elasticsearch_bytes_sent = elastic.bytes_sent;
  return all;
}

Result<void> SyncRun::ApplyDeletions(Pass& pass) {
  TRY(sink_->Drain());
  TRY(pass.checkpointer.SaveAcknowledged());
  if (pass.pending.empty()) return {};
  if (!config_.output_file.empty()) {
    WarnAboutOutput();
    return {};
  }
  reporter_.Phase("deleting what is gone");
  Eraser eraser(elastic_, config_.elasticsearch.index, state_.id_field, *sink_);
  TRY(eraser.Apply(pass.pending));
  // What was deleted may have been the place of a received file: should this run end before it
  // compares those, the next one has to.
  if (state_.received.count > 0) state_.received.Forget();
  // The checkpoint lets go of the file before the file goes.
  state_.pending = {};
  TRY(pass.checkpointer.Save());
  return pass.pending.Clear();
}

void SyncRun::WarnAboutOutput() {
  reporter_.Warn("Dropbox changed while it was listed; the output may hold what was deleted since");
}

Result<ReceivedFiles> SyncRun::ListReceived() {
  if (!config_.dropbox.include_received_files) return ReceivedFiles{};
  auto received = ListAllReceived(loop_, dropbox_);
  if (received || received.error().kind != ErrorKind::kPermission) return received;
  received.error().message +=
      "; or set dropbox.include_received_files = false to leave received files out";
  return received;
}

void SyncRun::ReportUnknown(std::uint64_t unknown) {
  if (unknown == 0) return;
  reporter_.Warn(fmt::format(
      "{} entries were of a kind that this version of dbx-es does not know and were left out",
      unknown));
}

}  // namespace dbxes::sync
