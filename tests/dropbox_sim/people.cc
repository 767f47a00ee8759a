// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/people.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace dbxes::sim {

People::People(Ids& ids, Items& items, EventLog& events)
    : ids_(ids), items_(items), events_(events) {
  Account account;
  account.given_name = "Ana";
  account.surname = "Diaz";
  account.email = "ana.diaz@example.com";
  events_.set_actor(AddAccount(std::move(account)));
}

std::string People::AddAccount(Account account) {
  const std::uint64_t n = accounts_.size();
  if (account.account_id.empty() && account.status != "invited") {
    account.account_id = "dbid:" + ids_.Text(11, n, 35);
  }
  if (account.team_member_id.empty() && !team_id_.empty() && account.same_team) {
    account.team_member_id = "dbmid:" + ids_.Text(13, n, 34);
  }
  account.home = items_.NewNamespace(NamespaceType::kHome, account.display_name());
  account.root = account.home;
  items_.ns(account.home).owner = account.account_id;
  items_.ns(account.home).folder_id = ids_.NewId();
  std::string id = account.account_id;
  if (!account.team_member_id.empty()) {
    events_.Log("members", "member_change_status",
                fmt::format(R"("new_value":{{".tag":"{}"}})", account.status));
  }
  accounts_.push_back(std::move(account));
  items_.Changed();
  return id;
}

const Account* People::FindAccount(std::string_view id) const {
  for (const Account& account : accounts_) {
    if (!id.empty() && (account.account_id == id || account.team_member_id == id)) return &account;
  }
  return nullptr;
}

Account& People::account(std::string_view id) {
  for (Account& account : accounts_) {
    if (!id.empty() && (account.account_id == id || account.team_member_id == id)) return account;
  }
  throw TreeError(fmt::format("no such account: {}", id));
}

std::string People::AddGroup(std::string_view name, std::vector<std::string> account_ids) {
  Group group;
  group.group_id = "g:" + ids_.Text(17, groups_.size() + (items_.version() << 8), 32);
  group.name = name;
  group.account_ids = std::move(account_ids);
  groups_.push_back(std::move(group));
  events_.Log("groups", "group_create", R"("is_company_managed":true)");
  items_.Changed();
  return groups_.back().group_id;
}

Group& People::group(std::string_view group_id) {
  for (Group& group : groups_) {
    if (group.group_id == group_id) return group;
  }
  throw TreeError(fmt::format("no such group: {}", group_id));
}

void People::RemoveGroup(std::string_view group_id) {
  group(group_id);
  groups_.erase(std::find_if(groups_.begin(), groups_.end(),
                             [&](const auto& g) { return g.group_id == group_id; }));
  events_.Log("groups", "group_delete", R"("is_company_managed":true)");
  items_.Changed();
}

void People::MakeTeam(std::string_view name) {
  team_name_ = name;
  team_id_ = "dbtid:" + ids_.Text(19, 0, 34);
  primary().admin = true;
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    Account& account = accounts_[i];
    if (!account.same_team) continue;
    account.account_type = "business";
    if (account.team_member_id.empty()) account.team_member_id = "dbmid:" + ids_.Text(13, i, 34);
  }
  items_.Changed();
}

}  // namespace dbxes::sim
