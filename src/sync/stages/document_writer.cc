// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/document_writer.h"

#include "base/hash.h"
#include "documents/body.h"

namespace dbxes::sync {
namespace {

// When the document was `crossed` by a write, what it has now is unknown: it may have everything.
documents::StoredFields FieldsOf(const elastic::StoredDocument* stored, bool crossed) {
  documents::StoredFields fields;
  if (stored != nullptr) fields.timestamp = stored->timestamp;
  if (crossed || stored == nullptr) {
    fields.has = {true, true, true, true};
    return fields;
  }
  fields.has.content_hash = !stored->content_hash.empty();
  fields.has.extension = !stored->extension.empty();
  fields.has.mime_type = !stored->mime_type.empty();
  fields.has.shared_folder_id = !stored->shared_folder_id.empty();
  return fields;
}

}  // namespace

DocumentWriter::DocumentWriter(documents::DocumentBuilder& builder, Outlet& outlet,
                               report::Counters& counters)
    : builder_(builder), outlet_(outlet), counters_(counters) {}

BodyDecision DocumentWriter::DecideText(const Candidate& candidate,
                                        const elastic::StoredDocument* stored) const {
  const auto recent = outlet_.RecentBody(candidate.draft.id);
  const std::uint64_t held = recent              ? *recent
                             : stored == nullptr ? 0
                                                 : ParseFingerprint(stored->body_fingerprint);
  return DecideBody(candidate.content, held, candidate.refetched);
}

void DocumentWriter::Compose(const Candidate& candidate, const elastic::StoredDocument* stored,
                             std::string_view now, elastic::BulkAction& action) {
  const documents::Draft& draft = candidate.draft;
  source_.clear();
  if (stored != nullptr || candidate.crossed) {
    // Partial: what was extracted from the file's content stays.
    action.kind = elastic::BulkAction::kUpdate;
    documents::StoredFields fields = FieldsOf(stored, candidate.crossed);
    fields.without_switches = planner().leaves_it_to_pipeline();
    action.source = documents::DraftText(builder_, draft, &fields);
    documents::AppendDocumentTail(draft, candidate.seq, now, &fields, source_);
  } else {
    action.kind = elastic::BulkAction::kIndex;
    action.source = builder_.Json(draft);
    documents::AppendDocumentTail(draft, candidate.seq, now, nullptr, source_);
  }
  action.id = draft.id;
  action.path = draft.path;
}

Result<void> DocumentWriter::Write(const Candidate& candidate,
                                   const elastic::StoredDocument* stored,
                                   const permissions::Permission* permission,
                                   std::string_view now) {
  const documents::Draft& draft = candidate.draft;
  const BodyDecision text = DecideText(candidate, stored);
  CountBody(candidate.content, text, counters_);
  // Written as a whole in the end (see BodyWriter), so the list has to be there: a document without
  // one might be everybody's.
  const bool replaced =
      text == BodyDecision::kFetch && candidate.content.format == content::TextFormat::kOpaque;
  const AccessDecision access =
      DecideAccess(permission, stored, candidate.place(), candidate.crossed || replaced);
  const bool same = stored != nullptr && ParseFingerprint(stored->fingerprint) == draft.fingerprint;
  if (same && text == BodyDecision::kKeep && !candidate.forced) return WriteAccess(draft, access);

  elastic::BulkAction action;
  Compose(candidate, stored, now, action);
  const bool removes = text == BodyDecision::kRemove;
  if (removes && action.kind == elastic::BulkAction::kUpdate) documents::RemoveBody(source_);
  AppendAccess(access, source_);
  action.upserts = MayCreate(permission, access);
  action.tail = source_;  // the two meet in the request, and nowhere before it
  const BodyChange body{text == BodyDecision::kFetch ? &candidate.content : nullptr,
                        candidate.listed_hash, removes};
  return outlet_.Write(action, body);
}

Result<void> DocumentWriter::WriteAccess(const documents::Draft& draft,
                                         const AccessDecision& access) {
  if (!access.Changes()) {
    ++counters_.unchanged;
    return {};
  }
  return outlet_.Write(AccessUpdate(draft.id, draft.path, access, source_), {});
}

}  // namespace dbxes::sync
