// SPDX-License-Identifier: Apache-2.0
#include "permissions/link_readers.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dropbox/files.h"
#include "dropbox/follow_pages.h"
#include "dropbox/route_error.h"
#include "dropbox/shared_links.h"
#include "permissions/for_each_at_once.h"

namespace dbxes::permissions {
namespace {

constexpr std::size_t kAtOnce = 16;  // requests in flight

}  // namespace

Result<void> LinkReaders::SetProblem(const Error& error) {
  if (!dropbox::ConcernsOneList(error)) return Fail(error);
  problem_ = error.ToLine();
  return {};
}

Result<std::vector<dropbox::SharedLink>> LinkReaders::ListAll() {
  std::vector<dropbox::SharedLink> all;
  const auto fetch = [this](const std::string& cursor) {
    return loop_.Await(dropbox::ListSharedLinks(client_, cursor));
  };
  TRY(dropbox::FollowPages(
      client_.pace(), "the shared links", fetch, [&](dropbox::SharedLinkPage& page) {
        std::move(page.links.begin(), page.links.end(), std::back_inserter(all));
      }));
  return all;
}

Result<void> LinkReaders::Load() {
  if (std::exchange(loaded_, true)) return {};
  const auto links = ListAll();
  if (!links) return SetProblem(links.error());
  const std::string now = FormatUtc(loop_.clock().WallMicros());
  std::vector<dropbox::SharedLink> folders;
  for (const dropbox::SharedLink& link : *links) {
    // Both times have one format, so that they compare as text.
    const bool expired = !link.expires.empty() && link.expires <= now;
    if (expired || link.id.empty() || link.audience == dropbox::LinkAudience::kNobody) continue;
    if (link.is_folder) {
      folders.push_back(link);
      continue;
    }
    dropbox::LinkAudience& audience = files_[link.id];
    audience = std::max(audience, link.audience);
  }
  return LocateFolders(folders);
}

// The path in a link may be one of another root, so each folder's path in this root is requested.
Result<void> LinkReaders::LocateFolders(const std::vector<dropbox::SharedLink>& folders) {
  return ForEachAtOnce(
      folders, kAtOnce,
      [this](const dropbox::SharedLink& folder) {
        return dropbox::GetPlace(client_, folder.id, client_.few_retries());
      },
      [this](const dropbox::SharedLink& folder,
             const Pending<dropbox::Place>& answer) -> Result<void> {
        auto place = loop_.Await(answer);
        if (dropbox::IsNowhere(place)) return {};
        if (!place) return SetProblem(place.error());
        folders_[place->path_lower].push_back(
            {std::move(place->shared_folder_id), folder.audience});
        return {};
      });
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
