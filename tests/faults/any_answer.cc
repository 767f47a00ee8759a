// SPDX-License-Identifier: Apache-2.0
#include "faults/any_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "base/json/json.h"
#include "faults/odd_answers.h"
#include "support/state_text.h"

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
  const std::string bob = tree.people().AddAccount(account);
  const auto add = [&](const std::string& path, const std::string& text) {
    others_[tree.AddFile(path, text)] = text;
  };
  for (int i = 0; i < 6; ++i) add(fmt::format("/{}.txt", i), fmt::format("text {}", i));
  add("/shared/inside.txt", "inside");
  add("/good.txt", "good");
  const std::string folder = tree.folders().ShareFolder("/shared");
  tree.folders().SetMembers(folder,
                            {{sim::MemberKind::kUser, tree.people().primary().account_id, "owner"},
                             {sim::MemberKind::kUser, bob, "viewer"}});
  ids_.paper = tree.AddPaper("/note.paper", "# note");
  ids_.offer = tree.shares().AddReceivedFile("offer.txt", "an offer");
}

void AnyAnswer::DrawFault() {
  static constexpr std::array kVictims = {
      Victim::kFile,    Victim::kFile,         Victim::kPaper,        Victim::kEntry,
      Victim::kMembers, Victim::kReceivedList, Victim::kReceivedFile, Victim::kPage};
  victim_ = dice_.Pick(kVictims);
  std::string route;
  std::string only = ids_.bad;
  switch (victim_) {
    case Victim::kFile:
      route = "files/download";
      ids_.victim = ids_.bad;
      break;
    case Victim::kPaper:
      ids_.victim = ids_.paper;
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
      ids_.victim = ids_.offer;
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
    answer_ = number;
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
  const std::string text = FailuresText(world_);
  for (const report::FailedDocument& failure : summary.failures) {
    if (failure.reason.empty()) Break("a failure has no reason");
    if (text.find(failure.id) == std::string::npos) Break("the failures file lacks " + failure.id);
  }
}

std::string AnyAnswer::Body(const std::string& id) const {
  const auto source = world_.elastic.Source("docs", id);
  if (!source) return "";
  const auto document = ParseJson(*source, "a document");
  return document ? std::string(StringMember(*document, "body")) : "";
}

std::string AnyAnswer::Cursor() {
  constexpr std::string_view kName = "\"cursor\":\"";
  const auto cursor_in = [&](const std::string& text) {
    const std::size_t at = text.find(kName);
    if (at == std::string::npos) return std::string();
    const std::size_t begin = at + kName.size();
    return text.substr(begin, text.find('"', begin) - begin);
  };
  for (const auto& [path, text] : world_.files.files()) {
    std::string cursor = path.ends_with(".json") ? cursor_in(text) : std::string();
    if (!cursor.empty()) return cursor;
  }
  return cursor_in(StateText(world_, ".json"));
}

// What the odd answer does not concern is in the index as if nothing had happened.
void AnyAnswer::CheckOthers() {
  for (const auto& [id, text] : others_) {
    if (!world_.elastic.Source("docs", id)) return Break("another document is missing: " + id);
    if (Body(id) != text) return Break("another document has not its text: " + id);
  }
}

// The document that is struck has its text, or is named as failed, or Dropbox refuses it and it is
// counted.
void AnyAnswer::CheckVictim(const report::RunSummary& summary) {
  if (ids_.victim.empty() || !Body(ids_.victim).empty()) return;
  const bool named =
      std::any_of(summary.failures.begin(), summary.failures.end(),
                  [&](const report::FailedDocument& failure) { return failure.id == ids_.victim; });
  if (named && summary.exit_code == ExitCode::kDocumentsFailed) return;
  const bool counted = summary.counters.content_refused + summary.counters.content_gone > 0 &&
                       answer_ && IsRefusal(*answer_);
  // A run in which its time had not come says nothing of it.
  const bool struck_now = world_.dropbox().faults().struck() > struck_before_;
  if (struck_now && !counted) Break("the struck document is neither named nor counted");
}

// How many requests of a run may each get the odd answer.
std::uint64_t AnyAnswer::Sends() const {
  // An incremental sync may become a full one, which starts over up to three times.
  constexpr std::uint64_t kMostPasses = 5;
  const bool single = victim_ == Victim::kFile || victim_ == Victim::kPaper;
  if (victim_ == Victim::kPage) return kMostPasses;
  // It says that the account has another root.
  if (fault_.status == 422 && !single) return kMostPasses;
  // An entry by its id and by its path; received files beside the change feed and after it.
  return victim_ == Victim::kEntry || victim_ == Victim::kReceivedList ? 2 : 1;
}

// How often one request may be sent.
std::uint64_t AnyAnswer::MostTries() const {
  // Delays grow at random from half a second to a minute, and a wait that Dropbox names takes a
  // second at least.
  constexpr std::uint64_t kMostPatient = 40;
  constexpr std::uint64_t kMostNamed = kGiveUpAfter.count() / 1000;
  constexpr std::uint64_t kTries = kRetries + 1;
  const Sent sent = answer_ ? SentFor(*answer_) : Sent::kPatient;
  const bool listing = IsListing(fault_.route);
  switch (sent) {
    case Sent::kOnce:
      return 1;
    case Sent::kNamed:
      return kMostNamed;
    case Sent::kFew:
      return listing ? 4 : std::min<std::uint64_t>(4, kTries);
    case Sent::kPatient:
      break;
  }
  if (listing) return kMostPatient;
  // A body that is longer than the file was listed gives its room back and is fetched once more.
  const bool body = victim_ == Victim::kFile || victim_ == Victim::kPaper ||
                    fault_.route == "sharing/get_shared_link_file";
  return kTries + (body ? 1 : 0);
}

// No request is sent more often than the answer allows.
void AnyAnswer::CheckAsked(std::uint64_t asked, std::uint64_t struck) {
  // Beside the file that is to be asked for alone, its downloads fail.
  const std::uint64_t odd = victim_ == Victim::kEntry ? asked : struck;
  if (odd > MostTries() * Sends()) {
    Break(fmt::format("{} got its odd answer {} times", fault_.route, odd));
  }
  if (asked > 400) Break(fmt::format("{} was asked {} times", fault_.route, asked));
}

void AnyAnswer::CheckStruckRun(const report::RunSummary& summary, sync::SyncMode mode) {
  CheckNamed(summary);
  const bool struck = world_.dropbox().faults().struck() > 0;
  if (!struck && summary.exit_code != ExitCode::kOk) Break("a run failed without a reason");
  if (summary.exit_code != ExitCode::kOk && summary.message.empty()) Break("no reason is named");
  if (ConcernsAll()) return;
  const bool single =
      victim_ == Victim::kFile || victim_ == Victim::kPaper || victim_ == Victim::kReceivedFile;
  const bool done =
      summary.exit_code == ExitCode::kOk || summary.exit_code == ExitCode::kDocumentsFailed;
  if (single && !done) Break("one file ended a run");
  if (mode == sync::SyncMode::kAccessControl) return;
  CheckVictim(summary);
  if (!done) return;
  CheckOthers();
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
  if (!difference.empty()) Break("the index differs:\n" + difference);
  if (summary.counters.failed != 0) Break("a failure stayed");
}

std::string AnyAnswer::Play() {
  BuildTree();
  const bool before = dice_.Chance(50);
  if (before && Run(sync::SyncMode::kFull).exit_code != ExitCode::kOk) {
    Break("the first run failed");
  }
  ids_.bad = world_.tree().AddFile("/bad.txt", "bad");
  if (victim_ == Victim::kFile && dice_.Chance(30)) world_.tree().AddFile("/later.txt", "later");
  DrawFault();
  if (victim_ == Victim::kEntry) {
    // Only failed files are asked for alone.
    world_.dropbox().Inject(sim::Fault::Html("files/download", 403).Times(3).Matching(ids_.bad));
  }
  world_.dropbox().Inject(fault_);
  const int runs = 1 + static_cast<int>(dice_.Below(3));
  for (int run = 0; run < runs && broken_.empty(); ++run) PlayStruckRun(run);
  CheckHealed();
  return broken_;
}

void AnyAnswer::PlayStruckRun(int run) {
  const sync::SyncMode mode = DrawMode();
  const std::string cursor = Cursor();
  const std::string text = fmt::format("new {}", run);
  const bool grows = dice_.Chance(30);
  if (grows) others_[world_.tree().AddFile(fmt::format("/new{}.txt", run), text)] = text;
  const std::uint64_t asked = world_.dropbox().Count(fault_.route);
  struck_before_ = world_.dropbox().faults().struck();
  const report::RunSummary summary = Run(mode);
  CheckStruckRun(summary, mode);
  CheckAsked(world_.dropbox().Count(fault_.route) - asked,
             world_.dropbox().faults().struck() - struck_before_);
  const bool done =
      summary.exit_code == ExitCode::kOk || summary.exit_code == ExitCode::kDocumentsFailed;
  const bool passes = done && mode != sync::SyncMode::kAccessControl && grows;
  if (passes && Cursor() == cursor) Break("the cursor did not move");
  world_.clock.Advance(Milliseconds(static_cast<std::int64_t>(dice_.Below(3'600'000))));
}

}  // namespace dbxes
