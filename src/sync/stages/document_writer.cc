// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/document_writer.h"

#include "base/hash.h"
#include "documents/body.h"

namespace dbxes::sync {
namespace {

documents::StoredFields FieldsOf(const elastic::StoredDocument& stored) {
  documents::StoredFields fields;
  fields.timestamp = stored.timestamp;
  fields.has.content_hash = !stored.content_hash.empty();
  fields.has.extension = !stored.extension.empty();
  fields.has.mime_type = !stored.mime_type.empty();
  fields.has.shared_folder_id = !stored.shared_folder_id.empty();
  fields.has.received = stored.received;
  // Somebody may have given it any of them.
  if (!stored.version.is_ours) fields.has = documents::OptionalFields::All();
  return fields;
}

bool HasSameContent(const Candidate& candidate, const elastic::StoredDocument* stored) {
  const std::string_view listed = candidate.content.listed_hash;
  return stored != nullptr && !listed.empty() && stored->content_hash == listed;
}

}  // namespace

DocumentWriter::DocumentWriter(documents::DocumentBuilder& builder, Outlet& outlet,
                               const elastic::VersionStamps& stamps, report::Counters& counters)
    : builder_(builder),
      outlet_(outlet),
      first_stamp_(stamps.Of(elastic::kCreatedVersion)),
      counters_(counters) {}

void DocumentWriter::Compose(const Candidate& candidate, const elastic::StoredDocument* stored,
                             std::string_view now, elastic::BulkAction& action) {
  const documents::Draft& draft = candidate.draft;
  source_.clear();
  if (stored != nullptr) {
    // Partial: what was extracted from the file's content stays.
    action.kind = elastic::BulkAction::kUpdate;
    action.whole = true;
    action.version = stored->version;
    documents::StoredFields fields = FieldsOf(*stored);
    fields.without_switches = planner().leaves_it_to_pipeline();
    action.source = documents::DraftText(builder_, draft, &fields);
    documents::AppendDocumentTail(draft, {candidate.seq, action.version.next_stamp}, now, &fields,
                                  source_);
  } else {
    const bool replaces = candidate.replaced.IsKnown();
    action.kind = replaces ? elastic::BulkAction::kIndex : elastic::BulkAction::kCreate;
    action.version = candidate.replaced;
    action.source = builder_.Json(draft);
    const std::int64_t stamp = replaces ? candidate.replaced.next_stamp : first_stamp_;
    documents::AppendDocumentTail(draft, {candidate.seq, stamp}, now, nullptr, source_);
  }
  action.id = draft.id;
  action.path = draft.path;
  action.sync_seq = candidate.seq;
}

Result<void> DocumentWriter::Write(const Candidate& candidate,
                                   const elastic::StoredDocument* stored,
                                   const permissions::Permission* permission,
                                   std::string_view now) {
  const documents::Draft& draft = candidate.draft;
  const std::uint64_t held = stored != nullptr ? ParseFingerprint(stored->body_fingerprint) : 0;
  const BodyDecision text = DecideText(candidate, stored, held);
  const bool has_text = candidate.content.fetch && text == BodyDecision::kKeep;
  if (has_text && outlet_.samples()) {
    // Of words in pictures that there is no time to read, nothing is compared.
    outlet_.OfferText(draft, {&candidate.content, candidate.listed_hash, /*has_text=*/true,
                              /*rereads=*/true});
  }
  // Written as a whole in the end (see BodyWriter), so the list has to be there: a document without
  // one might be everybody's.
  const bool replaced =
      text == BodyDecision::kFetch && candidate.content.format == content::TextFormat::kOpaque;
  const AccessDecision access = DecideAccess(permission, stored, candidate.place(), replaced);
  // Of what somebody else has changed, no fingerprint says what is there.
  const bool same = stored != nullptr && stored->version.is_ours &&
                    ParseFingerprint(stored->fingerprint) == draft.fingerprint;
  if (same && text == BodyDecision::kKeep && !candidate.forced) {
    if (held == 0) NoteTextless(candidate);
    return WriteAccess(draft, stored->version, access);
  }

  elastic::BulkAction action;
  Compose(candidate, stored, now, action);
  const bool removes = text == BodyDecision::kRemove;
  if (removes && action.kind == elastic::BulkAction::kUpdate) documents::RemoveBody(source_);
  AppendAccess(access, source_);
  action.tail = source_;  // the two meet in the request, and nowhere before it
  const bool keeps_text = text == BodyDecision::kKeep && held != 0;
  if (!keeps_text) action.no_text = TextlessReason(candidate.content);
  const bool rereads = held != 0 && HasSameContent(candidate, stored);
  const BodyChange body{text == BodyDecision::kFetch ? &candidate.content : nullptr,
                        candidate.listed_hash, held == candidate.content.fingerprint, rereads};
  return outlet_.Write(action, body);
}

BodyDecision DocumentWriter::DecideText(const Candidate& candidate,
                                        const elastic::StoredDocument* stored, std::uint64_t held) {
  const content::ContentPlan& plan = candidate.content;
  const bool of_this_content = held != 0 && HasSameContent(candidate, stored);
  BodyDecision text = DecideBody(plan, held, candidate.refetched);
  // What was read in part, or by an older reader, stays while the reader is missing.
  if (text == BodyDecision::kRemove && of_this_content && content::LacksReader(plan.reason)) {
    text = BodyDecision::kKeep;
  }
  // Without a text, there is nothing to keep: the file is new, or fetching it has failed.
  const bool rereads = text == BodyDecision::kFetch && of_this_content && !candidate.refetched;
  const std::size_t most = planner().max_reread_files();
  if (rereads && most != 0 && ++reread_ > most) {
    ++counters_.content_postponed;
    return BodyDecision::kKeep;
  }
  CountBody(plan, text, counters_);
  return text;
}

void DocumentWriter::NoteTextless(const Candidate& candidate) {
  report::ChangeLog* const changes = outlet_.changes();
  const std::string_view reason = TextlessReason(candidate.content);
  if (changes == nullptr || reason.empty()) return;
  changes->AddWithoutText(candidate.draft.id, candidate.draft.display, reason);
}

Result<void> DocumentWriter::WriteAccess(const documents::Draft& draft,
                                         const elastic::DocumentVersion& version,
                                         const AccessDecision& access) {
  if (!access.Changes()) {
    CountUnchanged();
    return {};
  }
  return outlet_.Write(AccessUpdate(draft.id, draft.path, version, access, source_), {});
}

}  // namespace dbxes::sync
