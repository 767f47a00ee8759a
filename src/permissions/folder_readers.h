// SPDX-License-Identifier: Apache-2.0
// Readers of shared folders: their members, with those that a folder inherits from the folders
// around it (Dropbox HTTP API: effective readers). One paged member list for each shared folder,
// cached within a bound of memory.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/http/event_loop.h"
#include "dropbox/client.h"
#include "permissions/access_list.h"
#include "permissions/shared_folder_tree.h"

namespace dbxes::permissions {

// The access list of a shared folder, or why it could not be read.
struct FolderList {
  std::shared_ptr<const AccessList> list;  // null: could not be read
  std::string problem;
  int http_status = 0;
};

class FolderReaders {
 public:
  using Ids = SharedFolderTree::Ids;

  // The account is a reader of every folder that it lists, unless its own membership says
  // otherwise. With `inherit`, members of the folders around count.
  FolderReaders(EventLoop& loop, dropbox::Client& client, const std::string& account_id,
                bool inherit, std::size_t max_bytes);

  // Reads the lists of these folders that are not cached. An error concerns the run; what concerns
  // one list is in its FolderList. A folder that could not be read is not requested again.
  Result<void> Read(const Ids& wanted);
  // Of a folder that was read.
  const FolderList& ListOf(const std::string& id) { return Cached(id).result; }
  // Frees the lists that were not used for longest until the bound is met, but none of these.
  void Trim(const Ids& in_use);
  // Those `among` that inherit from one of `outer`, directly or through others: a change there
  // changes them, too.
  Result<Ids> FindInside(const Ids& outer, const Ids& among);
  // Called with each membership that is read.
  void OnMember(std::function<void(const dropbox::Member&)> action) {
    on_member_ = std::move(action);
  }

 private:
  struct Folder {
    std::string id;
    std::shared_ptr<const Verdicts> own;       // as listed, before the inherited ones
    std::shared_ptr<const Verdicts> verdicts;  // with the inherited ones
    FolderList result;
    std::size_t bytes = 0;
    bool Judged() const { return result.list != nullptr || !result.problem.empty(); }
    void Fail(const Error& error) {
      result.problem = error.ToLine();
      result.http_status = error.http_status;
    }
  };
  Folder& Cached(const std::string& id);
  Result<void> ListMembers(const std::vector<std::string>& ids);
  Result<void> FinishListing(Folder& folder, const Pending<dropbox::MemberPage>& first);
  std::string ParentOf(const std::string& id) const;
  void Judge(Folder& folder, int depth);

  EventLoop& loop_;
  dropbox::Client& client_;
  std::string account_value_;
  bool inherit_;
  std::size_t max_bytes_;
  SharedFolderTree tree_;
  std::function<void(const dropbox::Member&)> on_member_;
  std::list<Folder> cache_;  // the latest used first
  std::unordered_map<std::string, std::list<Folder>::iterator> cached_;
  std::size_t cached_bytes_ = 0;
};

}  // namespace dbxes::permissions
