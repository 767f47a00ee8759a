// SPDX-License-Identifier: Apache-2.0
#include "sync/search/search_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/hash.h"
#include "base/path_key.h"
#include "base/tree_path.h"
#include "rules/rule_fields.h"
#include "rules/rule_reach.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kProbesAtOnce = 16;
constexpr std::int64_t kMicros = 1'000'000;

// Whether the entry is what an earlier run indexed. Documents in the cloud have no content hash to
// compare.
bool IsUnchanged(const elastic::StoredDocument& stored, const delta::Entry& entry) {
  const bool comparable = entry.kind == delta::EntryKind::kFolder || !entry.content_hash.empty();
  std::string key;
  return comparable && stored.path_lower == PathKey(entry.path_lower, key) &&
         stored.content_hash == entry.content_hash;
}

// Whether search knows the entry as it is now.
bool Shows(const dropbox::SearchPage& page, const delta::Entry& entry) {
  return std::any_of(page.matches.begin(), page.matches.end(),
                     [&](const dropbox::SearchMatch& match) {
                       return match.id == entry.id && match.path_lower == entry.path_lower &&
                              match.rev == entry.rev;
                     });
}

}  // namespace

SearchFilter::SearchFilter(RuleSearch& search, dropbox::Client& client, elastic::MultiGet* lookup,
                           checkpoint::LateSearch& late)
    : search_(search), client_(client), lookup_(lookup), late_(late) {}

Result<void> SearchFilter::SearchFor(const std::vector<delta::Change>& changes,
                                     const std::vector<std::size_t>& candidates, bool last) {
  if (search_.searched_all()) return {};
  // One search for all pages is less than one for each.
  if (!last || search_.searched()) return search_.SearchAll();
  std::string folder(FolderOf(changes[candidates.front()].entry->path_lower));
  for (const std::size_t i : candidates) {
    folder = CommonFolder(folder, FolderOf(changes[i].entry->path_lower));
  }
  if (late_.Waits()) folder = CommonFolder(folder, late_.folder);
  return search_.SearchUnder(folder);
}

Result<void> SearchFilter::Choose(const std::vector<delta::Change>& changes, bool last) {
  wanted_.assign(changes.size(), false);
  if (changes.empty()) return {};
  TRY(search_.FindFolders());
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!search_.listing()) handled_.Insert(Hash64(changes[i].entry->id));
    if (search_.MayFind(*changes[i].entry)) candidates.push_back(i);
  }
  if (candidates.empty()) return {};
  TRY(SearchFor(changes, candidates, last));
  std::vector<std::size_t> absent;
  for (const std::size_t i : candidates) {
    wanted_[i] = search_.IsFound(Hash64(changes[i].entry->id));
    if (!wanted_[i]) absent.push_back(i);
  }
  return absent.empty() ? Result<void>() : Settle(changes, absent);
}

// What search does not show and the index does not hold stays out. What the index holds goes only
// when search had the chance to find it.
Result<void> SearchFilter::Settle(const std::vector<delta::Change>& changes,
                                  const std::vector<std::size_t>& absent) {
  std::vector<std::string_view> ids;
  for (const std::size_t i : absent) ids.push_back(changes[i].entry->id);
  std::optional<elastic::StoredDocuments> stored;
  if (lookup_ != nullptr) {
    TRY_ASSIGN(auto answer, WithContext(lookup_->Start(ids).Await(), "comparing with the index"));
    stored.emplace(std::move(answer));
  }
  std::vector<std::size_t> changed;
  for (std::size_t k = 0; k < absent.size(); ++k) {
    const std::size_t i = absent[k];
    const delta::Entry& entry = *changes[i].entry;
    if (search_.IsUnknown(Hash64(entry.id))) {
      wanted_[i] = stored && (*stored)[k].found;
    } else if (!stored || !(*stored)[k].found) {
      NoteLate(entry);
    } else if (!IsUnchanged((*stored)[k], entry)) {
      changed.push_back(i);
    }
  }
  return Probe(changes, changed);
}

Pending<dropbox::SearchPage> SearchFilter::AskByName(const delta::Entry& entry) {
  dropbox::SearchRequest request;
  request.query = entry.name;
  request.path = FolderOf(entry.path_lower);
  request.filename_only = true;
  return dropbox::Search(client_, request);
}

// Search that knows a document as it is now has been asked whether it matches. Any other keeps it.
Result<void> SearchFilter::Probe(const std::vector<delta::Change>& changes,
                                 const std::vector<std::size_t>& changed) {
  for (std::size_t begin = 0; begin < changed.size(); begin += kProbesAtOnce) {
    const std::size_t end = std::min(changed.size(), begin + kProbesAtOnce);
    std::vector<std::optional<Pending<dropbox::SearchPage>>> asked;
    for (std::size_t k = begin; k < end; ++k) {
      const bool ask = probes_++ < kMostProbes;
      asked.push_back(ask ? std::optional(AskByName(*changes[changed[k]].entry)) : std::nullopt);
    }
    for (std::size_t k = begin; k < end; ++k) {
      const auto& pending = asked[k - begin];
      const delta::Entry& entry = *changes[changed[k]].entry;
      auto page = pending ? client_.loop().Await(*pending)
                          : Result<dropbox::SearchPage>(dropbox::SearchPage());
      const bool gone = !page && page.error().kind == ErrorKind::kNotFound;
      if (!page && !gone) return Fail(page.error());
      if (page && Shows(*page, entry)) continue;
      wanted_[changed[k]] = true;
      NoteLate(entry);
    }
  }
  return {};
}

// In a listing everything is new to us; what Dropbox has had for long search knows.
void SearchFilter::NoteLate(const delta::Entry& entry) {
  const std::int64_t now = client_.loop().clock().WallMicros() / kMicros;
  if (search_.listing()) {
    const auto modified = rules::ParseDate(entry.server_modified);
    if (!modified || *modified / kMicros < now - checkpoint::LateSearch::kPatience) return;
  }
  noted_ = true;
  late_.Note(Hash64(entry.id), FolderOf(entry.path_lower), now, search_.listing() ? 1 : 0);
}

std::vector<std::string> SearchFilter::FoundLate(const checkpoint::LateSearch& late) const {
  std::vector<std::string> ids;
  for (const std::string& id : search_.ids()) {
    const std::uint64_t hash = Hash64(id);
    if (late.MayHold(hash) && !handled_.Contains(hash)) ids.push_back(id);
  }
  return ids;
}

Result<std::vector<dropbox::ReceivedFile>> SearchFilter::DropUnwanted(
    std::vector<dropbox::ReceivedFile>& files) {
  std::vector<dropbox::ReceivedFile> dropped;
  if (files.empty()) return dropped;
  if (!search_.searched_all()) {
    TRY(search_.SearchAll());
  }
  // They have no place, so no smaller search could find them either.
  if (!search_.complete()) return dropped;
  const auto unwanted = std::stable_partition(
      files.begin(), files.end(),
      [this](const dropbox::ReceivedFile& file) { return search_.IsFound(Hash64(file.id)); });
  std::move(unwanted, files.end(), std::back_inserter(dropped));
  files.erase(unwanted, files.end());
  return dropped;
}

}  // namespace dbxes::sync
