// SPDX-License-Identifier: Apache-2.0
#include "dropbox/shared_links.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/json/json.h"
#include "dropbox/rpc.h"

namespace dbxes::dropbox {
namespace {

// A tag that is not known here opens nothing.
LinkAudience AudienceOf(std::string_view tag) {
  if (tag == "public") return LinkAudience::kAnybody;
  // As a LinkAudience and as a ResolvedVisibility.
  if (tag == "team" || tag == "team_only") return LinkAudience::kTeam;
  return LinkAudience::kNobody;
}

// LinkPermissions has several fields for the audience: the narrowest counts.
LinkAudience ReadAudience(const rapidjson::Value& link) {
  const auto* permissions = FindMember(link, "link_permissions");
  if (permissions == nullptr || BoolMember(*permissions, "require_password", false)) {
    return LinkAudience::kNobody;
  }
  bool known = false;
  LinkAudience audience = LinkAudience::kAnybody;
  for (const char* field : {"effective_audience", "resolved_visibility"}) {
    const auto* tagged = FindMember(*permissions, field);
    if (tagged == nullptr || tagged->IsNull()) continue;
    known = true;
    audience = std::min(
        audience, AudienceOf(tagged->IsString() ? View(*tagged) : StringMember(*tagged, ".tag")));
  }
  // In another team's content it is unclear which team is meant.
  const auto* owners = FindMember(link, "content_owner_team_info");
  const bool foreign = owners != nullptr && !owners->IsNull();
  const bool unclear = foreign && audience == LinkAudience::kTeam;
  return known && !unclear ? audience : LinkAudience::kNobody;
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
    return Fail(ErrorKind::kTemporary, "Dropbox's list of shared links has more, but no cursor");
  }
  return page;
}

// A time that no index takes counts as absent.
std::string_view TimeMember(const rapidjson::Value& body, const char* key) {
  const std::string_view time = StringMember(body, key);
  return IsUtcTime(time) ? time : std::string_view();
}

Result<LinkedFile> ParseLinkedFile(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's shared link metadata"));
  LinkedFile file;
  file.id = StringMember(body, "id");
  file.name = StringMember(body, "name");
  file.url = StringMember(body, "url");
  file.rev = StringMember(body, "rev");
  file.client_modified = TimeMember(body, "client_modified");
  file.server_modified = TimeMember(body, "server_modified");
  file.size = UintMember(body, "size").value_or(0);
  if (const auto* permissions = FindMember(body, "link_permissions")) {
    file.allows_download = BoolMember(*permissions, "allow_download", true);
  }
  if (file.name.empty()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's shared link metadata holds no name");
  }
  return file;
}

}  // namespace

Pending<SharedLinkPage> ListSharedLinks(Client& client, const std::string& cursor) {
  return Call(client, "sharing/list_shared_links",
              cursor.empty() ? "{}" : JsonArgument("cursor", cursor), ParseLinks,
              {.max_retries = client.few_retries(), .doing = "listing the shared links"});
}

Pending<LinkedFile> GetSharedLinkMetadata(Client& client, const std::string& url) {
  return Call(client, "sharing/get_shared_link_metadata", JsonArgument("url", url), ParseLinkedFile,
              {.max_retries = client.few_retries(), .doing = "reading a received file's link"});
}

}  // namespace dbxes::dropbox
