// SPDX-License-Identifier: Apache-2.0
// Tries again what earlier runs could not write: what the documents are now is asked of Dropbox, by
// id, since the change feed has moved past them.
#include <fmt/format.h>

#include <vector>

#include "base/tree_path.h"
#include "delta/one_entry.h"
#include "sync/stages/received_stage.h"
#include "sync/sync_run.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kAtOnce = 16;

bool IsThere(const delta::Entry& entry, std::string_view root) {
  const bool known =
      entry.kind == delta::EntryKind::kFile || entry.kind == delta::EntryKind::kFolder;
  return known && !entry.path_lower.empty() && LiesIn(entry.path_lower, root);
}

Result<void> Delete(const report::FailedDocument& failure, elastic::ActionSink& sink) {
  elastic::BulkAction action;
  action.kind = elastic::BulkAction::kDelete;
  action.id = failure.id;
  action.path = failure.path;
  return sink.Add(action);
}

}  // namespace

Result<std::string> SyncRun::FindRoot() {
  if (config_.dropbox.path.empty()) return "";
  delta::OneEntry folder = delta::AskEntry(dropbox_, config_.dropbox.path);
  TRY(loop_.Await(folder.answer));
  return std::string(folder.entry().path_lower);
}

Result<void> SyncRun::RetryFailures(Pass& pass) {
  std::vector<const report::FailedDocument*> failures;
  for (const report::FailedDocument& failure : failures_.earlier()) {
    // Received files are compared by every run that sees a failed one. Dropbox would say of their
    // ids that they have no place, which is no reason to delete them here.
    if (!IsReceived(failure)) failures.push_back(&failure);
  }
  if (failures.empty() || !KeepsState()) return failures_.Sync();
  reporter_.Phase("retrying failed documents");
  TRY_ASSIGN(auto root, FindRoot());
  TRY(pass.checkpointer.Reserve(failures.size()));
  DocumentStage documents = MakeDocumentStage(pass);
  for (std::size_t begin = 0; begin < failures.size(); begin += kAtOnce) {
    const std::size_t end = std::min(failures.size(), begin + kAtOnce);
    TRY(RetrySome({failures.begin() + static_cast<std::ptrdiff_t>(begin),
                   failures.begin() + static_cast<std::ptrdiff_t>(end)},
                  root, pass, documents));
  }
  return sink_->Drain();
}

Result<void> SyncRun::RetrySome(const std::vector<const report::FailedDocument*>& failures,
                                std::string_view root, Pass& pass, DocumentStage& documents) {
  std::vector<delta::OneEntry> asked;
  for (const report::FailedDocument* failure : failures)
    asked.push_back(delta::AskEntry(dropbox_, failure->id));
  std::vector<delta::Change> changes;
  for (std::size_t i = 0; i < failures.size(); ++i) {
    auto answer = loop_.Await(asked[i].answer);
    const bool found = answer || answer.error().kind != ErrorKind::kNotFound;
    if (!answer && found) return Fail(answer.error());
    const bool there = found && IsThere(asked[i].entry(), root);
    const bool excluded = there && pass.rules && pass.rules->Excludes(asked[i].entry());
    if (excluded) ++counters_.excluded;
    if (there && !excluded) {
      changes.push_back({&asked[i].entry(), sequence_->Next(), false});
    } else if (auto deleted = Delete(*failures[i], *sink_); !deleted) {
      // Dropbox itself says that it has no place in the tree, or one that rules exclude. The
      // version in the index may be so old that nothing in the change feed tells of its place any
      // more.
      return deleted;
    }
  }
  documents.Draft(changes);
  const std::vector<permissions::Permission>* permissions = nullptr;
  if (PermissionStage* stage = permission_stage()) {
    TRY(stage->Resolve(changes));
    permissions = &stage->permissions();
  }
  return documents.Write(FormatUtc(environment_.clock.WallMicros()), permissions);
}

}  // namespace dbxes::sync
