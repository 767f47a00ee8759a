// SPDX-License-Identifier: Apache-2.0
// Received files, shared folders and the metadata of shared files. Members are in
// routes_members.cc.

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "dropbox_sim/pager.h"
#include "dropbox_sim/service.h"

namespace dbxes::sim {
namespace {

constexpr std::string_view kReceived = "sharing/list_received_files";
constexpr std::string_view kFolders = "sharing/list_folders";
constexpr std::string_view kMountable = "sharing/list_mountable_folders";

bool IsShared(NamespaceType type) {
  return type == NamespaceType::kSharedFolder || type == NamespaceType::kTeamFolder;
}

void WritePolicy(JsonOut* json) {
  json->Key("policy")
      .BeginObject()
      .FieldTag("acl_update_policy", "owner")
      .FieldTag("shared_link_policy", "anyone");
  json->FieldTag("member_policy", "anyone")
      .FieldTag("resolved_member_policy", "anyone")
      .EndObject();
}

void WriteReceived(JsonOut* json, const Service& service, const Call& call,
                   const ReceivedFile& file) {
  json->BeginObject().Field("id", file.id).Field("name", file.name).Field("preview_url", file.url);
  WritePolicy(json);
  json->FieldTag("access_type", "viewer")
      .Key("owner_display_names")
      .BeginArray()
      .String(file.owner_display_name)
      .EndArray();
  // Only a mounted file has a path: its current one in the tree.
  const Service::Found found = service.Lookup(call, file.id);
  if (found.item != nullptr && found.space.has_path) {
    json->Field("path_lower", found.space.lower + found.item->path_lower)
        .Field("path_display", found.space.display + found.item->path_display);
  }
  if (file.time_invited_s != 0) json->FieldTime("time_invited", file.time_invited_s);
  json->EndObject();
}

Reply ReceivedPage(Service& service, const Call& call, PagerState state) {
  std::vector<const ReceivedFile*> files;
  for (const ReceivedFile& file : service.tree.shares().received_files()) {
    if (file.account_id == call.account->account_id) files.push_back(&file);
  }
  const PageBounds page = NextBounds(service, call, std::move(state), files.size());
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject().Key("entries").BeginArray();
  for (std::size_t i = page.begin; i < page.end; ++i)
    WriteReceived(&json, service, call, *files[i]);
  json.EndArray();
  WriteSharingCursor(&json, service, page);
  json.EndObject();
  return service.Ok(std::move(out));
}

std::string AccessOf(const Tree& tree, const Account& account, std::uint32_t ns) {
  for (const Member& member : tree.folders().EffectiveMembers(ns)) {
    if (member.kind == MemberKind::kUser && member.id == account.account_id) return member.access;
  }
  return tree.rights().IsReadOnly(account, ns) ? "viewer" : "editor";
}

void WriteFolder(JsonOut* json, const Service& service, const Call& call, std::uint32_t ns) {
  const Tree& tree = service.tree;
  const Namespace& space = tree.items().ns(ns);
  json->BeginObject().Field("shared_folder_id", space.id).Field("name", space.name);
  json->FieldTag("access_type", AccessOf(tree, *call.account, ns));
  json->FieldBool(
      "is_inside_team_folder",
      space.parent != 0 && tree.items().ns(space.parent).type == NamespaceType::kTeamFolder);
  json->FieldBool("is_team_folder", space.type == NamespaceType::kTeamFolder);
  WritePolicy(json);
  json->Field("preview_url", "https://www.dropbox.com/scl/fo/" + space.id)
      .FieldTime("time_invited", space.time_invited_s);
  if (!space.inherits || service.options.style.write_defaults) {
    json->FieldTag("access_inheritance", space.inherits ? "inherit" : "no_inherit");
  }
  if (space.parent != 0) json->Field("parent_shared_folder_id", tree.items().ns(space.parent).id);
  const Space place = service.SpaceOf(call, ns);
  if (place.has_path && !place.lower.empty())
    json->Field("path_lower", place.lower).Field("path_display", place.display);
  json->FieldOptional("folder_id", space.folder_id).EndObject();
}

// Folders that the account may mount or unmount by itself: not those inside another shared
// folder, and not those that a team space mounts for its members.
bool IsMountable(const Service& service, const Call& call, std::uint32_t ns) {
  const Namespace& space = service.tree.items().ns(ns);
  if (space.type == NamespaceType::kTeamFolder) return call.account->root == call.account->home;
  return space.parent == 0 || !service.MayRead(call, space.parent);
}

Reply FoldersPage(Service& service, const Call& call, PagerState state) {
  const bool mountable_only = state.route == kMountable;
  std::vector<std::uint32_t> spaces;
  for (std::uint32_t ns = 1; ns < service.tree.items().namespace_count(); ++ns) {
    const bool shown = IsShared(service.tree.items().ns(ns).type) && service.MayRead(call, ns);
    if (shown && (!mountable_only || IsMountable(service, call, ns))) spaces.push_back(ns);
  }
  const PageBounds page = NextBounds(service, call, std::move(state), spaces.size());
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject().Key("entries").BeginArray();
  for (std::size_t i = page.begin; i < page.end; ++i) WriteFolder(&json, service, call, spaces[i]);
  json.EndArray();
  WriteSharingCursor(&json, service, page);
  json.EndObject();
  return service.Ok(std::move(out));
}

const ReceivedFile* ReceivedById(const Service& service, const Call& call, std::string_view id) {
  for (const ReceivedFile& file : service.tree.shares().received_files()) {
    if (file.id == id && file.account_id == call.account->account_id) return &file;
  }
  return nullptr;
}

// Metadata of a shared file, or the access_error tag in `error`.
std::string SharedFileJson(const Service& service, const Call& call, std::string_view file,
                           std::string_view tag, std::string* error) {
  std::string out;
  JsonOut json = service.Json(&out, call);
  if (const ReceivedFile* received = ReceivedById(service, call, file);
      received != nullptr && tag.empty()) {
    WriteReceived(&json, service, call, *received);
    return out;
  }
  const Service::Found found = service.Lookup(call, file);
  if (found.item == nullptr)
    *error = "invalid_file";
  else if (found.item->kind == Kind::kFolder)
    *error = "is_folder";
  if (!error->empty()) return "";
  const Item& item = *found.item;
  json.BeginObject();
  if (!tag.empty()) json.Field(".tag", tag);
  json.Field("id", item.id)
      .Field("name", item.name())
      .Field("preview_url", "https://www.dropbox.com/scl/fi/" + item.id.substr(3));
  WritePolicy(&json);
  json.FieldTag("access_type", found.space.read_only ? "viewer" : "owner");
  json.FieldOptional("parent_shared_folder_id", found.space.shared_id);
  if (found.space.has_path) {
    json.Field("path_lower", found.space.lower + item.path_lower)
        .Field("path_display", found.space.display + item.path_display);
  }
  json.EndObject();
  return out;
}

}  // namespace

Reply ListReceivedFiles(Service& service, Call& call) {
  return ReceivedPage(service, call,
                      {std::string(kReceived), "", UintField(call.args, "limit", 100), 0, 0});
}

Reply ListReceivedFilesContinue(Service& service, Call& call) {
  std::optional<PagerState> state =
      DecodePager(service, StringField(call.args, "cursor"), kReceived);
  if (!state) return service.EndpointError(call, "invalid_cursor");
  return ReceivedPage(service, call, std::move(*state));
}

namespace {

Reply FirstFolders(Service& service, const Call& call, std::string_view route) {
  return FoldersPage(service, call,
                     {std::string(route), "", UintField(call.args, "limit", 1000), 0, 0});
}

Reply NextFolders(Service& service, const Call& call, std::string_view route) {
  std::optional<PagerState> state = DecodePager(service, StringField(call.args, "cursor"), route);
  if (!state) return service.EndpointError(call, "invalid_cursor");
  return FoldersPage(service, call, std::move(*state));
}

}  // namespace

Reply ListFolders(Service& service, Call& call) { return FirstFolders(service, call, kFolders); }
Reply ListFoldersContinue(Service& service, Call& call) {
  return NextFolders(service, call, kFolders);
}
Reply ListMountableFolders(Service& service, Call& call) {
  return FirstFolders(service, call, kMountable);
}
Reply ListMountableFoldersContinue(Service& service, Call& call) {
  return NextFolders(service, call, kMountable);
}

Reply GetFolderMetadata(Service& service, Call& call) {
  const std::uint32_t ns =
      service.tree.items().FindNamespace(StringField(call.args, "shared_folder_id"));
  if (ns == 0 || !IsShared(service.tree.items().ns(ns).type))
    return service.EndpointError(call, "invalid_id");
  if (!service.MayRead(call, ns)) return service.EndpointError(call, "not_a_member");
  std::string out;
  JsonOut json = service.Json(&out, call);
  WriteFolder(&json, service, call, ns);
  return service.Ok(std::move(out));
}

Reply GetFileMetadata(Service& service, Call& call) {
  const std::string_view file = StringField(call.args, "file");
  if (std::string wrong = MalformedPath(file, false, false); !wrong.empty())
    return service.BadRequest(call, wrong);
  std::string error;
  std::string json = SharedFileJson(service, call, file, "", &error);
  return error.empty() ? service.Ok(std::move(json))
                       : service.EndpointError(call, "access_error/" + error);
}

Reply GetFileMetadataBatch(Service& service, Call& call) {
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginArray();
  for (const std::string& file : StringsField(call.args, "files")) {
    if (std::string wrong = MalformedPath(file, false, false); !wrong.empty())
      return service.BadRequest(call, wrong);
    std::string error;
    const std::string metadata = SharedFileJson(service, call, file, "metadata", &error);
    json.BeginObject().Field("file", file).Key("result");
    json.Raw(error.empty() ? metadata : TagPathJson("access_error/" + error)).EndObject();
  }
  json.EndArray();
  return service.Ok(std::move(out));
}

}  // namespace dbxes::sim
