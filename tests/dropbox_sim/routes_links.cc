// SPDX-License-Identifier: Apache-2.0
// Shared links that the account has made.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "dropbox_sim/pager.h"
#include "dropbox_sim/service.h"

namespace dbxes::sim {
namespace {

constexpr std::string_view kLinks = "sharing/list_shared_links";
constexpr std::uint64_t kPageSize = 100;

// Either of two fields has the audience; Dropbox does not say which.
void WriteAudience(JsonOut* json, const SharedLink& link, std::uint64_t random) {
  static constexpr std::pair<std::string_view, std::string_view> kResolved[] = {
      {"team", "team_only"}, {"members", "shared_folder_only"}};
  if (random % 2 == 0) {
    json->FieldTag("effective_audience", link.audience);
    return;
  }
  std::string_view tag = link.audience;
  for (const auto& [audience, resolved] : kResolved) {
    if (link.audience == audience) tag = resolved;
  }
  json->FieldTag("resolved_visibility", tag);
}

void WriteLink(JsonOut* json, const Service& service, const Call& call, const SharedLink& link,
               const Item& item) {
  const bool is_file = item.kind == Kind::kFile;
  json->BeginObject()
      .Field(".tag", is_file ? "file" : "folder")
      .Field("url", link.url)
      .Field("name", item.name())
      .Field("id", item.id);
  json->Key("link_permissions").BeginObject();
  WriteAudience(json, link, json->Random());
  for (const char* field : {"can_revoke", "can_set_expiry", "can_remove_expiry", "allow_download",
                            "can_allow_download", "can_disallow_download", "allow_comments"}) {
    json->FieldBool(field, true);
  }
  json->FieldBool("team_restricts_comments", false)
      .FieldDefault("require_password", link.require_password, false);
  json->Key("visibility_policies").BeginArray().EndArray().EndObject();
  if (link.expires_s != 0) json->FieldTime("expires", link.expires_s);
  if (link.of_other_team) {
    json->Key("content_owner_team_info").BeginObject();
    json->Field("id", "dbtid:AAAAother").Field("name", "Other").EndObject();
  }
  const Space place = service.SpaceOf(call, item.ns);
  if (place.has_path) json->Field("path_lower", place.lower + item.path_lower);
  if (is_file) {
    json->FieldTime("client_modified", item.client_modified_s)
        .FieldTime("server_modified", item.server_modified_s);
    json->Field("rev", RevText(item.rev)).FieldUint("size", item.size());
  }
  json->EndObject();
}

}  // namespace

Reply ListSharedLinks(Service& service, Call& call) {
  PagerState state{std::string(kLinks), "", kPageSize, 0, 0};
  if (const std::string_view cursor = StringField(call.args, "cursor"); !cursor.empty()) {
    std::optional<PagerState> decoded = DecodePager(service, cursor, kLinks);
    if (!decoded) return service.EndpointError(call, "reset");
    state = std::move(*decoded);
  }
  std::vector<std::pair<const SharedLink*, ItemPtr>> links;
  for (const SharedLink& link : service.tree.shares().links()) {
    const ItemPtr item = service.tree.items().FindById(link.item_id);
    const bool own = call.account->account_id == service.tree.people().primary().account_id;
    if (own && item != nullptr && item->kind != Kind::kDeleted) links.emplace_back(&link, item);
  }
  const PageBounds page = NextBounds(service, call, std::move(state), links.size());
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject().Key("links").BeginArray();
  for (std::size_t i = page.begin; i < page.end; ++i) {
    WriteLink(&json, service, call, *links[i].first, *links[i].second);
  }
  json.EndArray().FieldBool("has_more", page.more);
  if (page.more) json.Field("cursor", EncodePager(service, page.next));
  json.EndObject();
  return service.Ok(std::move(out));
}

}  // namespace dbxes::sim
