// SPDX-License-Identifier: Apache-2.0
// The world behind the simulated Dropbox: accounts, groups, namespaces, items, members and one
// journal. Tests change it with plain calls; every row of the delta table ("Dropbox HTTP API: delta
// semantics") follows from the journal and is never written by hand. Misuse (an unknown path, a
// name taken by a folder) throws TreeError, since it is a bug of the test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dropbox_sim/content.h"
#include "dropbox_sim/shared_link.h"

namespace dbxes::sim {

class TreeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Milliseconds since 1970. Injected, so that a test needs no real time.
using ClockFn = std::function<std::int64_t()>;

enum class Kind : std::uint8_t { kFile, kFolder, kDeleted };

// How a file that cannot be downloaded is exported.
struct ExportSpec {
  std::string export_as;                     // empty: absent
  std::vector<std::string> export_options;   // empty: absent
  std::map<std::string, std::string> bytes;  // by format
};

// Facts that few items have.
struct Extras {
  std::optional<ExportSpec> export_spec;  // set: is_downloadable is false
  std::string symlink_target;
  std::string lock_holder;
  std::string modified_by;  // account id, in sharing_info
  std::optional<std::uint64_t> reported_size;
  std::string lookup_error;  // tag that download and export answer, e.g. restricted_content
  bool hide_content_hash = false;
  bool traverse_only = false;
  bool no_access = false;
};

// One state of one item; immutable, so that the journal and a running listing keep what they saw.
struct Item {
  Kind kind = Kind::kFile;
  std::uint32_t ns = 0;     // index of the namespace it lives in; its paths are relative to that
  std::uint32_t mount = 0;  // folder: index of the namespace mounted here, 0 for none
  std::uint64_t rev = 0;
  std::int64_t client_modified_s = 0;
  std::int64_t server_modified_s = 0;
  std::string id;
  std::string path_lower;
  std::string path_display;
  std::shared_ptr<const Content> content;
  std::shared_ptr<const Extras> extras;

  std::string_view name() const {
    return std::string_view(path_display).substr(path_display.rfind('/') + 1);
  }
  std::uint64_t size() const {
    if (extras && extras->reported_size) return *extras->reported_size;
    return content ? content->size() : 0;
  }
};
using ItemPtr = std::shared_ptr<const Item>;

// Orders paths so that everything under a folder follows it directly: '/' sorts first.
struct PathLess {
  using is_transparent = void;
  static bool Less(std::string_view a, std::string_view b);
  bool operator()(const ItemPtr& a, const ItemPtr& b) const {
    return Less(a->path_lower, b->path_lower);
  }
  bool operator()(const ItemPtr& a, std::string_view b) const { return Less(a->path_lower, b); }
  bool operator()(std::string_view a, const ItemPtr& b) const { return Less(a, b->path_lower); }
};
using ItemSet = std::set<ItemPtr, PathLess>;

enum class MemberKind : std::uint8_t { kUser, kGroup, kInvitee };

// A member of a shared folder or of a single file.
struct Member {
  MemberKind kind = MemberKind::kUser;
  std::string id;  // account id, group id or e-mail address
  std::string access =
      "editor";  // owner, editor, viewer, viewer_no_comment, traverse, no_access, anything new
  bool inherited = false;
};

struct Account {
  std::string account_id;  // empty for a team member who has not joined
  std::string team_member_id;
  std::string given_name;
  std::string surname;
  std::string email;
  std::vector<std::string> secondary_emails;  // a leading '?' means: not verified
  std::string status = "active";              // active, invited, suspended, removed
  std::string account_type = "basic";
  std::string root_info_tag = "user";
  std::string home_path;  // set when the root is not the home
  bool admin = false;
  bool same_team = true;
  bool disabled = false;
  std::uint32_t home = 0;  // namespace indexes
  std::uint32_t root = 0;

  std::string display_name() const {
    return surname.empty() ? given_name : given_name + " " + surname;
  }
};

struct Group {
  std::string group_id;
  std::string name;
  std::string management_type = "company_managed";
  bool same_team = true;
  std::vector<std::string> account_ids;
};

enum class NamespaceType : std::uint8_t {
  kHome,
  kMemberRoot,
  kSharedFolder,
  kTeamFolder,
  kAppFolder,
  kTeamRoot,  // one root for all members, with the team folders and everybody's home in it
};

// Where an account's root is; teams are migrated from one to the next ("Dropbox HTTP API: team
// files").
enum class RootLayout : std::uint8_t {
  kHome,        // the home is the root, and team folders are mounted in it
  kSharedRoot,  // one root for all members, in which each sees no home but the own
  kOwnRoot,     // a root for each member
};

// One line of the team's event log.
struct TeamEvent {
  std::int64_t time_s = 0;
  std::string category;      // sharing, groups, members, team_folders
  std::string type;          // e.g. shared_folder_create
  std::string details;       // fields of the details struct as JSON, without the braces
  std::string account_id;    // who did it
  std::string namespace_id;  // of the folder that it is about, empty for none
};

struct Namespace {
  std::string id;  // digits
  std::string name;
  NamespaceType type = NamespaceType::kHome;
  std::string folder_id;     // id:… of the shared folder itself
  std::string owner;         // account id
  std::uint32_t parent = 0;  // namespace that it is nested in, 0 for none
  bool inherits = true;      // access_inheritance
  std::string team_folder_status = "active";
  std::int64_t time_invited_s = 0;
  std::vector<Member> members;
  ItemSet items;
  std::map<std::string, ItemPtr> tombstones;    // by path_lower
  std::map<std::string, std::uint32_t> mounts;  // path_lower to namespace index
};

// A file that somebody shared with the account one by one; not in the file tree unless mounted.
struct ReceivedFile {
  std::string id;
  std::string name;
  std::string url;  // preview_url
  std::string owner_display_name;
  std::string account_id;  // who received it
  std::uint64_t rev = 0;
  std::int64_t client_modified_s = 0;
  std::int64_t server_modified_s = 0;
  std::int64_t time_invited_s = 0;  // 0: absent
  std::string path_display;         // of the mount, empty while not mounted
  std::shared_ptr<const Content> content;
  bool allow_download = true;
  bool is_folder_link = false;
  std::string link_error;  // tag that the shared link routes answer, e.g. shared_link_access_denied
  std::vector<Member> members;
};

struct FileOptions {
  std::optional<std::string> id;
  std::optional<std::int64_t> client_modified_s;
  std::optional<std::int64_t> server_modified_s;
  Extras extras;
};

// How a change appears in the journal, where Dropbox promises no order.
struct EventStyle {
  enum class Children : std::uint8_t { kNone, kSome, kAll };
  bool deleted_last = false;            // moves: new place first
  bool new_rev_on_move = true;          // only content_hash shows that the content is the same
  Children children = Children::kNone;  // do children of a deleted folder get their own entry?
};

// What an index should hold of one item.
struct LiveItem {
  Kind kind = Kind::kFile;
  std::string id;
  std::string path_lower;
  std::string path_display;
  std::string name;
  std::string rev;
  std::uint64_t size = 0;
  std::string content_hash;  // empty: absent
  std::string client_modified;
  std::string server_modified;
  std::string namespace_id;             // where it lives
  std::string shared_folder_id;         // the item is this mount
  std::string parent_shared_folder_id;  // the shared folder that the item is in
  std::string home_of;                  // the item is the home of this account, mounted in a root
  bool is_downloadable = true;
  bool has_explicit_members = false;
  bool received = false;  // shared one by one and not in the tree: paths are empty
  std::shared_ptr<const Content> content;
  std::string markdown;  // what a cloud document is exported as
};

class Tree {
 public:
  Tree(std::uint64_t seed, ClockFn clock);

  // Places. A path is "/a/b" in the home of the primary account, or "ns:123/a/b" in any namespace.
  // Parents that are missing are made, with entries of their own.

  // Adds a file, or overwrites the one that is there. Returns its id.
  std::string AddFile(std::string_view path, std::string_view bytes,
                      const FileOptions& options = {});
  // As AddFile, with content that is made up from `content_seed` and never stored.
  std::string AddSyntheticFile(std::string_view path, std::uint64_t size,
                               std::uint64_t content_seed, const FileOptions& options = {});
  // New bytes, same id, new rev.
  void Overwrite(std::string_view path, std::string_view bytes);
  // New server_modified and rev, same bytes.
  void Touch(std::string_view path);
  // Changes only the bytes that are served, so that they no longer match size and content_hash.
  void CorruptContent(std::string_view path, std::string_view bytes);
  void SetExtras(std::string_view path, const Extras& extras);
  std::string AddFolder(std::string_view path);
  // A cloud document: not downloadable, exported as markdown or html.
  std::string AddPaper(std::string_view path, std::string_view markdown,
                       std::string_view html = {});
  void Move(std::string_view from, std::string_view to);
  std::string Copy(std::string_view from, std::string_view to);
  void Delete(std::string_view path);
  // Restores the deleted file at `path`, under its old id or a new one.
  std::string Restore(std::string_view path, bool new_id = false);
  std::string ReplaceFolderByFile(std::string_view path, std::string_view bytes);
  // New case of the last component; no journal entry, as at Dropbox.
  void CaseRename(std::string_view path, std::string_view new_name);
  // A deleted entry for something that never was.
  void DeleteUnseen(std::string_view path);
  // `n` files in a folder tree such as a company has, under `path` ("" is the root). About 450
  // bytes each.
  void AddSyntheticTree(std::size_t n, std::uint64_t seed, std::string_view path = "");
  void set_event_style(const EventStyle& style) { event_style_ = style; }

  // Sharing. A shared folder is a namespace; its id is also the id of the namespace.

  std::string ShareFolder(std::string_view path);
  void Unmount(std::string_view path);
  void Mount(std::string_view shared_folder_id, std::string_view path);
  // Adds a team folder and mounts it for the primary account.
  std::string AddTeamFolder(std::string_view name);
  void SetMembers(std::string_view shared_folder_id, std::vector<Member> members);
  void SetInheritance(std::string_view shared_folder_id, bool inherits);
  // Members of this very file; an empty list removes the flag. No journal entry.
  void SetExplicitMembers(std::string_view file_path_or_id, std::vector<Member> members);
  std::string AddReceivedFile(std::string_view name, std::string_view bytes,
                              const FileOptions& options = {});
  void RevokeReceivedFile(std::string_view id);
  void SetReceivedFileMembers(std::string_view id, std::vector<Member> members);
  // Tests set link_error, allow_download and so on here.
  ReceivedFile& received_file(std::string_view id);
  // The same id appears in the tree too.
  void MountReceivedFile(std::string_view id, std::string_view path);
  // A link of the primary account to what is there; answers its url.
  std::string AddSharedLink(std::string_view path, SharedLink link = {});
  void RevokeSharedLink(std::string_view url);

  // People. Account 0 is the primary account and always there.

  std::string AddAccount(Account account);
  Account& account(std::string_view account_id_or_member_id);
  const Account* FindAccount(std::string_view account_id_or_member_id) const;
  Account& primary() { return accounts_.front(); }
  const Account& primary() const { return accounts_.front(); }
  std::string AddGroup(std::string_view name, std::vector<std::string> account_ids);
  void RemoveGroup(std::string_view group_id);
  Group& group(std::string_view group_id);
  // Makes the world a team: `name`, with the primary account as its admin.
  void MakeTeam(std::string_view name);
  // Gives an account a root of its own above its home (team space); the home is mounted there at
  // /Display Name. The tag may be "user" too: it does not say whether there is a team space.
  void GiveTeamSpace(std::string_view account_id, std::string_view root_info_tag = "team");
  // Moves an account to another layout. A Path-Root header with the old root gets invalid_root from
  // now on.
  void ChangeRoot(std::string_view account_id, RootLayout layout,
                  std::string_view root_info_tag = "team");
  // Changes of sharing, groups and teams are logged automatically; this adds other events.
  void LogEvent(std::string_view category, std::string_view type, std::string details,
                std::string_view namespace_id = {});

  // Truth.

  std::vector<LiveItem> Snapshot() const { return Snapshot(primary().home); }
  std::vector<LiveItem> Snapshot(std::uint32_t ns) const;
  // What an account sees in its root, team space included.
  std::vector<LiveItem> Snapshot(const Account& account) const;
  std::vector<LiveItem> ReceivedSnapshot() const;

  // For the routes.

  struct Place {
    std::uint32_t ns = 0;
    std::string path;  // path_lower within ns
  };
  // Follows mounts, except those that `viewer` cannot see; `path_lower` is relative to `ns`. A
  // mount point itself belongs to the namespace around it.
  Place Resolve(std::uint32_t ns, std::string_view path_lower,
                const Account* viewer = nullptr) const;
  // True for a namespace that only somebody else sees in a root they share.
  bool IsForeignHome(std::uint32_t ns, const Account& viewer) const;
  ItemPtr Find(std::uint32_t ns,
               std::string_view path_lower) const;  // at exactly this place, null if none
  ItemPtr FindById(std::string_view id) const;
  ItemPtr FindByRev(std::uint64_t rev) const;
  // What is served for this rev instead of its content, null if that is right.
  const std::string* corrupt_bytes(std::uint64_t rev) const;
  const Namespace& ns(std::uint32_t index) const { return *namespaces_.at(index); }
  Namespace& ns(std::uint32_t index) { return *namespaces_.at(index); }
  std::uint32_t FindNamespace(std::string_view id) const;  // 0: none
  std::size_t namespace_count() const { return namespaces_.size(); }
  const std::vector<ItemPtr>& journal() const { return journal_; }
  // Grows with every change, also with those that make no journal entry.
  std::uint64_t version() const { return version_; }
  const std::deque<Account>& accounts() const { return accounts_; }
  const std::deque<Group>& groups() const { return groups_; }
  const std::deque<SharedLink>& links() const { return links_; }
  const std::deque<ReceivedFile>& received_files() const { return received_; }
  const std::vector<Member>* explicit_members(std::string_view file_id) const;
  const std::vector<TeamEvent>& events() const { return events_; }
  std::uint32_t team_root() const { return team_root_; }  // 0: the team has no root that all share
  const std::string& team_id() const { return team_id_; }
  const std::string& team_name() const { return team_name_; }
  // Members of a namespace as list_folder_members shows them, those inherited from above included.
  std::vector<Member> EffectiveMembers(std::uint32_t ns) const;
  bool CanRead(const Account& account, std::uint32_t ns) const;
  // The truth about one document: by its namespace (that of the mount for a shared folder itself)
  // or as a member of this very file. Only active people read anything.
  bool CanRead(const Account& account, const LiveItem& item) const;
  // Whether a shared link opens the document; only active people count.
  bool CanReadByLink(const Account& account, const LiveItem& item) const;
  bool IsReadOnly(const Account& account, std::uint32_t ns) const;

 private:
  Place ResolveText(std::string_view path, std::string* display) const;
  ItemPtr Require(std::string_view path) const;
  std::string PutFile(std::string_view path, std::shared_ptr<const Content> content,
                      const FileOptions& options);
  // Copies an item to a new place with everything under it; `transfer` keeps ids, else all are
  // new.
  std::vector<Item> Relocated(const std::vector<ItemPtr>& items, const Place& to,
                              const std::string& to_display, bool transfer);
  void EnsureParents(std::uint32_t ns, std::string_view display);
  void Put(Item item, bool journal = true);
  void Erase(const ItemPtr& item);
  std::vector<ItemPtr> Under(std::uint32_t ns, std::string_view path_lower) const;
  // True if namespace `inner` is `outer` or mounted somewhere in it, where `viewer` can see it.
  bool Holds(std::uint32_t outer, std::uint32_t inner, const Account* viewer = nullptr) const;
  // Refuses to mount a namespace inside itself, and twice in anybody's tree. `from`: where it is
  // mounted now and will not be any more, 0 for nowhere.
  void CheckMountable(std::uint32_t ns, std::uint32_t around, std::uint32_t from) const;
  // A folder that is shared in `ns` is nested in it: inherits its members.
  bool Nests(std::uint32_t ns) const;
  // A shared folder goes from one namespace to another, and out of what it was nested in.
  void MoveMount(std::uint32_t mounted, std::uint32_t from, std::uint32_t to);
  bool LetsIn(const SharedLink& link, const Account& account) const;
  void LogMembers(std::uint32_t ns, const std::vector<Member>& before);
  void LeaveRoot(Account* person);
  void JoinRoot(Account* person, std::uint32_t root, std::string_view root_info_tag);
  std::vector<ItemPtr> WithDescendants(const ItemPtr& top) const;
  void JournalDeleted(const std::vector<ItemPtr>& items, EventStyle::Children children);
  void AnnounceMounted(std::uint32_t ns);
  void CollectLive(std::uint32_t ns, const std::string& lower, const std::string& display,
                   const Account* viewer, std::vector<LiveItem>* out) const;
  void ExtendIndexes() const;
  std::uint32_t NewNamespace(NamespaceType type, std::string_view name);
  std::string NewId();
  std::uint64_t NewRev();
  std::int64_t NowSeconds() const { return clock_() / 1000; }

  std::uint64_t seed_;
  ClockFn clock_;
  std::uint64_t next_id_ = 0;
  std::uint64_t next_rev_ = 0;
  std::uint64_t next_ns_ = 0;
  std::uint64_t next_link_ = 0;
  std::uint64_t version_ = 1;
  EventStyle event_style_;
  std::vector<std::unique_ptr<Namespace>> namespaces_;  // index 0 is unused
  std::deque<Account> accounts_;
  std::deque<Group> groups_;
  std::deque<ReceivedFile> received_;
  std::deque<SharedLink> links_;
  std::map<std::string, std::vector<Member>, std::less<>> explicit_members_;
  std::vector<ItemPtr> journal_;
  std::map<std::uint64_t, std::string> corrupt_;  // by rev
  std::string team_id_;
  std::string team_name_;
  std::uint32_t team_root_ = 0;
  std::vector<TeamEvent> events_;  // in the order in which they happened
  // Built from the journal when first asked for: most runs never look up an id.
  mutable std::unordered_map<std::string_view, ItemPtr> by_id_;
  mutable std::unordered_map<std::uint64_t, ItemPtr> by_rev_;
  mutable std::size_t indexed_ = 0;
};

// "015f…": the text of a rev, at least nine hex digits.
std::string RevText(std::uint64_t rev);
std::uint64_t ParseRev(std::string_view text);  // 0 if it is none

}  // namespace dbxes::sim
