// SPDX-License-Identifier: Apache-2.0
// The tree's shared links.

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "dropbox_sim/text.h"
#include "dropbox_sim/tree.h"

namespace dbxes::sim {

std::string Tree::AddSharedLink(std::string_view path, SharedLink link) {
  link.item_id = Require(path)->id;
  const std::uint64_t n = ++next_link_;
  link.url = fmt::format("https://www.dropbox.com/scl/fi/{:x}/link?rlkey={:x}", Mix(seed_ + n), n);
  links_.push_back(std::move(link));
  LogEvent("sharing", "shared_link_create", "");
  ++version_;
  return links_.back().url;
}

void Tree::RevokeSharedLink(std::string_view url) {
  const auto gone = std::find_if(links_.begin(), links_.end(),
                                 [&](const SharedLink& link) { return link.url == url; });
  if (gone == links_.end()) throw TreeError(fmt::format("no such link: {}", url));
  links_.erase(gone);
  LogEvent("sharing", "shared_link_disable", "");
  ++version_;
}

bool Tree::LetsIn(const SharedLink& link, const Account& account) const {
  if (link.require_password || (link.expires_s != 0 && link.expires_s <= NowSeconds()))
    return false;
  if (link.audience == "public") return true;
  return link.audience == "team" && account.same_team && !team_id_.empty() && !link.of_other_team;
}

bool Tree::CanReadByLink(const Account& account, const LiveItem& item) const {
  if (account.status != "active" || account.account_id.empty()) return false;
  return std::any_of(links_.begin(), links_.end(), [&](const SharedLink& link) {
    const ItemPtr linked = FindById(link.item_id);
    if (linked == nullptr || linked->kind == Kind::kDeleted || !LetsIn(link, account)) return false;
    if (linked->id == item.id) return true;
    // A shared folder inside has its own rules.
    const std::string& around =
        item.shared_folder_id.empty() ? item.namespace_id : item.shared_folder_id;
    if (linked->kind != Kind::kFolder) return false;
    if (linked->mount != 0) return around == namespaces_[linked->mount]->id;
    // The path of a mount is in the namespace around it.
    const ItemPtr here = FindById(item.id);
    return around == namespaces_[linked->ns]->id && here != nullptr && here->ns == linked->ns &&
           here->path_lower.substr(0, linked->path_lower.size() + 1) == linked->path_lower + "/";
  });
}

}  // namespace dbxes::sim
