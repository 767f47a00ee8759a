// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/document_stage.h"

#include <utility>

#include "base/hash.h"

namespace dbxes::sync {

DocumentStage::DocumentStage(DocumentWriter& writer, elastic::MultiGet* lookup, bool force)
    : writer_(writer), lookup_(lookup), force_(force) {}

DocumentStage::Planned DocumentStage::Plan(const delta::Change& change) {
  const delta::Entry& entry = *change.entry;
  Outlet& outlet = writer_.outlet();
  // Without lookups and downloads nothing can be crossed.
  const bool crossed =
      (lookup_ != nullptr || outlet.content() != nullptr) && outlet.TouchedRecently(entry.id);
  Planned planned;
  Candidate& candidate = planned.candidate;
  candidate.draft = writer_.builder().Build(entry);
  candidate.content = writer_.planner().Plan(entry);
  candidate.seq = change.seq;
  candidate.listed_hash = !entry.content_hash.empty();
  candidate.forced = force_ || change.forced || crossed;
  candidate.refetched = force_;
  candidate.crossed = crossed;
  if (snapshot_ != nullptr && !candidate.forced) {
    const std::uint64_t body = candidate.content.fetch ? candidate.content.fingerprint : 0;
    planned.held = snapshot_->Take(entry.id, candidate.draft.fingerprint, body);
  }
  return planned;
}

void DocumentStage::Draft(const std::vector<delta::Change>& changes) {
  writer_.builder().Clear();
  planned_.clear();
  ids_.clear();
  changes_ = &changes;
  if (!Compares()) return;
  for (const delta::Change& change : changes) {
    planned_.push_back(Plan(change));
    if (!planned_.back().held) ids_.push_back(change.entry->id);
  }
  if (lookup_ != nullptr) under_way_.emplace(lookup_->Start(ids_));
}

Result<void> DocumentStage::WriteAllAsNew(std::string_view now,
                                          const std::vector<permissions::Permission>* permissions) {
  for (std::size_t i = 0; i < changes_->size(); ++i) {
    writer_.builder().Clear();
    const permissions::Permission* permission =
        permissions != nullptr ? &(*permissions)[i] : nullptr;
    TRY(writer_.Write(Plan((*changes_)[i]).candidate, nullptr, permission, now));
  }
  return {};
}

Result<void> DocumentStage::Write(std::string_view now,
                                  const std::vector<permissions::Permission>* permissions) {
  if (!Compares()) return WriteAllAsNew(now, permissions);
  std::optional<elastic::StoredDocuments> stored;
  if (under_way_) {
    auto page = *std::exchange(under_way_, std::nullopt);
    TRY_ASSIGN(stored, WithContext(page.Await(), "comparing with the index"));
  }
  std::size_t looked_up = 0;
  for (std::size_t i = 0; i < planned_.size(); ++i) {
    const Planned& planned = planned_[i];
    const permissions::Permission* permission =
        permissions != nullptr ? &(*permissions)[i] : nullptr;
    if (planned.held) {
      TRY(WriteKnown(planned, permission));
      continue;
    }
    const elastic::StoredDocument* found = stored ? &(*stored)[looked_up++] : nullptr;
    if (found != nullptr && !found->found) found = nullptr;
    if (found != nullptr && snapshot_ != nullptr) {
      snapshot_->Account(planned.candidate.draft.id, *found);
    }
    TRY(writer_.Write(planned.candidate, found, permission, now));
  }
  return {};
}

// As it should be, except perhaps for its list of readers.
Result<void> DocumentStage::WriteKnown(const Planned& planned,
                                       const permissions::Permission* permission) {
  const Candidate& candidate = planned.candidate;
  const std::string list = *planned.held != 0 ? ToHex64(*planned.held) : "";
  elastic::StoredDocument stored;
  stored.shared_folder_id = candidate.draft.shared_folder_id;
  stored.path_lower = candidate.draft.path;
  stored.permissions_fingerprint = list;
  CountBody(candidate.content, BodyDecision::kKeep, writer_.counters());
  return writer_.WriteAccess(candidate.draft,
                             DecideAccess(permission, &stored, candidate.place(), false));
}

}  // namespace dbxes::sync
