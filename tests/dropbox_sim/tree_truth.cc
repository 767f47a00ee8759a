// SPDX-License-Identifier: Apache-2.0
// The expected result of a sync: what an index should hold of the tree.

#include <cstdint>

#include "dropbox_sim/text.h"
#include "dropbox_sim/tree.h"

namespace dbxes::sim {

void Tree::CollectLive(std::uint32_t ns, const std::string& lower, const std::string& display,
                       const Account* viewer, std::vector<LiveItem>* out) const {
  const Namespace& space = *namespaces_[ns];
  const bool shared =
      space.type == NamespaceType::kSharedFolder || space.type == NamespaceType::kTeamFolder;
  for (const ItemPtr& item : space.items) {
    if (viewer != nullptr && IsForeignHome(item->mount, *viewer)) continue;
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
      live.has_explicit_members = explicit_members(item->id) != nullptr;
      live.content = item->content;
      if (!live.is_downloadable) {
        const auto& bytes = item->extras->export_spec->bytes;
        const auto markdown = bytes.find("markdown");
        if (markdown != bytes.end()) live.markdown = markdown->second;
      }
    }
    const std::uint32_t mounted = item->mount;
    if (mounted != 0 && namespaces_[mounted]->type == NamespaceType::kHome)
      live.home_of = namespaces_[mounted]->owner;
    const bool shows_id = mounted != 0 && namespaces_[mounted]->type != NamespaceType::kHome;
    if (shows_id) live.shared_folder_id = namespaces_[mounted]->id;
    out->push_back(std::move(live));
    if (mounted != 0)
      CollectLive(mounted, lower + item->path_lower, display + item->path_display, viewer, out);
  }
}

std::vector<LiveItem> Tree::ReceivedSnapshot() const {
  std::vector<LiveItem> out;
  for (const ReceivedFile& file : received_) {
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

std::vector<LiveItem> Tree::Snapshot(std::uint32_t ns) const {
  std::vector<LiveItem> out;
  CollectLive(ns, "", "", nullptr, &out);
  return out;
}

std::vector<LiveItem> Tree::Snapshot(const Account& account) const {
  std::vector<LiveItem> out;
  CollectLive(account.root, "", "", &account, &out);
  return out;
}

}  // namespace dbxes::sim
