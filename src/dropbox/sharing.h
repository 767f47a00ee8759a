// SPDX-License-Identifier: Apache-2.0
// Who a folder or a file is shared with: the member routes of the Dropbox HTTP API (sharing). Pages
// as Dropbox sends them; following cursors and drawing conclusions is left to src/permissions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dropbox/client.h"

namespace dbxes::dropbox {

// One membership. `access_type` is Dropbox's tag as it came: new ones may appear.
struct Member {
  enum class Kind : std::uint8_t { kUser, kGroup, kInvitee };
  Kind kind = Kind::kUser;
  std::string id;  // account id, group id or e-mail address
  std::string access_type;
  bool is_inherited = false;  // through a folder above
  std::string email;          // of users; one that ends in '#' is a deleted account's
  std::string name;           // display name of a user or group
  bool same_team = false;     // of users: as the account that asks
};

struct MemberPage {
  std::vector<Member> members;
  std::string cursor;  // "" on the last page: these routes have no has_more
};

// What the batch route tells of one file: its own members without inherited ones, or why not.
struct BatchedFileMembers {
  std::string file;  // as asked for
  MemberPage page;
  std::string error;  // tags, "access_error/invalid_file"; "" when `page` is good
};

struct SharedFolder {
  std::string id;
  std::string parent_id;  // the shared folder around it, "" for none (that the account may see)
  bool inherits = true;   // the members of that one are members of this one, too
};

struct SharedFolderPage {
  std::vector<SharedFolder> folders;
  std::string cursor;  // "" on the last page
};

// Where an item lies in the account's tree.
struct Place {
  std::string path_lower;        // "" for what is not mounted
  std::string shared_folder_id;  // that a folder is, or else that the item lies in; "" for none
};

// Whom a shared link lets in without being a member. Each lets in those before it, too.
enum class LinkAudience : std::uint8_t { kNobody, kTeam, kAnybody };

// A link that the account has made.
struct SharedLink {
  std::string id;  // of the file or folder
  bool is_folder = false;
  LinkAudience audience = LinkAudience::kNobody;
  std::string expires;  // UTC, "" for never
};

struct SharedLinkPage {
  std::vector<SharedLink> links;
  std::string cursor;  // "" on the last page
};

// All of these give up after a few retries: an unreadable list concerns its documents alone.
class SharingClient {
 public:
  static constexpr std::size_t kMaxBatch = 100;  // files in one batch

  explicit SharingClient(Client& client) : client_(client) {}

  // sharing/list_folder_members and /continue (`cursor` not empty). Error::tag is the
  // SharedFolderAccessError, "not_a_member".
  Pending<MemberPage> ListFolderMembers(const std::string& folder_id, const std::string& cursor);
  // sharing/list_file_members/batch, for up to kMaxBatch ids. The order is Dropbox's.
  Pending<std::vector<BatchedFileMembers>> ListFileMembers(const std::vector<std::string>& ids);
  // sharing/list_file_members/continue, for cursors of the batch.
  Pending<MemberPage> ListFileMembersContinue(const std::string& cursor);
  // sharing/get_folder_metadata.
  Pending<SharedFolder> GetFolderMetadata(const std::string& folder_id);
  // sharing/list_folders and /continue: every shared folder that the account may see.
  Pending<SharedFolderPage> ListFolders(const std::string& cursor);
  // sharing/list_shared_links of the account, for files and folders in its root (shared_links.cc).
  Pending<SharedLinkPage> ListSharedLinks(const std::string& cursor);
  // files/get_metadata, of a path or an id; as patient as a listing. What is not there is
  // kNotFound.
  Pending<Place> GetPlace(const std::string& path_or_id);

 private:
  Pending<HttpResponse> SendBatch(const std::vector<std::string>& ids, int limit);

  Client& client_;
  // Members of each file that a batch shows at once. Dropbox refused more than 20 for years.
  int batch_limit_ = 300;
};

// Whether an answer of GetPlace says that there is no such thing, or none in what the account sees.
inline bool IsNowhere(const Result<Place>& place) {
  return place ? place->path_lower.empty() : place.error().kind == ErrorKind::kNotFound;
}

}  // namespace dbxes::dropbox
