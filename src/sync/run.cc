// SPDX-License-Identifier: Apache-2.0
#include "sync/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/http/http.h"
#include "base/os/file_system.h"
#include "base/random.h"
#include "checkpoint/folder_place.h"
#include "checkpoint/run_history.h"
#include "report/retries.h"
#include "report/summary.h"
#include "rules/rule_file.h"
#include "state/open_place.h"
#include "sync/kibana_job.h"
#include "sync/outlet/change_notes.h"
#include "sync/outlet/whole_documents.h"
#include "sync/owners/guarded_writer.h"
#include "sync/owners/path_change.h"
#include "sync/parser_settings.h"
#include "sync/run_outcome.h"
#include "sync/runs/access_sync.h"
#include "sync/runs/full_sync.h"
#include "sync/runs/incremental_sync.h"
#include "sync/settings_fingerprint.h"
#include "sync/state_trust.h"
#include "sync/writers.h"

namespace dbxes::sync {
namespace {

// A stop waits this long for the answers to what is in flight.
constexpr Milliseconds kSettleTime{30'000};
// Shorter waits are the network's weather; longer ones concern the user.
constexpr Milliseconds kUrgentWait{5'000};
// The answers that confirm a question.
constexpr std::string_view kYes[] = {"y", "Y", "yes", "Yes"};
// How often a run that waits for another one tries to lock the target.
constexpr Milliseconds kLockPoll{1'000};

report::OnRetry ReportRetriesTo(report::Reporter& reporter) {
  return [&reporter](const Error& error, Milliseconds delay) {
    reporter.Trouble(error, report::RetryText(error, delay), delay >= kUrgentWait);
  };
}

// To wait for a sign of life of the run that holds the state is nothing to warn of.
report::OnRetry ReportStateTo(report::Reporter& reporter) {
  return [&reporter, retries = ReportRetriesTo(reporter)](const Error& error, Milliseconds delay) {
    error.kind == ErrorKind::kLocked ? reporter.Info(error.message) : retries(error, delay);
  };
}

std::string TargetName(const config::Config& config) {
  return checkpoint::TargetFileName(config.elasticsearch.host, config.elasticsearch.index);
}

Result<SyncPlan> MakePlan(FileSystem& files, const config::Config& config,
                          const RunOptions& options) {
  SyncPlan plan{config, options, DestinationOf(options), {}, {}};
  if (const std::string& path = config.sync.rules_file; !path.empty()) {
    TRY_ASSIGN(plan.rules, rules::LoadRules(files, path));
  }
  plan.settings = FingerprintOf(config, plan.rules);
  return plan;
}

// How files are read, where the run fetches any.
void OpenContent(Environment& environment, Source& source, Ledger& ledger, Outlet& outlet,
                 const SyncPlan& plan, Progress& progress, const ParserFactory& make_parser) {
  const config::Config& config = plan.config;
  const config::ExtractionMode mode = config.extraction.mode;
  if (mode == config::ExtractionMode::kOff || plan.destination == Destination::kNowhere) return;
  report::Reporter& reporter = progress.reporter();
  Outlet::Readers readers;
  if (mode == config::ExtractionMode::kService) {
    readers.service = std::make_unique<content::ExtractionService>(
        source.loop(), environment.files, config, TargetName(config),
        SeedOf(environment.seed, "extraction"), ReportRetriesTo(reporter));
  }
  if (mode == config::ExtractionMode::kLocal) {
    readers.parser =
        make_parser(source.loop(), ParserSettingsFor(environment, config.extraction, reporter));
  }
  outlet.FetchContent(source.loop(), source.client(), std::move(readers), config,
                      {config.extraction, progress.counters(), reporter, ledger.failures()});
}

Result<std::unique_ptr<Outlet>> OpenOutlet(Environment& environment, Ledger& ledger, Target& target,
                                           const SyncPlan& plan, Progress& progress) {
  const config::Config& config = plan.config;
  TRY_ASSIGN(auto writer, OpenDocumentWriter(plan, target.client(), ledger.failures(), progress,
                                             SeedOf(environment.seed, "bulk")));
  const bool whole = plan.destination == Destination::kCluster && plan.WritesWhole();
  if (whole) {
    writer = std::make_unique<WholeDocuments>(std::move(writer), target.client(), target.index());
  }
  const bool lists_changes = progress.changes() != nullptr;
  if (lists_changes) {
    writer = std::make_unique<ChangeNotes>(std::move(writer), target.client(), target.index(),
                                           ChangeNotes::Kind::kDocuments);
  }
  if (plan.destination == Destination::kCluster) {
    writer = std::make_unique<GuardedWriter>(std::move(writer), target.guard());
    ledger.ConfirmSavesWith([&target] { return target.guard().BeforeSave(); });
  }
  std::size_t max_unacknowledged =
      config.elasticsearch.bulk_max_actions *
      (static_cast<std::size_t>(config.elasticsearch.bulk_max_concurrency) + 1);
  for (const bool reads : {whole, lists_changes}) {
    max_unacknowledged += reads ? ReadingSink::kMostWaiting : 0;
  }
  auto outlet = std::make_unique<Outlet>(
      plan.destination, std::move(writer),
      content::ContentPlanner(config.extraction, ReadsPdf(environment, config.extraction)),
      max_unacknowledged);
  outlet->ListChangesIn(progress.changes());
  return outlet;
}

Result<void> SyncAccess(Environment& environment, Source& source, Ledger& ledger, Target& target,
                        Outlet& outlet, Access* access, const SyncPlan& plan, Progress& progress) {
  const std::uint64_t seed = SeedOf(environment.seed, "identities");
  if (plan.options.remove_identities) {
    return RemoveIdentities(ledger, target, plan, progress, seed);
  }
  if (access == nullptr) {
    return Fail(ErrorKind::kConfig,
                "dropbox.use_document_level_security is off: there is nothing to update; "
                "acl-sync --remove removes the identities");
  }
  return AccessSync(source, ledger, target, outlet, *access, plan, progress, seed);
}

// Lists of readers can only be kept right in the index that the checkpoint knows.
Result<void> SyncAccessOfIndex(Environment& environment, Source& source, Ledger& ledger,
                               Target& target, Outlet& outlet, Access* access,
                               Checkpointer& checkpointer, const SyncPlan& plan,
                               Progress& progress) {
  auto done = SyncAccess(environment, source, ledger, target, outlet, access, plan, progress);
  if (done || !IsIndexReplaced(done.error())) return done;
  progress.reporter().Info(done.error().message + ": running a full sync first");
  TRY(FullSync(source, ledger, target, outlet, access, checkpointer, plan, progress,
               Start::kFresh));
  return SyncAccess(environment, source, ledger, target, outlet, access, plan, progress);
}

Result<void> SyncDocuments(Source& source, Ledger& ledger, Target& target, Outlet& outlet,
                           Access* access, Checkpointer& checkpointer, const SyncPlan& plan,
                           Progress& progress, bool resumable) {
  const bool under_way = ledger.has_checkpoint() && ledger.checkpoint().full_sync.has_value();
  const auto full = [&](bool resume) {
    return FullSync(source, ledger, target, outlet, access, checkpointer, plan, progress,
                    resume ? Start::kResume : Start::kFresh);
  };
  const bool dry_run = plan.options.dry_run;
  if (plan.options.mode == SyncMode::kFull) {
    return full(under_way && resumable && !dry_run && !plan.options.take_over &&
                (ledger.checkpoint().full_sync->force || !plan.options.force));
  }
  if (!ledger.has_checkpoint()) progress.reporter().Info("no state yet: running a full sync");
  // Other settings have ended the run before.
  if (ledger.has_checkpoint() && !resumable) {
    progress.reporter().Info(
        "the documents were written by another version of dbx-es: running a full sync");
    return full(/*resume=*/false);
  }
  if (!ledger.has_checkpoint() || under_way) return full(under_way && !dry_run);
  return IncrementalSync(source, ledger, target, outlet, access, checkpointer, plan, progress);
}

// Only a full sync makes the index right after a change of the settings that shaped it.
Result<void> CheckSettings(const std::string& difference, const SyncPlan& plan) {
  if (difference.empty() || plan.options.mode == SyncMode::kFull) return {};
  if (plan.options.remove_identities) return {};
  const bool access = plan.options.mode == SyncMode::kAccessControl;
  if (access && !plan.config.dropbox.use_document_level_security) return {};
  return Fail(ErrorKind::kFullSyncNeeded,
              fmt::format("settings that shaped the index have changed ({}): run dbx-es "
                          "full-sync{}",
                          difference, access ? " first" : ""));
}

// After a run, however it ended: waits for the writes in flight and saves what they prove.
void Settle(Ledger& ledger, Target& target, Outlet& outlet, Checkpointer& checkpointer,
            report::Reporter& reporter) {
  if (!checkpointer.has_begun()) return;
  if (outlet.content() != nullptr) outlet.content()->Abandon();
  target.guard().Hurry();
  // Whatever goes wrong here went wrong before and is the run's outcome already, or is a write that
  // the next run repeats because no checkpoint counts it.
  const auto drained = outlet.Drain();
  auto saved = checkpointer.SaveAcknowledged();
  if (drained && saved) saved = ledger.failures().Sync();
  if (!drained) reporter.Detail("while stopping: " + drained.error().ToLine());
  if (!saved) reporter.Warn("while stopping: " + saved.error().ToLine());
}

// A reader may be missing in one environment (the PATH of cron) and be there in another.
void WarnAboutPdfs(Progress& progress) {
  const std::uint64_t pdfs = progress.counters().content_no_pdftotext;
  if (pdfs == 0) return;
  progress.reporter().Warn(
      fmt::format("{} PDF{} not read, because no program that reads them is installed; the "
                  "text that the index has of them stays. Install dbx-es-pdf or poppler-utils and "
                  "run dbx-es full-sync",
                  pdfs, pdfs == 1 ? " was" : "s were"));
}

// Who may change a state in the cluster is a matter of its privileges.
Result<void> TrustState(const FileProbe& probe, const SyncPlan& plan) {
  const bool in_folder = plan.config.sync.state == config::StateKind::kFolder;
  if (!in_folder || plan.destination == Destination::kFile) return {};
  return TrustStateFolder(probe, plan.config);
}

bool IsLocked(const Result<void>& outcome) {
  return !outcome && outcome.error().kind == ErrorKind::kLocked;
}

// Opens the ledger, perhaps after the run that holds the target. kLocked if that one takes longer.
Result<void> OpenLedger(const Environment& environment, EventLoop& loop, Ledger& ledger,
                        const SyncPlan& plan, report::Reporter& reporter) {
  const bool reads_checkpoint = plan.destination != Destination::kFile;
  const Milliseconds patience = plan.options.wait;
  const Milliseconds begin = loop.clock().Now();
  auto opened = ledger.Open(environment.pid, reads_checkpoint);
  if (IsLocked(opened) && patience.count() > 0) reporter.Info("waiting for another run to end");
  while (IsLocked(opened) && loop.clock().Now() - begin < patience) {
    TRY(loop.Wait(kLockPoll));
    opened = ledger.Open(environment.pid, reads_checkpoint);
  }
  if (IsLocked(opened) && patience.count() > 0) {
    opened.error().message += fmt::format("; waited {} s for it", patience.count() / 1000);
  }
  if (opened) reporter.Begin();
  return opened;
}

// A run may have a time, and may be canceled in Kibana; a signal of the user comes first.
std::function<int()> StopSignalOf(const Environment& environment, Milliseconds max_duration,
                                  const bool& canceled) {
  std::optional<Milliseconds> end;
  if (max_duration.count() != 0) end = environment.clock.Now() + max_duration;
  return [&environment, &canceled, end] {
    const int signal = environment.stop_signal();
    if (signal != 0) return signal;
    if (canceled) return SIGTERM;
    return end && environment.clock.Now() >= *end ? SIGALRM : 0;
  };
}

// Asks the user at the terminal whether the index may become one of another folder. Without a
// terminal, only --change-path confirms it.
Result<void> ConfirmPath(const Console& console, const Ledger& ledger, SyncPlan& plan,
                         report::Reporter& reporter) {
  const bool writes = plan.options.mode == SyncMode::kFull && ledger.keeps();
  if (!writes || !ledger.has_checkpoint() || plan.options.change_path) return {};
  const auto allowed = CheckPath(plan.config.elasticsearch.index,
                                 PathOf(ledger.checkpoint().settings), plan.config.dropbox.path);
  if (allowed || !console.interactive) return allowed;
  reporter.Instruct(allowed.error().message);
  reporter.Instruct("Type yes to continue:");
  TRY_ASSIGN(const auto answer, console.read_line());
  const auto is_answer = [&](std::string_view yes) { return answer == yes; };
  if (std::none_of(std::begin(kYes), std::end(kYes), is_answer)) return allowed;
  plan.options.change_path = true;
  return {};
}

// Everything between the lock and the last checkpoint.
Result<void> Sync(Environment& environment, Source& source, Ledger& ledger, Target& target,
                  KibanaJob& job, SyncPlan& plan, Progress& progress,
                  const ParserFactory& make_parser, std::unique_ptr<Outlet>& outlet) {
  TRY(OpenLedger(environment, source.loop(), ledger, plan, progress.reporter()));
  if (plan.options.dry_run) progress.reporter().Info("this is a dry run: nothing is written");
  TRY(job.Begin());
  TRY(ConfirmPath(environment.console, ledger, plan, progress.reporter()));
  TRY_ASSIGN(outlet, OpenOutlet(environment, ledger, target, plan, progress));
  OpenContent(environment, source, ledger, *outlet, plan, progress, make_parser);
  const std::string difference =
      ledger.has_checkpoint() ? DescribeDifference(ledger.checkpoint().settings, plan.settings)
                              : "";
  TRY(CheckSettings(difference, plan));
  const bool same_documents =
      !ledger.has_checkpoint() || !HasOtherDocuments(ledger.checkpoint().settings, plan.settings);
  const config::DropboxConfig& dropbox = plan.config.dropbox;
  std::optional<Access> access;
  if (dropbox.use_document_level_security) {
    access.emplace(source.client(),
                   Access::Settings{dropbox.include_inherited_users_and_groups,
                                    dropbox.include_link_visibility},
                   ledger.checkpoint().permissions, ledger.failures(), progress.reporter());
  }
  Access* const lists = access ? &*access : nullptr;
  Checkpointer checkpointer(ledger, outlet->sink());
  const bool access_only = plan.options.mode == SyncMode::kAccessControl;
  auto done = access_only
                  ? SyncAccessOfIndex(environment, source, ledger, target, *outlet, lists,
                                      checkpointer, plan, progress)
                  : SyncDocuments(source, ledger, target, *outlet, lists, checkpointer, plan,
                                  progress, /*resumable=*/difference.empty() && same_documents);
  // acl-sync tries none of the documents again that were rejected.
  // A safety stop holds back deletions and nothing else.
  if (done || done.error().kind == ErrorKind::kSafetyStop) {
    auto kept = access_only ? ledger.failures().Sync() : ledger.failures().Replace();
    if (kept) kept = ledger.FlushFailures();
    if (!kept) done = std::move(kept);
  }
  if (!environment.HasPdfReader()) WarnAboutPdfs(progress);
  // The run has done all else: now its outcome is the list that it had to do without.
  if (done && source.unread()) done = Fail(*source.unread());
  source.loop().FinishInFlight(kSettleTime);
  Settle(ledger, target, *outlet, checkpointer, progress.reporter());
  return done;
}

// Keeps what `status` shows of past runs. A run that found the target locked is not one of them.
// Then the next run may take the place of the state.
void EndState(checkpoint::StatePlace& place, const report::RunSummary& summary,
              std::int64_t started, report::Reporter& reporter) {
  // A place that cannot be taken has already ended the run with a message.
  if (!place.IsHeld()) return;
  checkpoint::RunHistory history(place.files(), place.base());
  Result<void> added;
  if (!report::FoundAnotherRun(summary)) {
    added = history.Add(checkpoint::RecordOf(summary, started));
  }
  if (!added) reporter.Detail("this run is not recorded: " + added.error().message);
  const auto given_back = place.GiveBack();
  if (!given_back) reporter.Warn("while ending: " + given_back.error().ToLine());
}

// What the stages do not count themselves.
void AddTotals(const Source& source, Target& target, const Ledger& ledger, const Outlet* outlet,
               const KibanaJob& job, report::Counters& counters, report::Gauges& gauges) {
  if (outlet != nullptr) {
    const elastic::BulkCounters& written = outlet->counters();
    counters.created += written.created;
    counters.updated += written.updated;
    counters.unchanged += written.unchanged;
    counters.dropped += written.dropped;
    counters.deleted += written.deleted;
  }
  counters.failed = ledger.failures().count();
  const SenderCounters dropbox = source.counters();
  counters.dropbox_requests = dropbox.requests;
  counters.dropbox_retries = dropbox.retries;
  counters.dropbox_bytes_received = dropbox.bytes_received;
  const SenderCounters& elastic = target.client().counters();
  const SenderCounters of_state = ledger.requests();
  const SenderCounters of_job = job.requests();
  counters.elasticsearch_requests = elastic.requests + of_state.requests + of_job.requests;
  counters.elasticsearch_retries = elastic.retries + of_state.retries + of_job.retries;
  counters.elasticsearch_bytes_sent = elastic.bytes_sent + of_state.bytes_sent + of_job.bytes_sent;
  gauges.in_flight = dropbox.in_flight + elastic.in_flight;
}

}  // namespace

std::unique_ptr<parsers::DocumentParser> MakeParserPool(EventLoop& loop,
                                                        parsers::ParserSettings settings) {
  return std::make_unique<parsers::ParserPool>(loop, std::move(settings));
}

report::RunSummary RunSync(Environment& environment, const config::Config& config,
                           const RunOptions& options, report::Reporter& reporter,
                           const ParserFactory& make_parser) {
  const Milliseconds begin = environment.clock.Now();
  const std::int64_t started = environment.clock.WallMicros();
  const Destination destination = DestinationOf(options);
  bool canceled = false;
  EventLoop loop(environment.http, environment.clock,
                 StopSignalOf(environment, options.max_duration, canceled));
  Source source(loop, config, SeedOf(environment.seed, "dropbox"), ReportRetriesTo(reporter));
  const auto place =
      state::OpenPlace(environment, loop, config, config.sync.state, ReportStateTo(reporter));
  Ledger ledger(environment.clock, {*place, environment.scratch,
                                    destination == Destination::kCluster, environment.host_name});
  Target target(loop, config, ledger,
                destination == Destination::kFile ? Baseline::kNothing : Baseline::kStored,
                SeedOf(environment.seed, "elasticsearch"), ReportRetriesTo(reporter));
  if (ledger.keeps()) {
    target.client().SendBehind([&place](auto done) { place->WhenHeld(std::move(done)); });
  }
  std::unique_ptr<Outlet> outlet;
  Progress progress(reporter, environment.clock, environment.status_asked);
  KibanaJob job(loop, environment, config, options, progress, canceled);
  progress.CompleteWith([&](report::Counters& counters, report::Gauges& gauges) {
    AddTotals(source, target, ledger, outlet.get(), job, counters, gauges);
  });
  loop.EachTurn([&progress] { progress.Tick(); });

  auto plan = MakePlan(environment.files, config, options);
  Result<void> outcome =
      plan ? TrustState(environment.probe, *plan) : Fail(std::move(plan.error()));
  if (outcome) {
    outcome = Sync(environment, source, ledger, target, job, *plan, progress, make_parser, outlet);
  } else if (ledger.keeps()) {
    // Only to record it.
    (void)place->Take(environment.pid);
  }
  JudgeInterrupted(canceled, ledger, progress, outcome);
  report::RunSummary summary = Summarise(options, std::move(outcome), ledger.failures(), progress);
  if (ledger.keeps()) {
    const checkpoint::IndexRecord& index = ledger.checkpoint().index;
    if (!index.writing) summary.index_documents = index.documents;
  }
  const bool held_back = summary.exit_code == ExitCode::kSafetyStop;
  if (options.dry_run && !held_back && progress.changes()) progress.changes()->AddPostponed();
  summary.duration = environment.clock.Now() - begin;
  loop.FinishInFlight(kSettleTime);
  job.End(summary);
  // Whatever that took, the state has its own time.
  loop.FinishInFlight(kSettleTime);
  EndState(*place, summary, started, reporter);
  return summary;
}

}  // namespace dbxes::sync
