// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/folders.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace dbxes::sim {

std::uint32_t Folders::RequireFolder(std::string_view shared_folder_id) const {
  const std::uint32_t ns = items_.FindNamespace(shared_folder_id);
  if (ns == 0) throw TreeError(fmt::format("no such shared folder: {}", shared_folder_id));
  return ns;
}

bool Folders::Holds(std::uint32_t outer, std::uint32_t inner, const Account* viewer) const {
  if (outer == inner) return true;
  const auto& mounts = items_.ns(outer).mounts;
  return std::any_of(mounts.begin(), mounts.end(), [&](const auto& mount) {
    const bool visible = viewer == nullptr || !items_.IsForeignHome(mount.second, *viewer);
    return visible && Holds(mount.second, inner, viewer);
  });
}

void Folders::CheckMountable(std::uint32_t ns, std::uint32_t around, std::uint32_t from) const {
  const std::string& name = items_.ns(ns).name;
  if (Holds(ns, around)) throw TreeError(fmt::format("{} cannot be mounted inside itself", name));
  for (const Account& account : people_.accounts()) {
    if (!Holds(account.root, around, &account)) continue;
    if (from != 0 && Holds(account.root, from, &account)) continue;  // it only moves there
    for (std::uint32_t inner = 1; inner < items_.namespace_count(); ++inner) {
      if (!Holds(ns, inner) || !Holds(account.root, inner, &account)) continue;
      throw TreeError(fmt::format("{} is mounted already in the tree of {}", items_.ns(inner).name,
                                  account.display_name()));
    }
  }
}

bool Folders::Nests(std::uint32_t ns) const {
  const NamespaceType type = items_.ns(ns).type;
  return type == NamespaceType::kSharedFolder || type == NamespaceType::kTeamFolder;
}

void Folders::MoveMount(std::uint32_t mounted, std::uint32_t from, std::uint32_t to) {
  Namespace& space = items_.ns(mounted);
  if (Nests(to)) {
    space.parent = to;
  } else if (space.parent == from) {
    space.parent = 0;
  }
}

void Folders::Unmount(std::string_view path) {
  const ItemPtr item = items_.Require(path);
  if (item->mount == 0) throw TreeError(fmt::format("{} is no mount", path));
  items_.Erase(item);
  items_.JournalDeleted({item}, EventStyle::Children::kNone);
  const Namespace& space = items_.ns(item->mount);
  if (space.type == NamespaceType::kSharedFolder)
    events_.Log("sharing", "shared_folder_unmount", "", space.id);
}

void Folders::Mount(std::string_view shared_folder_id, std::string_view path) {
  const std::uint32_t ns = RequireFolder(shared_folder_id);
  std::string display;
  const Place place = items_.ResolveText(path, &display);
  if (display.empty() || items_.Find(place.ns, place.path))
    throw TreeError(fmt::format("{} is taken", path));
  CheckMountable(ns, place.ns, 0);
  items_.EnsureParents(place.ns, display);
  const Namespace& space = items_.ns(ns);
  Item item;
  item.kind = Kind::kFolder;
  item.ns = place.ns;
  item.mount = ns;
  item.id = space.folder_id;
  item.path_lower = place.path;
  item.path_display = std::move(display);
  items_.Put(std::move(item));
  items_.Announce(ns);
  if (space.type == NamespaceType::kSharedFolder)
    events_.Log("sharing", "shared_folder_mount", "", space.id);
}

std::string Folders::AddTeamFolder(std::string_view name) {
  const std::uint32_t ns = items_.NewNamespace(NamespaceType::kTeamFolder, name);
  Namespace& space = items_.ns(ns);
  space.folder_id = ids_.NewId();
  space.members = {{MemberKind::kUser, people_.primary().account_id, "editor", false}};
  const std::string& root = items_.ns(people_.primary().root).id;
  Mount(space.id, fmt::format("ns:{}/{}", root, name));
  events_.Log("team_folders", "team_folder_create", "", space.id);
  return space.id;
}

std::string Folders::ShareFolder(std::string_view path) {
  const ItemPtr top = items_.Require(path);
  if (top->kind != Kind::kFolder || top->mount != 0)
    throw TreeError(fmt::format("cannot share {}", path));
  const std::vector<ItemPtr> before = items_.WithDescendants(top);
  const std::uint32_t ns = items_.NewNamespace(NamespaceType::kSharedFolder, top->name());
  Namespace& space = items_.ns(ns);
  const Namespace& around = items_.ns(top->ns);
  space.folder_id = top->id;
  space.parent = Nests(top->ns) ? top->ns : 0;
  space.owner = around.owner.empty() ? people_.primary().account_id : around.owner;
  space.members = {{MemberKind::kUser, space.owner, "owner", false}};

  for (const ItemPtr& item : before) items_.Erase(item);
  items_.JournalDeleted(before, EventStyle::Children::kAll);
  Item mount = *top;
  mount.mount = ns;
  items_.Put(std::move(mount));
  for (std::size_t i = 1; i < before.size(); ++i) {
    Item item = *before[i];
    const std::size_t cut_display = top->path_display.size();
    item.ns = ns;
    item.path_lower.erase(0, top->path_lower.size());
    item.path_display.erase(0, cut_display);
    const std::uint32_t mounted = item.mount;
    items_.Put(std::move(item));
    if (mounted != 0) items_.Announce(mounted);
  }
  events_.Log("sharing", "shared_folder_create", "", space.id);
  return space.id;
}

void Folders::SetMembers(std::string_view shared_folder_id, std::vector<Member> members) {
  const std::uint32_t ns = RequireFolder(shared_folder_id);
  const std::vector<Member> before = std::exchange(items_.ns(ns).members, std::move(members));
  LogMembers(ns, before);
  items_.Changed();
}

void Folders::LogMembers(std::uint32_t ns, const std::vector<Member>& before) {
  const Namespace& space = items_.ns(ns);
  const auto find = [](const std::vector<Member>& list, const Member& wanted) {
    return std::find_if(list.begin(), list.end(), [&](const Member& member) {
      return member.kind == wanted.kind && member.id == wanted.id;
    });
  };
  for (const Member& member : space.members) {
    const auto old = find(before, member);
    if (old == before.end()) {
      events_.Log("sharing", "shared_content_add_member",
                  fmt::format(R"("shared_content_access_level":{{".tag":"{}"}})", member.access),
                  space.id);
    } else if (old->access != member.access) {
      events_.Log("sharing", "shared_content_change_member_role",
                  fmt::format(R"("new_access_level":{{".tag":"{}"}})", member.access), space.id);
    }
  }
  for (const Member& member : before) {
    if (find(space.members, member) == space.members.end())
      events_.Log("sharing", "shared_content_remove_member", "", space.id);
  }
}

void Folders::SetInheritance(std::string_view shared_folder_id, bool inherits) {
  const std::uint32_t ns = RequireFolder(shared_folder_id);
  items_.ns(ns).inherits = inherits;
  events_.Log("sharing", "shared_folder_change_members_inheritance_policy",
              fmt::format(R"("new_value":{{".tag":"{}"}})",
                          inherits ? "inherit_members" : "dont_inherit_members"),
              items_.ns(ns).id);
  items_.Changed();
}

std::vector<Member> Folders::EffectiveMembers(std::uint32_t ns) const {
  const Namespace& space = items_.ns(ns);
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

void Folders::GiveTeamSpace(std::string_view account_id, std::string_view root_info_tag) {
  const Account& person = people_.account(account_id);
  if (person.root != person.home) throw TreeError("the account has a team space already");
  ChangeRoot(account_id, RootLayout::kOwnRoot, root_info_tag);
}

void Folders::ChangeRoot(std::string_view account_id, RootLayout layout,
                         std::string_view root_info_tag) {
  Account& person = people_.account(account_id);
  LeaveRoot(&person);
  items_.Changed();
  if (layout == RootLayout::kHome) return;
  if (layout == RootLayout::kSharedRoot) {
    if (team_root_ == 0)
      team_root_ = items_.NewNamespace(NamespaceType::kTeamRoot, people_.team_name());
    return JoinRoot(&person, team_root_, root_info_tag);
  }
  const std::uint32_t root = items_.NewNamespace(NamespaceType::kMemberRoot, person.display_name());
  items_.ns(root).owner = person.account_id;
  JoinRoot(&person, root, root_info_tag);
}

// Back to the oldest layout: team folders are in the home.
void Folders::LeaveRoot(Account* person) {
  if (person->root == person->home) return;
  const std::uint32_t left = person->root;
  const std::string left_id = items_.ns(left).id;
  Unmount(fmt::format("ns:{}{}", left_id, person->home_path));
  person->root = person->home;
  person->home_path.clear();
  person->root_info_tag = "user";
  items_.ns(left).owner.clear();  // without an owner it can no longer be read by its id
  const std::map<std::string, std::uint32_t> mounts = items_.ns(left).mounts;
  for (const auto& [path, ns] : mounts) {
    if (items_.ns(ns).type != NamespaceType::kTeamFolder) continue;
    if (left != team_root_) Unmount(fmt::format("ns:{}{}", left_id, path));
    Mount(items_.ns(ns).id,
          fmt::format("ns:{}/{}", items_.ns(person->home).id, items_.ns(ns).name));
  }
}

// Team folders move from the home to the root, where only a Path-Root header shows them.
void Folders::JoinRoot(Account* person, std::uint32_t root, std::string_view root_info_tag) {
  const std::string root_id = items_.ns(root).id;
  const std::string home_id = items_.ns(person->home).id;
  const std::string home_path = "/" + person->display_name();
  const std::map<std::string, std::uint32_t> mounts = items_.ns(person->home).mounts;
  std::vector<std::uint32_t> folders;
  for (const auto& [path, ns] : mounts) {
    if (items_.ns(ns).type != NamespaceType::kTeamFolder) continue;
    Unmount(fmt::format("ns:{}{}", home_id, path));
    folders.push_back(ns);
  }
  person->root = root;
  person->root_info_tag = root_info_tag;
  person->home_path = home_path;
  Mount(home_id, fmt::format("ns:{}{}", root_id, home_path));
  for (const std::uint32_t ns : folders) {
    if (Holds(root, ns)) continue;  // mounted with an earlier member
    Mount(items_.ns(ns).id, fmt::format("ns:{}/{}", root_id, items_.ns(ns).name));
  }
}

}  // namespace dbxes::sim
