// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/received_stage.h"

#include <algorithm>
#include <optional>

#include "base/hash.h"
#include "dropbox/shared_links.h"
#include "sync/stages/changed_documents.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kLinksAtOnce = 16;

// Refusals of a credential or a rate for this many links in a row are no trouble of single files.
constexpr int kMostRefused = 5;

bool MayConcernAll(const Error& error) {
  return error.kind == ErrorKind::kAuth || error.kind == ErrorKind::kRateLimited;
}

}  // namespace

ReceivedStage::ReceivedStage(dropbox::Client& client, DocumentWriter& writer,
                             elastic::MultiGet* lookup, RuleJudge* rules,
                             PermissionStage* permissions, checkpoint::SyncSequence& sequence)
    : client_(client),
      writer_(writer),
      lookup_(lookup),
      rules_(rules),
      permissions_(permissions),
      sequence_(sequence) {}

Result<void> ReceivedStage::Write(const std::vector<dropbox::ReceivedFile>& files,
                                  const InTree& in_tree, Known known,
                                  checkpoint::FailuresFile& failed) {
  const std::span<const dropbox::ReceivedFile> all(files);
  for (std::size_t begin = 0; begin < all.size(); begin += kLinksAtOnce) {
    TRY(WriteSome(all.subspan(begin, std::min(kLinksAtOnce, all.size() - begin)), in_tree, known,
                  failed));
  }
  return {};
}

Result<void> ReceivedStage::WriteSome(std::span<const dropbox::ReceivedFile> files,
                                      const InTree& in_tree, Known known,
                                      checkpoint::FailuresFile& failed) {
  std::vector<std::string_view> ids;
  for (const dropbox::ReceivedFile& file : files) ids.push_back(file.id);
  std::optional<elastic::StoredDocuments> stored;
  if (lookup_ != nullptr) {
    TRY_ASSIGN(stored, WithContext(lookup_->Start(ids).Await(), "comparing received files"));
  }
  std::vector<Wanted> wanted;
  for (std::size_t i = 0; i < files.size(); ++i) {
    elastic::StoredDocument* found = stored && (*stored)[i].found ? &(*stored)[i] : nullptr;
    const bool placed = found != nullptr && !found->path_lower.empty();
    // Listed in the tree, but with no document there any more: unmounted while it was listed.
    const bool listed = !in_tree || in_tree(files[i].id);
    if (listed && (placed || lookup_ == nullptr)) continue;
    if (found != nullptr && !placed && known == Known::kLeave) continue;
    const bool compare = found != nullptr && known == Known::kCompare;
    wanted.push_back({&files[i], found, placed ? nullptr : found, compare,
                      dropbox::GetSharedLinkMetadata(client_, files[i].preview_url)});
  }
  return WriteAll(wanted, failed);
}

// The links that could be read, of files that rules include.
Result<std::vector<ReceivedStage::Linked>> ReceivedStage::ReadLinks(
    std::vector<Wanted>& wanted, checkpoint::FailuresFile& failed) {
  std::vector<Linked> linked;
  int refused = 0;  // in a row
  for (Wanted& one : wanted) {
    auto link = client_.loop().Await(one.link);
    rules::RuleDecision decision;
    if (link && rules_ != nullptr) decision = rules_->Judge(one.file->id, *link);
    if (decision.policy == rules::Policy::kExclude) {
      ++writer_.counters().excluded;
      if (report::ChangeLog* const changes = writer_.outlet().changes(); changes != nullptr) {
        changes->AddExcluded(one.file->id, one.file->name, rules_->Describe(decision));
      }
      excluded_.push_back(Hash64(one.file->id));
      continue;
    }
    // Whatever becomes of it, it is no document that is gone.
    if (one.found != nullptr && snapshot_ != nullptr) snapshot_->Account(one.file->id, *one.found);
    if (link) {
      refused = 0;
      failed.NoteRevision(one.file->id, link->server_modified);
      linked.push_back({&one, std::move(*link)});
      continue;
    }
    refused = MayConcernAll(link.error()) ? refused + 1 : 0;
    if (link.error().concern != Concern::kDocument || refused >= kMostRefused) {
      return Fail(link.error());
    }
    ReportFailure(one, link.error().http_status, link.error().ToLine(), failed);
  }
  return linked;
}

void ReceivedStage::ReportFailure(const Wanted& wanted, int status, const std::string& reason,
                                  checkpoint::FailuresFile& failed) {
  ++failures_;
  failed.Add({wanted.file->id, wanted.file->name, std::string(checkpoint::kReadOperation), status,
              reason});
}

Result<void> ReceivedStage::WriteAll(std::vector<Wanted>& wanted,
                                     checkpoint::FailuresFile& failed) {
  TRY_ASSIGN(auto linked, ReadLinks(wanted, failed));
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
      ReportFailure(*one, permission->http_status, permission->problem, failed);
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
  writer_.builder().Clear();
  Candidate candidate;
  candidate.draft = writer_.builder().BuildReceived(wanted.file->id, link);
  candidate.content = writer_.planner().Plan(link);
  candidate.seq = sequence_.Next();
  candidate.in_tree = false;
  candidate.forced = !wanted.compare;
  candidate.refetched = !wanted.compare;
  if (wanted.stored == nullptr && wanted.found != nullptr) {
    candidate.replaced = wanted.found->version;
  }
  if (wanted.stored != nullptr && !wanted.stored->version.is_ours) {
    TRY(VerifyDocuments(*lookup_, writer_.builder(), {{candidate.draft, *wanted.stored}}));
  }
  return writer_.Write(candidate, wanted.stored, permission, {});
}

}  // namespace dbxes::sync
