// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/document_stage.h"

#include <utility>

#include "base/hash.h"
#include "documents/body.h"
#include "sync/stages/access_decision.h"

namespace dbxes::sync {
namespace {

// When the document was `crossed` by a write, what it has now is unknown: it may have everything.
documents::StoredFields FieldsOf(const elastic::StoredDocument& stored, bool crossed) {
  documents::StoredFields fields;
  fields.timestamp = stored.timestamp;
  if (crossed) {
    fields.has = {true, true, true, true};
    return fields;
  }
  fields.has.content_hash = !stored.content_hash.empty();
  fields.has.extension = !stored.extension.empty();
  fields.has.mime_type = !stored.mime_type.empty();
  fields.has.shared_folder_id = !stored.shared_folder_id.empty();
  return fields;
}

DocumentPlace PlaceOf(const documents::Draft& draft) {
  return {draft.shared_folder_id, draft.path};
}

}  // namespace

DocumentStage::DocumentStage(documents::DocumentBuilder& builder,
                             const content::ContentPlanner& planner, elastic::MultiGet* stored,
                             elastic::ActionSink& sink, ContentStage* content,
                             report::Counters& counters, bool force, std::size_t max_unacknowledged)
    : builder_(builder),
      planner_(planner),
      stored_(stored),
      sink_(sink),
      content_(content),
      counters_(counters),
      force_(force),
      max_unacknowledged_(max_unacknowledged) {}

bool DocumentStage::WrittenLately(std::string_view id) const {
  if (content_ != nullptr && content_->TouchedLately(id)) return true;
  if (stored_ == nullptr) return false;
  const std::uint64_t hash = Hash64(id);
  return recent_.Contains(hash) || before_.Contains(hash);
}

void DocumentStage::RememberWritten(std::string_view id) {
  if (stored_ == nullptr) return;  // nothing is looked up
  if (recent_count_ >= max_unacknowledged_) {
    std::swap(recent_, before_);
    recent_.Clear();
    recent_count_ = 0;
  }
  recent_.Insert(Hash64(id));
  ++recent_count_;
}

DocumentStage::Planned DocumentStage::Plan(const delta::Change& change) {
  const delta::Entry& entry = *change.entry;
  const bool crossed = WrittenLately(entry.id);
  const bool forced = force_ || change.forced || crossed;
  Planned planned{builder_.Build(entry),       change.seq,  forced, crossed, planner_.Plan(entry),
                  !entry.content_hash.empty(), std::nullopt};
  if (snapshot_ != nullptr && !forced) {
    const std::uint64_t body = planned.content.fetch ? planned.content.fingerprint : 0;
    planned.held = snapshot_->Take(entry.id, planned.draft.fingerprint, body);
  }
  return planned;
}

void DocumentStage::Draft(const std::vector<delta::Change>& changes) {
  builder_.Clear();
  planned_.clear();
  ids_.clear();
  changes_ = &changes;
  if (!Compares()) return;
  for (const delta::Change& change : changes) {
    planned_.push_back(Plan(change));
    if (!planned_.back().held) ids_.push_back(change.entry->id);
  }
  if (stored_ != nullptr) lookup_.emplace(stored_->Start(ids_));
}

Result<void> DocumentStage::WriteAllAsNew(std::string_view now,
                                          const std::vector<permissions::Permission>* permissions) {
  for (std::size_t i = 0; i < changes_->size(); ++i) {
    builder_.Clear();
    const permissions::Permission* permission =
        permissions != nullptr ? &(*permissions)[i] : nullptr;
    TRY(WriteOne(Plan((*changes_)[i]), nullptr, permission, now));
  }
  return {};
}

Result<void> DocumentStage::Write(std::string_view now,
                                  const std::vector<permissions::Permission>* permissions) {
  if (!Compares()) return WriteAllAsNew(now, permissions);
  std::optional<elastic::StoredDocuments> stored;
  if (lookup_) {
    TRY_ASSIGN(auto answer, WithContext(std::exchange(lookup_, std::nullopt)->Await(),
                                        "comparing with the index"));
    stored.emplace(std::move(answer));
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
    if (found != nullptr && snapshot_ != nullptr) snapshot_->Account(planned.draft.id, *found);
    TRY(WriteOne(planned, found, permission, now));
  }
  return {};
}

// As it should be, but perhaps for who may see it.
Result<void> DocumentStage::WriteKnown(const Planned& planned,
                                       const permissions::Permission* permission) {
  const std::string list = *planned.held != 0 ? ToHex64(*planned.held) : "";
  elastic::StoredDocument stored;
  stored.shared_folder_id = planned.draft.shared_folder_id;
  stored.path_lower = planned.draft.path;
  stored.permissions_fingerprint = list;
  CountBody(planned.content, BodyDecision::kKeep, counters_);
  return WriteAccess(planned.draft,
                     DecideAccess(permission, &stored, PlaceOf(planned.draft), false));
}

Result<void> DocumentStage::WriteAccess(const documents::Draft& draft,
                                        const AccessDecision& access) {
  if (!access.Changes()) {
    ++counters_.unchanged;
    return {};
  }
  source_ = "{}";
  AppendAccess(access, source_);
  elastic::BulkAction action;
  action.kind = elastic::BulkAction::kUpdate;
  action.id = draft.id;
  action.path = draft.path;
  action.source = source_;
  action.upserts = false;
  RememberWritten(draft.id);
  return sink_.Add(action);
}

BodyDecision DocumentStage::Compare(const Planned& planned,
                                    const elastic::StoredDocument* stored) const {
  const auto late = content_ != nullptr ? content_->LateBody(planned.draft.id) : std::nullopt;
  const std::uint64_t held = late                ? *late
                             : stored == nullptr ? 0
                                                 : ParseFingerprint(stored->body_fingerprint);
  return DecideBody(planned.content, held, force_);
}

Result<void> DocumentStage::WriteOne(const Planned& planned, const elastic::StoredDocument* stored,
                                     const permissions::Permission* permission,
                                     std::string_view now) {
  const documents::Draft& draft = planned.draft;
  if (access_only_ && (stored_ == nullptr || stored == nullptr)) return {};
  const BodyDecision body = access_only_ ? BodyDecision::kKeep : Compare(planned, stored);
  if (!access_only_) CountBody(planned.content, body, counters_);
  // Written as a whole in the end (see ContentStage::Extract), so the list has to be there: a
  // document without one might be everybody's.
  const bool replaced =
      body == BodyDecision::kFetch && planned.content.format == content::TextFormat::kOpaque;
  const AccessDecision access =
      DecideAccess(permission, stored, PlaceOf(draft), planned.crossed || replaced);
  const bool same = stored != nullptr && ParseFingerprint(stored->fingerprint) == draft.fingerprint;
  const bool whole = !access_only_ && (!same || body != BodyDecision::kKeep || planned.forced);
  if (!whole) return WriteAccess(draft, access);
  source_.clear();
  elastic::BulkAction action;
  if (stored != nullptr || planned.crossed) {
    // Partial: what was extracted from the file's content stays.
    static const elastic::StoredDocument kUnknown;
    action.kind = elastic::BulkAction::kUpdate;
    documents::StoredFields fields =
        FieldsOf(stored != nullptr ? *stored : kUnknown, planned.crossed);
    fields.without_switches = planner_.leaves_it_to_pipeline();
    action.source = documents::DraftText(builder_, draft, &fields);
    documents::AppendDocumentTail(draft, planned.seq, now, &fields, source_);
    if (body == BodyDecision::kRemove) documents::RemoveBody(source_);
  } else {
    action.kind = elastic::BulkAction::kIndex;
    action.source = builder_.Json(draft);
    documents::AppendDocumentTail(draft, planned.seq, now, nullptr, source_);
  }
  AppendAccess(access, source_);
  action.upserts = MayCreate(permission, access);
  action.id = draft.id;
  action.path = draft.path;
  action.tail = source_;  // the two meet in the request, and nowhere before it
  RememberWritten(draft.id);
  if (body == BodyDecision::kFetch && content_ != nullptr) {
    return content_->AddWithContent(action, planned.content, planned.listed_hash);
  }
  auto added = sink_.Add(action);
  if (body == BodyDecision::kRemove && content_ != nullptr) content_->NoteRemoved(draft.id);
  return added;
}

}  // namespace dbxes::sync
