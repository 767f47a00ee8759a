// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/retry.h"

#include <algorithm>
#include <span>

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

// Deletes those of these documents that the index has.
Result<void> DeleteGone(const std::vector<const report::FailedDocument*>& gone, Target& target,
                        elastic::ActionSink& sink) {
  std::vector<std::string_view> ids;
  for (const report::FailedDocument* one : gone) ids.push_back(one->id);
  if (ids.empty() || target.lookup() == nullptr) return {};
  TRY_ASSIGN(const auto stored,
             WithContext(target.lookup()->Start(ids).Await(), "comparing with the index"));
  for (std::size_t i = 0; i < gone.size(); ++i) {
    if (!stored[i].found) continue;
    elastic::BulkAction action;
    action.kind = elastic::BulkAction::kDelete;
    action.id = gone[i]->id;
    action.path = gone[i]->path;
    action.version = stored[i].version;
    TRY(sink.Add(action));
  }
  return {};
}

// Asks Dropbox what these documents are now and writes that.
Result<void> WriteSome(std::span<const report::FailedDocument> wanted, std::string_view root,
                       Source& source, checkpoint::SyncSequence& sequence, Target& target,
                       Outlet& outlet, EntryStages stages, Progress& progress, bool forced) {
  std::vector<delta::OneEntry> asked;
  for (const report::FailedDocument& one : wanted) {
    asked.push_back(delta::AskEntry(source.client(), one.id));
  }
  RuleJudge* const rules = stages.selection.judge();
  std::vector<delta::Change> changes;
  std::vector<const report::FailedDocument*> gone;
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
    gone.push_back(&wanted[i]);
  }
  TRY(DeleteGone(gone, target, outlet.sink()));
  stages.documents.Draft(changes);
  const std::vector<permissions::Permission>* permissions = nullptr;
  if (stages.permissions != nullptr) {
    TRY(stages.permissions->Resolve(changes));
    permissions = &stages.permissions->permissions();
  }
  return stages.documents.Write(FormatUtc(source.loop().clock().WallMicros()), permissions);
}

}  // namespace

Result<void> WriteFresh(std::span<const report::FailedDocument> wanted, Source& source,
                        Ledger& ledger, Target& target, Outlet& outlet, EntryStages stages,
                        Progress& progress, bool forced) {
  TRY_ASSIGN(const std::string root, source.FindRoot());
  TRY(ledger.Reserve(wanted.size()));
  for (std::size_t begin = 0; begin < wanted.size(); begin += kAskedAtOnce) {
    const std::size_t count = std::min(kAskedAtOnce, wanted.size() - begin);
    TRY(WriteSome(wanted.subspan(begin, count), root, source, ledger.sequence(), target, outlet,
                  stages, progress, forced));
  }
  return outlet.Drain();
}

bool IsReceived(const report::FailedDocument& failure) {
  const bool named = !failure.path.empty() && failure.path.front() != '/';
  return failure.operation == checkpoint::kReadOperation || named;
}

Result<void> RetryFailures(Source& source, Ledger& ledger, Target& target, Outlet& outlet,
                           EntryStages stages, Progress& progress) {
  std::vector<report::FailedDocument> failures;
  // Received files are compared by every run that sees a failed one. Dropbox would say of their ids
  // that they have no place, which is no reason to delete them here.
  std::ranges::remove_copy_if(ledger.failures().earlier(), std::back_inserter(failures),
                              IsReceived);
  if (failures.empty() || !ledger.keeps()) return ledger.failures().Sync();
  progress.reporter().Phase("retrying failed documents");
  return WriteFresh(failures, source, ledger, target, outlet, stages, progress, /*forced=*/false);
}

Result<void> WriteMissing(const std::vector<std::string>& ids, Source& source, Ledger& ledger,
                          Target& target, Outlet& outlet, EntryStages stages, Progress& progress) {
  std::vector<report::FailedDocument> missing;
  for (std::size_t begin = 0; begin < ids.size(); begin += kLookedUpAtOnce) {
    const auto end = std::min(ids.size(), begin + kLookedUpAtOnce);
    const std::vector<std::string_view> some(ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                             ids.begin() + static_cast<std::ptrdiff_t>(end));
    TRY_ASSIGN(const auto stored,
               WithContext(target.lookup()->Start(some).Await(), "comparing with the index"));
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (!stored[i].found) missing.push_back({ids[begin + i], "", "", 0, ""});
    }
  }
  if (missing.empty()) return {};
  return WriteFresh(missing, source, ledger, target, outlet, stages, progress, /*forced=*/false);
}

}  // namespace dbxes::sync
