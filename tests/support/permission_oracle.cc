// SPDX-License-Identifier: Apache-2.0
#include "support/permission_oracle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/json/json.h"

namespace dbxes {
namespace {

std::string Compare(SyncWorld& world, bool leaks_only) {
  const sim::Tree& tree = world.tree();
  const bool links = world.config.dropbox.include_link_visibility;
  const std::string& index = world.config.elasticsearch.index;
  std::vector<sim::LiveItem> items = tree.Snapshot(tree.people().primary());
  std::set<std::string> placed;
  for (const sim::LiveItem& item : items) placed.insert(item.id);
  // One that is mounted counts where it is in the tree.
  for (sim::LiveItem& item : tree.ReceivedSnapshot()) {
    if (placed.count(item.id) == 0) items.push_back(std::move(item));
  }
  std::string text;
  for (const sim::LiveItem& item : items) {
    if (!world.elastic.Source(index, item.id)) continue;
    const auto list = AccessListOf(world.elastic, index, item.id);
    if (list.empty()) text += fmt::format("{} is open to everybody\n", item.name);
    for (const sim::Account& account : tree.people().accounts()) {
      auto principals = PrincipalsOf(tree, account);
      if (links && !principals.empty()) principals.insert("link:public");
      const bool in_team = account.same_team && !account.team_member_id.empty();
      if (links && !principals.empty() && in_team) principals.insert("link:team");
      const bool sees = std::any_of(list.begin(), list.end(), [&](const std::string& value) {
        return principals.count(value) > 0;
      });
      const bool may = tree.rights().CanRead(account, item) ||
                       (links && tree.rights().CanReadByLink(account, item));
      if (sees == may || (leaks_only && may)) continue;
      text += fmt::format("{} {} {}{}: [{}]\n", account.email, sees ? "sees" : "does not see",
                          item.path_display, item.name, fmt::join(list, " "));
    }
  }
  return text;
}

}  // namespace

std::set<std::string> PrincipalsOf(const sim::Tree& tree, const sim::Account& account) {
  if (account.status != "active") return {};
  std::set<std::string> principals{"user_id:" + account.account_id, "email:" + account.email,
                                   "user:" + account.display_name()};
  for (const sim::Group& group : tree.people().groups()) {
    const auto& ids = group.account_ids;
    const bool in_it = std::count(ids.begin(), ids.end(), account.account_id) > 0;
    if (group.same_team && in_it) principals.insert("group:" + group.group_id);
  }
  return principals;
}

std::vector<std::string> AccessListOf(const FakeElastic& elastic, const std::string& index,
                                      const std::string& id) {
  std::vector<std::string> values;
  const auto source = elastic.Source(index, id);
  if (!source) return values;
  const auto document = ParseJson(*source, "a document");
  const rapidjson::Value* list = FindMember(*document, "_allow_access_control");
  if (list == nullptr || !list->IsArray()) return values;
  for (const auto& value : list->GetArray()) values.emplace_back(View(value));
  return values;
}

std::string PermissionDifference(SyncWorld& world) { return Compare(world, false); }
std::string Leaks(SyncWorld& world) { return Compare(world, true); }

}  // namespace dbxes
