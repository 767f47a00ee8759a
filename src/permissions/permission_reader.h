// SPDX-License-Identifier: Apache-2.0
// Reads who may see documents: the readers of the shared folder around (folder_readers.h) or of the
// space outside shared folders (unshared_readers.h), a file's own members (file_members.h) and,
// where they count, shared links (link_readers.h). What could not be read is reported, never
// guessed: the caller closes the document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http/event_loop.h"
#include "dropbox/client.h"
#include "permissions/access_list.h"
#include "permissions/file_members.h"
#include "permissions/folder_readers.h"
#include "permissions/link_readers.h"
#include "permissions/unshared_readers.h"

namespace dbxes::permissions {

// A document whose readers are wanted.
struct PermissionQuery {
  std::string_view id;
  std::string_view path_lower;  // "" for what is not in the tree
  std::string_view
      shared_folder_id;  // of the document itself, or of the folder around; "" for none
  bool is_folder = false;
  bool has_own_members = false;  // has_explicit_shared_members, or received on its own
};

struct Permission {
  std::shared_ptr<const AccessList> list;  // null: could not be read
  bool has_own_members = false;            // the list is not its folder's alone
  // The people whom shared links let in besides.
  dropbox::LinkAudience link_audience = dropbox::LinkAudience::kNobody;
  bool of_folder = false;  // not read: the folder's list is missing
  // Not read: the file has left the tree since it was listed, which is no failure. The change feed
  // will report it.
  bool has_left = false;
  bool unknown = false;  // not read: Dropbox has no such file, or not for this account
  std::string problem;   // why it could not be read
  int http_status = 0;
  bool Readable() const { return list != nullptr; }
};

struct PermissionSettings {
  dropbox::Account account;  // that lists
  // Files inherit the members of their shared folder, and of the folders around it.
  bool inherit = true;
  bool links = false;  // shared links count, too
  std::size_t max_cached_bytes = 64u << 20;
};

class PermissionReader {
 public:
  PermissionReader(EventLoop& loop, dropbox::Client& client, PermissionSettings settings);

  // One permission for each query. An error concerns the run (a scope is missing, a signal came);
  // what concerns single lists is in their permissions. A folder that could not be read is not
  // requested again.
  Result<std::vector<Permission>> Read(const std::vector<PermissionQuery>& queries);

  // Those `among` that inherit from one of `outer`, directly or through others: a change there
  // changes them, too. Folders that Dropbox does not show may be missing.
  using Ids = FolderReaders::Ids;
  Result<Ids> FindInside(const Ids& outer, const Ids& among) {
    return folders_.FindInside(outer, among);
  }

  // The shared folders of the last Read: the fingerprint of each list, 0 for one that could not be
  // read.
  const std::map<std::string, std::uint64_t>& folders() const { return used_; }
  // Called with each membership that is read.
  void OnMember(const std::function<void(const dropbox::Member&)>& action) {
    folders_.OnMember(action);
    files_.OnMember(action);
  }
  // Why shared links could not be read, so that they open nothing; "" when they were.
  std::string link_problem() const { return links_ ? links_->problem() : ""; }
  // Whether any list could not be read so far.
  bool incomplete() const { return incomplete_; }

 private:
  // The shared folder whose members read a document, "" for none.
  std::string FolderOf(const PermissionQuery& query) const;
  Result<Permission> Inherited(const PermissionQuery& query);
  Permission OfFolder(const std::string& id);
  Result<Permission> OutsideFolders(const PermissionQuery& query);
  // Adds a file's own members.
  Result<void> AddOwnMembers(const PermissionQuery& query, const MembersOfFile& own,
                             Permission& permission);
  std::shared_ptr<const AccessList> WithLink(const AccessList& list,
                                             dropbox::LinkAudience audience);
  Result<Permission> Combine(const PermissionQuery& query, const FileMembers::ById& files);

  PermissionSettings settings_;
  UnsharedReaders unshared_;
  FolderReaders folders_;
  FileMembers files_;
  std::optional<LinkReaders> links_;
  // Of one Read: lists with the value of an audience, by fingerprint.
  std::map<std::pair<std::uint64_t, dropbox::LinkAudience>, std::shared_ptr<const AccessList>>
      with_links_;
  std::map<std::string, std::uint64_t> used_;
  bool incomplete_ = false;
};

}  // namespace dbxes::permissions
