// SPDX-License-Identifier: Apache-2.0
#include "sync/document_stage.h"

#include <charconv>
#include <utility>

#include "base/hash.h"

namespace dbxes {
namespace {

std::uint64_t ParseFingerprint(std::string_view hex) {
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
  return parsed.ec == std::errc() && parsed.ptr == hex.data() + hex.size() ? value : 0;
}

// When the document was `crossed` by a write, what it has now is unknown: it may have everything.
StoredFields FieldsOf(const StoredDocument& stored, bool crossed) {
  StoredFields fields;
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

}  // namespace

DocumentStage::DocumentStage(DocumentBuilder& builder, MultiGet* stored, ActionSink& sink,
                             Counters& counters, bool force, std::size_t max_unacknowledged)
    : builder_(builder),
      stored_(stored),
      sink_(sink),
      counters_(counters),
      force_(force),
      max_unacknowledged_(max_unacknowledged) {}

bool DocumentStage::WrittenLately(std::string_view id) const {
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

void DocumentStage::Draft(const std::vector<Change>& changes) {
  builder_.Clear();
  planned_.clear();
  ids_.clear();
  for (const Change& change : changes) {
    const bool crossed = WrittenLately(change.entry->id);
    const bool forced = force_ || change.forced || crossed;
    planned_.push_back({builder_.Build(*change.entry), change.seq, forced, crossed});
    ids_.push_back(change.entry->id);
  }
  if (stored_ != nullptr) lookup_.emplace(stored_->Start(ids_));
}

Result<void> DocumentStage::Write(std::string_view now) {
  std::optional<StoredDocuments> stored;
  if (lookup_) {
    auto answer = std::exchange(lookup_, std::nullopt)->Await();
    if (!answer) return Fail(WithContext(answer.error(), "comparing with the index"));
    stored.emplace(std::move(*answer));
  }
  for (std::size_t i = 0; i < planned_.size(); ++i) {
    const StoredDocument* found = stored && (*stored)[i].found ? &(*stored)[i] : nullptr;
    if (auto written = WriteOne(planned_[i], found, now); !written) return written;
  }
  return {};
}

Result<void> DocumentStage::WriteOne(const Planned& planned, const StoredDocument* stored,
                                     std::string_view now) {
  const dbxes::Draft& draft = planned.draft;
  const bool same = stored != nullptr && ParseFingerprint(stored->fingerprint) == draft.fingerprint;
  if (same && !planned.forced) {
    ++counters_.unchanged;
    return {};
  }
  source_.clear();
  BulkAction action;
  if (stored != nullptr) {
    // Partial: what was extracted from the file's content stays.
    action.kind = BulkAction::kUpdate;
    const StoredFields fields = FieldsOf(*stored, planned.crossed);
    FinishDocument(builder_, draft, planned.seq, now, &fields, source_);
  } else {
    action.kind = BulkAction::kIndex;
    FinishDocument(builder_, draft, planned.seq, now, nullptr, source_);
  }
  action.id = draft.id;
  action.path = draft.path;
  action.source = source_;
  RememberWritten(draft.id);
  return sink_.Add(action);
}

}  // namespace dbxes
