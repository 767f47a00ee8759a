// SPDX-License-Identifier: Apache-2.0
#include "sync/command/run.h"

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
#include "dropbox/kept_token.h"
#include "parsers/attached_pdfs.h"
#include "parsers/ocr_parser.h"
#include "report/retries.h"
#include "report/summary.h"
#include "state/open_place.h"
#include "sync/command/kibana_job.h"
#include "sync/command/run_outcome.h"
#include "sync/outlet/change_notes.h"
#include "sync/outlet/named_deletions.h"
#include "sync/outlet/whole_documents.h"
#include "sync/owners/guarded_writer.h"
#include "sync/owners/path_change.h"
#include "sync/owners/writers.h"
#include "sync/plan/parser_settings.h"
#include "sync/plan/settings_fingerprint.h"
#include "sync/plan/state_trust.h"
#include "sync/runs/access_sync.h"
#include "sync/runs/full_sync.h"
#include "sync/runs/incremental_sync.h"

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

Result<SyncPlan> MakePlan(Environment& environment, const config::Config& config,
                          const RunOptions& options) {
  SyncPlan plan{config, options, DestinationOf(options), {}, {}};
  plan.seed = environment.seed;
  plan.readers = ReadersFor(environment, config.extraction);
  TRY_ASSIGN(plan.rules, RulesOf(config, environment.files));
  plan.settings = FingerprintOf(config, plan.rules);
  return plan;
}

bool FetchesContent(const SyncPlan& plan) {
  const bool fetches = plan.destination != Destination::kNowhere || plan.options.sample > 0;
  return fetches && plan.config.extraction.mode != config::ExtractionMode::kOff;
}

// What reads the files that the run fetches, if it fetches any.
Outlet::Readers MakeReaders(Environment& environment, EventLoop& loop, const SyncPlan& plan,
                            report::Reporter& reporter, const ParserFactory& make_parser) {
  const config::Config& config = plan.config;
  Outlet::Readers readers;
  if (!FetchesContent(plan)) return readers;
  if (config.extraction.mode == config::ExtractionMode::kService) {
    readers.service = std::make_unique<content::ExtractionService>(
        loop, environment.files, config, TargetName(config), SeedOf(environment.seed, "extraction"),
        ReportRetriesTo(reporter));
  }
  if (config.extraction.mode == config::ExtractionMode::kLocal) {
    readers.parser = make_parser(loop, ParserSettingsFor(environment, config.extraction, reporter));
  }
  return readers;
}

// Whether changed documents are read as a whole before they are written.
bool ReadsBeforeWriting(const SyncPlan& plan) {
  return plan.destination == Destination::kCluster && plan.WritesWhole();
}

Result<std::unique_ptr<elastic::ActionSink>> OpenWriter(Ledger& ledger, Target& target,
                                                        const SyncPlan& plan, Progress& progress) {
  TRY_ASSIGN(auto writer, OpenDocumentWriter(plan, target.client(), ledger.failures(), progress));
  if (ReadsBeforeWriting(plan)) {
    writer = std::make_unique<WholeDocuments>(std::move(writer), target.client(), target.index());
  }
  if (progress.changes() != nullptr) {
    writer = std::make_unique<ChangeNotes>(std::move(writer), target.client(), target.index(),
                                           ChangeNotes::Kind::kDocuments);
  } else if (plan.destination == Destination::kNowhere) {
    writer = std::make_unique<NamedDeletions>(std::move(writer), target.client(), target.index());
  }
  if (plan.destination == Destination::kCluster) {
    writer = std::make_unique<GuardedWriter>(std::move(writer), target.guard());
    ledger.ConfirmSavesWith([&target] { return target.guard().BeforeSave(); });
  }
  return writer;
}

std::size_t MostUnacknowledged(const SyncPlan& plan, bool lists_changes) {
  const config::ElasticsearchConfig& elastic = plan.config.elasticsearch;
  std::size_t most =
      elastic.bulk_max_actions * (static_cast<std::size_t>(elastic.bulk_max_concurrency) + 1);
  const bool names = plan.destination == Destination::kNowhere;
  for (const bool reads : {ReadsBeforeWriting(plan), lists_changes || names}) {
    most += reads ? ReadingSink::kMostWaiting : 0;
  }
  return most;
}

// Gives the target its outlet.
Result<void> OpenOutlet(Outlet::Readers readers, Source& source, Ledger& ledger, Target& target,
                        const SyncPlan& plan, Progress& progress) {
  const config::ExtractionConfig& extraction = plan.config.extraction;
  TRY_ASSIGN(auto writer, OpenWriter(ledger, target, plan, progress));
  auto outlet = std::make_unique<Outlet>(plan.destination, std::move(writer),
                                         content::ContentPlanner(extraction, plan.readers),
                                         MostUnacknowledged(plan, progress.changes() != nullptr));
  outlet->ListChangesIn(progress.changes());
  if (FetchesContent(plan)) {
    outlet->FetchContent(source.loop(), source.client(), std::move(readers), plan.config,
                         {extraction, progress.counters(), progress.reporter(), ledger.failures()});
  }
  if (const std::size_t sample = plan.options.sample; sample > 0) {
    outlet->SampleTexts(TextSample(sample, SeedOf(plan.seed, "sample")));
  }
  target.WriteTo(std::move(outlet), ledger);
  return {};
}

Result<void> SyncAccess(Source& source, Ledger& ledger, Target& target, const SyncPlan& plan,
                        Progress& progress) {
  if (plan.options.remove_identities) return RemoveIdentities(ledger, target, plan, progress);
  if (source.access() == nullptr) {
    return Fail(ErrorKind::kConfig,
                "dropbox.use_document_level_security is off: there is nothing to update; "
                "acl-sync --remove removes the identities");
  }
  return AccessSync(source, ledger, target, plan, progress);
}

// Lists of readers can only be kept right in the index that the checkpoint knows.
Result<void> SyncAccessOfIndex(Source& source, Ledger& ledger, Target& target, const SyncPlan& plan,
                               Progress& progress) {
  auto done = SyncAccess(source, ledger, target, plan, progress);
  if (done || !IsIndexReplaced(done.error())) return done;
  progress.TurnFull(done.error().message);
  TRY(FullSync(source, ledger, target, plan, progress, Start::kFresh));
  return SyncAccess(source, ledger, target, plan, progress);
}

std::string HasChanged(const std::string& difference) {
  return fmt::format("settings that shaped the index have changed ({})", difference);
}

// `difference`: of the settings (DescribeDifference).
Result<void> SyncDocuments(Source& source, Ledger& ledger, Target& target, const SyncPlan& plan,
                           Progress& progress, const std::string& difference) {
  const bool has_checkpoint = ledger.has_checkpoint();
  const bool under_way = has_checkpoint && ledger.checkpoint().full_sync.has_value();
  // The documents in the index were written by this version, with the same settings.
  const bool same_documents =
      !has_checkpoint || !HasOtherDocuments(ledger.checkpoint().settings, plan.settings);
  const bool resumable = difference.empty() && same_documents;
  const auto full = [&](bool resume) {
    return FullSync(source, ledger, target, plan, progress,
                    resume ? Start::kResume : Start::kFresh);
  };
  const bool dry_run = plan.options.dry_run;
  if (plan.options.mode == SyncMode::kFull) {
    return full(under_way && resumable && !dry_run && !plan.options.take_over &&
                (ledger.checkpoint().full_sync->force || !plan.options.force));
  }
  if (!has_checkpoint) progress.TurnFull("no state yet");
  if (has_checkpoint && !resumable) {
    progress.TurnFull(difference.empty() ? "the documents were written by another version of dbx-es"
                                         : HasChanged(difference));
    return full(/*resume=*/false);
  }
  if (!has_checkpoint || under_way) return full(under_way && !dry_run);
  return IncrementalSync(source, ledger, target, plan, progress);
}

// Only a full sync makes the index right after a change of the settings that shaped it. Who started
// an incremental sync in Kibana, or a schedule there, cannot do what a message says.
Result<void> CheckSettings(const std::string& difference, const SyncPlan& plan) {
  if (difference.empty() || plan.options.mode == SyncMode::kFull) return {};
  if (plan.options.remove_identities || plan.may_turn_full) return {};
  const bool access = plan.options.mode == SyncMode::kAccessControl;
  if (access && !plan.config.dropbox.use_document_level_security) return {};
  // One that is asked for runs a full sync with the rules of today.
  const bool old_rules = !access && !plan.options.job.empty();
  return Fail(ErrorKind::kFullSyncNeeded,
              fmt::format("{}: {}", HasChanged(difference),
                          access      ? "run dbx-es full-sync first"
                          : old_rules ? "the job carries sync rules that are no longer active, or "
                                        "the active ones cannot be read; start another sync"
                                      : "run dbx-es full-sync"));
}

// After a run, however it ended: waits for the writes in flight and saves what they prove.
void Settle(Ledger& ledger, Target& target, report::Reporter& reporter) {
  Outlet& outlet = target.outlet();
  Checkpointer& checkpointer = target.checkpointer();
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

void WarnAboutPictures(Progress& progress) {
  const std::uint64_t pictures = progress.counters().content_no_ocr;
  if (pictures == 0) return;
  progress.reporter().Warn(
      fmt::format("{} picture{} not read, because tesseract is not installed; the text that the "
                  "index has of them stays. Install tesseract-ocr and run dbx-es full-sync",
                  pictures, pictures == 1 ? " was" : "s were"));
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

// Whether the index may become one of these folders without a word of the user.
Result<void> CheckPathsOf(const Ledger& ledger, const SyncPlan& plan) {
  const bool full = plan.options.mode == SyncMode::kFull || plan.may_turn_full;
  const bool asks = full && !plan.options.change_path && !plan.options.verify;
  if (!asks || !ledger.has_checkpoint()) return {};
  return CheckPaths(plan.config.elasticsearch.index, PathsOf(ledger.checkpoint().settings),
                    plan.config.dropbox.paths);
}

// Asks the user at the terminal whether the index may become one of other folders. Without a
// terminal, only --change-path confirms it.
Result<void> ConfirmPath(const Console& console, const Ledger& ledger, SyncPlan& plan,
                         report::Reporter& reporter) {
  if (!ledger.keeps()) return {};
  const auto allowed = CheckPathsOf(ledger, plan);
  if (allowed || !console.interactive) return allowed;
  reporter.Instruct(allowed.error().message);
  reporter.Instruct("Type yes within a minute to continue:");
  // Other runs find the index locked meanwhile.
  constexpr Milliseconds kPatience{60'000};
  const Milliseconds most = plan.options.max_duration;
  TRY_ASSIGN(const auto answer,
             console.read_answer(most.count() > 0 ? std::min(most, kPatience) : kPatience));
  const auto is_answer = [&](std::string_view yes) { return answer == yes; };
  if (std::none_of(std::begin(kYes), std::end(kYes), is_answer)) return allowed;
  plan.options.change_path = true;
  return {};
}

// Whether the run is for an incremental job that may become a full sync. Not with rules that are no
// longer active: that would bring back what the rules of today leave out.
bool MayTurnFull(KibanaJob& job, const SyncPlan& plan) {
  if (plan.options.mode != SyncMode::kIncremental || plan.options.job.empty()) return false;
  if (!plan.config.UsesKibanaRules()) return true;
  const auto active = job.ActiveRules();
  return active && DescribeDifference(FingerprintOf(plan.config, *active), plan.settings).empty();
}

// Rules and settings of Kibana decide what is indexed, and for whom. Where they cannot be read now,
// a run does without them only if the last run did, too, as the settings of the index show.
Result<void> UseKibana(KibanaJob& job, const Ledger& ledger, SyncPlan& plan) {
  const config::Config& config = plan.config;
  // A run that writes a file asks no cluster.
  if (config.connector.id.empty() || plan.destination == Destination::kFile) return {};
  if (!config.connector.problem.empty()) return Fail(ErrorKind::kConfig, config.connector.problem);
  Error trouble{ErrorKind::kTemporary, config.connector.unread};
  if (config.UsesKibanaRules()) {
    auto rules = job.Rules();
    if (rules) {
      plan.rules = *std::move(rules);
      plan.rules.patterns = PatternsOf(config);
      plan.settings = FingerprintOf(config, plan.rules);
    } else {
      trouble = std::move(rules).error();
    }
  }
  if (trouble.message.empty()) {
    plan.may_turn_full = MayTurnFull(job, plan);
    return {};
  }
  const bool as_before = ledger.has_checkpoint() &&
                         DescribeDifference(ledger.checkpoint().settings, plan.settings).empty();
  if (trouble.kind == ErrorKind::kTemporary && as_before) return {};
  return Fail(WithContext(std::move(trouble), "what Kibana says about this run cannot be read"));
}

// Runs that keep no state leave no token behind, either.
void KeepToken(const Environment& environment, Source& source, const Ledger& ledger,
               const config::Config& config, report::Reporter& reporter) {
  if (!ledger.keeps()) return;
  if (dropbox::KeepsToken(config)) {
    return source.KeepToken(environment.files, environment.probe,
                            [&reporter](const std::string& message, bool urgent) {
                              urgent ? reporter.Warn(message) : reporter.Detail(message);
                            });
  }
  const std::string& path = config.dropbox.access_token_file;
  if (path.empty() || !environment.files.ReadRange(path, 0, 1)) return;
  // Of a run with other settings.
  const auto removed = dropbox::RemoveKeptToken(environment.files, config.dropbox);
  if (removed) return;
  reporter.Warn("an access token that is no longer kept stays: " + removed.error().message);
}

// Takes the state, and decides with it what is left to decide.
Result<void> Open(const Environment& environment, EventLoop& loop, Ledger& ledger, KibanaJob& job,
                  SyncPlan& plan, report::Reporter& reporter) {
  TRY(OpenLedger(environment, loop, ledger, plan, reporter));
  const bool only_shows = plan.options.dry_run && !plan.options.verify;
  if (only_shows) reporter.Info("this is a dry run: nothing is written");
  TRY(job.Begin());
  TRY(UseKibana(job, ledger, plan));
  return ConfirmPath(environment.console, ledger, plan, reporter);
}

void ReadAccess(Source& source, Ledger& ledger, const config::DropboxConfig& config,
                report::Reporter& reporter) {
  if (!config.use_document_level_security) return;
  const Access::Settings settings{config.include_inherited_users_and_groups,
                                  config.include_link_visibility};
  source.ReadAccess(settings, ledger.checkpoint().permissions, ledger.failures(), reporter);
}

// The sync itself, with the failures that it leaves.
Result<void> Sync(Source& source, Ledger& ledger, Target& target, const SyncPlan& plan,
                  Progress& progress) {
  const checkpoint::SettingsFingerprint& saved = ledger.checkpoint().settings;
  const std::string difference =
      ledger.has_checkpoint() ? DescribeDifference(saved, plan.settings) : "";
  TRY(CheckSettings(difference, plan));
  const bool access_only = plan.options.mode == SyncMode::kAccessControl;
  auto done = access_only ? SyncAccessOfIndex(source, ledger, target, plan, progress)
                          : SyncDocuments(source, ledger, target, plan, progress, difference);
  if (done && target.outlet().samples()) {
    progress.reporter().Phase("comparing texts");
    done = target.outlet().CompareSample();
  }
  // acl-sync tries none of the documents again that were rejected, but reads all lists.
  // A safety stop holds back deletions and nothing else.
  if (done || done.error().kind == ErrorKind::kSafetyStop) {
    auto kept = access_only ? ledger.failures().SyncRepaired() : ledger.failures().Replace();
    if (kept) kept = ledger.FlushFailures();
    if (!kept) done = std::move(kept);
  }
  // The run has done all else: now its outcome is the list that it had to do without.
  if (done && source.unread()) done = Fail(*source.unread());
  source.loop().FinishInFlight(kSettleTime);
  Settle(ledger, target, progress.reporter());
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
void AddTotals(const Source& source, Target& target, const Ledger& ledger, const KibanaJob& job,
               report::Counters& counters, report::Gauges& gauges) {
  if (target.has_outlet()) {
    const elastic::BulkCounters& written = target.outlet().counters();
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
  std::unique_ptr<parsers::DocumentParser> parser =
      std::make_unique<parsers::ParserPool>(loop, settings);
  if (parsers::AttachedPdfs::Apply(settings)) {
    parser = std::make_unique<parsers::AttachedPdfs>(settings.max_text_bytes, std::move(parser));
  }
  if (!settings.ocr.wanted) return parser;
  return std::make_unique<parsers::OcrParser>(loop, std::move(settings), std::move(parser));
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
  Progress progress(reporter, environment.clock, environment.status_asked);
  KibanaJob job(loop, environment, config, options, progress, canceled);
  progress.CompleteWith([&](report::Counters& counters, report::Gauges& gauges) {
    AddTotals(source, target, ledger, job, counters, gauges);
  });
  loop.EachTurn([&progress] { progress.Tick(); });

  auto plan = MakePlan(environment, config, options);
  Result<void> outcome =
      plan ? TrustState(environment.probe, *plan) : Fail(std::move(plan.error()));
  // Only to record it.
  if (!outcome && ledger.keeps()) (void)place->Take(environment.pid);
  if (outcome) outcome = Open(environment, loop, ledger, job, *plan, reporter);
  if (outcome) {
    outcome = OpenOutlet(MakeReaders(environment, loop, *plan, reporter, make_parser), source,
                         ledger, target, *plan, progress);
  }
  if (outcome) {
    KeepToken(environment, source, ledger, config, reporter);
    ReadAccess(source, ledger, config.dropbox, reporter);
    // A dry run shows what a run of other folders would delete, and ends as that run does.
    auto paths = plan->options.dry_run ? CheckPathsOf(ledger, *plan) : Result<void>();
    outcome = Sync(source, ledger, target, *plan, progress);
    if (outcome && !paths) outcome = std::move(paths);
    if (!environment.HasPdfReader()) WarnAboutPdfs(progress);
    if (environment.tesseract.empty()) WarnAboutPictures(progress);
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
