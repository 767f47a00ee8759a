// SPDX-License-Identifier: Apache-2.0
#include "permissions/link_readers.h"

#include <algorithm>
#include <utility>

#include "permissions/permission_reader.h"

namespace dbxes::permissions {
namespace {

constexpr std::size_t kAtOnce = 16;  // folders asked for

}  // namespace

Result<void> LinkReaders::Note(const Error& error) {
  if (!ConcernsOneList(error)) return Fail(error);
  problem_ = error.ToLine();
  return {};
}

Result<std::vector<dropbox::SharedLink>> LinkReaders::ListAll() {
  std::vector<dropbox::SharedLink> all;
  std::string cursor;
  do {
    TRY_ASSIGN(auto page, loop_.Await(sharing_.ListSharedLinks(cursor)));
    for (dropbox::SharedLink& link : page.links) all.push_back(std::move(link));
    if (!cursor.empty() && page.cursor == cursor) {
      return Fail(ErrorKind::kTemporary, "Dropbox repeats a cursor of the shared links");
    }
    cursor = std::move(page.cursor);
  } while (!cursor.empty());
  return all;
}

Result<void> LinkReaders::Load() {
  if (std::exchange(loaded_, true)) return {};
  const auto links = ListAll();
  if (!links) return Note(links.error());
  const std::string now = FormatUtc(loop_.clock().WallMicros());
  std::vector<dropbox::SharedLink> folders;
  for (const dropbox::SharedLink& link : *links) {
    // Times of one form, so that they compare as texts.
    const bool over = !link.expires.empty() && link.expires <= now;
    if (over || link.id.empty() || link.audience == dropbox::LinkAudience::kNobody) continue;
    if (link.is_folder) {
      folders.push_back(link);
      continue;
    }
    dropbox::LinkAudience& audience = files_[link.id];
    audience = std::max(audience, link.audience);
  }
  return Place(folders);
}

// A link's own path may be one in another root; where its folder lies in ours is asked.
Result<void> LinkReaders::Place(const std::vector<dropbox::SharedLink>& folders) {
  for (std::size_t begin = 0; begin < folders.size(); begin += kAtOnce) {
    const std::size_t end = std::min(folders.size(), begin + kAtOnce);
    std::vector<Pending<dropbox::Place>> places;
    for (std::size_t i = begin; i < end; ++i) places.push_back(sharing_.GetPlace(folders[i].id));
    for (std::size_t i = begin; i < end; ++i) {
      auto place = loop_.Await(places[i - begin]);
      if (dropbox::IsNowhere(place)) continue;
      if (!place) {
        TRY(Note(place.error()));
        continue;
      }
      folders_[place->path_lower].push_back(
          {std::move(place->shared_folder_id), folders[i].audience});
    }
  }
  return {};
}

dropbox::LinkAudience LinkReaders::AudienceOf(std::string_view id, std::string_view path_lower,
                                              std::string_view shared_folder_id) const {
  dropbox::LinkAudience audience = dropbox::LinkAudience::kNobody;
  if (const auto file = files_.find(id); file != files_.end()) audience = file->second;
  if (folders_.empty()) return audience;
  for (std::size_t end = path_lower.size(); end != 0 && end != std::string_view::npos;
       end = path_lower.rfind('/', end - 1)) {
    const auto folder = folders_.find(path_lower.substr(0, end));
    if (folder == folders_.end()) continue;
    for (const Opened& opened : folder->second) {
      if (opened.shared_folder_id == shared_folder_id)
        audience = std::max(audience, opened.audience);
    }
  }
  return audience;
}

}  // namespace dbxes::permissions
