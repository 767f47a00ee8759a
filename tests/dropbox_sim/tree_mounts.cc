// SPDX-License-Identifier: Apache-2.0
// The tree's mounts: shared folders and team folders in an account's tree, and the roots of each
// team layout.

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "dropbox_sim/tree.h"

namespace dbxes::sim {

bool Tree::IsForeignHome(std::uint32_t ns, const Account& viewer) const {
  return ns != 0 && ns != viewer.home && namespaces_[ns]->type == NamespaceType::kHome;
}

bool Tree::Holds(std::uint32_t outer, std::uint32_t inner, const Account* viewer) const {
  if (outer == inner) return true;
  const auto& mounts = namespaces_[outer]->mounts;
  return std::any_of(mounts.begin(), mounts.end(), [&](const auto& mount) {
    const bool visible = viewer == nullptr || !IsForeignHome(mount.second, *viewer);
    return visible && Holds(mount.second, inner, viewer);
  });
}

void Tree::CheckMountable(std::uint32_t ns, std::uint32_t around, std::uint32_t from) const {
  const std::string& name = namespaces_[ns]->name;
  if (Holds(ns, around)) throw TreeError(fmt::format("{} cannot be mounted inside itself", name));
  for (const Account& account : accounts_) {
    if (!Holds(account.root, around, &account)) continue;
    if (from != 0 && Holds(account.root, from, &account)) continue;  // it only moves there
    for (std::uint32_t inner = 1; inner < namespaces_.size(); ++inner) {
      if (!Holds(ns, inner) || !Holds(account.root, inner, &account)) continue;
      throw TreeError(fmt::format("{} is mounted already in the tree of {}",
                                  namespaces_[inner]->name, account.display_name()));
    }
  }
}

bool Tree::Nests(std::uint32_t ns) const {
  const NamespaceType type = namespaces_[ns]->type;
  return type == NamespaceType::kSharedFolder || type == NamespaceType::kTeamFolder;
}

void Tree::MoveMount(std::uint32_t mounted, std::uint32_t from, std::uint32_t to) {
  Namespace& space = *namespaces_[mounted];
  if (Nests(to)) {
    space.parent = to;
  } else if (space.parent == from) {
    space.parent = 0;
  }
}

void Tree::Unmount(std::string_view path) {
  const ItemPtr item = Require(path);
  if (item->mount == 0) throw TreeError(fmt::format("{} is no mount", path));
  Erase(item);
  JournalDeleted({item}, EventStyle::Children::kNone);
  const Namespace& space = *namespaces_[item->mount];
  if (space.type == NamespaceType::kSharedFolder)
    LogEvent("sharing", "shared_folder_unmount", "", space.id);
}

void Tree::Mount(std::string_view shared_folder_id, std::string_view path) {
  const std::uint32_t ns = FindNamespace(shared_folder_id);
  if (ns == 0) throw TreeError(fmt::format("no such shared folder: {}", shared_folder_id));
  std::string display;
  const Place place = ResolveText(path, &display);
  if (display.empty() || Find(place.ns, place.path))
    throw TreeError(fmt::format("{} is taken", path));
  CheckMountable(ns, place.ns, 0);
  EnsureParents(place.ns, display);
  const Namespace& space = *namespaces_[ns];
  Item item;
  item.kind = Kind::kFolder;
  item.ns = place.ns;
  item.mount = ns;
  item.id = space.folder_id;
  item.path_lower = place.path;
  item.path_display = std::move(display);
  Put(std::move(item));
  AnnounceMounted(ns);
  if (space.type == NamespaceType::kSharedFolder)
    LogEvent("sharing", "shared_folder_mount", "", space.id);
}

std::string Tree::AddTeamFolder(std::string_view name) {
  const std::uint32_t ns = NewNamespace(NamespaceType::kTeamFolder, name);
  Namespace& space = *namespaces_[ns];
  space.folder_id = NewId();
  space.members = {{MemberKind::kUser, primary().account_id, "editor", false}};
  const std::string& root = namespaces_[primary().root]->id;
  Mount(space.id, fmt::format("ns:{}/{}", root, name));
  LogEvent("team_folders", "team_folder_create", "", space.id);
  return space.id;
}

void Tree::GiveTeamSpace(std::string_view account_id, std::string_view root_info_tag) {
  const Account& person = account(account_id);
  if (person.root != person.home) throw TreeError("the account has a team space already");
  ChangeRoot(account_id, RootLayout::kOwnRoot, root_info_tag);
}

void Tree::ChangeRoot(std::string_view account_id, RootLayout layout,
                      std::string_view root_info_tag) {
  Account& person = account(account_id);
  LeaveRoot(&person);
  ++version_;
  if (layout == RootLayout::kHome) return;
  if (layout == RootLayout::kSharedRoot) {
    if (team_root_ == 0) team_root_ = NewNamespace(NamespaceType::kTeamRoot, team_name_);
    return JoinRoot(&person, team_root_, root_info_tag);
  }
  const std::uint32_t root = NewNamespace(NamespaceType::kMemberRoot, person.display_name());
  namespaces_[root]->owner = person.account_id;
  JoinRoot(&person, root, root_info_tag);
}

// Back to the oldest layout: team folders are in the home.
void Tree::LeaveRoot(Account* person) {
  if (person->root == person->home) return;
  const std::uint32_t left = person->root;
  const std::string left_id = namespaces_[left]->id;
  Unmount(fmt::format("ns:{}{}", left_id, person->home_path));
  person->root = person->home;
  person->home_path.clear();
  person->root_info_tag = "user";
  namespaces_[left]->owner.clear();  // without an owner it can no longer be read by its id
  const std::map<std::string, std::uint32_t> mounts = namespaces_[left]->mounts;
  for (const auto& [path, ns] : mounts) {
    if (namespaces_[ns]->type != NamespaceType::kTeamFolder) continue;
    if (left != team_root_) Unmount(fmt::format("ns:{}{}", left_id, path));
    Mount(namespaces_[ns]->id,
          fmt::format("ns:{}/{}", namespaces_[person->home]->id, namespaces_[ns]->name));
  }
}

// Team folders move from the home to the root, where only a Path-Root header shows them.
void Tree::JoinRoot(Account* person, std::uint32_t root, std::string_view root_info_tag) {
  const std::string root_id = namespaces_[root]->id;
  const std::string home_id = namespaces_[person->home]->id;
  const std::string home_path = "/" + person->display_name();
  const std::map<std::string, std::uint32_t> mounts = namespaces_[person->home]->mounts;
  std::vector<std::uint32_t> folders;
  for (const auto& [path, ns] : mounts) {
    if (namespaces_[ns]->type != NamespaceType::kTeamFolder) continue;
    Unmount(fmt::format("ns:{}{}", home_id, path));
    folders.push_back(ns);
  }
  person->root = root;
  person->root_info_tag = root_info_tag;
  person->home_path = home_path;
  Mount(home_id, fmt::format("ns:{}{}", root_id, home_path));
  for (const std::uint32_t ns : folders) {
    if (Holds(root, ns)) continue;  // mounted with an earlier member
    Mount(namespaces_[ns]->id, fmt::format("ns:{}/{}", root_id, namespaces_[ns]->name));
  }
}

}  // namespace dbxes::sim
