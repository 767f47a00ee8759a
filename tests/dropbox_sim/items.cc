// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/items.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {

bool IsAtOrUnder(std::string_view path, std::string_view top) {
  return path.substr(0, top.size()) == top &&
         (path.size() == top.size() || path[top.size()] == '/');
}

// The last `count` components of a path, with the slash in front.
std::string_view LastComponents(std::string_view path, std::size_t count) {
  std::size_t at = path.size();
  while (count-- > 0 && at > 0) at = path.rfind('/', at - 1);
  return path.substr(at);
}

Items::Items(Ids& ids) : ids_(ids) { namespaces_.push_back(std::make_unique<Namespace>()); }

std::uint32_t Items::NewNamespace(NamespaceType type, std::string_view name) {
  auto space = std::make_unique<Namespace>();
  space->id = ids_.NewNamespaceId();
  space->name = name;
  space->type = type;
  space->time_invited_s = ids_.NowSeconds();
  namespaces_.push_back(std::move(space));
  ++version_;
  return static_cast<std::uint32_t>(namespaces_.size() - 1);
}

std::uint32_t Items::FindNamespace(std::string_view id) const {
  for (std::uint32_t i = 1; i < namespaces_.size(); ++i) {
    if (namespaces_[i]->id == id) return i;
  }
  return 0;
}

bool Items::IsForeignHome(std::uint32_t ns, const Account& viewer) const {
  return ns != 0 && ns != viewer.home && namespaces_[ns]->type == NamespaceType::kHome;
}

Place Items::Resolve(std::uint32_t ns, std::string_view path_lower, const Account* viewer) const {
  for (const auto& [at, target] : namespaces_[ns]->mounts) {
    if (viewer != nullptr && IsForeignHome(target, *viewer)) continue;
    if (path_lower.size() > at.size() && IsAtOrUnder(path_lower, at)) {
      return Resolve(target, path_lower.substr(at.size()), viewer);
    }
  }
  return {ns, std::string(path_lower)};
}

Place Items::ResolveText(std::string_view path, std::string* display) const {
  std::uint32_t ns = 1;
  std::string_view relative = path;
  if (path.substr(0, 3) == "ns:") {
    const std::size_t slash = std::min(path.find('/'), path.size());
    ns = FindNamespace(path.substr(3, slash - 3));
    if (ns == 0) throw TreeError(fmt::format("no such namespace: {}", path));
    relative = path.substr(slash);
  }
  const bool shaped = relative.empty() || (relative.front() == '/' && relative.back() != '/');
  if (!shaped) throw TreeError(fmt::format("not a path: {}", path));
  Place place = Resolve(ns, LowerPath(relative));
  const auto depth =
      static_cast<std::size_t>(std::count(place.path.begin(), place.path.end(), '/'));
  if (display != nullptr) *display = LastComponents(relative, depth);
  return place;
}

ItemPtr Items::Find(std::uint32_t ns, std::string_view path_lower) const {
  const ItemSet& items = namespaces_[ns]->items;
  const auto found = items.find(path_lower);
  return found == items.end() ? nullptr : *found;
}

ItemPtr Items::Require(std::string_view path) const {
  const Place place = ResolveText(path, nullptr);
  ItemPtr item = Find(place.ns, place.path);
  if (item == nullptr) throw TreeError(fmt::format("nothing at {}", path));
  return item;
}

void Items::ExtendIndexes() const {
  for (; indexed_ < journal_.size(); ++indexed_) {
    const ItemPtr& item = journal_[indexed_];
    if (item->kind == Kind::kDeleted) continue;
    by_id_.erase(item->id);  // the key is a view into the item it leads to
    by_id_.emplace(item->id, item);
    if (item->kind == Kind::kFile) by_rev_[item->rev] = item;
  }
}

ItemPtr Items::FindById(std::string_view id) const {
  ExtendIndexes();
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  ItemPtr now = Find(found->second->ns, found->second->path_lower);
  return now != nullptr && now->id == id ? now : nullptr;
}

ItemPtr Items::FindByRev(std::uint64_t rev) const {
  ExtendIndexes();
  const auto found = by_rev_.find(rev);
  return found == by_rev_.end() ? nullptr : found->second;
}

std::vector<ItemPtr> Items::Under(std::uint32_t ns, std::string_view path_lower) const {
  const ItemSet& items = namespaces_[ns]->items;
  std::vector<ItemPtr> found;
  for (auto it = items.upper_bound(path_lower); it != items.end(); ++it) {
    if (!IsAtOrUnder((*it)->path_lower, path_lower)) break;
    found.push_back(*it);
  }
  return found;
}

std::vector<ItemPtr> Items::WithDescendants(const ItemPtr& top) const {
  std::vector<ItemPtr> items = Under(top->ns, top->path_lower);
  items.insert(items.begin(), top);
  return items;
}

void Items::Erase(const ItemPtr& item) {
  Namespace& space = *namespaces_[item->ns];
  space.mounts.erase(item->path_lower);
  space.items.erase(item);
  ++version_;
}

void Items::Put(Item item, bool journal) {
  Namespace& space = *namespaces_[item.ns];
  if (const ItemPtr old_item = Find(item.ns, item.path_lower)) {
    if (item.kind == Kind::kFile) {
      for (const ItemPtr& child : Under(item.ns, item.path_lower)) Erase(child);
    }
    Erase(old_item);
  }
  space.tombstones.erase(item.path_lower);
  if (item.mount != 0) space.mounts[item.path_lower] = item.mount;
  auto shared = std::make_shared<const Item>(std::move(item));
  space.items.insert(shared);
  if (journal) journal_.push_back(std::move(shared));
  ++version_;
}

void Items::EnsureParents(std::uint32_t ns, std::string_view display) {
  for (std::size_t slash = display.find('/', 1); slash != std::string_view::npos;
       slash = display.find('/', slash + 1)) {
    const std::string_view parent = display.substr(0, slash);
    std::string lower = LowerPath(parent);
    if (const ItemPtr existing = Find(ns, lower)) {
      if (existing->kind == Kind::kFile) throw TreeError(fmt::format("{} is a file", parent));
      continue;
    }
    Item folder;
    folder.kind = Kind::kFolder;
    folder.ns = ns;
    folder.id = ids_.NewId();
    folder.path_lower = std::move(lower);
    folder.path_display = parent;
    Put(std::move(folder));
  }
}

std::string Items::PutFile(std::string_view path, std::shared_ptr<const Content> content,
                           const FileOptions& options) {
  std::string display;
  const Place place = ResolveText(path, &display);
  if (display.empty()) throw TreeError("the root is no file");
  EnsureParents(place.ns, display);
  const ItemPtr before = Find(place.ns, place.path);
  Item item;
  item.ns = place.ns;
  item.id = options.id                                         ? *options.id
            : before != nullptr && before->kind == Kind::kFile ? before->id
                                                               : ids_.NewId();
  item.path_lower = place.path;
  item.path_display = std::move(display);
  item.rev = ids_.NewRev();
  item.server_modified_s = options.server_modified_s.value_or(ids_.NowSeconds());
  item.client_modified_s = options.client_modified_s.value_or(item.server_modified_s);
  item.content = std::move(content);
  item.extras = std::make_shared<const Extras>(options.extras);
  std::string id = item.id;
  Put(std::move(item));
  return id;
}

void Items::JournalDeleted(const std::vector<ItemPtr>& items, EventStyle::Children children) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool journaled = i == 0 || children == EventStyle::Children::kAll ||
                           (children == EventStyle::Children::kSome && i % 2 == 1);
    auto gone = std::make_shared<Item>(*items[i]);  // keeps id and content for Restore
    gone->kind = Kind::kDeleted;
    gone->mount = 0;
    namespaces_[gone->ns]->tombstones[gone->path_lower] = gone;
    if (journaled) journal_.push_back(std::move(gone));
  }
  ++version_;
}

void Items::Announce(std::uint32_t ns) {
  for (const ItemPtr& item : namespaces_[ns]->items) {
    journal_.push_back(item);
    if (item->mount != 0) Announce(item->mount);
  }
  ++version_;
}

const std::string* Items::corrupt_bytes(std::uint64_t rev) const {
  const auto found = corrupt_.find(rev);
  return found == corrupt_.end() ? nullptr : &found->second;
}

void Items::JournalUnseen(const Place& place, std::string display) {
  auto gone = std::make_shared<Item>();
  gone->kind = Kind::kDeleted;
  gone->ns = place.ns;
  gone->path_lower = place.path;
  gone->path_display = std::move(display);
  journal_.push_back(std::move(gone));
  ++version_;
}

}  // namespace dbxes::sim
