// SPDX-License-Identifier: Apache-2.0
#include "permissions/shared_folder_tree.h"

#include <utility>

#include "dropbox/follow_pages.h"
#include "dropbox/route_error.h"
#include "dropbox/sharing.h"
#include "permissions/for_each_at_once.h"

namespace dbxes::permissions {
namespace {

constexpr std::size_t kAtOnce = 16;  // requests in flight
// From this number of folders on, one list of all is cheaper than a request for each.
constexpr std::size_t kWorthListing = 5;

}  // namespace

Result<void> SharedFolderTree::AddParents(Ids& wanted,
                                          const std::function<bool(const std::string&)>& is_done) {
  Ids latest = wanted;
  while (!latest.empty()) {
    std::vector<std::string> unknown;
    for (const std::string& id : latest) {
      if (folders_.count(id) == 0) unknown.push_back(id);
    }
    // Counted over the whole run: each page of a listing may have a few of them.
    if (!listed_ && asked_alone_ + unknown.size() >= kWorthListing) {
      TRY(ListAll());
      continue;
    }
    asked_alone_ += unknown.size();
    TRY(AskEach(unknown));
    Ids parents;
    for (const std::string& id : latest) {
      std::string parent = is_done(id) ? "" : ParentOf(id);
      if (!parent.empty() && wanted.insert(parent).second) parents.insert(std::move(parent));
    }
    latest = std::move(parents);
  }
  return {};
}

// Folders that the list lacks are asked for one by one later; all of them, if it cannot be read.
Result<void> SharedFolderTree::ListAll() {
  listed_ = true;
  const auto fetch = [this](const std::string& cursor) {
    return loop_.Await(dropbox::ListFolders(client_, cursor));
  };
  auto read = dropbox::FollowPages(client_.pace(), "the shared folders", fetch,
                                   [this](dropbox::SharedFolderPage& page) {
                                     for (dropbox::SharedFolder& folder : page.folders) {
                                       std::string id = folder.id;
                                       folders_[std::move(id)] = std::move(folder);
                                     }
                                   });
  if (!read && !dropbox::ConcernsOneList(read.error())) return read;
  return {};
}

Result<void> SharedFolderTree::AskEach(const std::vector<std::string>& ids) {
  return ForEachAtOnce(
      ids, kAtOnce,
      [this](const std::string& id) { return dropbox::GetFolderMetadata(client_, id); },
      [this](const std::string& id, const Pending<dropbox::SharedFolder>& answer) -> Result<void> {
        auto folder = loop_.Await(answer);
        if (folder) {
          folders_[id] = std::move(*folder);
          return {};
        }
        const Error& error = folder.error();
        if (!dropbox::ConcernsOneList(error)) return Fail(error);
        folders_[id] = {id, "", true};
        // Dropbox's own error is final: the account sees no folder around this one, whose own list
        // is then complete.
        if (!dropbox::IsEndpointError(error)) problems_[id] = error;
        return {};
      });
}

std::string SharedFolderTree::ParentOf(const std::string& id) const {
  const auto folder = folders_.find(id);
  return folder != folders_.end() && folder->second.inherits ? folder->second.parent_id : "";
}

const Error* SharedFolderTree::ProblemOf(const std::string& id) const {
  const auto problem = problems_.find(id);
  return problem == problems_.end() ? nullptr : &problem->second;
}

Result<SharedFolderTree::Ids> SharedFolderTree::FindInside(const Ids& outer, const Ids& among) {
  Ids inside;
  if (outer.empty()) return inside;
  Ids known = among;
  TRY(AddParents(known, [](const std::string&) { return false; }));
  for (const std::string& id : among) {
    std::string above = ParentOf(id);
    for (int depth = 0; depth < kDeepest && !above.empty(); ++depth) {
      if (outer.count(above) > 0) inside.insert(id);
      above = ParentOf(above);
    }
  }
  return inside;
}

}  // namespace dbxes::permissions
