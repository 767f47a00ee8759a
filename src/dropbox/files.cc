// SPDX-License-Identifier: Apache-2.0
#include "dropbox/files.h"

#include <fmt/format.h>

#include <utility>

#include "base/json/json_write.h"
#include "dropbox/route_error.h"
#include "dropbox/rpc.h"

namespace dbxes::dropbox {
namespace {

constexpr int kListLimit = 2000;  // approximate for Dropbox: pages may be longer or shorter
constexpr int kChildrenLimit = 2000;

std::string Shown(const std::string& path) { return path.empty() ? "/" : path; }

SendOptions Accepted(Accept accept) {
  SendOptions options;
  options.accept = std::move(accept);
  return options;
}

std::string ListFolderArgument(const std::string& path) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("path");
  WriteString(writer, path);
  WriteFlag(writer, "recursive", true);
  WriteFlag(writer, "include_has_explicit_shared_members", true);
  WriteNumber(writer, "limit", kListLimit);
  writer.EndObject();
  return std::string(View(buffer));
}

std::string MetadataArgument(const std::string& path_or_id) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("path");
  WriteString(writer, path_or_id);
  WriteFlag(writer, "include_has_explicit_shared_members", true);
  writer.EndObject();
  return std::string(View(buffer));
}

std::string NoFolderMessage(const std::string& path, bool absent) {
  const std::string shown = Shown(path);
  if (absent) {
    return fmt::format(
        "Dropbox has no folder {} (dropbox.path); nothing was deleted. Correct the path", shown);
  }
  return fmt::format("{} (dropbox.path) is a file in Dropbox, not a folder; nothing was deleted",
                     shown);
}

// The message for a folder that cannot be listed, with what to do (LookupError).
Error ListFolderError(Error error, const std::string& path) {
  const std::string shown = Shown(path);
  if (IsPathNotFound(error) || IsPathNotFolder(error)) {
    error.message = NoFolderMessage(path, IsPathNotFound(error));
  } else if (IsEndpointError(error) && error.kind == ErrorKind::kConfig) {
    error.message = fmt::format("Dropbox cannot list {} (dropbox.path): {}", shown, error.tag);
  }
  return error;
}

Result<ChildPage> ParseChildren(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's list of a folder"));
  const rapidjson::Value* entries = FindMember(body, "entries");
  const rapidjson::Value* has_more = FindMember(body, "has_more");
  if (entries == nullptr || !entries->IsArray() || has_more == nullptr || !has_more->IsBool()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's list of a folder is incomplete");
  }
  ChildPage page;
  if (has_more->GetBool()) {
    page.cursor = StringMember(body, "cursor");
    if (page.cursor.empty()) {
      return Fail(ErrorKind::kTemporary, "Dropbox's list of a folder has more, but no cursor");
    }
  }
  for (const rapidjson::Value& entry : entries->GetArray()) {
    const std::string_view tag = StringMember(entry, ".tag");
    if (tag != "file" && tag != "folder") continue;
    page.children.push_back({std::string(StringMember(entry, "id")),
                             std::string(StringMember(entry, "name")),
                             std::string(StringMember(entry, "path_lower")), tag == "folder"});
  }
  return page;
}

Result<Place> ParsePlace(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's metadata"));
  Place place;
  place.path_lower = StringMember(body, "path_lower");
  if (const auto* sharing = FindMember(body, "sharing_info")) {
    place.shared_folder_id = StringMember(*sharing, "shared_folder_id");
    if (place.shared_folder_id.empty()) {
      place.shared_folder_id = StringMember(*sharing, "parent_shared_folder_id");
    }
  }
  return place;
}

}  // namespace

Error NoSuchFolder(const std::string& path, bool absent) {
  return {ErrorKind::kConfig, NoFolderMessage(path, absent)};
}

Pending<HttpResponse> ListFolder(Client& client, const std::string& path, std::string buffer,
                                 Accept accept) {
  return Explained<HttpResponse>(
      client.Rpc("files/list_folder", ListFolderArgument(path), Client::Headers::kUser,
                 Accepted(std::move(accept)), std::move(buffer)),
      [path](Error error) { return ListFolderError(std::move(error), path); });
}

Pending<HttpResponse> ListFolderContinue(Client& client, const std::string& cursor,
                                         std::string buffer, Accept accept) {
  return client.Rpc("files/list_folder/continue", JsonArgument("cursor", cursor),
                    Client::Headers::kUser, Accepted(std::move(accept)), std::move(buffer));
}

Pending<ChildPage> ListChildren(Client& client, const std::string& path,
                                const std::string& cursor) {
  const auto page = cursor.empty() ? Call(client, "files/list_folder",
                                          JsonArgument("path", path, kChildrenLimit), ParseChildren)
                                   : Call(client, "files/list_folder/continue",
                                          JsonArgument("cursor", cursor), ParseChildren);
  return Explained<ChildPage>(page, [path](Error error) {
    // The folder or its cursor changed while it was listed.
    if (IsEndpointError(error) && error.kind != ErrorKind::kNotFound) {
      error.kind = ErrorKind::kTemporary;
    }
    return WithContext(std::move(error), "listing " + Shown(path));
  });
}

Pending<HttpResponse> GetMetadata(Client& client, const std::string& path_or_id, Accept accept,
                                  int max_retries) {
  SendOptions options = Accepted(std::move(accept));
  options.max_retries = max_retries;
  return client.Rpc("files/get_metadata", MetadataArgument(path_or_id), Client::Headers::kUser,
                    std::move(options));
}

Pending<Place> GetPlace(Client& client, const std::string& path_or_id, int max_retries) {
  return Call(client, "files/get_metadata", JsonArgument("path", path_or_id), ParsePlace,
              {.max_retries = max_retries, .doing = "reading the metadata of " + path_or_id});
}

}  // namespace dbxes::dropbox
