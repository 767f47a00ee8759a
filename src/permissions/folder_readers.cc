// SPDX-License-Identifier: Apache-2.0
#include "permissions/folder_readers.h"

#include <algorithm>
#include <utility>

#include "dropbox/follow_pages.h"
#include "dropbox/route_error.h"
#include "dropbox/sharing.h"
#include "permissions/for_each_at_once.h"

namespace dbxes::permissions {
namespace {

constexpr std::size_t kAtOnce = 16;  // requests in flight

std::size_t BytesOf(const Verdicts& verdicts) {
  std::size_t bytes = 0;
  for (const auto& [value, reads] : verdicts) bytes += sizeof(verdicts[0]) + value.capacity();
  return bytes;
}

std::size_t BytesOf(const AccessList& list) {
  std::size_t bytes = list.json.capacity();
  for (const std::string& value : list.values) bytes += sizeof(value) + value.capacity();
  return bytes;
}

// Whether the verdicts (in order) name this value, as a reader or not.
bool Names(const Verdicts& verdicts, const std::string& value) {
  const auto found =
      std::lower_bound(verdicts.begin(), verdicts.end(), value,
                       [](const auto& verdict, const std::string& v) { return verdict.first < v; });
  return found != verdicts.end() && found->first == value;
}

}  // namespace

FolderReaders::FolderReaders(EventLoop& loop, dropbox::Client& client,
                             const std::string& account_id, bool inherit, std::size_t max_bytes)
    : loop_(loop),
      client_(client),
      account_value_(UserValue(account_id)),
      inherit_(inherit),
      max_bytes_(max_bytes),
      tree_(loop, client) {}

FolderReaders::Folder& FolderReaders::Cached(const std::string& id) {
  const auto found = cached_.find(id);
  if (found != cached_.end()) {
    cache_.splice(cache_.begin(), cache_, found->second);
    return *found->second;
  }
  cache_.emplace_front();
  cache_.front().id = id;
  cached_[id] = cache_.begin();
  return cache_.front();
}

Result<void> FolderReaders::Read(const Ids& wanted) {
  if (wanted.empty()) return {};
  Ids all = wanted;
  if (inherit_) {
    const auto is_done = [this](const std::string& id) { return Cached(id).verdicts != nullptr; };
    TRY(tree_.AddParents(all, is_done));
  }
  std::vector<std::string> unread;
  for (const std::string& id : all) {
    Folder& folder = Cached(id);
    const Error* problem = tree_.ProblemOf(id);
    if (problem != nullptr && !folder.Judged()) folder.Fail(*problem);
    if (!folder.Judged() && folder.own == nullptr) unread.push_back(id);
  }
  TRY(ListMembers(unread));
  for (const std::string& id : wanted) Judge(Cached(id), 0);
  return {};
}

Result<void> FolderReaders::ListMembers(const std::vector<std::string>& ids) {
  return ForEachAtOnce(
      ids, kAtOnce,
      [this](const std::string& id) { return dropbox::ListFolderMembers(client_, id, ""); },
      [this](const std::string& id, const Pending<dropbox::MemberPage>& first) {
        return FinishListing(Cached(id), first);
      });
}

// sharing/list_folder_members marks inherited members since 2026 and left them out before: reading
// the folders around as well is right either way.
Result<void> FolderReaders::FinishListing(Folder& folder,
                                          const Pending<dropbox::MemberPage>& first) {
  std::vector<dropbox::Member> members;
  const auto fetch = [&](const std::string& cursor) {
    return loop_.Await(cursor.empty() ? first
                                      : dropbox::ListFolderMembers(client_, folder.id, cursor));
  };
  const auto read = dropbox::FollowPages(
      client_.pace(), "the members of shared folder " + folder.id, fetch,
      [&](dropbox::MemberPage& page) {
        std::move(page.members.begin(), page.members.end(), std::back_inserter(members));
      });
  if (!read) {
    if (!dropbox::ConcernsOneList(read.error())) return read;
    folder.Fail(read.error());
    return {};
  }
  if (on_member_) std::for_each(members.begin(), members.end(), on_member_);
  folder.own = std::make_shared<const Verdicts>(JudgeMembers(members));
  return {};
}

std::string FolderReaders::ParentOf(const std::string& id) const {
  return inherit_ ? tree_.ParentOf(id) : "";
}

Result<FolderReaders::Ids> FolderReaders::FindInside(const Ids& outer, const Ids& among) {
  if (!inherit_) return Ids();
  return tree_.FindInside(outer, among);
}

// Makes the folder's list from its own members and, after those, from the folder around it.
void FolderReaders::Judge(Folder& folder, int depth) {
  if (folder.Judged()) return;
  folder.verdicts = folder.own;
  if (const std::string parent_id = ParentOf(folder.id); !parent_id.empty()) {
    Folder& parent = Cached(parent_id);
    if (depth < SharedFolderTree::kDeepest) Judge(parent, depth + 1);
    if (parent.verdicts != nullptr) {
      folder.verdicts = std::make_shared<const Verdicts>(Inherit(*folder.own, *parent.verdicts));
    } else if (parent.result.http_status != 409) {
      folder.result = parent.result;
      if (folder.result.problem.empty()) {
        folder.result.problem = "its shared folders contain each other";
      }
      folder.verdicts = nullptr;
      return;
    }
  }
  std::vector<std::string> readers = ReadersOf(*folder.verdicts);
  // The account may see what it lists, unless its own membership says otherwise: the list does not
  // show every way in which it may have come here.
  if (!Names(*folder.verdicts, account_value_)) readers.push_back(account_value_);
  folder.result.list = std::make_shared<const AccessList>(MakeAccessList(std::move(readers)));
  folder.own.reset();
  folder.bytes = BytesOf(*folder.verdicts) + BytesOf(*folder.result.list);
  cached_bytes_ += folder.bytes;
}

void FolderReaders::Trim(const Ids& in_use) {
  for (auto folder = cache_.end(); cached_bytes_ > max_bytes_ && folder != cache_.begin();) {
    --folder;
    // Unreadable ones are small, and must not be requested again.
    if (folder->result.list == nullptr || in_use.count(folder->id) > 0) continue;
    cached_bytes_ -= folder->bytes;
    cached_.erase(folder->id);
    folder = cache_.erase(folder);
  }
}

}  // namespace dbxes::permissions
