// SPDX-License-Identifier: Apache-2.0
// What Dropbox's answers hold, as values (Dropbox HTTP API: sharing, files, team). Nothing here
// knows how they are fetched. Every page has `cursor`, "" on the last one (FollowPages).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dbxes::dropbox {

// The owner of the token, and the roots that the account sees.
struct Account {
  std::string account_id;
  std::string email;
  std::string team_member_id;  // set for team tokens: calls run as this member
  std::string root_namespace_id;
  std::string home_namespace_id;
  std::string home_path;  // of the home in the root of a team space, "" where there is none
  std::string display_name = {};
  std::string team_name = {};  // "" for an account in no team
  bool HasTeamSpace() const { return root_namespace_id != home_namespace_id; }
  // As the same member, from the same root: paths, members and readers mean the same.
  bool SeesAs(const Account& other) const {
    return account_id == other.account_id && team_member_id == other.team_member_id &&
           root_namespace_id == other.root_namespace_id &&
           home_namespace_id == other.home_namespace_id && home_path == other.home_path;
  }
};

// A file shared with the account alone, not mounted in its tree.
struct ReceivedFile {
  std::string id;
  std::string name;
  std::string preview_url;
  std::string path_lower;  // set when it is mounted after all
};

struct ReceivedPage {
  std::vector<ReceivedFile> files;
  std::string cursor;
};

// The file of a shared link (sharing/get_shared_link_metadata).
struct LinkedFile {
  std::string id;
  std::string name;
  std::string url;
  std::string rev;
  std::string client_modified;
  std::string server_modified;
  std::uint64_t size = 0;
  bool allows_download = true;  // link_permissions.allow_download
};

// One membership of a folder or file. `access_type` is Dropbox's tag as it came: new ones may
// appear.
struct Member {
  enum class Kind : std::uint8_t { kUser, kGroup, kInvitee };
  Kind kind = Kind::kUser;
  std::string id;  // account id, group id or e-mail address
  std::string access_type;
  bool is_inherited = false;  // through a folder above
  std::string email;          // of users; one that ends in '#' is a deleted account's
  std::string name;           // display name of a user or group
  bool same_team = false;     // of users: in the team of the calling account
};

struct MemberPage {
  std::vector<Member> members;
  std::string cursor;
};

// One file of a batch: its own members without inherited ones, or the reason why there are none.
struct BatchedFileMembers {
  std::string file;  // the id that was sent
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
  std::string cursor;
};

// The position of an item in the account's tree.
struct Place {
  std::string path_lower;        // "" for an item that is not mounted
  std::string shared_folder_id;  // of the folder itself, or else of the folder around; "" for none
};

// The people who can open a shared link without being members. Each value includes those before.
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
  std::string cursor;
};

// One search (files/search_v2). Empty and zero leave a choice to Dropbox.
struct SearchRequest {
  std::string query;
  std::string path;      // a folder, id:... or ns:...; "" for everything
  int max_results = 0;   // matches on a page
  std::string order_by;  // "relevance" or "last_modified_time"
  bool filename_only = false;
  std::vector<std::string> file_extensions;  // without dots
  std::vector<std::string> file_categories;  // these win over extensions
  std::string account_id;
};

// A match as the search index has it: the file may have changed or be gone since.
struct SearchMatch {
  std::string id;
  std::string rev;  // "" for folders
  std::string path_lower;
};

struct SearchPage {
  std::vector<SearchMatch> matches;  // files and folders
  std::size_t shown = 0;             // matches of any kind
  std::string cursor;
};

// A file or folder directly in a folder.
struct Child {
  std::string id;
  std::string name;
  std::string path_lower;
  bool is_folder = false;
};

struct ChildPage {
  std::vector<Child> children;
  std::string cursor;
};

struct TeamMember {
  std::string account_id;  // "" for people who have not joined
  std::string team_member_id;
  std::string email;
  std::vector<std::string> secondary_emails;  // the verified ones
  std::string display_name;
  std::string status;  // Dropbox's tag: "active", "invited", "suspended", "removed"
  std::string joined_on;
  std::string root_namespace_id;    // of the member's root; several members may share one
  std::vector<std::string> groups;  // ids; groups in groups are expanded by Dropbox
};

struct TeamMemberPage {
  std::vector<TeamMember> members;
  std::string cursor;
};

}  // namespace dbxes::dropbox
