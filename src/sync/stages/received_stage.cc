// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/received_stage.h"

#include <algorithm>
#include <optional>

#include "base/hash.h"
#include "checkpoint/failures_file.h"
#include "documents/body.h"
#include "dropbox/follow_pages.h"
#include "dropbox/shared_links.h"
#include "dropbox/sharing.h"
#include "sync/stages/access_decision.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kLinksAtOnce = 16;

// A new name may come without an extension.
documents::StoredFields FieldsOf(const elastic::StoredDocument& stored) {
  documents::StoredFields fields;
  fields.has.extension = !stored.extension.empty();
  fields.has.mime_type = !stored.mime_type.empty();
  return fields;
}

std::uint64_t HashOf(const dropbox::ReceivedFile& file) {
  return Hash64(file.id + '\n' + file.name + '\n' + file.preview_url);
}

}  // namespace

bool IsReceived(const report::FailedDocument& failure) {
  const bool named = !failure.path.empty() && failure.path.front() != '/';
  return failure.operation == checkpoint::kReadOperation || named;
}

Result<ReceivedFiles> ListAllReceived(EventLoop& loop, dropbox::Client& client) {
  ReceivedFiles all;
  const auto fetch = [&](const std::string& cursor) {
    return loop.Await(dropbox::ListReceivedFiles(client, cursor));
  };
  TRY(dropbox::FollowPages("the received files", fetch, [&](dropbox::ReceivedPage& page) {
    for (dropbox::ReceivedFile& file : page.files) {
      // Mounted after all, so the tree has it.
      if (!file.path_lower.empty() || file.id.empty()) continue;
      ++all.listing.count;
      // A sum: the order of the list means nothing.
      all.listing.hash += HashOf(file);
      all.files.push_back(std::move(file));
    }
  }));
  return all;
}

ReceivedStage::ReceivedStage(EventLoop& loop, dropbox::Client& client,
                             documents::DocumentBuilder& builder, elastic::MultiGet* stored,
                             RuleJudge* rules, PermissionStage* permissions,
                             const content::ContentPlanner& planner, ContentStage* content,
                             elastic::ActionSink& sink, checkpoint::SyncSequence& sequence,
                             report::Counters& counters)
    : loop_(loop),
      client_(client),
      builder_(builder),
      stored_(stored),
      rules_(rules),
      permissions_(permissions),
      planner_(planner),
      content_(content),
      sink_(sink),
      sequence_(sequence),
      counters_(counters) {}

Result<void> ReceivedStage::Write(const std::vector<dropbox::ReceivedFile>& files,
                                  const InTree& in_tree, Known known,
                                  const std::function<void(report::FailedDocument)>& on_failed) {
  for (std::size_t begin = 0; begin < files.size(); begin += kLinksAtOnce) {
    const std::size_t end = std::min(files.size(), begin + kLinksAtOnce);
    TRY(WriteSome(files, begin, end, in_tree, known, on_failed));
  }
  return {};
}

Result<void> ReceivedStage::WriteSome(
    const std::vector<dropbox::ReceivedFile>& files, std::size_t begin, std::size_t end,
    const InTree& in_tree, Known known,
    const std::function<void(report::FailedDocument)>& on_failed) {
  std::vector<std::string_view> ids;
  for (std::size_t i = begin; i < end; ++i) ids.push_back(files[i].id);
  std::optional<elastic::StoredDocuments> stored;
  if (stored_ != nullptr) {
    TRY_ASSIGN(auto answer, WithContext(stored_->Start(ids).Await(), "comparing received files"));
    stored.emplace(std::move(answer));
  }
  std::vector<Wanted> wanted;
  for (std::size_t i = begin; i < end; ++i) {
    const elastic::StoredDocument* found =
        stored && (*stored)[i - begin].found ? &(*stored)[i - begin] : nullptr;
    const bool placed = found != nullptr && !found->path_lower.empty();
    // Listed in the tree, but with no document there any more: unmounted while it was listed.
    const bool listed = !in_tree || in_tree(files[i].id);
    if (listed && (placed || stored_ == nullptr)) continue;
    if (found != nullptr && !placed && known == Known::kLeave) continue;
    const bool compare = found != nullptr && known == Known::kCompare;
    wanted.push_back({&files[i], found, placed ? nullptr : found, compare,
                      dropbox::GetSharedLinkMetadata(client_, files[i].preview_url)});
  }
  return WriteAll(wanted, on_failed);
}

// The links that could be read, of files that rules include.
Result<std::vector<ReceivedStage::Linked>> ReceivedStage::ReadLinks(std::vector<Wanted>& wanted,
                                                                    const OnFailed& on_failed) {
  std::vector<Linked> linked;
  for (Wanted& one : wanted) {
    auto link = loop_.Await(one.link);
    if (link && rules_ != nullptr && rules_->Excludes(one.file->id, *link)) {
      ++counters_.excluded;
      excluded_.push_back(Hash64(one.file->id));
      continue;
    }
    // Whatever becomes of it, it is no document that is gone.
    if (one.found != nullptr && snapshot_ != nullptr) snapshot_->Account(one.file->id, *one.found);
    if (link) {
      linked.push_back({&one, std::move(*link)});
      continue;
    }
    const ErrorKind kind = link.error().kind;
    if (kind != ErrorKind::kRejectedDocument && kind != ErrorKind::kTemporary) {
      return Fail(link.error());
    }
    ReportFailure(one, link.error().http_status, link.error().ToLine(), on_failed);
  }
  return linked;
}

void ReceivedStage::ReportFailure(const Wanted& wanted, int status, const std::string& reason,
                                  const OnFailed& on_failed) {
  ++failures_;
  on_failed({wanted.file->id, wanted.file->name, std::string(checkpoint::kReadOperation), status,
             reason});
}

Result<void> ReceivedStage::WriteAll(std::vector<Wanted>& wanted, const OnFailed& on_failed) {
  TRY_ASSIGN(auto linked, ReadLinks(wanted, on_failed));
  std::vector<permissions::Permission> permissions;
  if (permissions_ != nullptr) {
    std::vector<std::string_view> ids;
    for (const Linked& one : linked) ids.push_back(one.wanted->file->id);
    TRY_ASSIGN(permissions, permissions_->ReadReceived(ids));
  }
  for (std::size_t i = 0; i < linked.size(); ++i) {
    const auto& [one, link] = linked[i];
    const permissions::Permission* permission = permissions_ != nullptr ? &permissions[i] : nullptr;
    if (permission != nullptr && !permission->Readable()) {
      ReportFailure(*one, permission->http_status, permission->problem, on_failed);
    }
    TRY(WriteOne(*one, link, permission));
  }
  return {};
}

void ReceivedStage::TakeOutExcluded(std::vector<std::uint64_t>& ids) const {
  if (excluded_.empty()) return;
  std::vector<std::uint64_t> excluded = excluded_;
  std::sort(excluded.begin(), excluded.end());
  std::erase_if(ids, [&](std::uint64_t id) {
    return std::binary_search(excluded.begin(), excluded.end(), id);
  });
}

Result<void> ReceivedStage::WriteOne(const Wanted& wanted, const dropbox::LinkedFile& link,
                                     const permissions::Permission* permission) {
  builder_.Clear();
  const documents::Draft draft = builder_.BuildReceived(wanted.file->id, link);
  const content::ContentPlan content = planner_.Plan(link);
  const std::uint64_t held =
      wanted.stored == nullptr ? 0 : ParseFingerprint(wanted.stored->body_fingerprint);
  const BodyDecision body = DecideBody(content, held, !wanted.compare);
  CountBody(content, body, counters_);
  // As in DocumentStage: what a pipeline gets is written as a whole, with its list.
  const bool replaced =
      body == BodyDecision::kFetch && content.format == content::TextFormat::kOpaque;
  const AccessDecision access = DecideAccess(permission, wanted.stored, {}, replaced);
  const bool same = wanted.compare && wanted.stored != nullptr && body == BodyDecision::kKeep &&
                    wanted.stored->fingerprint == ToHex64(draft.fingerprint);
  if (same && !access.Changes()) {
    ++counters_.unchanged;
    return {};
  }
  std::string source = "{}";
  if (!same) {
    source.clear();
    documents::StoredFields fields =
        wanted.stored == nullptr ? documents::StoredFields() : FieldsOf(*wanted.stored);
    fields.without_switches = planner_.leaves_it_to_pipeline();
    documents::FinishDocument(builder_, draft, sequence_.Next(), {},
                              wanted.stored == nullptr ? nullptr : &fields, source);
    if (body == BodyDecision::kRemove && wanted.stored != nullptr) documents::RemoveBody(source);
  }
  AppendAccess(access, source);
  elastic::BulkAction action;
  action.kind =
      wanted.stored == nullptr ? elastic::BulkAction::kIndex : elastic::BulkAction::kUpdate;
  action.id = draft.id;
  action.path = draft.path;
  action.source = source;
  action.upserts = MayCreate(permission, access);
  if (body == BodyDecision::kFetch && content_ != nullptr) {
    return content_->AddWithContent(action, content, /*listed_hash=*/false);
  }
  return sink_.Add(action);
}

}  // namespace dbxes::sync
