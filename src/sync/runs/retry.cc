// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/retry.h"

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
Result<void> Delete(const FailedDocuments& gone, Target& target, elastic::ActionSink& sink) {
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

// Deletes documents that Dropbox no longer has. What a safety stop holds back stays a failure, so
// that the next run tries it again.
Result<void> DeleteGone(const FailedDocuments& gone, Ledger& ledger, Target& target, Outlet& outlet,
                        const config::MaxDelete& max_delete) {
  const bool limited = !max_delete.automatic && !max_delete.unlimited;
  std::uint64_t held = 0;
  if (limited) {
    TRY(LookUp(gone, target, [&](const auto&, const auto& stored) -> Result<void> {
      held += stored.found ? 1 : 0;
      return {};
    }));
  }
  const bool too_many = limited && held + outlet.counters().deleted > max_delete.count;
  const bool stopped = !ledger.pending().empty();
  if (!stopped && (!too_many || held == 0)) return Delete(gone, target, outlet.sink());
  KeepForNextRun(gone, ledger.failures());
  // The dry run names what is held back.
  if (outlet.dry_run()) TRY(Delete(gone, target, outlet.sink()));
  if (stopped) return {};
  return Fail(ErrorKind::kSafetyStop,
              fmt::format("{} documents that failed earlier are no longer in Dropbox; "
                          "sync.max_delete ({}) does not allow their deletion. If it is right, "
                          "run: dbx-es {} --max-delete {}",
                          held, max_delete.count,
                          ledger.checkpoint().full_sync ? "full-sync" : "incremental", held));
}

// Documents to be written as Dropbox has them now, and how that goes.
struct Retries {
  Source& source;
  Ledger& ledger;
  Outlet& outlet;
  EntryStages stages;
  report::Counters& counters;
  bool forced = false;          // writes also what is unchanged
  std::string root = {};        // of the tree that is indexed
  Milliseconds last_answer{0};  // when Dropbox last said something of one of them
  FailedDocuments gone = {};    // those that Dropbox no longer has, or that rules exclude
};

Error UnknownKind(const delta::Entry& entry) {
  Error error{ErrorKind::kInternal, "Dropbox says that it is a \"" + std::string(entry.tag) +
                                        "\", which this version of dbx-es does not know"};
  error.concern = Concern::kDocument;
  return error;
}

// What concerns one document is recorded; an error ends the run.
Result<void> NoteNoAnswer(const report::FailedDocument& wanted, const Error& error,
                          Retries& retries) {
  const dropbox::ListPace pace = retries.source.client().pace();
  const Milliseconds silence = pace.loop.clock().Now() - retries.last_answer;
  const bool away = error.kind == ErrorKind::kTemporary && silence > pace.limits.give_up_after;
  if (away) return Fail(error);
  return FailDocument(wanted, error, retries.ledger.failures());
}

// Whether nothing is at the path where it was, or something else: that it is not found by its id is
// no evidence while it is there.
Result<bool> IsGone(const report::FailedDocument& wanted, Retries& retries) {
  if (wanted.path.empty()) return true;
  dropbox::Client& client = retries.source.client();
  const delta::OneEntry asked = delta::AskEntry(client, wanted.path, client.few_retries());
  const auto answer = retries.source.loop().Await(asked.answer);
  if (answer) return asked.entry().id != wanted.id;
  if (answer.error().concern == Concern::kRun) return Fail(answer.error());
  return answer.error().kind == ErrorKind::kNotFound;
}

void NoteExcluded(const delta::Entry& entry, std::string rule, Retries& retries) {
  ++retries.counters.excluded;
  report::ChangeLog* const changes = retries.outlet.changes();
  if (changes != nullptr) changes->AddExcluded(entry.id, entry.path_display, std::move(rule));
}

// Asks Dropbox what these documents are now and writes that.
Result<void> WriteSome(std::span<const report::FailedDocument> wanted, Retries& retries) {
  Source& source = retries.source;
  std::vector<delta::OneEntry> asked;
  for (const report::FailedDocument& one : wanted) {
    asked.push_back(delta::AskEntry(source.client(), one.id, source.client().few_retries()));
  }
  RuleJudge* const rules = retries.stages.selection.judge();
  std::vector<delta::Change> changes;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto answer = source.loop().Await(asked[i].answer);
    bool found = answer.has_value();
    bool gone = !answer && answer.error().kind == ErrorKind::kNotFound;
    if (gone) {
      TRY_ASSIGN(gone, IsGone(wanted[i], retries));
    }
    if (found && asked[i].entry().kind == delta::EntryKind::kUnknown) {
      found = false;
      answer = Fail(UnknownKind(asked[i].entry()));
    }
    if (!found && !gone) {
      TRY(NoteNoAnswer(wanted[i], answer.error(), retries));
      continue;
    }
    retries.last_answer = source.loop().clock().Now();
    const bool there = found && IsThere(asked[i].entry(), retries.root);
    rules::RuleDecision decision;
    if (there && rules != nullptr) decision = rules->Judge(asked[i].entry());
    const bool excluded = decision.policy == rules::Policy::kExclude;
    if (excluded) NoteExcluded(asked[i].entry(), rules->Describe(decision), retries);
    if (there && !excluded) {
      changes.push_back({&asked[i].entry(), retries.ledger.sequence().Next(), retries.forced});
      continue;
    }
    // Dropbox itself says that it has no place in the tree, or one that rules exclude. The version
    // in the index may be so old that nothing in the change feed mentions its place any more.
    retries.gone.push_back(wanted[i]);
  }
  EntryStages& stages = retries.stages;
  stages.documents.Draft(changes);
  const std::vector<permissions::Permission>* permissions = nullptr;
  if (stages.permissions != nullptr) {
    TRY(stages.permissions->Resolve(changes));
    permissions = &stages.permissions->permissions();
  }
  return stages.documents.Write(FormatUtc(source.loop().clock().WallMicros()), permissions);
}

// Adds those that are gone to `retries.gone`.
Result<void> WriteAll(std::span<const report::FailedDocument> wanted, Retries& retries) {
  if (wanted.empty()) return {};
  TRY_ASSIGN(retries.root, retries.source.FindRoot());
  retries.last_answer = retries.source.loop().clock().Now();
  TRY(retries.ledger.Reserve(wanted.size()));
  for (std::size_t begin = 0; begin < wanted.size(); begin += kAskedAtOnce) {
    const std::size_t count = std::min(kAskedAtOnce, wanted.size() - begin);
    TRY(WriteSome(wanted.subspan(begin, count), retries));
  }
  return retries.outlet.Drain();
}

// Files that were gone when they were downloaded: what is still there has failed, and the next run
// tries it again. What is not, the change feed will report.
Result<void> AskForGone(Source& source, Ledger& ledger, report::Counters& counters) {
  checkpoint::FailuresFile& failures = ledger.failures();
  for (const report::FailedDocument& gone : failures.TakeDoubtful()) {
    if (!failures.HasFailed(gone.id)) continue;  // it was asked for already
    const delta::OneEntry asked =
        delta::AskEntry(source.client(), gone.id, source.client().few_retries());
    const auto answer = source.loop().Await(asked.answer);
    if (!answer && answer.error().concern == Concern::kRun) return Fail(answer.error());
    if (answer || answer.error().kind != ErrorKind::kNotFound) {
      --counters.content_gone;
      ++counters.content_failed;
      continue;
    }
    failures.Withdraw(gone.id);
  }
  return {};
}

// Those of earlier runs that are tried now. The others are kept as they are.
std::vector<report::FailedDocument> ChooseFailures(checkpoint::FailuresFile& failures, bool all) {
  std::vector<report::FailedDocument> chosen;
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

Result<void> FailDocument(report::FailedDocument document, const Error& error,
                          checkpoint::FailuresFile& failures) {
  if (error.concern == Concern::kRun) return Fail(error);
  document.status = error.http_status;
  document.reason = error.ToLine();
  failures.Add(std::move(document));
  return {};
}

Result<void> WriteFresh(std::span<const report::FailedDocument> wanted, Source& source,
                        Ledger& ledger, Target& target, Outlet& outlet, EntryStages stages,
                        Progress& progress, bool forced) {
  Retries retries{source, ledger, outlet, stages, progress.counters(), forced};
  TRY(WriteAll(wanted, retries));
  TRY(Delete(retries.gone, target, outlet.sink()));
  return AskForGone(source, ledger, progress.counters());
}

Result<void> RewriteChanged(std::span<const report::FailedDocument> changed, Source& source,
                            Ledger& ledger, Target& target, Outlet& outlet, EntryStages stages,
                            Progress& progress) {
  // What is as it should be is not written again: another program may add fields of its own.
  Retries retries{source, ledger, outlet, stages, progress.counters()};
  TRY(WriteAll(changed, retries));
  TRY(AskForGone(source, ledger, progress.counters()));
  // What a safety stop holds back is gone, too.
  if (retries.gone.empty() || !ledger.pending().empty()) return {};
  return Fail(ErrorKind::kIndexReplaced,
              fmt::format("somebody else has added documents to the index {}, for example {}",
                          target.index(), retries.gone.front().id));
}

bool IsReceived(const report::FailedDocument& failure) {
  const bool named = !failure.path.empty() && failure.path.front() != '/';
  return failure.operation == checkpoint::kReadOperation || named;
}

Result<void> RetryFailures(Source& source, Ledger& ledger, Target& target, Outlet& outlet,
                           EntryStages stages, const config::MaxDelete& max_delete,
                           Progress& progress, Retry which) {
  Result<void> deleted;
  if (ledger.keeps()) {
    const auto failures = ChooseFailures(ledger.failures(), which == Retry::kAll);
    if (!failures.empty()) progress.reporter().Phase("retrying failed documents");
    // While a safety stop holds deletions back, an unchanged document has to be written all the
    // same: the deletion of what was at its path before may be among them.
    const bool forced = !ledger.pending().empty();
    Retries retries{source, ledger, outlet, stages, progress.counters(), forced};
    TRY(WriteAll(failures, retries));
    deleted = DeleteGone(retries.gone, ledger, target, outlet, max_delete);
    if (!DoneOrStopped(deleted)) return deleted;
    for (const report::FailedDocument& one : retries.gone) ledger.failures().NoteGone(one.id);
  }
  TRY(AskForGone(source, ledger, progress.counters()));
  TRY(ledger.failures().Sync());
  return deleted;
}

void KeepReceivedFailures(checkpoint::FailuresFile& failures) {
  for (const checkpoint::FailureRecord& record : failures.earlier()) {
    if (IsReceived(record.failure)) failures.Keep(record);
  }
}

Result<void> WriteMissing(const std::vector<std::string>& ids, Source& source, Ledger& ledger,
                          Target& target, Outlet& outlet, EntryStages stages, Progress& progress) {
  FailedDocuments wanted;
  for (const std::string& id : ids) wanted.push_back({id, "", "index", 0, ""});
  FailedDocuments missing;
  TRY(LookUp(wanted, target, [&](const auto& one, const auto& stored) -> Result<void> {
    if (!stored.found) missing.push_back(one);
    return {};
  }));
  // Of those that are gone by now there is nothing to delete.
  Retries retries{source, ledger, outlet, stages, progress.counters()};
  TRY(WriteAll(missing, retries));
  return AskForGone(source, ledger, progress.counters());
}

}  // namespace dbxes::sync
