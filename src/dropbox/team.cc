// SPDX-License-Identifier: Apache-2.0
#include "dropbox/team.h"

#include <fmt/format.h>

#include <utility>

#include "base/json/json.h"
#include "dropbox/rpc.h"

namespace dbxes::dropbox {
namespace {

constexpr int kMembersLimit = 1000;

TeamMember ReadProfile(const rapidjson::Value& profile) {
  TeamMember member;
  member.account_id = StringMember(profile, "account_id");
  member.team_member_id = StringMember(profile, "team_member_id");
  member.email = StringMember(profile, "email");
  member.root_namespace_id = StringMember(profile, "root_folder_id");
  member.joined_on = StringMember(profile, "joined_on");
  if (const auto* name = FindMember(profile, "name")) {
    member.display_name = StringMember(*name, "display_name");
  }
  if (const auto* status = FindMember(profile, "status")) {
    member.status = status->IsString() ? View(*status) : StringMember(*status, ".tag");
  }
  const auto* secondary = FindMember(profile, "secondary_emails");
  if (secondary != nullptr && secondary->IsArray()) {
    for (const auto& email : secondary->GetArray()) {
      if (!BoolMember(email, "is_verified", false)) continue;
      member.secondary_emails.emplace_back(StringMember(email, "email"));
    }
  }
  const auto groups = TextsOf(FindMember(profile, "groups"));
  member.groups.assign(groups.begin(), groups.end());
  return member;
}

Result<TeamMemberPage> ParseMembers(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's list of team members"));
  const rapidjson::Value* members = FindMember(body, "members");
  const rapidjson::Value* has_more = FindMember(body, "has_more");
  if (members == nullptr || !members->IsArray() || has_more == nullptr || !has_more->IsBool()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's list of team members is incomplete");
  }
  TeamMemberPage page;
  if (has_more->GetBool()) {
    page.cursor = StringMember(body, "cursor");
    if (page.cursor.empty()) {
      return Fail(ErrorKind::kTemporary, "Dropbox's list of team members has more, but no cursor");
    }
  }
  for (const rapidjson::Value& row : members->GetArray()) {
    if (const auto* profile = FindMember(row, "profile")) {
      page.members.push_back(ReadProfile(*profile));
    }
  }
  return page;
}

}  // namespace

Pending<TeamMemberPage> ListTeamPage(Client& client, const std::string& cursor) {
  CallOptions options{.headers = Client::Headers::kTeam, .doing = "listing the team's members"};
  if (cursor.empty()) {
    return Call(client, "team/members/list_v2", fmt::format(R"({{"limit":{}}})", kMembersLimit),
                ParseMembers, std::move(options));
  }
  return Call(client, "team/members/list/continue_v2", JsonArgument("cursor", cursor), ParseMembers,
              std::move(options));
}

}  // namespace dbxes::dropbox
