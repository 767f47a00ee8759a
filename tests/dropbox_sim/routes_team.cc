// SPDX-License-Identifier: Apache-2.0
// The team: its members, groups, folders and namespaces.

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include "dropbox_sim/pager.h"
#include "dropbox_sim/people_json.h"
#include "dropbox_sim/service.h"

namespace dbxes::sim {
namespace {

constexpr std::string_view kMembers = "team/members/list_v2";
constexpr std::string_view kGroups = "team/groups/list";
constexpr std::string_view kGroupMembers = "team/groups/members/list";
constexpr std::string_view kFolders = "team/team_folder/list";
constexpr std::string_view kNamespaces = "team/namespaces/list";

void WriteStatus(JsonOut* json, const Account& account) {
  json->Key("status").BeginObject().Field(".tag", account.status);
  if (account.status == "removed")
    json->FieldBool("is_recoverable", true).FieldBool("is_disconnected", false);
  json->EndObject();
}

// MemberProfile, and with `full` the fields of TeamMemberProfile; the object is left open.
void WriteProfile(JsonOut* json, const Service& service, const Account& account, bool full) {
  json->BeginObject()
      .Field("team_member_id", account.team_member_id)
      .FieldOptional("account_id", account.account_id);
  json->Field("email", account.email).FieldBool("email_verified", account.status != "invited");
  WriteStatus(json, account);
  WriteName(&json->Key("name"), account);
  json->FieldTag("membership_type", "full").FieldOptional("external_id", "");
  json->Key("secondary_emails").BeginArray();
  for (const std::string& email : account.secondary_emails) {
    const bool verified = email.front() != '?';
    json->BeginObject()
        .Field("email", verified ? email : email.substr(1))
        .FieldBool("is_verified", verified)
        .EndObject();
  }
  json->EndArray();
  if (account.status != "invited") json->FieldTime("joined_on", 1500000000);
  if (!full) return;
  json->Key("groups").BeginArray();
  for (const Group& group : service.tree.people().groups()) {
    const auto& ids = group.account_ids;
    if (!account.account_id.empty() && group.same_team &&
        std::count(ids.begin(), ids.end(), account.account_id) > 0)
      json->String(group.group_id);
  }
  json->EndArray().Field("member_folder_id", service.tree.items().ns(account.home).id);
  json->Field("root_folder_id", service.tree.items().ns(account.root).id);
}

void WriteMember(JsonOut* json, const Service& service, const Account& account) {
  json->BeginObject().Key("profile");
  WriteProfile(json, service, account, true);
  json->EndObject().Key("roles").BeginArray();
  if (account.admin) {
    json->BeginObject().Field("role_id", "pid_dbtmr:2345").Field("name", "Team admin");
    json->Field("description", "Manage everything and access all permissions").EndObject();
  }
  json->EndArray().EndObject();
}

// One page of any list: `write` renders the element at an index.
Reply TeamPage(Service& service, const Call& call, std::string_view key, PagerState state,
               std::size_t total, const std::function<void(JsonOut*, std::size_t)>& write) {
  const PageBounds page = NextBounds(service, call, std::move(state), total);
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject().Key(key).BeginArray();
  for (std::size_t i = page.begin; i < page.end; ++i) write(&json, i);
  json.EndArray();
  WriteTeamCursor(&json, service, page);
  json.EndObject();
  return service.Ok(std::move(out));
}

PagerState FirstPage(const Call& call, std::string_view route, std::string subject = {}) {
  return {std::string(route), std::move(subject), UintField(call.args, "limit", 1000), 0, 0};
}

using PageFunction = Reply (*)(Service&, const Call&, PagerState);

Reply Continue(Service& service, Call& call, std::string_view route, PageFunction page) {
  std::optional<PagerState> state = DecodePager(service, StringField(call.args, "cursor"), route);
  if (!state) return service.EndpointError(call, "invalid_cursor");
  return page(service, call, std::move(*state));
}

Reply MembersPage(Service& service, const Call& call, PagerState state) {
  const bool removed_too = state.subject == "removed";
  std::vector<const Account*> members;
  for (const Account& account : service.tree.people().accounts()) {
    if (account.same_team && (removed_too || account.status != "removed"))
      members.push_back(&account);
  }
  return TeamPage(service, call, "members", std::move(state), members.size(),
                  [&](JsonOut* json, std::size_t i) { WriteMember(json, service, *members[i]); });
}

Reply GroupsPage(Service& service, const Call& call, PagerState state) {
  std::vector<const Group*> groups;
  for (const Group& group : service.tree.people().groups()) {
    if (group.same_team) groups.push_back(&group);
  }
  return TeamPage(service, call, "groups", std::move(state), groups.size(),
                  [&](JsonOut* json, std::size_t i) {
                    json->BeginObject()
                        .Field("group_name", groups[i]->name)
                        .Field("group_id", groups[i]->group_id);
                    json->FieldTag("group_management_type", groups[i]->management_type)
                        .FieldUint("member_count", groups[i]->account_ids.size());
                    json->EndObject();
                  });
}

Reply GroupMembersPage(Service& service, const Call& call, PagerState state) {
  const auto& groups = service.tree.people().groups();
  const auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) {
    return g.group_id == state.subject && g.same_team;
  });
  if (group == groups.end()) return service.EndpointError(call, "group_not_found");
  return TeamPage(
      service, call, "members", std::move(state), group->account_ids.size(),
      [&](JsonOut* json, std::size_t i) {
        const Account* account = service.tree.people().FindAccount(group->account_ids[i]);
        if (account == nullptr) return;
        json->BeginObject().Key("profile");
        WriteProfile(json, service, *account, false);
        json->EndObject().FieldTag("access_type", i == 0 ? "owner" : "member").EndObject();
      });
}

Reply FoldersPage(Service& service, const Call& call, PagerState state) {
  // A team whose members share one root has that as its only entry.
  const std::uint32_t shared_root = service.tree.folders().team_root();
  std::vector<const Namespace*> folders;
  if (shared_root != 0) folders.push_back(&service.tree.items().ns(shared_root));
  for (std::uint32_t ns = 1; shared_root == 0 && ns < service.tree.items().namespace_count();
       ++ns) {
    if (service.tree.items().ns(ns).type == NamespaceType::kTeamFolder)
      folders.push_back(&service.tree.items().ns(ns));
  }
  return TeamPage(
      service, call, "team_folders", std::move(state), folders.size(),
      [&](JsonOut* json, std::size_t i) {
        json->BeginObject().Field("team_folder_id", folders[i]->id).Field("name", folders[i]->name);
        json->FieldTag("status", folders[i]->team_folder_status)
            .FieldBool("is_team_shared_dropbox", shared_root != 0);
        json->FieldTag("sync_setting", "default")
            .Key("content_sync_settings")
            .BeginArray()
            .EndArray();
        json->EndObject();
      });
}

Reply NamespacesPage(Service& service, const Call& call, PagerState state) {
  static constexpr std::string_view kTypes[] = {"team_member_folder", "team_member_root",
                                                "shared_folder",      "team_folder",
                                                "app_folder",         "team_folder"};
  std::vector<const Namespace*> spaces;
  for (std::uint32_t ns = 1; ns < service.tree.items().namespace_count(); ++ns) {
    spaces.push_back(&service.tree.items().ns(ns));
    // "Duplicates may be returned."
    if (service.options.style.repeat_entries && ns % 3 == 0)
      spaces.push_back(&service.tree.items().ns(ns));
  }
  return TeamPage(
      service, call, "namespaces", std::move(state), spaces.size(),
      [&](JsonOut* json, std::size_t i) {
        const Account* owner = service.tree.people().FindAccount(spaces[i]->owner);
        json->BeginObject().Field("name", spaces[i]->name).Field("namespace_id", spaces[i]->id);
        json->FieldTag("namespace_type", kTypes[static_cast<std::size_t>(spaces[i]->type)]);
        const bool personal = spaces[i]->type == NamespaceType::kHome ||
                              spaces[i]->type == NamespaceType::kMemberRoot;
        json->FieldOptional("team_member_id", personal && owner != nullptr
                                                  ? std::string_view(owner->team_member_id)
                                                  : std::string_view());
        json->EndObject();
      });
}

}  // namespace

Reply TeamInfo(Service& service, Call& call) {
  const auto& accounts = service.tree.people().accounts();
  const auto people = static_cast<std::uint64_t>(std::count_if(
      accounts.begin(), accounts.end(), [](const Account& a) { return a.same_team; }));
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject()
      .Field("name", service.tree.people().team_name())
      .Field("team_id", service.tree.people().team_id());
  json.FieldUint("num_licensed_users", 100)
      .FieldUint("num_provisioned_users", people)
      .FieldUint("num_used_licenses", people);
  json.Key("policies").BeginObject();
  WriteSharingPolicies(&json.Key("sharing"));
  json.FieldTag("emm_state", "disabled").FieldTag("office_addin", "disabled");
  json.FieldTag("suggest_members_policy", "enabled")
      .FieldTag("top_level_content_policy", "admin_only")
      .EndObject()
      .EndObject();
  return service.Ok(std::move(out));
}

Reply AuthenticatedAdmin(Service& service, Call& call) {
  if (call.account == nullptr) return service.EndpointError(call, "mapping_not_found");
  if (!call.account->admin || call.account->status != "active")
    return service.EndpointError(call, "admin_not_active");
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject().Key("admin_profile");
  WriteProfile(&json, service, *call.account, true);
  json.EndObject().EndObject();
  return service.Ok(std::move(out));
}

Reply TeamMembers(Service& service, Call& call) {
  return MembersPage(
      service, call,
      FirstPage(call, kMembers, BoolField(call.args, "include_removed", false) ? "removed" : ""));
}
Reply TeamMembersContinue(Service& service, Call& call) {
  return Continue(service, call, kMembers, MembersPage);
}
Reply TeamGroups(Service& service, Call& call) {
  return GroupsPage(service, call, FirstPage(call, kGroups));
}
Reply TeamGroupsContinue(Service& service, Call& call) {
  return Continue(service, call, kGroups, GroupsPage);
}

Reply TeamGroupMembers(Service& service, Call& call) {
  const auto& group = call.args["group"];
  const std::string_view tag = TagOf(group);
  if (!group.IsObject() || (tag != "group_id" && tag != "group_external_id"))
    return service.BadRequest(call, "group: unknown tag");
  return GroupMembersPage(
      service, call,
      FirstPage(call, kGroupMembers, std::string(StringField(group, std::string(tag).c_str()))));
}

Reply TeamGroupMembersContinue(Service& service, Call& call) {
  return Continue(service, call, kGroupMembers, GroupMembersPage);
}
Reply TeamFolders(Service& service, Call& call) {
  return FoldersPage(service, call, FirstPage(call, kFolders));
}
Reply TeamFoldersContinue(Service& service, Call& call) {
  return Continue(service, call, kFolders, FoldersPage);
}
Reply TeamNamespaces(Service& service, Call& call) {
  return NamespacesPage(service, call, FirstPage(call, kNamespaces));
}
Reply TeamNamespacesContinue(Service& service, Call& call) {
  return Continue(service, call, kNamespaces, NamespacesPage);
}

}  // namespace dbxes::sim
