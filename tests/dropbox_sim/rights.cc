// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/rights.h"

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace dbxes::sim {
namespace {

bool GrantsReading(std::string_view access) {
  return access == "owner" || access == "editor" || access == "viewer" ||
         access == "viewer_no_comment";
}

bool Concerns(const Member& member, const Account& account, const std::deque<Group>& groups) {
  if (member.kind == MemberKind::kUser) return member.id == account.account_id;
  if (member.kind != MemberKind::kGroup) return false;
  return std::any_of(groups.begin(), groups.end(), [&](const Group& group) {
    return group.group_id == member.id &&
           std::count(group.account_ids.begin(), group.account_ids.end(), account.account_id) > 0;
  });
}

}  // namespace

bool Rights::CanRead(const Account& account, std::uint32_t ns) const {
  const Namespace& space = items_.ns(ns);
  if (ns == account.home || ns == account.root ||
      (!space.owner.empty() && space.owner == account.account_id))
    return true;
  const std::vector<Member> members = folders_.EffectiveMembers(ns);
  return std::any_of(members.begin(), members.end(), [&](const Member& member) {
    return GrantsReading(member.access) && Concerns(member, account, people_.groups());
  });
}

bool Rights::CanRead(const Account& account, const LiveItem& item) const {
  if (account.status != "active" || account.account_id.empty()) return false;
  const auto grants = [&](const std::vector<Member>& members) {
    return std::any_of(members.begin(), members.end(), [&](const Member& member) {
      return GrantsReading(member.access) && Concerns(member, account, people_.groups());
    });
  };
  if (item.received) {
    const auto file = std::find_if(shares_.received_files().begin(), shares_.received_files().end(),
                                   [&](const ReceivedFile& one) { return one.id == item.id; });
    return file != shares_.received_files().end() &&
           (file->account_id == account.account_id || grants(file->members));
  }
  if (!item.home_of.empty()) return item.home_of == account.account_id;
  const std::string& shared =
      item.shared_folder_id.empty() ? item.namespace_id : item.shared_folder_id;
  const auto* members = shares_.explicit_members(item.id);
  return CanRead(account, items_.FindNamespace(shared)) || (members != nullptr && grants(*members));
}

bool Rights::IsReadOnly(const Account& account, std::uint32_t ns) const {
  const std::vector<Member> members = folders_.EffectiveMembers(ns);
  return std::none_of(members.begin(), members.end(), [&](const Member& member) {
    return (member.access == "owner" || member.access == "editor") &&
           Concerns(member, account, people_.groups());
  });
}

bool Rights::LetsIn(const SharedLink& link, const Account& account) const {
  if (link.require_password || (link.expires_s != 0 && link.expires_s <= ids_.NowSeconds()))
    return false;
  if (link.audience == "public") return true;
  return link.audience == "team" && account.same_team && !people_.team_id().empty() &&
         !link.of_other_team;
}

bool Rights::CanReadByLink(const Account& account, const LiveItem& item) const {
  if (account.status != "active" || account.account_id.empty()) return false;
  return std::any_of(shares_.links().begin(), shares_.links().end(), [&](const SharedLink& link) {
    const ItemPtr linked = items_.FindById(link.item_id);
    if (linked == nullptr || linked->kind == Kind::kDeleted || !LetsIn(link, account)) return false;
    if (linked->id == item.id) return true;
    // A shared folder inside has its own rules.
    const std::string& around =
        item.shared_folder_id.empty() ? item.namespace_id : item.shared_folder_id;
    if (linked->kind != Kind::kFolder) return false;
    if (linked->mount != 0) return around == items_.ns(linked->mount).id;
    // The path of a mount is in the namespace around it.
    const ItemPtr here = items_.FindById(item.id);
    return around == items_.ns(linked->ns).id && here != nullptr && here->ns == linked->ns &&
           here->path_lower.substr(0, linked->path_lower.size() + 1) == linked->path_lower + "/";
  });
}

}  // namespace dbxes::sim
