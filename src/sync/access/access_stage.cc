// SPDX-License-Identifier: Apache-2.0
#include "sync/access/access_stage.h"

#include <algorithm>

#include "documents/document.h"
#include "sync/stages/changed_documents.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kReceivedAtOnce = 100;

}  // namespace

AccessStage::AccessStage(PermissionStage& permissions, elastic::MultiGet* lookup, Outlet& outlet,
                         checkpoint::FailuresFile& failures, report::Counters& counters)
    : permissions_(permissions),
      lookup_(lookup),
      outlet_(outlet),
      failures_(failures),
      counters_(counters) {}

Result<void> AccessStage::Compare(const std::vector<delta::Change>& changes) {
  std::vector<std::string_view> ids;
  std::vector<bool> crossed;  // by a write of ours that the lookup may not show yet
  std::optional<elastic::MultiGet::Page> lookup;
  if (lookup_ != nullptr) {
    for (const delta::Change& change : changes) {
      ids.push_back(change.entry->id);
      crossed.push_back(outlet_.TouchedRecently(change.entry->id));
    }
    lookup.emplace(lookup_->Start(ids));
  }
  TRY(permissions_.Resolve(changes));
  if (!lookup) return {};
  TRY_ASSIGN(auto stored, WithContext(lookup->Await(), "comparing with the index"));
  TRY(VerifyLists(*lookup_, ids, stored));
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!stored[i].found) continue;
    const delta::Entry& entry = *changes[i].entry;
    const DocumentPlace place{documents::SharedFolderOf(entry), entry.path_lower};
    if (permissions_.permissions()[i].Readable()) {
      failures_.NoteRepaired(entry.id, PermissionStage::kOperation);
    }
    TRY(Write(entry.id, entry.path_lower, stored[i].version,
              DecideAccess(&permissions_.permissions()[i], &stored[i], place, crossed[i])));
  }
  return {};
}

Result<void> AccessStage::CompareReceived(const std::vector<dropbox::ReceivedFile>& files) {
  for (std::size_t begin = 0; begin < files.size(); begin += kReceivedAtOnce) {
    std::vector<const dropbox::ReceivedFile*> some;
    for (std::size_t i = begin; i < std::min(files.size(), begin + kReceivedAtOnce); ++i) {
      some.push_back(&files[i]);
    }
    TRY(CompareSome(some));
  }
  return {};
}

Result<void> AccessStage::CompareSome(const std::vector<const dropbox::ReceivedFile*>& files) {
  std::vector<std::string_view> ids;
  for (const dropbox::ReceivedFile* file : files) ids.push_back(file->id);
  // Without documents, people are all that is wanted: whom the files are shared with.
  if (lookup_ == nullptr) {
    TRY(permissions_.ReadReceived(ids));
    return {};
  }
  TRY_ASSIGN(auto stored, WithContext(lookup_->Start(ids).Await(), "comparing received files"));
  TRY(VerifyLists(*lookup_, ids, stored));
  // One that has come into the tree was compared there; one that is not in the index has nothing to
  // be updated.
  std::vector<std::size_t> known;
  std::vector<std::string_view> asked;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!stored[i].found || !stored[i].path_lower.empty()) continue;
    known.push_back(i);
    asked.push_back(ids[i]);
  }
  TRY_ASSIGN(const auto permissions, permissions_.ReadReceived(asked));
  for (std::size_t i = 0; i < known.size(); ++i) {
    const permissions::Permission& permission = permissions[i];
    const dropbox::ReceivedFile& file = *files[known[i]];
    if (!permission.Readable()) {
      failures_.Add({file.id, file.name, std::string(checkpoint::kReadOperation),
                     permission.http_status, permission.problem});
    }
    const elastic::StoredDocument& document = stored[known[i]];
    TRY(Write(file.id, file.name, document.version,
              DecideAccess(&permission, &document, {}, false)));
  }
  return {};
}

Result<void> AccessStage::Write(std::string_view id, std::string_view path,
                                const elastic::DocumentVersion& version,
                                const AccessDecision& access) {
  if (!access.Changes()) {
    ++counters_.unchanged;
    return {};
  }
  return outlet_.Write(AccessUpdate(id, path, version, access, source_), {});
}

}  // namespace dbxes::sync
