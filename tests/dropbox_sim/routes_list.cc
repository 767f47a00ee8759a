// SPDX-License-Identifier: Apache-2.0
// files/list_folder and its family.

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "dropbox_sim/service.h"
#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

// Finds the folder of a first call; `refused` is set instead when there is none.
std::optional<Reply> FillView(Service& service, const Call& call, View* view) {
  const std::string_view path = StringField(call.args, "path");
  if (std::string wrong = MalformedPath(path, true, false); !wrong.empty())
    return service.BadRequest(call, wrong);
  if (ObjectField(call.args, "shared_link") != nullptr &&
      BoolField(call.args, "recursive", false)) {
    return service.BadRequest(call, "recursive is not supported with shared_link");
  }
  view->binding = call.binding;
  view->account = call.account;
  view->root = call.root;
  view->recursive = BoolField(call.args, "recursive", false);
  view->include_deleted = BoolField(call.args, "include_deleted", false);
  view->include_explicit = BoolField(call.args, "include_has_explicit_shared_members", false);
  view->include_mounted = BoolField(call.args, "include_mounted_folders", true);
  view->include_non_downloadable = BoolField(call.args, "include_non_downloadable_files", true);
  view->limit = UintField(call.args, "limit", 0);
  if (path.empty()) return std::nullopt;
  const bool whole_namespace =
      path.substr(0, 3) == "ns:" && path.find('/') == std::string_view::npos;
  if (whole_namespace) {
    view->root = service.tree.items().FindNamespace(path.substr(3));
    if (!service.MayRead(call, view->root)) return service.EndpointError(call, "path/not_found");
    return std::nullopt;
  }
  const Service::Found found = service.Lookup(call, path);
  if (found.item == nullptr) return service.EndpointError(call, "path/" + found.error);
  if (found.item->kind != Kind::kFolder) return service.EndpointError(call, "path/not_folder");
  if (found.item->extras && found.item->extras->no_access)
    return service.EndpointError(call, "path/restricted_content");
  if (found.space.has_path) {
    view->path_lower = found.space.lower + found.item->path_lower;
  } else {
    view->root = found.item->ns;  // readable, but not mounted in the caller's tree
    view->path_lower = found.item->path_lower;
  }
  return std::nullopt;
}

Reply PageReply(Service& service, const CursorState& state) {
  Reply reply;
  reply.body = service.listings.Page(state);
  return reply;
}

// A cursor that this caller may use, or the answer that it gets instead.
std::optional<Reply> ReadCursor(Service& service, const Call& call, CursorState* state) {
  const std::optional<CursorState> decoded =
      service.listings.Decode(StringField(call.args, "cursor"));
  if (!decoded) return service.BadRequest(call, "Invalid \"cursor\" argument: Invalid cursor");
  *state = *decoded;
  if (service.listings.IsReset(*state)) return service.EndpointError(call, "reset");
  return std::nullopt;
}

}  // namespace

Reply ListFolder(Service& service, Call& call) {
  View view;
  if (std::optional<Reply> refused = FillView(service, call, &view)) return std::move(*refused);
  return PageReply(service, service.listings.Begin(service.listings.Intern(view)));
}

Reply ListFolderContinue(Service& service, Call& call) {
  CursorState state;
  if (std::optional<Reply> refused = ReadCursor(service, call, &state)) return std::move(*refused);
  const View& view = service.listings.view(state.view);
  if (view.binding != call.binding) {
    service.books.Violation(
        fmt::format("files/list_folder/continue: other headers than the first call: {}, not {}",
                    call.binding, view.binding));
    return service.BadRequest(call, "Invalid \"cursor\" argument: Invalid cursor");
  }
  if (!service.listings.FolderExists(view)) return service.EndpointError(call, "path/not_found");
  const std::string cursor(StringField(call.args, "cursor"));
  if (service.cursors_in_flight.count(cursor) != 0) {
    service.books.Violation("files/list_folder/continue: two calls at once with one cursor");
    Reply reply = service.JsonError(call, 429, "too_many_requests",
                                    R"({"reason":{".tag":"too_many_requests"},"retry_after":1})");
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
  }
  if (service.options.track_in_flight) {
    service.cursors_in_flight.insert(cursor);
    service.open_tickets[service.requests] = cursor;
  }
  return PageReply(service, state);
}

Reply GetLatestCursor(Service& service, Call& call) {
  View view;
  if (std::optional<Reply> refused = FillView(service, call, &view)) return std::move(*refused);
  std::string out;
  JsonOut json = service.Json(&out, call);
  const CursorState now = service.listings.Latest(service.listings.Intern(view));
  json.BeginObject().Field("cursor", service.listings.Encode(now)).EndObject();
  return service.Ok(std::move(out));
}

Reply Longpoll(Service& service, Call& call) {
  CursorState state;
  if (std::optional<Reply> refused = ReadCursor(service, call, &state)) return std::move(*refused);
  const bool changes = service.listings.HasNews(state);
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject().FieldBool("changes", changes);
  if (service.options.longpoll_backoff_s > 0)
    json.FieldUint("backoff", service.options.longpoll_backoff_s);
  json.EndObject();
  Reply reply = service.Ok(std::move(out));
  const auto asked_ms = static_cast<std::int64_t>(1000 * UintField(call.args, "timeout", 30));
  const auto jitter_ms = static_cast<std::int64_t>(
      Mix(call.salt) % (static_cast<std::uint64_t>(service.options.longpoll_jitter_ms) + 1));
  const std::int64_t wait_ms =
      jitter_ms +
      (service.options.longpoll_wait_ms > 0 ? service.options.longpoll_wait_ms : asked_ms);
  if (!changes) reply.transport = {TransportFault::Kind::kStallBeforeHeaders, 0, wait_ms, 0};
  return reply;
}

}  // namespace dbxes::sim
