// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/retry.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>

#include "base/batches.h"
#include "base/tree_path.h"
#include "delta/one_entry.h"

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
  for (const report::FailedDocument& one : gone) ledger.failures().Add(one);
  if (stopped) return {};
  return Fail(ErrorKind::kSafetyStop,
              fmt::format("{} documents that failed earlier are no longer in Dropbox; "
                          "sync.max_delete ({}) does not allow their deletion. If it is right, "
                          "run: dbx-es {} --max-delete {}",
                          held, max_delete.count,
                          ledger.checkpoint().full_sync ? "full-sync" : "incremental", held));
}

// Asks Dropbox what these documents are now and writes that. Those that are gone are added to
// `gone`.
Result<void> WriteSome(std::span<const report::FailedDocument> wanted, std::string_view root,
                       Source& source, checkpoint::SyncSequence& sequence, EntryStages stages,
                       Progress& progress, bool forced, FailedDocuments& gone) {
  std::vector<delta::OneEntry> asked;
  for (const report::FailedDocument& one : wanted) {
    asked.push_back(delta::AskEntry(source.client(), one.id));
  }
  RuleJudge* const rules = stages.selection.judge();
  std::vector<delta::Change> changes;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto answer = source.loop().Await(asked[i].answer);
    const bool found = answer || answer.error().kind != ErrorKind::kNotFound;
    if (!answer && found) return Fail(answer.error());
    const bool there = found && IsThere(asked[i].entry(), root);
    const bool excluded = there && rules != nullptr && rules->Excludes(asked[i].entry());
    if (excluded) ++progress.counters().excluded;
    if (there && !excluded) {
      changes.push_back({&asked[i].entry(), sequence.Next(), forced});
      continue;
    }
    // Dropbox itself says that it has no place in the tree, or one that rules exclude. The version
    // in the index may be so old that nothing in the change feed mentions its place any more.
    gone.push_back(wanted[i]);
  }
  stages.documents.Draft(changes);
  const std::vector<permissions::Permission>* permissions = nullptr;
  if (stages.permissions != nullptr) {
    TRY(stages.permissions->Resolve(changes));
    permissions = &stages.permissions->permissions();
  }
  return stages.documents.Write(FormatUtc(source.loop().clock().WallMicros()), permissions);
}

// Returns those that are gone. `forced`: writes also what is unchanged.
Result<FailedDocuments> WriteAll(std::span<const report::FailedDocument> wanted, Source& source,
                                 Ledger& ledger, Outlet& outlet, EntryStages stages,
                                 Progress& progress, bool forced) {
  TRY_ASSIGN(const std::string root, source.FindRoot());
  TRY(ledger.Reserve(wanted.size()));
  FailedDocuments gone;
  for (std::size_t begin = 0; begin < wanted.size(); begin += kAskedAtOnce) {
    const std::size_t count = std::min(kAskedAtOnce, wanted.size() - begin);
    TRY(WriteSome(wanted.subspan(begin, count), root, source, ledger.sequence(), stages, progress,
                  forced, gone));
  }
  TRY(outlet.Drain());
  return gone;
}

}  // namespace

Result<void> WriteFresh(std::span<const report::FailedDocument> wanted, Source& source,
                        Ledger& ledger, Target& target, Outlet& outlet, EntryStages stages,
                        Progress& progress, bool forced) {
  TRY_ASSIGN(const FailedDocuments gone,
             WriteAll(wanted, source, ledger, outlet, stages, progress, forced));
  return Delete(gone, target, outlet.sink());
}

bool IsReceived(const report::FailedDocument& failure) {
  const bool named = !failure.path.empty() && failure.path.front() != '/';
  return failure.operation == checkpoint::kReadOperation || named;
}

Result<void> RetryFailures(Source& source, Ledger& ledger, Target& target, Outlet& outlet,
                           EntryStages stages, const config::MaxDelete& max_delete,
                           Progress& progress) {
  FailedDocuments failures;
  // Received files are compared by every run that sees a failed one. Dropbox would say of their ids
  // that they have no place, which is no reason to delete them here.
  std::ranges::remove_copy_if(ledger.failures().earlier(), std::back_inserter(failures),
                              IsReceived);
  if (failures.empty() || !ledger.keeps()) return ledger.failures().Sync();
  progress.reporter().Phase("retrying failed documents");
  // While a safety stop holds deletions back, an unchanged document has to be written all the same:
  // the deletion of what was at its path before may be among them.
  const bool forced = !ledger.pending().empty();
  TRY_ASSIGN(const FailedDocuments gone,
             WriteAll(failures, source, ledger, outlet, stages, progress, forced));
  return DeleteGone(gone, ledger, target, outlet, max_delete);
}

Result<void> WriteMissing(const std::vector<std::string>& ids, Source& source, Ledger& ledger,
                          Target& target, Outlet& outlet, EntryStages stages, Progress& progress) {
  FailedDocuments wanted;
  for (const std::string& id : ids) wanted.push_back({id, "", "", 0, ""});
  FailedDocuments missing;
  TRY(LookUp(wanted, target, [&](const auto& one, const auto& stored) -> Result<void> {
    if (!stored.found) missing.push_back(one);
    return {};
  }));
  if (missing.empty()) return {};
  // Of those that are gone by now there is nothing to delete.
  TRY(WriteAll(missing, source, ledger, outlet, stages, progress, /*forced=*/false));
  return {};
}

}  // namespace dbxes::sync
