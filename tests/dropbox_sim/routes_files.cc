// SPDX-License-Identifier: Apache-2.0
// Metadata and bytes of single files.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "dropbox_sim/service.h"
#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

struct Range {
  bool asked = false;
  bool satisfiable = true;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

// "bytes=a-b", "bytes=a-" and "bytes=-n"; anything else is ignored, as HTTP allows.
Range ParseRange(const std::string* header, std::uint64_t size) {
  Range range;
  if (header == nullptr || header->compare(0, 6, "bytes=") != 0) return range;
  const std::string_view text = std::string_view(*header).substr(6);
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || text.find(',') != std::string_view::npos) return range;
  std::uint64_t first = 0;
  std::uint64_t last = size == 0 ? 0 : size - 1;
  const std::string_view from = text.substr(0, dash);
  const std::string_view to = text.substr(dash + 1);
  if (!from.empty()) std::from_chars(from.data(), from.data() + from.size(), first);
  std::uint64_t given = 0;
  if (!to.empty()) std::from_chars(to.data(), to.data() + to.size(), given);
  if (from.empty()) first = given < size ? size - given : 0;
  if (!from.empty() && !to.empty()) last = std::min(last, given);
  range = {true, size > 0 && first < size && first <= last, first, last};
  return range;
}

// Headers cannot carry raw UTF-8, whatever the style of bodies is.
std::string HeaderJson(const Service& service, const Call& call, const Item& item,
                       const Space& space) {
  Style style = service.options.style;
  style.ascii_escape = true;
  std::string out;
  JsonOut json(&out, style, call.salt);
  WriteEntry(&json, service.tree, item, space, {});
  return out;
}

Reply Bytes(const Call& call, std::string bytes, std::uint64_t rev, std::string result) {
  Reply reply;
  reply.content_type = "application/octet-stream";
  const std::string etag = fmt::format("W/\"{}\"", RevText(rev));
  reply.headers.emplace_back("ETag", etag);
  reply.api_result = std::move(result);
  const std::string* known = FindHeader(call.request->headers, "If-None-Match");
  if (known != nullptr && *known == etag) {
    reply.status = 304;
    reply.content_type.clear();
    reply.body = std::make_shared<const std::string>();
    return reply;
  }
  const Range range = ParseRange(FindHeader(call.request->headers, "Range"), bytes.size());
  if (range.asked && range.satisfiable) {
    reply.status = 206;
    reply.headers.emplace_back(
        "Content-Range", fmt::format("bytes {}-{}/{}", range.first, range.last, bytes.size()));
    bytes = bytes.substr(range.first, range.last - range.first + 1);
  }
  reply.headers.emplace_back("Accept-Ranges", "bytes");
  reply.body = std::make_shared<const std::string>(std::move(bytes));
  return reply;
}

bool BadRange(const Call& call, std::uint64_t size) {
  const Range range = ParseRange(FindHeader(call.request->headers, "Range"), size);
  return range.asked && !range.satisfiable;
}

}  // namespace

Reply GetMetadata(Service& service, Call& call) {
  const std::string_view path = StringField(call.args, "path");
  if (std::string wrong = MalformedPath(path, false, true); !wrong.empty())
    return service.BadRequest(call, wrong);
  Service::Found found = service.Lookup(call, path);
  const bool by_path = path.front() == '/';
  if (found.item == nullptr && by_path && BoolField(call.args, "include_deleted", false)) {
    const Place place = service.tree.items().Resolve(call.root, LowerPath(path), call.account);
    const auto& tombstones = service.tree.items().ns(place.ns).tombstones;
    const auto gone = tombstones.find(place.path);
    if (gone != tombstones.end()) {
      found.item = gone->second;
      found.space = service.SpaceOf(call, place.ns);
    }
  }
  if (found.item == nullptr) return service.EndpointError(call, "path/" + found.error);
  std::string out;
  JsonOut json = service.Json(&out, call);
  WriteEntry(&json, service.tree, *found.item, found.space,
             {BoolField(call.args, "include_has_explicit_shared_members", false)});
  return service.Ok(std::move(out));
}

Reply Download(Service& service, Call& call) {
  const std::string_view path = StringField(call.args, "path");
  if (std::string wrong = MalformedPath(path, false, true); !wrong.empty())
    return service.BadRequest(call, wrong);
  const Service::Found found = service.Lookup(call, path);
  if (found.item == nullptr) return service.EndpointError(call, "path/" + found.error);
  const Item& item = *found.item;
  if (item.kind != Kind::kFile) return service.EndpointError(call, "path/not_file");
  if (item.extras && !item.extras->lookup_error.empty())
    return service.EndpointError(call, "path/" + item.extras->lookup_error);
  if (item.extras && (item.extras->export_spec || !item.extras->symlink_target.empty())) {
    return service.EndpointError(call, "unsupported_file");
  }
  const std::string* corrupt = service.tree.items().corrupt_bytes(item.rev);
  std::string bytes = corrupt != nullptr ? *corrupt : item.content->Bytes();
  if (BadRange(call, bytes.size()))
    return service.EndpointError(call, "path/range/not_satisfiable");
  return Bytes(call, std::move(bytes), item.rev, HeaderJson(service, call, item, found.space));
}

Reply Export(Service& service, Call& call) {
  const std::string_view path = StringField(call.args, "path");
  if (std::string wrong = MalformedPath(path, false, true); !wrong.empty())
    return service.BadRequest(call, wrong);
  const Service::Found found = service.Lookup(call, path);
  if (found.item == nullptr) return service.EndpointError(call, "path/" + found.error);
  const Item& item = *found.item;
  if (item.kind != Kind::kFile) return service.EndpointError(call, "path/not_file");
  if (item.extras && !item.extras->lookup_error.empty())
    return service.EndpointError(call, "path/" + item.extras->lookup_error);
  if (!item.extras || !item.extras->export_spec)
    return service.EndpointError(call, "non_exportable");
  const ExportSpec& spec = *item.extras->export_spec;
  std::string format(StringField(call.args, "export_format"));
  if (format.empty()) format = spec.export_as;
  const auto bytes = spec.bytes.find(format);
  if (bytes == spec.bytes.end()) return service.EndpointError(call, "invalid_export_format");
  Style style = service.options.style;
  style.ascii_escape = true;
  std::string out;
  JsonOut json(&out, style, call.salt);
  const std::string ending = format == "markdown" ? "md" : format;
  json.BeginObject().Key("export_metadata").BeginObject();
  json.Field("name", fmt::format("{}.{}", item.name(), ending))
      .FieldUint("size", bytes->second.size());
  json.Field("export_hash", ContentHash(bytes->second))
      .FieldUint("paper_revision", item.rev % 100000);
  json.EndObject().Key("file_metadata");
  std::string metadata;
  JsonOut inner(&metadata, style, call.salt);
  WriteEntry(&inner, service.tree, item, found.space, {});
  json.Raw(metadata).EndObject();
  return Bytes(call, bytes->second, item.rev, std::move(out));
}

namespace {

const ReceivedFile* FindByUrl(const Service& service, std::string_view url) {
  for (const ReceivedFile& file : service.tree.shares().received_files()) {
    if (file.url == url) return &file;
  }
  return nullptr;
}

std::string LinkJson(const Service& service, const Call& call, const ReceivedFile& file,
                     bool header) {
  Style style = service.options.style;
  style.ascii_escape = style.ascii_escape || header;
  std::string out;
  JsonOut json(&out, style, call.salt);
  json.BeginObject()
      .Field(".tag", file.is_folder_link ? "folder" : "file")
      .Field("url", file.url)
      .Field("name", file.name);
  json.Key("link_permissions")
      .BeginObject()
      .FieldBool("can_revoke", false)
      .FieldTag("resolved_visibility", "shared_folder_only");
  json.FieldTag("revoke_failure_reason", "owner_only")
      .FieldBool("can_set_expiry", false)
      .FieldBool("can_remove_expiry", false);
  json.FieldBool("allow_download", file.allow_download)
      .FieldBool("can_allow_download", false)
      .FieldBool("can_disallow_download", false);
  json.FieldBool("allow_comments", true)
      .FieldBool("team_restricts_comments", false)
      .Key("visibility_policies")
      .BeginArray()
      .EndArray();
  json.EndObject().Field("id", file.id);
  if (!file.is_folder_link) {
    json.FieldTime("client_modified", file.client_modified_s)
        .FieldTime("server_modified", file.server_modified_s);
    json.Field("rev", RevText(file.rev)).FieldUint("size", file.content->size());
  }
  json.EndObject();
  return out;
}

// The received file of a link, or the error answer in `refused`.
std::optional<Reply> FindLink(Service& service, const Call& call, const ReceivedFile** file) {
  *file = FindByUrl(service, StringField(call.args, "url"));
  if (*file == nullptr) return service.EndpointError(call, "shared_link_not_found");
  if (!(*file)->link_error.empty()) return service.EndpointError(call, (*file)->link_error);
  if ((*file)->account_id != call.account->account_id)
    return service.EndpointError(call, "shared_link_access_denied");
  return std::nullopt;
}

}  // namespace

Reply GetSharedLinkMetadata(Service& service, Call& call) {
  const ReceivedFile* file = nullptr;
  if (std::optional<Reply> refused = FindLink(service, call, &file)) return std::move(*refused);
  return service.Ok(LinkJson(service, call, *file, false));
}

Reply GetSharedLinkFile(Service& service, Call& call) {
  const ReceivedFile* file = nullptr;
  if (std::optional<Reply> refused = FindLink(service, call, &file)) return std::move(*refused);
  if (file->is_folder_link) return service.EndpointError(call, "shared_link_is_directory");
  if (!file->allow_download) return service.EndpointError(call, "shared_link_access_denied");
  if (BadRange(call, file->content->size()))
    return service.EndpointError(call, "unsupported_link_type");
  return Bytes(call, file->content->Bytes(), file->rev, LinkJson(service, call, *file, true));
}

}  // namespace dbxes::sim
