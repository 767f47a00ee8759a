// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/live_item.h"

#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

// Walks through a namespace and what is mounted in it.
class Walk {
 public:
  Walk(const Items& items, const Shares& shares, const Account* viewer)
      : items_(items), shares_(shares), viewer_(viewer) {}

  // `lower` and `display`: the path of the namespace in the account's tree.
  void Collect(std::uint32_t ns, const std::string& lower, const std::string& display);
  std::vector<LiveItem> Take() { return std::move(found_); }

 private:
  const Items& items_;
  const Shares& shares_;
  const Account* viewer_;  // null: everything
  std::vector<LiveItem> found_;
};

void Walk::Collect(std::uint32_t ns, const std::string& lower, const std::string& display) {
  const Namespace& space = items_.ns(ns);
  const bool shared =
      space.type == NamespaceType::kSharedFolder || space.type == NamespaceType::kTeamFolder;
  for (const ItemPtr& item : space.items) {
    if (viewer_ != nullptr && items_.IsForeignHome(item->mount, *viewer_)) continue;
    LiveItem live;
    live.kind = item->kind;
    live.id = item->id;
    live.path_lower = lower + item->path_lower;
    live.path_display = display + item->path_display;
    live.name = item->name();
    live.namespace_id = space.id;
    if (shared) live.parent_shared_folder_id = space.id;
    if (item->kind == Kind::kFile) {
      live.rev = RevText(item->rev);
      live.size = item->size();
      if (item->content && !(item->extras && item->extras->hide_content_hash))
        live.content_hash = item->content->hash();
      live.client_modified = FormatTime(item->client_modified_s);
      live.server_modified = FormatTime(item->server_modified_s);
      live.is_downloadable = !(item->extras && item->extras->export_spec);
      live.has_explicit_members = shares_.explicit_members(item->id) != nullptr;
      live.content = item->content;
      if (!live.is_downloadable) {
        const auto& bytes = item->extras->export_spec->bytes;
        const auto markdown = bytes.find("markdown");
        if (markdown != bytes.end()) live.markdown = markdown->second;
      }
    }
    const std::uint32_t mounted = item->mount;
    if (mounted != 0 && items_.ns(mounted).type == NamespaceType::kHome)
      live.home_of = items_.ns(mounted).owner;
    const bool shows_id = mounted != 0 && items_.ns(mounted).type != NamespaceType::kHome;
    if (shows_id) live.shared_folder_id = items_.ns(mounted).id;
    found_.push_back(std::move(live));
    if (mounted != 0) Collect(mounted, lower + item->path_lower, display + item->path_display);
  }
}

}  // namespace

std::vector<LiveItem> LiveItems(const Items& items, const Shares& shares, std::uint32_t ns,
                                const Account* viewer) {
  Walk walk(items, shares, viewer);
  walk.Collect(ns, "", "");
  return walk.Take();
}

std::vector<LiveItem> LiveReceivedFiles(const Shares& shares) {
  std::vector<LiveItem> out;
  for (const ReceivedFile& file : shares.received_files()) {
    LiveItem live;
    live.id = file.id;
    live.name = file.name;
    live.rev = RevText(file.rev);
    live.size = file.content->size();
    live.client_modified = FormatTime(file.client_modified_s);
    live.server_modified = FormatTime(file.server_modified_s);
    live.received = true;
    live.content = file.content;
    out.push_back(std::move(live));
  }
  return out;
}

}  // namespace dbxes::sim
