// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {

Tree::Tree(std::uint64_t seed, ClockFn clock)
    : ids_(seed, std::move(clock)),
      events_(ids_),
      items_(ids_),
      people_(ids_, items_, events_),
      folders_(ids_, items_, people_, events_),
      shares_(ids_, items_, people_, events_),
      rights_(ids_, items_, people_, folders_, shares_) {}

std::string Tree::AddFile(std::string_view path, std::string_view bytes,
                          const FileOptions& options) {
  return items_.PutFile(path, std::make_shared<const Content>(std::string(bytes)), options);
}

std::string Tree::AddSyntheticFile(std::string_view path, std::uint64_t size,
                                   std::uint64_t content_seed, const FileOptions& options) {
  return items_.PutFile(path, std::make_shared<const Content>(size, content_seed), options);
}

void Tree::Overwrite(std::string_view path, std::string_view bytes) {
  Item item = *items_.Require(path);
  if (item.kind != Kind::kFile) throw TreeError(fmt::format("{} is no file", path));
  item.content = std::make_shared<const Content>(std::string(bytes));
  item.rev = ids_.NewRev();
  item.server_modified_s = ids_.NowSeconds();
  item.client_modified_s = item.server_modified_s;
  items_.Put(std::move(item));
}

void Tree::Touch(std::string_view path) {
  Item item = *items_.Require(path);
  if (item.kind != Kind::kFile) throw TreeError(fmt::format("{} is no file", path));
  item.rev = ids_.NewRev();
  item.server_modified_s = ids_.NowSeconds();
  items_.Put(std::move(item));
}

void Tree::CorruptContent(std::string_view path, std::string_view bytes) {
  const ItemPtr item = items_.Require(path);
  if (item->kind != Kind::kFile) throw TreeError(fmt::format("{} is no file", path));
  items_.Corrupt(item->rev, bytes);
}

void Tree::SetExtras(std::string_view path, const Extras& extras) {
  Item item = *items_.Require(path);
  item.extras = std::make_shared<const Extras>(extras);
  if (item.kind == Kind::kFile) item.rev = ids_.NewRev();
  items_.Put(std::move(item));
}

std::string Tree::AddFolder(std::string_view path) {
  std::string display;
  const Place place = items_.ResolveText(path, &display);
  if (display.empty()) throw TreeError("the root is always there");
  items_.EnsureParents(place.ns, display);
  if (const ItemPtr existing = items_.Find(place.ns, place.path);
      existing && existing->kind == Kind::kFolder) {
    return existing->id;
  }
  Item item;
  item.kind = Kind::kFolder;
  item.ns = place.ns;
  item.id = ids_.NewId();
  item.path_lower = place.path;
  item.path_display = std::move(display);
  std::string id = item.id;
  items_.Put(std::move(item));
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
    if (!transfer) item.id = ids_.NewId();
    if (!transfer) item.mount = 0;
    if (item.kind == Kind::kFile && (!transfer || event_style_.new_rev_on_move))
      item.rev = ids_.NewRev();
    moved.push_back(std::move(item));
  }
  return moved;
}

void Tree::Move(std::string_view from, std::string_view to) {
  const ItemPtr top = items_.Require(from);
  std::string display;
  const Place place = items_.ResolveText(to, &display);
  if (display.empty()) throw TreeError("the root is taken");
  const ItemPtr taken = items_.Find(place.ns, place.path);
  if (taken != nullptr && taken != top) throw TreeError(fmt::format("{} is taken", to));
  const std::vector<ItemPtr> before = items_.WithDescendants(top);
  const bool below = place.ns == top->ns && place.path != top->path_lower &&
                     IsAtOrUnder(place.path, top->path_lower);
  if (below) throw TreeError(fmt::format("{} is inside {}", to, from));
  for (const ItemPtr& item : before) {
    if (item->mount != 0) folders_.CheckMountable(item->mount, place.ns, top->ns);
  }
  if (taken == top) return CaseRename(from, LastComponents(display, 1).substr(1));
  items_.EnsureParents(place.ns, display);
  std::vector<Item> after = Relocated(before, place, display, true);
  for (const ItemPtr& item : before) items_.Erase(item);
  if (!event_style_.deleted_last) items_.JournalDeleted(before, event_style_.children);
  for (Item& item : after) {
    const std::uint32_t mounted = item.mount;
    items_.Put(std::move(item));
    if (mounted == 0) continue;
    folders_.MoveMount(mounted, top->ns, place.ns);
    items_.Announce(mounted);
  }
  if (event_style_.deleted_last) items_.JournalDeleted(before, event_style_.children);
}

std::string Tree::Copy(std::string_view from, std::string_view to) {
  const ItemPtr top = items_.Require(from);
  std::string display;
  const Place place = items_.ResolveText(to, &display);
  if (display.empty() || items_.Find(place.ns, place.path))
    throw TreeError(fmt::format("{} is taken", to));
  items_.EnsureParents(place.ns, display);
  std::vector<Item> copies = Relocated(items_.WithDescendants(top), place, display, false);
  std::string id = copies.front().id;
  for (Item& item : copies) items_.Put(std::move(item));
  return id;
}

void Tree::Delete(std::string_view path) {
  const std::vector<ItemPtr> items = items_.WithDescendants(items_.Require(path));
  for (const ItemPtr& item : items) items_.Erase(item);
  items_.JournalDeleted(items, event_style_.children);
}

std::string Tree::Restore(std::string_view path, bool new_id) {
  const Place place = items_.ResolveText(path, nullptr);
  const auto& tombstones = items_.ns(place.ns).tombstones;
  const auto found = tombstones.find(place.path);
  if (found == tombstones.end()) throw TreeError(fmt::format("nothing deleted at {}", path));
  Item item = *found->second;
  item.kind = item.content != nullptr ? Kind::kFile : Kind::kFolder;
  if (new_id) item.id = ids_.NewId();
  if (item.kind == Kind::kFile) item.rev = ids_.NewRev();
  items_.EnsureParents(item.ns, item.path_display);
  std::string id = item.id;
  items_.Put(std::move(item));
  return id;
}

void Tree::DeleteUnseen(std::string_view path) {
  std::string display;
  const Place place = items_.ResolveText(path, &display);
  if (items_.Find(place.ns, place.path)) throw TreeError(fmt::format("{} is there", path));
  items_.JournalUnseen(place, std::move(display));
}

std::string Tree::ReplaceFolderByFile(std::string_view path, std::string_view bytes) {
  if (items_.Require(path)->kind != Kind::kFolder)
    throw TreeError(fmt::format("{} is no folder", path));
  return AddFile(path, bytes);
}

void Tree::CaseRename(std::string_view path, std::string_view new_name) {
  const ItemPtr old_item = items_.Require(path);
  Item item = *old_item;
  item.path_display =
      item.path_display.substr(0, item.path_display.rfind('/') + 1) + std::string(new_name);
  if (LowerPath(item.path_display) != LowerPath(old_item->path_display)) {
    throw TreeError(fmt::format("{} is another name, not another case", new_name));
  }
  // Put keeps a folder's children.
  items_.Put(std::move(item), false);
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
  const std::int64_t now = ids_.NowSeconds();
  std::string display;
  Place base = items_.ResolveText(path, &display);
  if (!display.empty()) AddFolder(path);
  std::string folder;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t random = Mix(seed * 31 + i);
    if (i % kFilesPerFolder == 0) {
      const std::size_t f = i / kFilesPerFolder;
      folder = fmt::format("{}/{}/{} {}/Folder {:05}", display, kFolders[f % 10],
                           kFolders[f / 10 % 10], f / 500, f);
      items_.EnsureParents(base.ns, folder + "/x");
    }
    Item item;
    item.ns = base.ns;
    item.id = ids_.NewId();
    item.path_display = fmt::format("{}/{} {:02} {:04x}.{}", folder, kWords[random % 10],
                                    i % kFilesPerFolder, random >> 48, kEndings[(random >> 8) % 8]);
    item.path_lower = LowerPath(item.path_display);
    item.rev = ids_.NewRev();
    item.server_modified_s = now - static_cast<std::int64_t>(random % 100000000);
    item.client_modified_s = item.server_modified_s;
    item.content = pool[(random >> 20) % pool.size()];
    items_.Put(std::move(item));
  }
}

}  // namespace dbxes::sim
