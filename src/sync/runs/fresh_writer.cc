// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/fresh_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "base/batches.h"
#include "base/tree_path.h"
#include "delta/one_entry.h"
#include "sync/deletion/safety.h"
#include "sync/runs/failed_documents.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kAskedAtOnce = 16;
constexpr std::size_t kLookedUpAtOnce = 1000;

bool IsThere(const delta::Entry& entry, std::string_view root) {
  const bool known =
      entry.kind == delta::EntryKind::kFile || entry.kind == delta::EntryKind::kFolder;
  return known && !entry.path_lower.empty() && LiesIn(entry.path_lower, root);
}

using FailedDocuments = std::vector<report::FailedDocument>;

// Calls `visit` with each document and what the index has of it.
Result<void> LookUp(std::span<const report::FailedDocument> documents, Target& target,
                    const std::function<Result<void>(const report::FailedDocument&,
                                                     const elastic::StoredDocument&)>& visit) {
  if (target.lookup() == nullptr) return {};
  for (const auto some : InBatches(documents, kLookedUpAtOnce)) {
    std::vector<std::string_view> ids;
    for (const report::FailedDocument& one : some) ids.push_back(one.id);
    TRY_ASSIGN(const auto stored,
               WithContext(target.lookup()->Start(ids).Await(), "comparing with the index"));
    for (std::size_t i = 0; i < ids.size(); ++i) TRY(visit(some[i], stored[i]));
  }
  return {};
}

// Deletes those of these documents that the index has.
Result<void> Delete(const FailedDocuments& gone, Target& target) {
  elastic::ActionSink& sink = target.outlet().sink();
  const auto erase = [&](const report::FailedDocument& one,
                         const elastic::StoredDocument& stored) -> Result<void> {
    if (!stored.found) return {};
    elastic::BulkAction action;
    action.kind = elastic::BulkAction::kDelete;
    action.id = one.id;
    action.path = one.path;
    action.version = stored.version;
    return sink.Add(action);
  };
  TRY(LookUp(gone, target, erase));
  return sink.Drain();
}

// They were tried, and only the administrator keeps them from being deleted: they need not wait.
void KeepForNextRun(const FailedDocuments& gone, checkpoint::FailuresFile& failures) {
  std::set<std::string_view> ids;
  for (const report::FailedDocument& one : gone) ids.insert(one.id);
  for (checkpoint::FailureRecord record : failures.earlier()) {
    if (!ids.contains(record.failure.id)) continue;
    record.next.clear();
    failures.Keep(record);
  }
}

Error UnknownKind(const delta::Entry& entry) {
  Error error{ErrorKind::kInternal, "Dropbox says that it is a \"" + std::string(entry.tag) +
                                        "\", which this version of dbx-es does not know"};
  error.concern = Concern::kDocument;
  return error;
}

// Those of earlier runs that are tried now. The others are kept as they are.
FailedDocuments ChooseFailures(checkpoint::FailuresFile& failures, bool all) {
  FailedDocuments chosen;
  for (const checkpoint::FailureRecord& record : failures.earlier()) {
    // Received files are compared by every run that sees a failed one. Dropbox would say of their
    // ids that they have no place, which is no reason to delete them here. What this run has tried
    // and failed with has had its turn.
    if (IsReceived(record.failure) || failures.HasFailed(record.failure.id)) continue;
    if (failures.IsGone(record.failure.id)) continue;
    if (all || failures.IsDue(record)) {
      chosen.push_back(record.failure);
    } else {
      failures.Keep(record);
    }
  }
  return chosen;
}

}  // namespace

FreshWriter::FreshWriter(Source& source, Ledger& ledger, Target& target, EntryStages& stages,
                         Progress& progress)
    : source_(source), ledger_(ledger), target_(target), stages_(stages), progress_(progress) {}

Result<void> FreshWriter::Write(std::span<const report::FailedDocument> wanted) {
  Attempt attempt{.forced = true};
  TRY(WriteAll(wanted, attempt));
  TRY(Delete(attempt.gone, target_));
  return AskForGone();
}

Result<void> FreshWriter::RewriteChanged(std::span<const report::FailedDocument> changed) {
  // What is as it should be is not written again: another program may add fields of its own.
  Attempt attempt;
  TRY(WriteAll(changed, attempt));
  TRY(AskForGone());
  // What a safety stop holds back is gone, too.
  if (attempt.gone.empty() || !ledger_.pending().empty()) return {};
  return Fail(ErrorKind::kIndexReplaced,
              fmt::format("somebody else has added documents to the index {}, for example {}",
                          target_.index(), attempt.gone.front().id));
}

Result<void> FreshWriter::WriteMissing(const std::vector<std::string>& ids) {
  FailedDocuments wanted;
  for (const std::string& id : ids) wanted.push_back({id, "", "index", 0, ""});
  FailedDocuments missing;
  TRY(LookUp(wanted, target_, [&](const auto& one, const auto& stored) -> Result<void> {
    if (!stored.found) missing.push_back(one);
    return {};
  }));
  // Of those that are gone by now there is nothing to delete.
  Attempt attempt;
  TRY(WriteAll(missing, attempt));
  return AskForGone();
}

Result<void> FreshWriter::RetryFailures(Retry which) {
  Result<void> deleted;
  if (ledger_.keeps()) {
    const auto failures = ChooseFailures(ledger_.failures(), which == Retry::kAll);
    if (!failures.empty()) progress_.reporter().Phase("retrying failed documents");
    // While a safety stop holds deletions back, an unchanged document has to be written all the
    // same: the deletion of what was at its path before may be among them.
    Attempt attempt{.forced = !ledger_.pending().empty()};
    TRY(WriteAll(failures, attempt));
    deleted = DeleteWithinLimit(attempt.gone);
    if (!DoneOrStopped(deleted)) return deleted;
    for (const report::FailedDocument& one : attempt.gone) ledger_.failures().NoteGone(one.id);
  }
  TRY(AskForGone());
  TRY(ledger_.failures().Sync());
  return deleted;
}

// Adds those that are gone to `attempt.gone`.
Result<void> FreshWriter::WriteAll(std::span<const report::FailedDocument> wanted,
                                   Attempt& attempt) {
  if (wanted.empty()) return {};
  TRY_ASSIGN(attempt.root, source_.FindRoot());
  attempt.last_answer = source_.loop().clock().Now();
  TRY(ledger_.Reserve(wanted.size()));
  for (const auto some : InBatches(wanted, kAskedAtOnce)) TRY(WriteSome(some, attempt));
  return stages_.outlet().Drain();
}

// Asks Dropbox what these documents are now and writes that.
Result<void> FreshWriter::WriteSome(std::span<const report::FailedDocument> wanted,
                                    Attempt& attempt) {
  std::vector<delta::OneEntry> asked;
  for (const report::FailedDocument& one : wanted) {
    asked.push_back(delta::AskEntry(source_.client(), one.id, source_.client().few_retries()));
  }
  std::vector<delta::Change> changes;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto answer = source_.loop().Await(asked[i].answer);
    bool gone = !answer && answer.error().kind == ErrorKind::kNotFound;
    if (gone) {
      TRY_ASSIGN(gone, IsGone(wanted[i]));
    }
    if (answer && asked[i].entry().kind == delta::EntryKind::kUnknown) {
      answer = Fail(UnknownKind(asked[i].entry()));
    }
    if (!answer && !gone) {
      TRY(NoteNoAnswer(wanted[i], answer.error(), attempt));
      continue;
    }
    attempt.last_answer = source_.loop().clock().Now();
    if (answer && IsWanted(asked[i].entry(), attempt.root)) {
      changes.push_back({&asked[i].entry(), ledger_.sequence().Next(), attempt.forced});
      continue;
    }
    // Dropbox itself says that it has no place in the tree, or one that rules exclude. The version
    // in the index may be so old that nothing in the change feed mentions its place any more.
    attempt.gone.push_back(wanted[i]);
  }
  stages_.documents().Draft(changes);
  PermissionStage* const readers = stages_.permissions();
  if (readers != nullptr) TRY(readers->Resolve(changes));
  return stages_.documents().Write(FormatUtc(source_.loop().clock().WallMicros()),
                                   readers != nullptr ? &readers->permissions() : nullptr);
}

// Whether it is in the tree and the rules let it in. What they exclude is counted and listed.
bool FreshWriter::IsWanted(const delta::Entry& entry, const std::string& root) {
  if (!IsThere(entry, root)) return false;
  RuleJudge* const rules = stages_.selection().judge();
  if (rules == nullptr) return true;
  const rules::RuleDecision decision = rules->Judge(entry);
  if (decision.policy != rules::Policy::kExclude) return true;
  if (decision.IsOutside()) return false;
  ++progress_.counters().excluded;
  report::ChangeLog* const changes = stages_.outlet().changes();
  if (changes != nullptr) {
    changes->AddExcluded(entry.id, entry.path_display, rules->Describe(decision));
  }
  return false;
}

// Whether nothing is at the path where it was, or something else: that it is not found by its id is
// no evidence while it is there.
Result<bool> FreshWriter::IsGone(const report::FailedDocument& wanted) {
  if (wanted.path.empty()) return true;
  dropbox::Client& client = source_.client();
  const delta::OneEntry asked = delta::AskEntry(client, wanted.path, client.few_retries());
  const auto answer = source_.loop().Await(asked.answer);
  if (answer) return asked.entry().id != wanted.id;
  if (answer.error().concern == Concern::kRun) return Fail(answer.error());
  return answer.error().kind == ErrorKind::kNotFound;
}

// What concerns one document is recorded; an error ends the run.
Result<void> FreshWriter::NoteNoAnswer(const report::FailedDocument& wanted, const Error& error,
                                       const Attempt& attempt) {
  const dropbox::ListPace pace = source_.client().pace();
  const Milliseconds silence = pace.loop.clock().Now() - attempt.last_answer;
  const bool away = error.kind == ErrorKind::kTemporary && silence > pace.limits.give_up_after;
  if (away) return Fail(error);
  return FailDocument(wanted, error, ledger_.failures());
}

// Files that were gone when they were downloaded: what is still there has failed, and the next run
// tries it again. What is not, the change feed will report.
Result<void> FreshWriter::AskForGone() {
  checkpoint::FailuresFile& failures = ledger_.failures();
  for (const report::FailedDocument& gone : failures.TakeDoubtful()) {
    if (!failures.HasFailed(gone.id)) continue;  // it was asked for already
    const delta::OneEntry asked =
        delta::AskEntry(source_.client(), gone.id, source_.client().few_retries());
    const auto answer = source_.loop().Await(asked.answer);
    if (!answer && answer.error().concern == Concern::kRun) return Fail(answer.error());
    if (answer || answer.error().kind != ErrorKind::kNotFound) {
      --progress_.counters().content_gone;
      ++progress_.counters().content_failed;
      continue;
    }
    failures.Withdraw(gone.id);
  }
  return {};
}

// Deletes documents that Dropbox no longer has. What a safety stop holds back stays a failure, so
// that the next run tries it again.
Result<void> FreshWriter::DeleteWithinLimit(const FailedDocuments& gone) {
  const config::MaxDelete& max_delete = target_.max_delete();
  const Outlet& outlet = stages_.outlet();
  const bool limited = !max_delete.automatic && !max_delete.unlimited;
  std::uint64_t held = 0;
  if (limited) {
    TRY(LookUp(gone, target_, [&](const auto&, const auto& stored) -> Result<void> {
      held += stored.found ? 1 : 0;
      return {};
    }));
  }
  const bool too_many = limited && held + outlet.counters().deleted > max_delete.count;
  const bool stopped = !ledger_.pending().empty();
  if (!stopped && (!too_many || held == 0)) return Delete(gone, target_);
  KeepForNextRun(gone, ledger_.failures());
  // The dry run names what is held back.
  if (outlet.dry_run()) TRY(Delete(gone, target_));
  if (stopped) return {};
  return Fail(ErrorKind::kSafetyStop,
              fmt::format("{} documents that failed earlier are no longer in Dropbox; "
                          "sync.max_delete ({}) does not allow their deletion. If it is right, "
                          "run: dbx-es {} --max-delete {}",
                          held, max_delete.count,
                          ledger_.checkpoint().full_sync ? "full-sync" : "incremental", held));
}

}  // namespace dbxes::sync
