// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

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

}  // namespace

bool PathLess::Less(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  const auto [x, y] =
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin());
  if (x == a.begin() + static_cast<std::ptrdiff_t>(common)) return a.size() < b.size();
  if (*x == '/' || *y == '/') return *x == '/';
  return static_cast<unsigned char>(*x) < static_cast<unsigned char>(*y);
}

std::string RevText(std::uint64_t rev) { return fmt::format("{:015x}", rev); }

std::uint64_t ParseRev(std::string_view text) {
  if (text.size() < 9 || text.size() > 16) return 0;
  std::uint64_t value = 0;
  for (char c : text) {
    if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return 0;
    value = value * 16 + static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return value;
}

Tree::Tree(std::uint64_t seed, ClockFn clock) : seed_(seed), clock_(std::move(clock)) {
  namespaces_.push_back(std::make_unique<Namespace>());
  Account account;
  account.given_name = "Ana";
  account.surname = "Diaz";
  account.email = "ana.diaz@example.com";
  AddAccount(std::move(account));
}

std::string Tree::NewId() {
  const std::uint64_t n = next_id_++;
  // Every eighth id differs from the one before it by the case of its letters alone.
  const bool twin = n % 8 == 7;
  const std::uint64_t first = Mix(seed_ * 1000003 + (twin ? n - 1 : n));
  const std::uint64_t second = Mix(first);
  std::string raw(16, '\0');
  for (std::size_t i = 0; i < 8; ++i) {
    raw[i] = static_cast<char>(first >> (8 * i));
    raw[i + 8] = static_cast<char>(second >> (8 * i));
  }
  std::string id = "id:" + Base64Url(raw);
  if (!twin) return id;
  for (std::size_t i = 3; i < id.size(); ++i) {
    const bool letter = (id[i] >= 'A' && id[i] <= 'Z') || (id[i] >= 'a' && id[i] <= 'z');
    if (letter) id[i] = static_cast<char>(id[i] ^ 0x20);
  }
  return id;
}

std::uint64_t Tree::NewRev() { return 0x15f000000000ULL + (seed_ % 4096 << 24) + ++next_rev_; }

Tree::Place Tree::Resolve(std::uint32_t ns, std::string_view path_lower,
                          const Account* viewer) const {
  for (const auto& [at, target] : namespaces_[ns]->mounts) {
    if (viewer != nullptr && IsForeignHome(target, *viewer)) continue;
    if (path_lower.size() > at.size() && IsAtOrUnder(path_lower, at)) {
      return Resolve(target, path_lower.substr(at.size()), viewer);
    }
  }
  return {ns, std::string(path_lower)};
}

Tree::Place Tree::ResolveText(std::string_view path, std::string* display) const {
  std::uint32_t ns = primary().home;
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

ItemPtr Tree::Find(std::uint32_t ns, std::string_view path_lower) const {
  const ItemSet& items = namespaces_[ns]->items;
  const auto found = items.find(path_lower);
  return found == items.end() ? nullptr : *found;
}

ItemPtr Tree::Require(std::string_view path) const {
  const Place place = ResolveText(path, nullptr);
  ItemPtr item = Find(place.ns, place.path);
  if (item == nullptr) throw TreeError(fmt::format("nothing at {}", path));
  return item;
}

void Tree::ExtendIndexes() const {
  for (; indexed_ < journal_.size(); ++indexed_) {
    const ItemPtr& item = journal_[indexed_];
    if (item->kind == Kind::kDeleted) continue;
    by_id_.erase(item->id);  // the key is a view into the item it leads to
    by_id_.emplace(item->id, item);
    if (item->kind == Kind::kFile) by_rev_[item->rev] = item;
  }
}

ItemPtr Tree::FindById(std::string_view id) const {
  ExtendIndexes();
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  ItemPtr now = Find(found->second->ns, found->second->path_lower);
  return now != nullptr && now->id == id ? now : nullptr;
}

ItemPtr Tree::FindByRev(std::uint64_t rev) const {
  ExtendIndexes();
  const auto found = by_rev_.find(rev);
  return found == by_rev_.end() ? nullptr : found->second;
}

std::vector<ItemPtr> Tree::Under(std::uint32_t ns, std::string_view path_lower) const {
  const ItemSet& items = namespaces_[ns]->items;
  std::vector<ItemPtr> found;
  for (auto it = items.upper_bound(path_lower); it != items.end(); ++it) {
    if (!IsAtOrUnder((*it)->path_lower, path_lower)) break;
    found.push_back(*it);
  }
  return found;
}

std::vector<ItemPtr> Tree::WithDescendants(const ItemPtr& top) const {
  std::vector<ItemPtr> items = Under(top->ns, top->path_lower);
  items.insert(items.begin(), top);
  return items;
}

void Tree::Erase(const ItemPtr& item) {
  Namespace& space = *namespaces_[item->ns];
  space.mounts.erase(item->path_lower);
  space.items.erase(item);
  ++version_;
}

void Tree::Put(Item item, bool journal) {
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

void Tree::EnsureParents(std::uint32_t ns, std::string_view display) {
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
    folder.id = NewId();
    folder.path_lower = std::move(lower);
    folder.path_display = parent;
    Put(std::move(folder));
  }
}

std::string Tree::PutFile(std::string_view path, std::shared_ptr<const Content> content,
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
                                                               : NewId();
  item.path_lower = place.path;
  item.path_display = std::move(display);
  item.rev = NewRev();
  item.server_modified_s = options.server_modified_s.value_or(NowSeconds());
  item.client_modified_s = options.client_modified_s.value_or(item.server_modified_s);
  item.content = std::move(content);
  item.extras = std::make_shared<const Extras>(options.extras);
  std::string id = item.id;
  Put(std::move(item));
  return id;
}

std::string Tree::AddFile(std::string_view path, std::string_view bytes,
                          const FileOptions& options) {
  return PutFile(path, std::make_shared<const Content>(std::string(bytes)), options);
}

std::string Tree::AddSyntheticFile(std::string_view path, std::uint64_t size,
                                   std::uint64_t content_seed, const FileOptions& options) {
  return PutFile(path, std::make_shared<const Content>(size, content_seed), options);
}

void Tree::Overwrite(std::string_view path, std::string_view bytes) {
  Item item = *Require(path);
  if (item.kind != Kind::kFile) throw TreeError(fmt::format("{} is no file", path));
  item.content = std::make_shared<const Content>(std::string(bytes));
  item.rev = NewRev();
  item.server_modified_s = NowSeconds();
  item.client_modified_s = item.server_modified_s;
  Put(std::move(item));
}

void Tree::Touch(std::string_view path) {
  Item item = *Require(path);
  if (item.kind != Kind::kFile) throw TreeError(fmt::format("{} is no file", path));
  item.rev = NewRev();
  item.server_modified_s = NowSeconds();
  Put(std::move(item));
}

void Tree::CorruptContent(std::string_view path, std::string_view bytes) {
  const ItemPtr item = Require(path);
  if (item->kind != Kind::kFile) throw TreeError(fmt::format("{} is no file", path));
  corrupt_[item->rev] = bytes;
}

const std::string* Tree::corrupt_bytes(std::uint64_t rev) const {
  const auto found = corrupt_.find(rev);
  return found == corrupt_.end() ? nullptr : &found->second;
}

void Tree::SetExtras(std::string_view path, const Extras& extras) {
  Item item = *Require(path);
  item.extras = std::make_shared<const Extras>(extras);
  if (item.kind == Kind::kFile) item.rev = NewRev();
  Put(std::move(item));
}

std::string Tree::AddFolder(std::string_view path) {
  std::string display;
  const Place place = ResolveText(path, &display);
  if (display.empty()) throw TreeError("the root is always there");
  EnsureParents(place.ns, display);
  if (const ItemPtr existing = Find(place.ns, place.path);
      existing && existing->kind == Kind::kFolder) {
    return existing->id;
  }
  Item item;
  item.kind = Kind::kFolder;
  item.ns = place.ns;
  item.id = NewId();
  item.path_lower = place.path;
  item.path_display = std::move(display);
  std::string id = item.id;
  Put(std::move(item));
  return id;
}

std::string Tree::AddPaper(std::string_view path, std::string_view markdown,
                           std::string_view html) {
  FileOptions options;
  ExportSpec spec;
  spec.export_as = "markdown";
  spec.export_options = {"html", "markdown"};
  spec.bytes["markdown"] = markdown;
  spec.bytes["html"] =
      html.empty() ? fmt::format("<html><body>{}</body></html>", markdown) : std::string(html);
  options.extras.export_spec = std::move(spec);
  options.extras.hide_content_hash = true;
  return AddFile(path, "stub", options);
}

std::vector<Item> Tree::Relocated(const std::vector<ItemPtr>& items, const Place& to,
                                  const std::string& to_display, bool transfer) {
  const ItemPtr& top = items.front();
  std::vector<Item> moved;
  moved.reserve(items.size());
  for (const ItemPtr& old_item : items) {
    Item item = *old_item;
    item.ns = to.ns;
    item.path_lower = to.path + old_item->path_lower.substr(top->path_lower.size());
    // The case of parents is not reliable, but the number of components is.
    const auto depth = static_cast<std::size_t>(std::count(
        old_item->path_lower.begin() + static_cast<std::ptrdiff_t>(top->path_lower.size()),
        old_item->path_lower.end(), '/'));
    item.path_display = to_display + std::string(LastComponents(old_item->path_display, depth));
    if (!transfer) item.id = NewId();
    if (!transfer) item.mount = 0;
    if (item.kind == Kind::kFile && (!transfer || event_style_.new_rev_on_move))
      item.rev = NewRev();
    moved.push_back(std::move(item));
  }
  return moved;
}

void Tree::Move(std::string_view from, std::string_view to) {
  const ItemPtr top = Require(from);
  std::string display;
  const Place place = ResolveText(to, &display);
  if (display.empty()) throw TreeError("the root is taken");
  const ItemPtr taken = Find(place.ns, place.path);
  if (taken != nullptr && taken != top) throw TreeError(fmt::format("{} is taken", to));
  const std::vector<ItemPtr> before = WithDescendants(top);
  const bool below = place.ns == top->ns && place.path != top->path_lower &&
                     IsAtOrUnder(place.path, top->path_lower);
  if (below) throw TreeError(fmt::format("{} is inside {}", to, from));
  for (const ItemPtr& item : before) {
    if (item->mount != 0) CheckMountable(item->mount, place.ns, top->ns);
  }
  if (taken == top) return CaseRename(from, LastComponents(display, 1).substr(1));
  EnsureParents(place.ns, display);
  std::vector<Item> after = Relocated(before, place, display, true);
  for (const ItemPtr& item : before) Erase(item);
  if (!event_style_.deleted_last) JournalDeleted(before, event_style_.children);
  for (Item& item : after) {
    const std::uint32_t mounted = item.mount;
    Put(std::move(item));
    if (mounted == 0) continue;
    MoveMount(mounted, top->ns, place.ns);
    AnnounceMounted(mounted);
  }
  if (event_style_.deleted_last) JournalDeleted(before, event_style_.children);
}

std::string Tree::Copy(std::string_view from, std::string_view to) {
  const ItemPtr top = Require(from);
  std::string display;
  const Place place = ResolveText(to, &display);
  if (display.empty() || Find(place.ns, place.path))
    throw TreeError(fmt::format("{} is taken", to));
  EnsureParents(place.ns, display);
  std::vector<Item> copies = Relocated(WithDescendants(top), place, display, false);
  std::string id = copies.front().id;
  for (Item& item : copies) Put(std::move(item));
  return id;
}

void Tree::JournalDeleted(const std::vector<ItemPtr>& items, EventStyle::Children children) {
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

void Tree::Delete(std::string_view path) {
  const std::vector<ItemPtr> items = WithDescendants(Require(path));
  for (const ItemPtr& item : items) Erase(item);
  JournalDeleted(items, event_style_.children);
}

std::string Tree::Restore(std::string_view path, bool new_id) {
  const Place place = ResolveText(path, nullptr);
  const auto& tombstones = namespaces_[place.ns]->tombstones;
  const auto found = tombstones.find(place.path);
  if (found == tombstones.end()) throw TreeError(fmt::format("nothing deleted at {}", path));
  Item item = *found->second;
  item.kind = item.content != nullptr ? Kind::kFile : Kind::kFolder;
  if (new_id) item.id = NewId();
  if (item.kind == Kind::kFile) item.rev = NewRev();
  EnsureParents(item.ns, item.path_display);
  std::string id = item.id;
  Put(std::move(item));
  return id;
}

void Tree::DeleteUnseen(std::string_view path) {
  std::string display;
  const Place place = ResolveText(path, &display);
  if (Find(place.ns, place.path)) throw TreeError(fmt::format("{} is there", path));
  auto gone = std::make_shared<Item>();
  gone->kind = Kind::kDeleted;
  gone->ns = place.ns;
  gone->path_lower = place.path;
  gone->path_display = std::move(display);
  journal_.push_back(std::move(gone));
  ++version_;
}

std::string Tree::ReplaceFolderByFile(std::string_view path, std::string_view bytes) {
  if (Require(path)->kind != Kind::kFolder) throw TreeError(fmt::format("{} is no folder", path));
  return AddFile(path, bytes);
}

void Tree::CaseRename(std::string_view path, std::string_view new_name) {
  const ItemPtr old_item = Require(path);
  Item item = *old_item;
  item.path_display =
      item.path_display.substr(0, item.path_display.rfind('/') + 1) + std::string(new_name);
  if (LowerPath(item.path_display) != LowerPath(old_item->path_display)) {
    throw TreeError(fmt::format("{} is another name, not another case", new_name));
  }
  // Put keeps a folder's children.
  Put(std::move(item), false);
}

}  // namespace dbxes::sim
