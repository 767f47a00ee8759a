// SPDX-License-Identifier: Apache-2.0
// What the routes share: the state of the simulator, one call on its way through, and the ways to
// answer it. Private to the simulator; tests use simulator.h.
#pragma once

#include <rapidjson/document.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/arguments.h"
#include "dropbox_sim/json_out.h"
#include "dropbox_sim/listing.h"
#include "dropbox_sim/rate_limiter.h"
#include "dropbox_sim/render.h"
#include "dropbox_sim/simulator.h"

namespace dbxes::sim {

struct Reply {
  int status = 200;
  std::string content_type = "application/json";
  std::shared_ptr<const std::string> body;
  std::string api_result;  // Dropbox-API-Result of download routes
  Headers headers;
  std::string error;         // tag path
  TransportFault transport;  // of the route itself: a longpoll that waits
};

struct Service;
struct Call;

enum class RouteStyle : std::uint8_t { kRpc, kDownload };
enum class RouteAuth : std::uint8_t { kUser, kTeam, kApp, kNone };

// One line of the route table.
struct Route {
  std::string_view name;
  Role role = Role::kApi;
  RouteStyle style = RouteStyle::kRpc;
  RouteAuth auth = RouteAuth::kUser;
  std::string_view scope;
  std::string_view select_admin;       // whole_team, team_admin, or empty: not allowed
  const FieldRules* fields = nullptr;  // null: a void argument
  Reply (*handler)(Service&, Call&) = nullptr;
};

struct Call {
  const Request* request = nullptr;
  const Route* route = nullptr;
  std::string argument;
  rapidjson::Document args;
  std::int64_t now_ms = 0;
  std::uint64_t salt = 0;
  std::string bearer;
  std::string basic;
  const Grant* grant = nullptr;
  std::size_t grant_index = 0;
  AccessToken* token = nullptr;
  const Account* account = nullptr;  // as whom the call runs
  bool as_admin = false;             // Select-Admin: reads every namespace of the team
  std::uint32_t root = 0;            // what "" means
  std::string binding;               // token, select and root: what a cursor is tied to
  std::string caller;                // authorization, for rate limits
};

struct Service {
  Service(Options options_in, ClockFn clock_in);

  Options options;
  ClockFn clock;
  Tree tree;
  Tokens tokens;
  Faults faults;
  RateLimiter limiter;
  Books books;
  Listings listings;
  std::mt19937_64 random;
  std::uint64_t requests = 0;
  std::uint64_t event_generation = 0;  // cursors of the event log from an earlier one are reset
  // What search knows, by namespace, while it lags behind; nothing when it is up to date.
  std::optional<std::map<std::uint32_t, std::vector<ItemPtr>>> frozen_search;
  std::string search_key;  // what the last search was, and what it found
  std::shared_ptr<void> search_hits;
  std::multiset<std::string> cursors_in_flight;
  std::map<std::uint64_t, std::string> open_tickets;  // ticket to cursor

  Response Handle(const Request& request);
  std::optional<Response> Wake(const Request& request, std::uint64_t ticket);

  // Ways to answer.
  JsonOut Json(std::string* out, const Call& call) const {
    return JsonOut(out, options.style, call.salt);
  }
  Reply Ok(std::string json) const;
  Reply BadRequest(const Call& call, std::string_view text) const;
  // An endpoint error by its tag path, "path/not_found" or "reset".
  Reply EndpointError(const Call& call, std::string_view tags) const;
  // Any error of the API's JSON shape; `error` is JSON.
  Reply JsonError(const Call& call, int status, std::string_view summary,
                  std::string_view error) const;
  // 429, and a note in the books of the wait that it promises.
  Reply RateLimited(const Call& call, const AnnouncedWait& wait, std::string_view reason);
  std::string Dots(const Call& call) const;

  // Reading the tree on behalf of a call.
  bool MayRead(const Call& call, std::uint32_t ns) const;
  struct Found {
    ItemPtr item;
    Space space;
    std::string error;  // LookupError tag
    std::string bad;    // text of a 400
  };
  // Finds what a path argument names: "/a", "id:…", "rev:…", "ns:123/a".
  Found Lookup(const Call& call, std::string_view path) const;
  // Place of an item in the caller's tree, as well as that is possible.
  Space SpaceOf(const Call& call, std::uint32_t ns) const;

 private:
  struct Outcome;
  Reply Dispatch(Call* call, const Request& request, bool* known);
  Call Received(const Request& request, std::uint64_t number) const;
  std::optional<Reply> Strike(const Fault& fault, Call* call);
  void Spoil(const Fault& fault, Call* call, Reply* reply);
  Reply FormRoute(Call* call, const Request& request);
  Reply AuthorizePage(const Request& request);
  Response Finished(const Call& call, Reply reply, const std::optional<Fault>& fault);
  void Compress(const Call& call, Response* response) const;
};

// Everything that can be called; null if there is no such route.
const Route* FindRoute(std::string_view name);
// True for routes that change something at Dropbox: a reading tool must never ask for them.
bool IsWriteRoute(std::string_view name);

// Why a path argument is refused with 400, or an empty text. `root_allowed`: "" is fine.
std::string MalformedPath(std::string_view path, bool root_allowed, bool rev_allowed);
std::string TagPathJson(std::string_view tags);
// What search finds things among: the items of a namespace and what was deleted from it.
std::vector<ItemPtr> CurrentItems(const Tree& tree, std::uint32_t ns);

// Handlers, by file.
Reply ListFolder(Service&, Call&);
Reply ListFolderContinue(Service&, Call&);
Reply GetLatestCursor(Service&, Call&);
Reply Longpoll(Service&, Call&);
Reply GetMetadata(Service&, Call&);
Reply Download(Service&, Call&);
Reply Export(Service&, Call&);
Reply Search(Service&, Call&);
Reply SearchContinue(Service&, Call&);
Reply GetCurrentAccount(Service&, Call&);
Reply GetAccount(Service&, Call&);
Reply GetAccountBatch(Service&, Call&);
Reply UserFeatures(Service&, Call&);
Reply CheckUser(Service&, Call&);
Reply RevokeToken(Service&, Call&);
Reply ListReceivedFiles(Service&, Call&);
Reply ListReceivedFilesContinue(Service&, Call&);
Reply GetSharedLinkMetadata(Service&, Call&);
Reply GetSharedLinkFile(Service&, Call&);
Reply ListSharedLinks(Service&, Call&);
Reply ListFolderMembers(Service&, Call&);
Reply ListFolderMembersContinue(Service&, Call&);
Reply ListFileMembers(Service&, Call&);
Reply ListFileMembersContinue(Service&, Call&);
Reply ListFileMembersBatch(Service&, Call&);
Reply GetFileMetadata(Service&, Call&);
Reply GetFileMetadataBatch(Service&, Call&);
Reply ListFolders(Service&, Call&);
Reply ListFoldersContinue(Service&, Call&);
Reply ListMountableFolders(Service&, Call&);
Reply ListMountableFoldersContinue(Service&, Call&);
Reply GetFolderMetadata(Service&, Call&);
Reply TeamInfo(Service&, Call&);
Reply AuthenticatedAdmin(Service&, Call&);
Reply TeamMembers(Service&, Call&);
Reply TeamMembersContinue(Service&, Call&);
Reply TeamGroups(Service&, Call&);
Reply TeamGroupsContinue(Service&, Call&);
Reply TeamGroupMembers(Service&, Call&);
Reply TeamGroupMembersContinue(Service&, Call&);
Reply TeamFolders(Service&, Call&);
Reply TeamFoldersContinue(Service&, Call&);
Reply TeamNamespaces(Service&, Call&);
Reply TeamNamespacesContinue(Service&, Call&);
Reply TeamEvents(Service&, Call&);
Reply TeamEventsContinue(Service&, Call&);

}  // namespace dbxes::sim
