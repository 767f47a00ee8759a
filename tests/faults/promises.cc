// SPDX-License-Identifier: Apache-2.0
#include "faults/promises.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <sstream>
#include <string_view>
#include <utility>

#include "support/state_text.h"

namespace dbxes {
namespace {

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

Promises::Promises(const FaultFamily& family, SyncWorld& world) : family_(family), world_(world) {}

void Promises::AllowNothing() {
  refused_.clear();
  answers_lost_ = false;
}

void Promises::BeginRun() {
  world_.elastic.ClearBooks();
  moved_ = false;
  live_ = LiveIds();
  earlier_failures_ = FailuresText(world_);
  before_ = {};
  before_.dropbox_requests = DropboxRequests();
  for (const auto& [id, source] : world_.elastic.Documents("docs")) before_.ids.insert(id);
}

void Promises::NoteMove() {
  moved_ = true;
  live_ = Intersection(live_, LiveIds());
}

void Promises::EndRun(const report::RunSummary* summary) {
  clean_ = false;
  CheckDeletions();
  if (summary == nullptr) return;
  CheckExitCode(*summary);
  CheckIndex(*summary);
  CheckCounters(*summary);
  CheckManners();
}

void Promises::Break(std::string promise) {
  if (broken_.empty()) broken_ = std::move(promise);
}

void Promises::CheckManners() {
  for (const std::string& violation : world_.dropbox().Violations()) {
    const bool excused = IsRepetition(violation) || (family_.dropbox && IsExcused(violation));
    if (!excused) Break("bad manners towards Dropbox: " + violation);
  }
}

std::uint64_t Promises::DropboxRequests() {
  const auto& counters = world_.dropbox().books().counters();
  return std::accumulate(counters.begin(), counters.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& row) { return sum + row.second; });
}

std::set<std::string> Promises::LiveIds() {
  std::set<std::string> ids;
  for (const auto& item : world_.tree().Snapshot()) {
    if (!world_.is_excluded(item)) ids.insert(item.id);
  }
  return ids;
}

void Promises::CheckExitCode(const report::RunSummary& summary) {
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
void Promises::CheckIndex(const report::RunSummary& summary) {
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
  clean_ = summary.exit_code == ExitCode::kOk && FailuresText(world_).empty();
}

// Each failure is named once, in the summary (the first few) and in the file, and has a cause.
std::set<std::string> Promises::CheckFailures(const report::RunSummary& summary) {
  for (const report::FailedDocument& failure : summary.failures) {
    const bool of_the_script = refused_.count(failure.id) != 0 || failure.operation == "read" ||
                               (family_.dropbox && IsOfDropbox(failure)) ||
                               (family_.elastic && IsOfElastic(failure));
    if (!of_the_script) Break("failed without a cause: " + failure.id + ": " + failure.reason);
  }
  const std::string file = WithoutRefused(FailuresText(world_));
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
void Promises::CheckDeletions() {
  const std::string failures = earlier_failures_ + FailuresText(world_);
  for (const AppliedWrite& write : world_.elastic.writes()) {
    if (write.operation != "delete") continue;
    const bool failed =
        refused_.count(write.id) != 0 || failures.find(write.id) != std::string::npos;
    if (live_.count(write.id) == 0 || failed) continue;
    Break("deleted although it was in the tree during the whole run: " + write.id);
  }
}

void Promises::CheckCounters(const report::RunSummary& summary) {
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
            DropboxRequests() - before_.dropbox_requests, finished);
  }
  compare("Elasticsearch requests", counters.elasticsearch_requests, world_.elastic.requests(),
          finished);
  if (answers_lost_ || !finished) return;
  std::set<std::string> ids = before_.ids;
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
