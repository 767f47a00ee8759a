// SPDX-License-Identifier: Apache-2.0
// What a shared link says of whom it lets in (Dropbox HTTP API: sharing/list_shared_links,
// LinkPermissions). Of all that is said the narrowest counts, and what is new to us opens nothing.
#include <algorithm>
#include <utility>

#include "base/json/json.h"
#include "dropbox/api_error.h"
#include "dropbox/rpc.h"
#include "dropbox/sharing.h"

namespace dbxes::dropbox {
namespace {

LinkAudience AudienceOf(std::string_view tag) {
  if (tag == "public") return LinkAudience::kAnybody;
  // As a LinkAudience and as a ResolvedVisibility.
  if (tag == "team" || tag == "team_only") return LinkAudience::kTeam;
  return LinkAudience::kNobody;
}

LinkAudience ReadAudience(const rapidjson::Value& link) {
  const auto* permissions = FindMember(link, "link_permissions");
  if (permissions == nullptr || BoolMember(*permissions, "require_password", false)) {
    return LinkAudience::kNobody;
  }
  bool told = false;
  LinkAudience audience = LinkAudience::kAnybody;
  for (const char* field : {"effective_audience", "resolved_visibility"}) {
    const auto* tagged = FindMember(*permissions, field);
    if (tagged == nullptr || tagged->IsNull()) continue;
    told = true;
    audience = std::min(
        audience, AudienceOf(tagged->IsString() ? View(*tagged) : StringMember(*tagged, ".tag")));
  }
  // The content is another team's: whose members are meant is not said.
  const auto* owners = FindMember(link, "content_owner_team_info");
  const bool foreign = owners != nullptr && !owners->IsNull();
  const bool unclear = foreign && audience == LinkAudience::kTeam;
  return told && !unclear ? audience : LinkAudience::kNobody;
}

SharedLink ReadLink(const rapidjson::Value& row) {
  SharedLink link;
  link.id = StringMember(row, "id");
  link.is_folder = StringMember(row, ".tag") == "folder";
  link.audience = ReadAudience(row);
  link.expires = StringMember(row, "expires");
  return link;
}

Result<SharedLinkPage> ParseLinks(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's list of shared links"));
  const rapidjson::Value* links = FindMember(body, "links");
  if (links == nullptr || !links->IsArray()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's list of shared links holds no links");
  }
  SharedLinkPage page;
  for (const rapidjson::Value& row : links->GetArray()) page.links.push_back(ReadLink(row));
  if (!BoolMember(body, "has_more", false)) return page;
  page.cursor = StringMember(body, "cursor");
  if (page.cursor.empty()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's list of shared links does not go on");
  }
  return page;
}

}  // namespace

Pending<SharedLinkPage> SharingClient::ListSharedLinks(const std::string& cursor) {
  const auto pending = client_.Rpc(
      "sharing/list_shared_links", cursor.empty() ? "{}" : JsonArgument("cursor", cursor),
      Client::Headers::kUser, AcceptIf(ParseLinks, client_.few_retries()));
  return Map<SharedLinkPage>(pending, [](Result<HttpResponse> answer) -> Result<SharedLinkPage> {
    if (answer) return ParseLinks(*answer);
    Error error = WithContext(answer.error(), "listing the shared links");
    if (error.http_status == 422) error.kind = ErrorKind::kRootChanged;
    return Fail(std::move(error));
  });
}

}  // namespace dbxes::dropbox
