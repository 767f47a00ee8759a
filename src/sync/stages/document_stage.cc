// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/document_stage.h"

#include <utility>

#include "base/hash.h"
#include "sync/stages/changed_documents.h"

namespace dbxes::sync {

DocumentStage::DocumentStage(DocumentWriter& writer, elastic::MultiGet* lookup, bool force)
    : writer_(writer), lookup_(lookup), again_(lookup), force_(force) {}

DocumentStage::Planned DocumentStage::Plan(const delta::Change& change) {
  const delta::Entry& entry = *change.entry;
  Outlet& outlet = writer_.outlet();
  Planned planned;
  // Without lookups and downloads nothing can be crossed.
  planned.crossed =
      (lookup_ != nullptr || outlet.content() != nullptr) && outlet.TouchedRecently(entry.id);
  Candidate& candidate = planned.candidate;
  candidate.draft = writer_.builder().Build(entry);
  candidate.content = writer_.planner().Plan(entry);
  candidate.seq = change.seq;
  candidate.listed_hash = !entry.content_hash.empty();
  candidate.forced = force_ || rewrite_ || change.forced;
  candidate.refetched = force_;
  if (snapshot_ != nullptr && !candidate.forced && !planned.crossed) {
    const std::uint64_t body = candidate.content.fingerprint;
    planned.held = snapshot_->Take(entry.id, candidate.draft.fingerprint, body);
    planned.textless = body == 0;
    // Its text is as it was, or there is none and nothing to read it with.
    if (!planned.held && !candidate.content.fetch && body != 0) {
      planned.held = snapshot_->Take(entry.id, candidate.draft.fingerprint, 0);
      planned.textless = true;
    }
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
    const Planned& planned = planned_.back();
    if (!planned.held && !planned.crossed) ids_.push_back(change.entry->id);
  }
  if (lookup_ != nullptr) under_way_.emplace(lookup_->Start(ids_));
}

Result<void> DocumentStage::WriteAllAsNew(std::string_view now,
                                          const std::vector<permissions::Permission>* permissions) {
  for (std::size_t i = 0; i < changes_->size(); ++i) {
    writer_.builder().Clear();
    const permissions::Permission* permission =
        permissions != nullptr ? &(*permissions)[i] : nullptr;
    Planned planned = Plan((*changes_)[i]);
    if (planned.crossed) {
      TRY(WriteAgain({{&planned, permission}}, now));
    } else {
      TRY(writer_.Write(planned.candidate, nullptr, permission, now));
    }
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
  if (stored) {
    std::vector<Planned*> documents;
    for (Planned& planned : planned_) {
      if (!planned.held && !planned.crossed) documents.push_back(&planned);
    }
    TRY(Verify(documents, *lookup_, *stored));
  }
  std::vector<Again> again;
  std::size_t looked_up = 0;
  for (std::size_t i = 0; i < planned_.size(); ++i) {
    Planned& planned = planned_[i];
    const permissions::Permission* permission =
        permissions != nullptr ? &(*permissions)[i] : nullptr;
    if (planned.crossed || planned.held) {
      const bool known = !planned.crossed && CountKnown(planned, permission);
      if (!known) again.push_back({&planned, permission});
      continue;
    }
    TRY(WriteOne(planned, stored ? &(*stored)[looked_up++] : nullptr, permission, now));
  }
  return again.empty() ? Result<void>() : WriteAgain(again, now);
}

Result<void> DocumentStage::Verify(const std::vector<Planned*>& documents,
                                   elastic::MultiGet& lookup, elastic::StoredDocuments& stored) {
  std::vector<DoubtfulDocument> doubtful;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const Candidate& candidate = documents[i]->candidate;
    if (snapshot_ != nullptr && stored[i].found) snapshot_->Account(candidate.draft.id, stored[i]);
    const bool changed = stored[i].found && !stored[i].version.is_ours;
    if (changed) doubtful.push_back({candidate.draft, stored[i]});
  }
  return VerifyDocuments(lookup, writer_.builder(), doubtful);
}

Result<void> DocumentStage::WriteOne(Planned& planned, const elastic::StoredDocument* found,
                                     const permissions::Permission* permission,
                                     std::string_view now) {
  if (found != nullptr && !found->found) found = nullptr;
  return writer_.Write(planned.candidate, found, permission, now);
}

// As it should be, except perhaps for its list of readers.
bool DocumentStage::CountKnown(const Planned& planned, const permissions::Permission* permission) {
  const Candidate& candidate = planned.candidate;
  const std::string list = *planned.held != 0 ? ToHex64(*planned.held) : "";
  elastic::StoredDocument stored;
  stored.version.is_ours = true;
  stored.list_is_ours = true;
  stored.shared_folder_id = candidate.draft.shared_folder_id;
  stored.path_lower = candidate.draft.path;
  stored.permissions_fingerprint = list;
  if (DecideAccess(permission, &stored, candidate.place(), false).Changes()) return false;
  CountBody(candidate.content, BodyDecision::kKeep, writer_.counters());
  if (planned.textless) writer_.NoteTextless(candidate);
  writer_.CountUnchanged();
  return true;
}

Result<void> DocumentStage::WriteAgain(const std::vector<Again>& documents, std::string_view now) {
  std::vector<std::string_view> ids;
  for (const Again& again : documents) {
    ids.push_back(again.planned->candidate.draft.id);
    if (again.planned->crossed) TRY(writer_.outlet().AwaitId(ids.back()));
  }
  std::optional<elastic::StoredDocuments> stored;
  if (again_ != nullptr) {
    TRY_ASSIGN(stored, WithContext(again_->Start(ids).Await(), "comparing with the index"));
    std::vector<Planned*> planned;
    for (const Again& again : documents) planned.push_back(again.planned);
    TRY(Verify(planned, *again_, *stored));
  }
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const Again& again = documents[i];
    // Nothing can be looked up in a file: what comes last in it has to have its text.
    if (!stored) again.planned->candidate.refetched = true;
    TRY(WriteOne(*again.planned, stored ? &(*stored)[i] : nullptr, again.permission, now));
  }
  return {};
}

}  // namespace dbxes::sync
