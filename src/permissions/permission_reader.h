// SPDX-License-Identifier: Apache-2.0
// Reads from Dropbox who may see documents: one paged member list for each shared folder, however
// many documents lie in it, and batches of file members for the few files that have their own.
// What could not be read is said, never guessed: the caller closes the document.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/http/event_loop.h"
#include "dropbox/sharing.h"
#include "permissions/access_list.h"
#include "permissions/link_readers.h"
#include "permissions/unshared_readers.h"

namespace dbxes::permissions {

// A document whose readers are asked for.
struct PermissionQuery {
  std::string_view id;
  std::string_view path_lower;        // "" for what has no place in the tree
  std::string_view shared_folder_id;  // that it is or lies in; "" for none
  bool is_folder = false;
  bool has_own_members = false;  // has_explicit_shared_members, or received by itself
};

struct Permission {
  std::shared_ptr<const AccessList> list;  // null: could not be read
  bool has_own_members = false;            // the list is not its folder's alone
  dropbox::LinkAudience link_audience =
      dropbox::LinkAudience::kNobody;  // whom shared links let in besides
  bool of_folder = false;              // not read: the folder's list is what is missing
  // Not read: the file has left the tree since it was listed, which is no failure. The change feed
  // tells of it.
  bool has_left = false;
  std::string problem;  // why it could not be read
  int http_status = 0;
  bool Readable() const { return list != nullptr; }
};

struct PermissionSettings {
  dropbox::Account account;  // who lists
  // Files take over the members of their shared folder, and those of the folders around it.
  bool inherit = true;
  bool links = false;  // shared links count, too
  std::size_t max_cached_bytes = 64u << 20;
};

class PermissionReader {
 public:
  PermissionReader(EventLoop& loop, dropbox::Client& client, PermissionSettings settings);

  // One permission for each query. An error is about the run (a scope is missing, a signal came);
  // what concerns single lists stands in their permissions. A folder that could not be read is not
  // asked for again.
  Result<std::vector<Permission>> Read(const std::vector<PermissionQuery>& queries);

  // Those `among` that inherit from one of `outer`, directly or through others: what changes there
  // changes here. Some that cannot be asked about may be missing.
  using Ids = std::set<std::string>;
  Result<Ids> FindInside(const Ids& outer, const Ids& among);

  // What the last Read went by for each shared folder: the fingerprint of its list, or 0 when it
  // could not be read.
  const std::map<std::string, std::uint64_t>& folders() const { return used_; }
  // Hears every membership that is read.
  void OnMember(std::function<void(const dropbox::Member&)> hear) { on_member_ = std::move(hear); }
  // Why shared links could not be read, so that they open nothing; "" when all is well.
  std::string link_problem() const { return links_ ? links_->problem() : ""; }
  // Whether any list could not be read so far.
  bool incomplete() const { return incomplete_; }

 private:
  struct Folder {
    std::string id;
    std::shared_ptr<const Verdicts> own;       // as listed, before what is inherited
    std::shared_ptr<const Verdicts> verdicts;  // with it
    std::shared_ptr<const AccessList> list;
    std::string problem;  // set: could not be read
    int http_status = 0;
    std::size_t bytes = 0;
  };
  struct FileMembers {
    std::vector<dropbox::Member> members;
    bool unknown = false;
    std::string problem;
    int http_status = 0;
  };
  using FilesById = std::map<std::string, FileMembers>;

  // The shared folder whose members a document takes over, "" for none.
  std::string FolderOf(const PermissionQuery& query) const;
  Result<Permission> Inherited(const PermissionQuery& query);
  std::shared_ptr<const AccessList> Opened(const AccessList& list, dropbox::LinkAudience audience);
  Result<Permission> Combine(const PermissionQuery& query, const FilesById& files);
  void Hear(const std::vector<dropbox::Member>& members);

  // folder_members.cc
  Result<void> ReadFolders(Ids wanted);
  Result<void> FindParents(Ids& wanted);
  Result<void> ListSharedFolders();
  Result<void> AskFolders(const std::vector<std::string>& ids);
  Result<void> ListMembers(const std::vector<std::string>& ids);
  Result<void> FinishListing(Folder& folder, const Pending<dropbox::MemberPage>& first);
  void Judge(Folder& folder, int depth);
  // The folder whose members this one takes over, "" for none.
  std::string ParentOf(const std::string& id) const;
  Folder& CacheOf(const std::string& id);
  void Forget(const Ids& kept);

  // file_members.cc
  Result<FilesById> ReadFiles(const std::vector<std::string>& ids);
  Result<void> FinishBatch(const std::vector<std::string>& ids,
                           const Pending<std::vector<dropbox::BatchedFileMembers>>& answer,
                           FilesById& files);
  Result<void> FollowCursor(std::string cursor, FileMembers& file);
  // Whether Dropbox knows no place of the file any more; false when it does not say.
  Result<bool> HasLeft(const std::string& id);

  EventLoop& loop_;
  dropbox::SharingClient sharing_;
  PermissionSettings settings_;
  UnsharedReaders unshared_;
  std::optional<LinkReaders> links_;
  // Of one Read: lists with the value of an audience, by fingerprint.
  std::map<std::pair<std::uint64_t, dropbox::LinkAudience>, std::shared_ptr<const AccessList>>
      opened_;
  std::function<void(const dropbox::Member&)> on_member_;
  // Parents of shared folders: small, hence kept for the run.
  std::unordered_map<std::string, dropbox::SharedFolder> directory_;
  bool listed_ = false;          // the account's shared folders were asked for in one list
  std::size_t asked_alone_ = 0;  // folders, one by one, in this run
  // Lists of members, the latest used first.
  std::list<Folder> cache_;
  std::unordered_map<std::string, std::list<Folder>::iterator> cached_;
  std::size_t cached_bytes_ = 0;
  std::map<std::string, std::uint64_t> used_;
  Ids left_;  // files; the feed may tell of one several times
  bool incomplete_ = false;
};

// Whether an error concerns one list alone, so that the run goes on without it.
bool ConcernsOneList(const Error& error);

}  // namespace dbxes::permissions
