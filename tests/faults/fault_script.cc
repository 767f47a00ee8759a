// SPDX-License-Identifier: Apache-2.0
#include "faults/fault_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iterator>
#include <map>
#include <numeric>
#include <sstream>
#include <utility>

#include "faults/random_faults.h"
#include "support/random_rules.h"
#include "support/state_text.h"

namespace dbxes {
namespace {

constexpr int kMostRecoveries = 3;
constexpr std::int64_t kDayMicros = std::int64_t{24} * 3600 * 1'000'000;

// Unwinds a run as if the process were gone: nothing of it catches this.
struct Killed {};

sim::Options OptionsFor(std::uint64_t seed, Dice& dice) {
  sim::Options options;
  options.seed = seed;
  options.default_page_size = 1 + dice.Below(10);
  const std::size_t style = dice.Below(3);
  options.style = style == 0   ? sim::Style::Plain()
                  : style == 1 ? sim::Style::Mild()
                               : sim::Style::Nasty();
  // Truth is compared verbatim, and this one changes the letters.
  options.style.display_case = false;
  // What left at the moment at which the answer came: half a latency there and half of it back.
  options.wait_grace_ms = 10;
  return options;
}

// How ids are written in SyncWorld::Difference and in the failures file.
constexpr std::string_view kIdInDifference = " id=\"";
constexpr std::string_view kIdInFile = "\"id\":\"";

std::set<std::string> IdsIn(const std::string& text, std::string_view key) {
  std::set<std::string> ids;
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) {
    const std::size_t begin = at + key.size();
    ids.insert(text.substr(begin, text.find('"', begin) - begin));
  }
  return ids;
}

std::set<std::string> Intersection(const std::set<std::string>& left,
                                   const std::set<std::string>& right) {
  std::set<std::string> both;
  std::set_intersection(left.begin(), left.end(), right.begin(), right.end(),
                        std::inserter(both, both.end()));
  return both;
}

bool StartsWith(const std::string& text, std::string_view start) {
  return text.compare(0, start.size(), start) == 0;
}

// What an injected failure makes look like bad manners.
bool IsExcused(const std::string& violation) {
  // The answer with the token was lost on its way.
  return StartsWith(violation, "oauth2/token: refreshed again although the newest") ||
         // A revoked grant: status 400 may also mean a team token, which is tried.
         StartsWith(violation, "oauth2/token: asked again after a permanent") ||
         // A listing that starts over gets the cursors that it had before.
         StartsWith(violation, "files/list_folder/continue: asked again after a permanent");
}

// A feed repeats entries, each of which is looked at: one of a file that is gone meanwhile is asked
// for again. So is one whose deletion failed, by the next run.
bool IsRepetition(const std::string& violation) {
  return StartsWith(violation, "files/download: asked again after a permanent") ||
         StartsWith(violation, "files/get_metadata: asked again after a permanent") ||
         StartsWith(violation, "files/export: asked again after a permanent");
}

// Its content could not be fetched, or nothing could be learned of it: Dropbox answered with an
// error, with nonsense, or not at all. Failures of the index name no Dropbox.
bool IsOfDropbox(const report::FailedDocument& failure) {
  return failure.operation == "download" || StartsWith(failure.reason, "Dropbox");
}

// The lines of failures. A file that Dropbox refused to hand out is none.
std::string WithoutRefused(const std::string& file) {
  std::string failures;
  std::istringstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(R"("operation":"refused")") == std::string::npos) failures += line + '\n';
  }
  return failures;
}

// A service that refuses a single action as too large, or answers it with garbage time and again,
// rejects it.
bool IsOfElastic(const report::FailedDocument& failure) {
  return failure.status == 413 || failure.reason.find("is unusable") != std::string::npos;
}

bool IsFinished(ExitCode code) {
  return code == ExitCode::kOk || code == ExitCode::kDocumentsFailed;
}

}  // namespace

FaultScript::FaultScript(const FaultFamily& family, std::uint64_t seed, bool verbose)
    : family_(family),
      dice_(seed),
      verbose_(verbose),
      world_(OptionsFor(seed, dice_)),
      changes_(world_.tree(), seed) {
  world_.seed = seed;
  config::Config& config = world_.config;
  // How much may be deleted at once is another promise, with tests of its own.
  config.sync.max_delete.unlimited = true;
  config.sync.give_up_after = Milliseconds(static_cast<std::int64_t>(60 + dice_.Below(840)) * 1000);
  config.dropbox.include_received_files = dice_.Chance(80);
  config.elasticsearch.bulk_max_actions = dice_.Spread(5);
  config.elasticsearch.bulk_max_concurrency = static_cast<int>(1 + dice_.Below(3));
  if (dice_.Chance(50)) config.extraction.mode = config::ExtractionMode::kLocal;
  config.dropbox.concurrent_downloads = static_cast<int>(1 + dice_.Below(8));
  if (dice_.Chance(40)) UseRules(world_, seed);
}

void FaultScript::Step(std::string text) {
  if (verbose_) std::printf("%s\n", text.c_str());
  steps_.push_back(std::move(text));
}

void FaultScript::Break(std::string promise) {
  if (broken_.empty()) broken_ = std::move(promise);
}

std::string FaultScript::Play() {
  changes_.Plant(static_cast<int>(5 + dice_.Below(35)));
  for (std::size_t rounds = 2 + dice_.Below(4); rounds > 0 && broken_.empty(); --rounds) Round();
  if (broken_.empty()) Recover();
  if (broken_.empty()) CheckSecondRun();
  if (broken_.empty()) return "";
  std::string text = broken_ + "\n--- after these steps:\n";
  for (const std::string& step : steps_) text += step + "\n";
  return text;
}

void FaultScript::Round() {
  changes_.Change(static_cast<int>(dice_.Below(10)));
  if (family_.clock_jumps && dice_.Chance(60)) {
    const auto by = static_cast<std::int64_t>(dice_.Below(2 * kDayMicros)) - kDayMicros;
    world_.clock.JumpWall(by);
    Step(fmt::format("the clock jumps by {} s", by / 1'000'000));
  }
  ArrangeFaults();
  const bool full = dice_.Chance(20);
  world_.options.force = full && dice_.Chance(25);
  RunOnce(full ? sync::SyncMode::kFull : sync::SyncMode::kIncremental, DrawPlan());
  world_.options.force = false;
  if (broken_.empty() && dice_.Chance(40)) Recover();
}

void FaultScript::ArrangeFaults() {
  const auto inject = [&](const InjectedFault& fault) {
    answers_lost_ = answers_lost_ || fault.loses_answers;
    Step(fault.text);
  };
  if (family_.dropbox) {
    for (std::size_t n = dice_.Below(4); n > 0; --n) {
      inject(InjectDropboxFault(world_.dropbox(), dice_));
    }
  }
  if (family_.elastic) {
    for (std::size_t n = dice_.Below(4); n > 0; --n) {
      inject(InjectElasticFault(world_.elastic, dice_));
    }
    if (dice_.Chance(15)) {
      world_.elastic.read_only = true;
      Step("Elasticsearch: read-only");
    }
    if (dice_.Chance(15)) world_.elastic.max_body_bytes = 500 + dice_.Below(4000);
  }
  if (family_.refused && dice_.Chance(60)) {
    std::vector<std::string> ids;
    for (const auto& item : world_.tree().Snapshot()) ids.push_back(item.id);
    for (const auto& [id, source] : world_.elastic.Documents("docs")) ids.push_back(id);
    Step(RefuseDocuments(world_.elastic, ids, dice_, refused_));
  }
}

FaultScript::Plan FaultScript::DrawPlan() {
  Plan plan;
  const auto some_event = [&] { return dice_.Spread(9); };
  if (family_.terminated && dice_.Chance(70)) plan.terminate_at = some_event();
  if (family_.killed && dice_.Chance(70)) plan.kill_at = some_event();
  if (family_.moving && dice_.Chance(70)) plan.move_at = some_event();
  if (family_.dropbox && dice_.Chance(4)) plan.revoke_at = some_event();
  if (world_.elastic.read_only && dice_.Chance(70)) plan.unblock_at = dice_.Spread(11);
  if (family_.full_disk && dice_.Chance(70)) plan.dead_disk_at = dice_.Spread(5);
  if (family_.power_loss && dice_.Chance(80)) {
    plan.lose_power = true;
    // Half of them at an event, half at a change of the file system.
    if (dice_.Chance(50)) {
      plan.kill_at = some_event();
    } else {
      plan.dead_disk_at = dice_.Spread(5);
      plan.kill_on_dead_disk = true;
    }
  }
  return plan;
}

int FaultScript::OnEvent(const Plan& plan) {
  ++events_;
  if (events_ == plan.move_at) MoveTree();
  if (events_ == plan.revoke_at) world_.dropbox().tokens().RevokeRefreshToken();
  if (events_ == plan.unblock_at) world_.elastic.read_only = false;
  if (plan.kill_at != 0 && events_ >= plan.kill_at) throw Killed{};
  if (plan.kill_on_dead_disk && world_.files.changes() >= plan.dead_disk_at) throw Killed{};
  return plan.terminate_at != 0 && events_ >= plan.terminate_at ? SIGTERM : 0;
}

void FaultScript::MoveTree() {
  Step(fmt::format("the tree changes at event {}", events_));
  changes_.Change(static_cast<int>(1 + dice_.Below(4)));
  moved_ = true;
  live_ = Intersection(live_, LiveIds());
}

std::uint64_t FaultScript::RunOnce(sync::SyncMode mode, const Plan& drawn) {
  Plan plan = drawn;
  if (plan.dead_disk_at != 0) plan.dead_disk_at += world_.files.changes();
  world_.files.FailAfter(plan.dead_disk_at != 0 ? plan.dead_disk_at : ~std::uint64_t{0});
  world_.stop_signal = [this, plan] { return OnEvent(plan); };
  const Books before = OpenBooks();
  Step(fmt::format("{}{}: SIGTERM at {}, kill at {}, disk dead at {}, power loss {}",
                   mode == sync::SyncMode::kFull ? "full-sync" : "incremental",
                   world_.options.force ? " --force" : "", plan.terminate_at, plan.kill_at,
                   plan.dead_disk_at, plan.lose_power));
  std::optional<report::RunSummary> summary;
  try {
    summary = world_.Run(mode);
    Step(fmt::format("  exit {} after {} events: {}", static_cast<int>(summary->exit_code), events_,
                     summary->message));
  } catch (const Killed&) {
    Step(fmt::format("  killed after {} events", events_));
  }
  if (verbose_) {
    for (const std::string& line : world_.reporter.lines) std::printf("    | %s\n", line.c_str());
    for (const std::string& line : world_.reporter.details) std::printf("    . %s\n", line.c_str());
  }
  clean_ = false;
  CheckDeletions();
  if (summary) CheckRun(*summary, before);
  world_.files.FailAfter(~std::uint64_t{0});
  world_.stop_signal = [] { return 0; };
  if (plan.lose_power) LosePower();
  return summary ? summary->counters.entries : 0;
}

// Of what was appended but never synced, a random first part survives.
void FaultScript::LosePower() {
  const std::map<std::string, std::string> before = world_.files.files();
  world_.files.Crash();
  for (auto& [path, content] : world_.files.files()) {
    const std::string& was = before.at(path);
    if (was.size() == content.size() || dice_.Chance(50)) continue;
    content = was.substr(0, content.size() + dice_.Below(was.size() - content.size() + 1));
    Step(fmt::format("  {} keeps {} of {} bytes", path, content.size(), was.size()));
  }
}

void FaultScript::Recover() {
  Step("all faults are cleared");
  world_.dropbox().faults().Clear();
  world_.dropbox().tokens().grant().revoked = false;
  FakeElastic& elastic = world_.elastic;
  elastic.ClearFaults();
  elastic.read_only = false;
  elastic.max_body_bytes = std::size_t{100} << 20;
  elastic.poison_ids.clear();
  elastic.garbling_ids.clear();
  elastic.unmappable_ids.clear();
  refused_.clear();
  answers_lost_ = false;
  // What failed again and again waits for its time, which jumps of the clock put off.
  const bool waited = !clean_;
  if (waited) world_.clock.Advance(Milliseconds(10ll * 24 * 3600 * 1000));
  // By incremental runs: a full sync would repair what a cursor that is ahead has lost.
  for (int runs = 0; runs < kMostRecoveries && broken_.empty() && !clean_; ++runs) {
    RunOnce(sync::SyncMode::kIncremental, {});
  }
  if (broken_.empty() && !clean_) Break("three runs without a fault did not bring all in order");
  // After that time, a run asks the index whether it is still ours, even without news.
  if (waited && broken_.empty()) RunOnce(sync::SyncMode::kIncremental, {});
}

void FaultScript::CheckSecondRun() {
  const bool asks = world_.config.sync.state == config::StateKind::kCluster;
  // A feed may repeat its last entry, which is then written again.
  const auto asks_without_news = [this, asks] {
    const std::uint64_t entries = RunOnce(sync::SyncMode::kIncremental, {});
    return entries == 0 && world_.elastic.requests() != 0 && !asks;
  };
  // The second run after one that was killed searches for late writes, once.
  const bool looks = family_.killed || family_.power_loss;
  if (asks_without_news() && (!looks || asks_without_news())) {
    Break("a run without news asks the index");
  }
  if (!broken_.empty()) return;
  RunOnce(sync::SyncMode::kFull, {});
  if (!world_.elastic.writes().empty()) Break("a second full sync writes");
}

FaultScript::Books FaultScript::OpenBooks() {
  world_.elastic.ClearBooks();
  events_ = 0;
  moved_ = false;
  live_ = LiveIds();
  earlier_failures_ = FailuresFile();
  Books books;
  books.dropbox_requests = DropboxRequests();
  for (const auto& [id, source] : world_.elastic.Documents("docs")) books.ids.insert(id);
  return books;
}

std::uint64_t FaultScript::DropboxRequests() const {
  const auto& counters = const_cast<SyncWorld&>(world_).dropbox().books().counters();
  return std::accumulate(counters.begin(), counters.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& row) { return sum + row.second; });
}

std::set<std::string> FaultScript::LiveIds() {
  std::set<std::string> ids;
  for (const auto& item : world_.tree().Snapshot()) {
    if (!world_.is_excluded(item)) ids.insert(item.id);
  }
  return ids;
}

void FaultScript::CheckRun(const report::RunSummary& summary, const Books& before) {
  CheckExitCode(summary);
  CheckIndex(summary);
  CheckCounters(summary, before);
  for (const std::string& violation : world_.dropbox().Violations()) {
    const bool excused = IsRepetition(violation) || (family_.dropbox && IsExcused(violation));
    if (!excused) Break("bad manners towards Dropbox: " + violation);
  }
}

void FaultScript::CheckExitCode(const report::RunSummary& summary) {
  std::set<ExitCode> expected = {ExitCode::kOk};
  if (family_.dropbox || family_.elastic) expected.insert(ExitCode::kUnavailable);
  // A received file whose link cannot be read (any more) is a document that failed, and so is one
  // that is too large for any request.
  if (family_.dropbox || family_.elastic || family_.refused || family_.moving) {
    expected.insert(ExitCode::kDocumentsFailed);
  }
  // A document that garbles every answer looks like a service that is broken.
  if (family_.refused) expected.insert(ExitCode::kUnavailable);
  if (family_.dropbox) expected.insert(ExitCode::kAuthorization);
  if (family_.terminated) expected.insert(ExitCode::kTerminated);
  if (family_.full_disk || family_.power_loss) {
    expected.insert({ExitCode::kFailed, ExitCode::kConfiguration});
  }
  if (expected.count(summary.exit_code) == 0) {
    Break(fmt::format("exit code {} has no cause here: {}", static_cast<int>(summary.exit_code),
                      summary.message));
  }
}

// Exit code 0: the index equals the tree. 3: but for the documents that are named.
void FaultScript::CheckIndex(const report::RunSummary& summary) {
  if (!IsFinished(summary.exit_code)) return;
  const std::set<std::string> failed = CheckFailures(summary);
  if (moved_) return;
  const std::string difference = world_.Difference();
  for (const std::string& id : IdsIn(difference, kIdInDifference)) {
    if (failed.count(id) == 0) {
      Break(fmt::format("exit {}, but the index differs:\n{}", static_cast<int>(summary.exit_code),
                        difference));
    }
  }
  // What waits for its time to be tried again fails no run.
  clean_ = summary.exit_code == ExitCode::kOk && FailuresFile().empty();
}

// Each failure is named once, in the summary (the first few) and in the file, and has a cause.
std::set<std::string> FaultScript::CheckFailures(const report::RunSummary& summary) {
  for (const report::FailedDocument& failure : summary.failures) {
    const bool of_the_script = refused_.count(failure.id) != 0 || failure.operation == "read" ||
                               (family_.dropbox && IsOfDropbox(failure)) ||
                               (family_.elastic && IsOfElastic(failure));
    if (!of_the_script) Break("failed without a cause: " + failure.id + ": " + failure.reason);
  }
  const std::string file = WithoutRefused(FailuresFile());
  const auto lines = static_cast<std::uint64_t>(std::count(file.begin(), file.end(), '\n'));
  const std::set<std::string> ids = IdsIn(file, kIdInFile);
  if (summary.counters.failed != lines || summary.counters.failed != ids.size()) {
    Break(fmt::format("{} failures are counted, but the file holds {} lines for {} ids",
                      summary.counters.failed, lines, ids.size()));
  }
  return ids;
}

// What was in the tree from the first event to the last is never deleted. (A document that failed
// may have stayed at a place that was deleted since.)
void FaultScript::CheckDeletions() {
  const std::string failures = earlier_failures_ + FailuresFile();
  for (const AppliedWrite& write : world_.elastic.writes()) {
    if (write.operation != "delete") continue;
    const bool failed =
        refused_.count(write.id) != 0 || failures.find(write.id) != std::string::npos;
    if (live_.count(write.id) == 0 || failed) continue;
    Break("deleted although it was in the tree during the whole run: " + write.id);
  }
}

std::string FaultScript::FailuresFile() { return FailuresText(world_); }

void FaultScript::CheckCounters(const report::RunSummary& summary, const Books& before) {
  const report::Counters& counters = summary.counters;
  const auto compare = [&](const char* name, std::uint64_t counted, std::uint64_t booked,
                           bool exact) {
    if (counted == booked || (!exact && counted > booked)) return;
    Break(fmt::format("{} {} were counted, but {} happened", counted, name, booked));
  };
  // A request that had not arrived when the run ended is counted, too.
  const bool finished = IsFinished(summary.exit_code);
  // One may still be sent while the state is returned to the cluster.
  const bool returned = world_.config.sync.state == config::StateKind::kCluster;
  if (finished || !returned) {
    compare("Dropbox requests", counters.dropbox_requests,
            DropboxRequests() - before.dropbox_requests, finished);
  }
  compare("Elasticsearch requests", counters.elasticsearch_requests, world_.elastic.requests(),
          finished);
  if (answers_lost_ || !finished) return;
  std::set<std::string> ids = before.ids;
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t deleted = 0;
  for (const AppliedWrite& write : world_.elastic.writes()) {
    if (write.operation == "delete") {
      deleted += ids.erase(write.id);
    } else {
      ++(ids.insert(write.id).second ? created : updated);
    }
  }
  compare("creations", counters.created, created, true);
  compare("updates", counters.updated, updated, true);
  compare("deletions", counters.deleted, deleted, true);
}

}  // namespace dbxes
