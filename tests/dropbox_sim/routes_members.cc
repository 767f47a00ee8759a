// SPDX-License-Identifier: Apache-2.0
// Members of shared folders and of single files.

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>

#include "dropbox_sim/pager.h"
#include "dropbox_sim/service.h"
#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

constexpr std::string_view kFolder = "sharing/list_folder_members";
constexpr std::string_view kFile = "sharing/list_file_members";

void WriteUser(JsonOut* json, const Tree& tree, const Member& member) {
  const Account* account = tree.people().FindAccount(member.id);
  const bool same_team =
      account != nullptr && account->same_team && !account->team_member_id.empty();
  json->BeginObject()
      .FieldTag("access_type", member.access)
      .FieldDefault("is_inherited", member.inherited, false);
  json->Key("user").BeginObject().Field("account_id", member.id);
  json->Field("email", account != nullptr ? account->email : "somebody.gone@example.com#");
  json->Field("display_name", account != nullptr ? account->display_name() : "Deleted user");
  json->FieldBool("same_team", same_team);
  if (same_team) json->Field("team_member_id", account->team_member_id);
  json->EndObject().EndObject();
}

void WriteGroup(JsonOut* json, const Tree& tree, const Member& member) {
  const auto group = std::find_if(tree.people().groups().begin(), tree.people().groups().end(),
                                  [&](const Group& g) { return g.group_id == member.id; });
  const bool known = group != tree.people().groups().end();
  const bool same_team = known && group->same_team;
  json->BeginObject()
      .FieldTag("access_type", member.access)
      .FieldDefault("is_inherited", member.inherited, false);
  json->Key("group")
      .BeginObject()
      .Field("group_id", member.id)
      .Field("group_name", known ? group->name : "Elsewhere");
  json->FieldTag("group_management_type", known ? group->management_type : "company_managed");
  json->FieldTag("group_type", same_team ? "team" : "user_managed")
      .FieldBool("is_member", false)
      .FieldBool("is_owner", false);
  json->FieldBool("same_team", same_team);
  if (known) json->FieldUint("member_count", group->account_ids.size());
  json->EndObject().EndObject();
}

void WriteInvitee(JsonOut* json, const Member& member) {
  json->BeginObject()
      .FieldTag("access_type", member.access)
      .FieldDefault("is_inherited", member.inherited, false);
  json->Key("invitee").BeginObject().Field(".tag", "email").Field("email", member.id);
  json->EndUnion().EndObject();
}

// Users, then groups, then invitees, as far as the page reaches into them.
void WriteMembers(JsonOut* json, const Tree& tree, const std::vector<Member>& members,
                  std::size_t begin, std::size_t end) {
  static constexpr std::string_view kKeys[] = {"users", "groups", "invitees"};
  for (const MemberKind kind : {MemberKind::kUser, MemberKind::kGroup, MemberKind::kInvitee}) {
    json->Key(kKeys[static_cast<std::size_t>(kind)]).BeginArray();
    for (std::size_t i = begin; i < end; ++i) {
      if (members[i].kind != kind) continue;
      if (kind == MemberKind::kUser) WriteUser(json, tree, members[i]);
      if (kind == MemberKind::kGroup) WriteGroup(json, tree, members[i]);
      if (kind == MemberKind::kInvitee) WriteInvitee(json, members[i]);
    }
    json->EndArray();
  }
}

void SortByKind(std::vector<Member>* members) {
  std::stable_sort(members->begin(), members->end(),
                   [](const Member& a, const Member& b) { return a.kind < b.kind; });
}

Reply MembersPage(Service& service, const Call& call, PagerState state,
                  std::vector<Member> members) {
  SortByKind(&members);
  const PageBounds page = NextBounds(service, call, std::move(state), members.size());
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject();
  WriteMembers(&json, service.tree, members, page.begin, page.end);
  WriteSharingCursor(&json, service, page);
  json.EndObject();
  return service.Ok(std::move(out));
}

// SharedFolderAccessError tag, or empty.
std::string FolderError(const Service& service, const Call& call, std::uint32_t ns) {
  if (ns == 0) return "invalid_id";
  const NamespaceType type = service.tree.items().ns(ns).type;
  const bool shared = type == NamespaceType::kSharedFolder || type == NamespaceType::kTeamFolder;
  if (!shared) return "invalid_id";
  return service.MayRead(call, ns) ? "" : "not_a_member";
}

struct FileMembers {
  std::string error;  // SharingFileAccessError tag
  std::string id;
  std::vector<Member> direct;
  std::vector<Member> inherited;
};

FileMembers MembersOfFile(const Service& service, const Call& call, std::string_view file) {
  FileMembers result;
  for (const ReceivedFile& received : service.tree.shares().received_files()) {
    if (received.id != file || received.account_id != call.account->account_id) continue;
    result.id = received.id;
    result.direct = received.members;
    return result;
  }
  const Service::Found found = service.Lookup(call, file);
  if (found.item == nullptr)
    result.error = "invalid_file";
  else if (found.item->kind == Kind::kFolder)
    result.error = "is_folder";
  if (!result.error.empty()) return result;
  result.id = found.item->id;
  if (const auto* members = service.tree.shares().explicit_members(result.id))
    result.direct = *members;
  const Namespace& space = service.tree.items().ns(found.item->ns);
  if (!found.space.shared_id.empty()) {
    result.inherited = service.tree.folders().EffectiveMembers(found.item->ns);
    for (Member& member : result.inherited) member.inherited = true;
  } else if (!space.owner.empty()) {
    result.inherited = {{MemberKind::kUser, space.owner, "owner", false}};
  }
  return result;
}

Reply FileMembersPage(Service& service, const Call& call, PagerState state) {
  const bool inherited = state.subject.front() == '+';
  FileMembers found = MembersOfFile(service, call, std::string_view(state.subject).substr(1));
  if (!found.error.empty()) return service.EndpointError(call, "access_error/" + found.error);
  std::vector<Member> members = std::move(found.direct);
  if (inherited) members.insert(members.end(), found.inherited.begin(), found.inherited.end());
  return MembersPage(service, call, std::move(state), std::move(members));
}

}  // namespace

Reply ListFolderMembers(Service& service, Call& call) {
  const std::string id(StringField(call.args, "shared_folder_id"));
  const std::uint32_t ns = service.tree.items().FindNamespace(id);
  if (const std::string error = FolderError(service, call, ns); !error.empty())
    return service.EndpointError(call, error);
  PagerState state{std::string(kFolder), id, UintField(call.args, "limit", 1000), 0, 0};
  return MembersPage(service, call, std::move(state), service.tree.folders().EffectiveMembers(ns));
}

Reply ListFolderMembersContinue(Service& service, Call& call) {
  std::optional<PagerState> state = DecodePager(service, StringField(call.args, "cursor"), kFolder);
  if (!state) return service.EndpointError(call, "invalid_cursor");
  const std::uint32_t ns = service.tree.items().FindNamespace(state->subject);
  if (const std::string error = FolderError(service, call, ns); !error.empty()) {
    return service.EndpointError(call, "access_error/" + error);
  }
  return MembersPage(service, call, std::move(*state), service.tree.folders().EffectiveMembers(ns));
}

Reply ListFileMembers(Service& service, Call& call) {
  const std::string_view file = StringField(call.args, "file");
  if (std::string wrong = MalformedPath(file, false, false); !wrong.empty())
    return service.BadRequest(call, wrong);
  const std::string subject =
      (BoolField(call.args, "include_inherited", true) ? "+" : "-") + std::string(file);
  return FileMembersPage(service, call,
                         {std::string(kFile), subject, UintField(call.args, "limit", 100), 0, 0});
}

Reply ListFileMembersContinue(Service& service, Call& call) {
  std::optional<PagerState> state = DecodePager(service, StringField(call.args, "cursor"), kFile);
  if (!state) return service.EndpointError(call, "invalid_cursor");
  return FileMembersPage(service, call, std::move(*state));
}

Reply ListFileMembersBatch(Service& service, Call& call) {
  const bool old_rule = service.options.old_batch_limit;
  const std::uint64_t limit = UintField(call.args, "limit", old_rule ? 10 : 1000);
  if (old_rule && limit > 20)
    return service.BadRequest(
        call, fmt::format("request body: limit: {} is greater than the maximum of 20", limit));
  std::vector<std::string> files = StringsField(call.args, "files");
  if (service.options.style.shuffle_listing) {
    std::mt19937_64 random(call.salt);
    std::shuffle(files.begin(), files.end(), random);
  }
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginArray();
  for (const std::string& file : files) {
    if (std::string wrong = MalformedPath(file, false, false); !wrong.empty())
      return service.BadRequest(call, wrong);
    FileMembers found = MembersOfFile(service, call, file);
    json.BeginObject().Field("file", file).Key("result");
    if (!found.error.empty()) {
      json.Raw(TagPathJson("access_error/" + found.error)).EndObject();
      continue;
    }
    SortByKind(&found.direct);
    PageBounds page;
    page.end = std::min<std::size_t>(limit, found.direct.size());
    page.more = page.end < found.direct.size();
    page.next = {std::string(kFile), "-" + file, std::min<std::uint64_t>(limit, 300), page.end, 0};
    json.BeginObject().Field(".tag", "result").Key("members").BeginObject();
    WriteMembers(&json, service.tree, found.direct, 0, page.end);
    WriteSharingCursor(&json, service, page);
    json.EndObject().FieldUint("member_count", found.direct.size()).EndObject().EndObject();
  }
  json.EndArray();
  return service.Ok(std::move(out));
}

}  // namespace dbxes::sim
