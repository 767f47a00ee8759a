// SPDX-License-Identifier: Apache-2.0
// Members of shared folders, with those that a folder inherits from the ones around it (Dropbox
// HTTP API: effective readers). sharing/list_folder_members marks inherited members since 2026 and
// left them out before; taking the folders above into account is right either way.
#include <algorithm>
#include <utility>

#include "permissions/permission_reader.h"

namespace dbxes::permissions {
namespace {

constexpr std::size_t kAtOnce = 16;  // requests in flight
// From this many folders on, one list of all shared folders is cheaper than asking for each.
constexpr std::size_t kWorthListing = 5;
constexpr int kDeepest = 64;  // of shared folders in shared folders; more is a circle

// Calls `start` for each id, kAtOnce at a time, and then `finish` with what it gave.
template <class Start, class Finish>
Result<void> ForEachAtOnce(const std::vector<std::string>& ids, Start start, Finish finish) {
  for (std::size_t begin = 0; begin < ids.size(); begin += kAtOnce) {
    const std::size_t end = std::min(ids.size(), begin + kAtOnce);
    std::vector<decltype(start(ids[begin]))> started;
    for (std::size_t i = begin; i < end; ++i) started.push_back(start(ids[i]));
    for (std::size_t i = begin; i < end; ++i) {
      if (Result<void> done = finish(ids[i], started[i - begin]); !done) return done;
    }
  }
  return {};
}

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

}  // namespace

PermissionReader::Folder& PermissionReader::CacheOf(const std::string& id) {
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

Result<void> PermissionReader::ReadFolders(Ids wanted) {
  if (wanted.empty()) return {};
  const Ids asked = wanted;
  if (settings_.inherit) {
    TRY(FindParents(wanted));
  }
  std::vector<std::string> unread;
  for (const std::string& id : wanted) {
    const Folder& folder = CacheOf(id);
    const bool judged = folder.list != nullptr || !folder.problem.empty();
    if (!judged && folder.own == nullptr) unread.push_back(id);
  }
  TRY(ListMembers(unread));
  for (const std::string& id : asked) Judge(CacheOf(id), 0);
  return {};
}

// Adds the folders around the wanted ones from which these inherit, to the outermost.
Result<void> PermissionReader::FindParents(Ids& wanted) {
  Ids latest = wanted;
  while (!latest.empty()) {
    std::vector<std::string> unknown;
    for (const std::string& id : latest) {
      // One that was judged before needs its parents no more.
      if (directory_.count(id) == 0 && CacheOf(id).verdicts == nullptr) unknown.push_back(id);
    }
    // Over the whole run: each page of a listing may have a few of them.
    if (!listed_ && asked_alone_ + unknown.size() >= kWorthListing) {
      TRY(ListSharedFolders());
      continue;
    }
    asked_alone_ += unknown.size();
    TRY(AskFolders(unknown));
    Ids parents;
    for (const std::string& id : latest) {
      const auto found = directory_.find(id);
      if (found == directory_.end() || !found->second.inherits) continue;
      const std::string& parent = found->second.parent_id;
      const bool needed = CacheOf(id).verdicts == nullptr && !parent.empty();
      if (needed && wanted.insert(parent).second) parents.insert(parent);
    }
    latest = std::move(parents);
  }
  return {};
}

// What the list lacks, and everything when it cannot be had, is asked for one by one.
Result<void> PermissionReader::ListSharedFolders() {
  listed_ = true;
  std::string cursor;
  do {
    auto page = loop_.Await(sharing_.ListFolders(cursor));
    if (!page && ConcernsOneList(page.error())) return {};
    if (!page) return Fail(page.error());
    for (dropbox::SharedFolder& folder : page->folders) {
      std::string id = folder.id;
      directory_[std::move(id)] = std::move(folder);
    }
    if (page->cursor == cursor) return {};
    cursor = std::move(page->cursor);
  } while (!cursor.empty());
  return {};
}

Result<void> PermissionReader::AskFolders(const std::vector<std::string>& ids) {
  return ForEachAtOnce(
      ids, [&](const std::string& id) { return sharing_.GetFolderMetadata(id); },
      [&](const std::string& id, const Pending<dropbox::SharedFolder>& answer) -> Result<void> {
        auto folder = loop_.Await(answer);
        if (folder) {
          directory_[id] = std::move(*folder);
          return {};
        }
        const Error& error = folder.error();
        if (!ConcernsOneList(error)) return Fail(error);
        // Dropbox's last word: the account sees nothing around it. What the folder's own list says
        // is all there is.
        directory_[id] = {id, "", true};
        if (error.http_status == 409) return {};
        Folder& unread = CacheOf(id);
        unread.problem = error.ToLine();
        unread.http_status = error.http_status;
        return {};
      });
}

Result<void> PermissionReader::ListMembers(const std::vector<std::string>& ids) {
  return ForEachAtOnce(
      ids, [&](const std::string& id) { return sharing_.ListFolderMembers(id, ""); },
      [&](const std::string& id, const Pending<dropbox::MemberPage>& first) {
        return FinishListing(CacheOf(id), first);
      });
}

Result<void> PermissionReader::FinishListing(Folder& folder,
                                             const Pending<dropbox::MemberPage>& first) {
  std::vector<dropbox::Member> members;
  std::string cursor;
  for (auto page = loop_.Await(first);;
       page = loop_.Await(sharing_.ListFolderMembers(folder.id, cursor))) {
    if (!page) {
      if (!ConcernsOneList(page.error())) return Fail(page.error());
      folder.problem = page.error().ToLine();
      folder.http_status = page.error().http_status;
      return {};
    }
    const bool stuck = !page->cursor.empty() && page->cursor == cursor;
    if (stuck) {
      folder.problem = "Dropbox repeats a cursor of the members of shared folder " + folder.id;
      return {};
    }
    for (dropbox::Member& member : page->members) members.push_back(std::move(member));
    cursor = std::move(page->cursor);
    if (cursor.empty()) break;
  }
  Hear(members);
  folder.own = std::make_shared<const Verdicts>(JudgeMembers(members));
  return {};
}

std::string PermissionReader::ParentOf(const std::string& id) const {
  const auto place = directory_.find(id);
  const bool inherits = settings_.inherit && place != directory_.end() && place->second.inherits;
  return inherits ? place->second.parent_id : "";
}

Result<PermissionReader::Ids> PermissionReader::FindInside(const Ids& outer, const Ids& among) {
  Ids inside;
  if (!settings_.inherit || outer.empty()) return inside;
  Ids known = among;
  TRY(FindParents(known));
  for (const std::string& id : among) {
    std::string above = ParentOf(id);
    for (int depth = 0; depth < kDeepest && !above.empty(); ++depth) {
      if (outer.count(above) > 0) inside.insert(id);
      above = ParentOf(above);
    }
  }
  return inside;
}

// Makes the folder's list from its members and, after those of the folder around it, theirs.
void PermissionReader::Judge(Folder& folder, int depth) {
  if (folder.list != nullptr || !folder.problem.empty()) return;
  folder.verdicts = folder.own;
  if (const std::string parent_id = ParentOf(folder.id); !parent_id.empty()) {
    Folder& parent = CacheOf(parent_id);
    if (depth < kDeepest) Judge(parent, depth + 1);
    if (parent.verdicts != nullptr) {
      folder.verdicts = std::make_shared<const Verdicts>(Inherit(*folder.own, *parent.verdicts));
    } else if (parent.http_status != 409) {
      folder.problem =
          parent.problem.empty() ? "its shared folders lie in a circle" : parent.problem;
      folder.http_status = parent.http_status;
      folder.verdicts = nullptr;
      return;
    }
  }
  std::vector<std::string> readers = ReadersOf(*folder.verdicts);
  // The account may see what it lists, unless its own membership says otherwise: it may be here by
  // a way that the list does not show.
  const std::string account = UserValue(settings_.account.account_id);
  const auto own = std::lower_bound(
      folder.verdicts->begin(), folder.verdicts->end(), account,
      [](const auto& verdict, const std::string& value) { return verdict.first < value; });
  const bool named = own != folder.verdicts->end() && own->first == account;
  if (!named) readers.push_back(account);
  folder.list = std::make_shared<const AccessList>(MakeAccessList(std::move(readers)));
  folder.own.reset();
  folder.bytes = BytesOf(*folder.verdicts) + BytesOf(*folder.list);
  cached_bytes_ += folder.bytes;
}

// Bounds the memory: what was not used for longest goes first, but nothing that is in use.
void PermissionReader::Forget(const Ids& kept) {
  for (auto folder = cache_.end();
       cached_bytes_ > settings_.max_cached_bytes && folder != cache_.begin();) {
    --folder;
    // Unreadable ones are small, and must not be asked for again.
    if (folder->list == nullptr || kept.count(folder->id) > 0) continue;
    cached_bytes_ -= folder->bytes;
    cached_.erase(folder->id);
    folder = cache_.erase(folder);
  }
}

}  // namespace dbxes::permissions
