// SPDX-License-Identifier: Apache-2.0
#include "faults/any_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "faults/odd_answers.h"

namespace dbxes {
namespace {

constexpr Milliseconds kGiveUpAfter{120'000};
constexpr Milliseconds kSettle{31'000};
constexpr int kRetries = 2;
// One wait for each list and each file behind the victim.
constexpr Milliseconds kBound{8 * kGiveUpAfter.count()};
constexpr int kEvents = 400'000;  // a run that turns without time passing is stuck, too

sim::Options OptionsFor(std::uint64_t seed) {
  sim::Options options;
  options.seed = seed;
  options.default_page_size = 4;
  options.wait_grace_ms = 10;
  return options;
}

bool IsListing(const std::string& route) { return route.find("files/list_folder") == 0; }

}  // namespace

AnyAnswer::AnyAnswer(std::uint64_t seed) : dice_(seed), world_(OptionsFor(seed)) {
  world_.seed = seed;
  world_.config.extraction.mode = config::ExtractionMode::kLocal;
  world_.config.sync.give_up_after = kGiveUpAfter;
  world_.config.sync.stall_timeout = Milliseconds(30'000);
  world_.config.dropbox.retry_count = kRetries;
  world_.config.dropbox.use_document_level_security = true;
}

void AnyAnswer::Break(std::string promise) {
  if (broken_.empty()) broken_ = promise + "\n" + story_;
}

void AnyAnswer::BuildTree() {
  sim::Tree& tree = world_.tree();
  sim::Account account;
  account.given_name = "bob";
  account.email = "bob@example.com";
  const std::string bob = tree.AddAccount(account);
  for (int i = 0; i < 6; ++i) tree.AddFile(fmt::format("/{}.txt", i), fmt::format("text {}", i));
  tree.AddFile("/shared/inside.txt", "inside");
  const std::string folder = tree.ShareFolder("/shared");
  tree.SetMembers(folder, {{sim::MemberKind::kUser, tree.primary().account_id, "owner"},
                           {sim::MemberKind::kUser, bob, "viewer"}});
  good_id_ = tree.AddFile("/good.txt", "good");
  tree.AddPaper("/note.paper", "# note");
  tree.AddReceivedFile("offer.txt", "an offer");
}

void AnyAnswer::DrawFault() {
  static constexpr std::array kVictims = {
      Victim::kFile,    Victim::kFile,         Victim::kPaper,        Victim::kEntry,
      Victim::kMembers, Victim::kReceivedList, Victim::kReceivedFile, Victim::kPage};
  victim_ = dice_.Pick(kVictims);
  std::string route;
  std::string only = bad_id_;
  switch (victim_) {
    case Victim::kFile:
      route = "files/download";
      break;
    case Victim::kPaper:
      route = "files/export";
      only.clear();
      break;
    case Victim::kEntry:
      route = "files/get_metadata";
      break;
    case Victim::kMembers:
      route = dice_.Chance(50) ? "sharing/list_folder_members" : "sharing/get_folder_metadata";
      only.clear();
      break;
    case Victim::kReceivedList:
      route = "sharing/list_received_files";
      only.clear();
      break;
    case Victim::kReceivedFile:
      route =
          dice_.Chance(50) ? "sharing/get_shared_link_metadata" : "sharing/get_shared_link_file";
      only.clear();
      break;
    case Victim::kPage:
      route = dice_.Chance(70) ? "files/list_folder/continue" : "files/list_folder";
      only.clear();
      break;
  }
  using Kind = sim::Fault::Kind;
  static constexpr std::array kRound = {Kind::kRepeatCursor, Kind::kEmptyPage, Kind::kRepeatPage,
                                        Kind::kCursorsInTurn, Kind::kUnknownTag};
  const std::size_t number = dice_.Below(OddAnswers() + (victim_ == Victim::kPage ? 15 : 0));
  if (number < OddAnswers()) {
    fault_ = OddAnswer(number, route);
    story_ += fmt::format("{} answers \"{}\"", route, OddAnswerName(number));
  } else {
    fault_ = sim::Fault::Simple("files/list_folder/continue", dice_.Pick(kRound));
    story_ += fmt::format("pages go round ({})", static_cast<int>(fault_.kind));
  }
  fault_.argument = only;
  fault_.times = dice_.Chance(50) ? 0 : 1 + dice_.Below(6);
  if (victim_ == Victim::kPage) fault_.skip = dice_.Below(3);
  story_ += fmt::format(" {} times, from the {}. on", fault_.times, fault_.skip + 1);
}

sync::SyncMode AnyAnswer::DrawMode() {
  const std::size_t mode = dice_.Below(5);
  if (mode == 0) return sync::SyncMode::kAccessControl;
  return mode < 3 ? sync::SyncMode::kFull : sync::SyncMode::kIncremental;
}

report::RunSummary AnyAnswer::Run(sync::SyncMode mode) {
  const Milliseconds begin = world_.clock.Now();
  int events = 0;
  world_.stop_signal = [&events] { return ++events > kEvents ? 15 : 0; };
  world_.dropbox().BeginRun();
  const report::RunSummary summary = world_.Run(mode);
  const Milliseconds took = world_.clock.Now() - begin;
  story_ += fmt::format("\nrun {}: exit {} after {} ms, {} failed: {}", static_cast<int>(mode),
                        static_cast<int>(summary.exit_code), took.count(), summary.counters.failed,
                        summary.message);
  for (const auto& failure : summary.failures) {
    story_ += fmt::format("\n  {} {} {}: {}", failure.id, failure.path, failure.operation,
                          failure.reason);
  }
  if (events > kEvents) Break("a run turned without an end");
  if (took > kBound + kSettle) Break("a run took longer than its bounds");
  return summary;
}

// Answers that are about everything, whichever request they strike.
bool AnyAnswer::ConcernsAll() const { return victim_ == Victim::kPage; }

void AnyAnswer::CheckNamed(const report::RunSummary& summary) {
  if (summary.counters.failed == 0) return;
  if (summary.exit_code == ExitCode::kOk) Break("documents failed with exit code 0");
  if (summary.failures.empty() || summary.failures_file.empty()) Break("a failure has no name");
  const std::string text = world_.files.files().count(summary.failures_file) > 0
                               ? world_.files.files().at(summary.failures_file)
                               : "";
  for (const report::FailedDocument& failure : summary.failures) {
    if (failure.reason.empty()) Break("a failure has no reason");
    if (text.find(failure.id) == std::string::npos) Break("the failures file lacks " + failure.id);
  }
}

// What the odd answer does not concern is in the index as if nothing had happened.
void AnyAnswer::CheckOthers() {
  const auto source = world_.elastic.Source("docs", good_id_);
  if (!source) return Break("another document is missing");
  if (source->find("\"body\":\"good") == std::string::npos) Break("another document has no text");
}

void AnyAnswer::CheckStruckRun(const report::RunSummary& summary, sync::SyncMode mode) {
  CheckNamed(summary);
  const bool struck = world_.dropbox().faults().struck() > 0;
  if (!struck && summary.exit_code != ExitCode::kOk) Break("a run failed without a reason");
  if (ConcernsAll()) return;
  const bool listed = summary.exit_code == ExitCode::kOk ||
                      summary.exit_code == ExitCode::kDocumentsFailed || victim_ != Victim::kFile;
  if (!listed) Break("one file ended a run");
  if (mode != sync::SyncMode::kAccessControl && victim_ == Victim::kFile) CheckOthers();
}

void AnyAnswer::CheckHealed() {
  world_.dropbox().faults().Clear();
  // Whatever time a rate limit or a failed document named is over.
  world_.clock.Advance(Milliseconds(48ll * 3600 * 1000));
  world_.dropbox().tokens().ExpireAll();
  const report::RunSummary summary =
      Run(dice_.Chance(50) ? sync::SyncMode::kIncremental : sync::SyncMode::kFull);
  if (summary.exit_code != ExitCode::kOk) Break("the answers healed, and the next run failed");
  const std::string difference = world_.Difference();
  // Dropbox keeps this file to itself: its text is gone until it changes.
  const bool refused = fault_.status == 403 || fault_.status == 409;
  const bool text_alone = refused && (victim_ == Victim::kFile || victim_ == Victim::kPaper ||
                                      victim_ == Victim::kReceivedFile);
  if (!difference.empty() && !text_alone) Break("the index differs:\n" + difference);
  if (summary.counters.failed != 0) Break("a failure stayed");
}

std::string AnyAnswer::Play() {
  BuildTree();
  const bool before = dice_.Chance(50);
  if (before && Run(sync::SyncMode::kFull).exit_code != ExitCode::kOk) {
    Break("the first run failed");
  }
  bad_id_ = world_.tree().AddFile("/bad.txt", "bad");
  if (victim_ == Victim::kFile && dice_.Chance(30)) world_.tree().AddFile("/later.txt", "later");
  DrawFault();
  if (victim_ == Victim::kEntry) {
    // Only failed files are asked for alone.
    world_.dropbox().Inject(sim::Fault::Html("files/download", 403).Times(3).Matching(bad_id_));
  }
  world_.dropbox().Inject(fault_);
  const int runs = 1 + static_cast<int>(dice_.Below(3));
  for (int run = 0; run < runs && broken_.empty(); ++run) {
    const sync::SyncMode mode = DrawMode();
    const std::uint64_t asked = world_.dropbox().Count(fault_.route);
    CheckStruckRun(Run(mode), mode);
    const std::uint64_t times = world_.dropbox().Count(fault_.route) - asked;
    // A file: once by the feed and once more as a failure of earlier runs, each with its retries;
    // waits that Dropbox names and new tokens last as long as the patience.
    const bool patient = fault_.status == 429 || fault_.status == 401;
    const bool counted = !patient && !IsListing(fault_.route);
    if (counted && times > 60) Break(fmt::format("{} was asked {} times", fault_.route, times));
    if (times > 400) Break(fmt::format("{} was asked {} times", fault_.route, times));
    world_.clock.Advance(Milliseconds(static_cast<std::int64_t>(dice_.Below(3'600'000))));
    if (dice_.Chance(30)) world_.tree().AddFile(fmt::format("/new{}.txt", run), "new");
  }
  CheckHealed();
  return broken_;
}

}  // namespace dbxes
