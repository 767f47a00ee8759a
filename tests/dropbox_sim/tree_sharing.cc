// SPDX-License-Identifier: Apache-2.0
// The tree's people: accounts, groups, shared folders, received files, who may read what, and the
// log of such changes.

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "dropbox_sim/text.h"
#include "dropbox_sim/tree.h"

namespace dbxes::sim {
namespace {

std::string RandomText(std::uint64_t seed, std::uint64_t n, std::size_t size) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  std::string out;
  std::uint64_t state = Mix(seed ^ (n << 32));
  while (out.size() < size) {
    state = Mix(state);
    out.push_back(kAlphabet[state % 64]);
  }
  return out;
}

bool GrantsReading(std::string_view access) {
  return access == "owner" || access == "editor" || access == "viewer" ||
         access == "viewer_no_comment";
}

}  // namespace

std::uint32_t Tree::NewNamespace(NamespaceType type, std::string_view name) {
  auto space = std::make_unique<Namespace>();
  space->id = std::to_string(1200000000 + Mix(seed_) % 100000000 + 17 * ++next_ns_);
  space->name = name;
  space->type = type;
  space->time_invited_s = NowSeconds();
  namespaces_.push_back(std::move(space));
  ++version_;
  return static_cast<std::uint32_t>(namespaces_.size() - 1);
}

std::uint32_t Tree::FindNamespace(std::string_view id) const {
  for (std::uint32_t i = 1; i < namespaces_.size(); ++i) {
    if (namespaces_[i]->id == id) return i;
  }
  return 0;
}

void Tree::AnnounceMounted(std::uint32_t ns) {
  for (const ItemPtr& item : namespaces_[ns]->items) {
    journal_.push_back(item);
    if (item->mount != 0) AnnounceMounted(item->mount);
  }
  ++version_;
}

std::string Tree::ShareFolder(std::string_view path) {
  const ItemPtr top = Require(path);
  if (top->kind != Kind::kFolder || top->mount != 0)
    throw TreeError(fmt::format("cannot share {}", path));
  const std::vector<ItemPtr> before = WithDescendants(top);
  const std::uint32_t ns = NewNamespace(NamespaceType::kSharedFolder, top->name());
  Namespace& space = *namespaces_[ns];
  const Namespace& around = *namespaces_[top->ns];
  space.folder_id = top->id;
  space.parent = Nests(top->ns) ? top->ns : 0;
  space.owner = around.owner.empty() ? primary().account_id : around.owner;
  space.members = {{MemberKind::kUser, space.owner, "owner", false}};

  for (const ItemPtr& item : before) Erase(item);
  JournalDeleted(before, EventStyle::Children::kAll);
  Item mount = *top;
  mount.mount = ns;
  Put(std::move(mount));
  for (std::size_t i = 1; i < before.size(); ++i) {
    Item item = *before[i];
    const std::size_t cut_display = top->path_display.size();
    item.ns = ns;
    item.path_lower.erase(0, top->path_lower.size());
    item.path_display.erase(0, cut_display);
    const std::uint32_t mounted = item.mount;
    Put(std::move(item));
    if (mounted != 0) AnnounceMounted(mounted);
  }
  LogEvent("sharing", "shared_folder_create", "", space.id);
  return space.id;
}

void Tree::SetMembers(std::string_view shared_folder_id, std::vector<Member> members) {
  const std::uint32_t ns = FindNamespace(shared_folder_id);
  if (ns == 0) throw TreeError(fmt::format("no such shared folder: {}", shared_folder_id));
  const std::vector<Member> before = std::exchange(namespaces_[ns]->members, std::move(members));
  LogMembers(ns, before);
  ++version_;
}

void Tree::LogMembers(std::uint32_t ns, const std::vector<Member>& before) {
  const Namespace& space = *namespaces_[ns];
  const auto find = [](const std::vector<Member>& list, const Member& wanted) {
    return std::find_if(list.begin(), list.end(), [&](const Member& member) {
      return member.kind == wanted.kind && member.id == wanted.id;
    });
  };
  for (const Member& member : space.members) {
    const auto old = find(before, member);
    if (old == before.end()) {
      LogEvent("sharing", "shared_content_add_member",
               fmt::format(R"("shared_content_access_level":{{".tag":"{}"}})", member.access),
               space.id);
    } else if (old->access != member.access) {
      LogEvent("sharing", "shared_content_change_member_role",
               fmt::format(R"("new_access_level":{{".tag":"{}"}})", member.access), space.id);
    }
  }
  for (const Member& member : before) {
    if (find(space.members, member) == space.members.end())
      LogEvent("sharing", "shared_content_remove_member", "", space.id);
  }
}

void Tree::SetInheritance(std::string_view shared_folder_id, bool inherits) {
  const std::uint32_t ns = FindNamespace(shared_folder_id);
  if (ns == 0) throw TreeError(fmt::format("no such shared folder: {}", shared_folder_id));
  namespaces_[ns]->inherits = inherits;
  LogEvent("sharing", "shared_folder_change_members_inheritance_policy",
           fmt::format(R"("new_value":{{".tag":"{}"}})",
                       inherits ? "inherit_members" : "dont_inherit_members"),
           namespaces_[ns]->id);
  ++version_;
}

void Tree::SetExplicitMembers(std::string_view file_path_or_id, std::vector<Member> members) {
  const ItemPtr item =
      file_path_or_id.substr(0, 3) == "id:" ? FindById(file_path_or_id) : Require(file_path_or_id);
  if (item == nullptr) throw TreeError(fmt::format("no such file: {}", file_path_or_id));
  if (members.empty()) {
    explicit_members_.erase(item->id);
  } else {
    explicit_members_[item->id] = std::move(members);
  }
  ++version_;
}

const std::vector<Member>* Tree::explicit_members(std::string_view file_id) const {
  const auto found = explicit_members_.find(file_id);
  if (found != explicit_members_.end()) return &found->second;
  // A received file keeps its members when it is mounted.
  const auto received = std::find_if(received_.begin(), received_.end(), [&](const auto& file) {
    return file.id == file_id && !file.path_display.empty();
  });
  return received == received_.end() ? nullptr : &received->members;
}

std::string Tree::AddReceivedFile(std::string_view name, std::string_view bytes,
                                  const FileOptions& options) {
  ReceivedFile file;
  file.id = options.id.value_or(NewId());
  file.name = name;
  file.url = fmt::format("https://www.dropbox.com/scl/fi/{}/{}?dl=0",
                         RandomText(seed_, next_id_, 21), next_id_);
  file.owner_display_name = "Jane Owner";
  file.account_id = primary().account_id;
  file.rev = NewRev();
  file.server_modified_s = options.server_modified_s.value_or(NowSeconds());
  file.client_modified_s = options.client_modified_s.value_or(file.server_modified_s);
  file.time_invited_s = NowSeconds();
  file.content = std::make_shared<const Content>(std::string(bytes));
  file.members = {{MemberKind::kUser, primary().account_id, "viewer", false}};
  std::string id = file.id;
  received_.push_back(std::move(file));
  ++version_;
  return id;
}

ReceivedFile& Tree::received_file(std::string_view id) {
  for (ReceivedFile& file : received_) {
    if (file.id == id) return file;
  }
  throw TreeError(fmt::format("no such received file: {}", id));
}

void Tree::RevokeReceivedFile(std::string_view id) {
  received_file(id);
  received_.erase(
      std::find_if(received_.begin(), received_.end(), [&](const auto& f) { return f.id == id; }));
  ++version_;
}

void Tree::SetReceivedFileMembers(std::string_view id, std::vector<Member> members) {
  received_file(id).members = std::move(members);
  ++version_;
}

void Tree::MountReceivedFile(std::string_view id, std::string_view path) {
  ReceivedFile& file = received_file(id);
  FileOptions options;
  options.id = file.id;
  options.client_modified_s = file.client_modified_s;
  options.server_modified_s = file.server_modified_s;
  PutFile(path, file.content, options);
  file.path_display = path;
}

std::string Tree::AddAccount(Account account) {
  const std::uint64_t n = accounts_.size();
  if (account.account_id.empty() && account.status != "invited") {
    account.account_id = "dbid:" + RandomText(seed_ + 11, n, 35);
  }
  if (account.team_member_id.empty() && !team_id_.empty() && account.same_team) {
    account.team_member_id = "dbmid:" + RandomText(seed_ + 13, n, 34);
  }
  account.home = NewNamespace(NamespaceType::kHome, account.display_name());
  account.root = account.home;
  namespaces_[account.home]->owner = account.account_id;
  namespaces_[account.home]->folder_id = NewId();
  std::string id = account.account_id;
  if (!account.team_member_id.empty()) {
    LogEvent("members", "member_change_status",
             fmt::format(R"("new_value":{{".tag":"{}"}})", account.status));
  }
  accounts_.push_back(std::move(account));
  ++version_;
  return id;
}

const Account* Tree::FindAccount(std::string_view id) const {
  for (const Account& account : accounts_) {
    if (!id.empty() && (account.account_id == id || account.team_member_id == id)) return &account;
  }
  return nullptr;
}

Account& Tree::account(std::string_view id) {
  for (Account& account : accounts_) {
    if (!id.empty() && (account.account_id == id || account.team_member_id == id)) return account;
  }
  throw TreeError(fmt::format("no such account: {}", id));
}

std::string Tree::AddGroup(std::string_view name, std::vector<std::string> account_ids) {
  Group group;
  group.group_id = "g:" + RandomText(seed_ + 17, groups_.size() + (version_ << 8), 32);
  group.name = name;
  group.account_ids = std::move(account_ids);
  groups_.push_back(std::move(group));
  LogEvent("groups", "group_create", R"("is_company_managed":true)");
  ++version_;
  return groups_.back().group_id;
}

Group& Tree::group(std::string_view group_id) {
  for (Group& group : groups_) {
    if (group.group_id == group_id) return group;
  }
  throw TreeError(fmt::format("no such group: {}", group_id));
}

void Tree::RemoveGroup(std::string_view group_id) {
  group(group_id);
  groups_.erase(std::find_if(groups_.begin(), groups_.end(),
                             [&](const auto& g) { return g.group_id == group_id; }));
  LogEvent("groups", "group_delete", R"("is_company_managed":true)");
  ++version_;
}

void Tree::LogEvent(std::string_view category, std::string_view type, std::string details,
                    std::string_view namespace_id) {
  TeamEvent event;
  event.time_s = NowSeconds();
  event.category = category;
  event.type = type;
  event.details = std::move(details);
  event.account_id = primary().account_id;
  event.namespace_id = namespace_id;
  events_.push_back(std::move(event));
}

void Tree::MakeTeam(std::string_view name) {
  team_name_ = name;
  team_id_ = "dbtid:" + RandomText(seed_ + 19, 0, 34);
  primary().admin = true;
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    Account& account = accounts_[i];
    if (!account.same_team) continue;
    account.account_type = "business";
    if (account.team_member_id.empty())
      account.team_member_id = "dbmid:" + RandomText(seed_ + 13, i, 34);
  }
  ++version_;
}

std::vector<Member> Tree::EffectiveMembers(std::uint32_t ns) const {
  const Namespace& space = *namespaces_[ns];
  std::vector<Member> members = space.members;
  if (!space.inherits || space.parent == 0) return members;
  for (Member& above : EffectiveMembers(space.parent)) {
    const bool known = std::any_of(members.begin(), members.end(), [&](const Member& m) {
      return m.kind == above.kind && m.id == above.id;
    });
    if (known) continue;
    above.inherited = true;
    members.push_back(std::move(above));
  }
  return members;
}

namespace {

bool Concerns(const Member& member, const Account& account, const std::deque<Group>& groups) {
  if (member.kind == MemberKind::kUser) return member.id == account.account_id;
  if (member.kind != MemberKind::kGroup) return false;
  return std::any_of(groups.begin(), groups.end(), [&](const Group& group) {
    return group.group_id == member.id &&
           std::count(group.account_ids.begin(), group.account_ids.end(), account.account_id) > 0;
  });
}

}  // namespace

bool Tree::CanRead(const Account& account, std::uint32_t ns) const {
  const Namespace& space = *namespaces_[ns];
  if (ns == account.home || ns == account.root ||
      (!space.owner.empty() && space.owner == account.account_id))
    return true;
  const std::vector<Member> members = EffectiveMembers(ns);
  return std::any_of(members.begin(), members.end(), [&](const Member& member) {
    return GrantsReading(member.access) && Concerns(member, account, groups_);
  });
}

bool Tree::CanRead(const Account& account, const LiveItem& item) const {
  if (account.status != "active" || account.account_id.empty()) return false;
  const auto grants = [&](const std::vector<Member>& members) {
    return std::any_of(members.begin(), members.end(), [&](const Member& member) {
      return GrantsReading(member.access) && Concerns(member, account, groups_);
    });
  };
  if (item.received) {
    const auto file = std::find_if(received_.begin(), received_.end(),
                                   [&](const ReceivedFile& one) { return one.id == item.id; });
    return file != received_.end() &&
           (file->account_id == account.account_id || grants(file->members));
  }
  if (!item.home_of.empty()) return item.home_of == account.account_id;
  const std::string& shared =
      item.shared_folder_id.empty() ? item.namespace_id : item.shared_folder_id;
  const auto* members = explicit_members(item.id);
  return CanRead(account, FindNamespace(shared)) || (members != nullptr && grants(*members));
}

bool Tree::IsReadOnly(const Account& account, std::uint32_t ns) const {
  const std::vector<Member> members = EffectiveMembers(ns);
  return std::none_of(members.begin(), members.end(), [&](const Member& member) {
    return (member.access == "owner" || member.access == "editor") &&
           Concerns(member, account, groups_);
  });
}

void Tree::AddSyntheticTree(std::size_t n, std::uint64_t seed, std::string_view path) {
  static constexpr std::string_view kFolders[] = {"Finance",   "Projects",   "Clients", "Legal",
                                                  "Marketing", "Archive",    "HR",      "Design",
                                                  "Sales",     "Engineering"};
  static constexpr std::string_view kWords[] = {"report",  "invoice", "minutes",  "budget",
                                                "photo",   "plan",    "contract", "draft",
                                                "summary", "notes"};
  static constexpr std::string_view kEndings[] = {"pdf",  "docx", "txt", "md",
                                                  "xlsx", "jpg",  "csv", "html"};
  // A pool of bodies: equal files are common, and hashing a million bodies would take a minute.
  std::vector<std::shared_ptr<const Content>> pool;
  for (std::uint64_t i = 0; i < 2048; ++i) {
    const std::uint64_t size = Mix(seed + i) % (i % 64 == 0 ? 65536 : 4096);
    pool.push_back(std::make_shared<const Content>(size, Mix(seed ^ i)));
  }
  constexpr std::size_t kFilesPerFolder = 20;
  const std::int64_t now = NowSeconds();
  std::string display;
  Place base = ResolveText(path, &display);
  if (!display.empty()) AddFolder(path);
  std::string folder;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t random = Mix(seed * 31 + i);
    if (i % kFilesPerFolder == 0) {
      const std::size_t f = i / kFilesPerFolder;
      folder = fmt::format("{}/{}/{} {}/Folder {:05}", display, kFolders[f % 10],
                           kFolders[f / 10 % 10], f / 500, f);
      EnsureParents(base.ns, folder + "/x");
    }
    Item item;
    item.ns = base.ns;
    item.id = NewId();
    item.path_display = fmt::format("{}/{} {:02} {:04x}.{}", folder, kWords[random % 10],
                                    i % kFilesPerFolder, random >> 48, kEndings[(random >> 8) % 8]);
    item.path_lower = LowerPath(item.path_display);
    item.rev = NewRev();
    item.server_modified_s = now - static_cast<std::int64_t>(random % 100000000);
    item.client_modified_s = item.server_modified_s;
    item.content = pool[(random >> 20) % pool.size()];
    Put(std::move(item));
  }
}

}  // namespace dbxes::sim
