// SPDX-License-Identifier: Apache-2.0
#include "auth/account_report.h"

#include <fmt/format.h>

#include "dropbox/downloads.h"
#include "dropbox/route_error.h"

namespace dbxes::auth {
namespace {

// Has the form of an id, and belongs to no file.
constexpr const char* kNoFile = "id:AAAAAAAAAAAAAAAAAAAAAA";

// A request to a route that needs the scope. The routes of account_info.read and team_info.read
// have been called before.
std::optional<Pending<HttpResponse>> Probe(dropbox::Client& client, std::string_view scope) {
  using Headers = dropbox::Client::Headers;
  const std::string one = R"({"limit":1})";
  if (scope == "files.metadata.read") {
    return client.Rpc("files/list_folder", R"({"path":"","limit":1})", Headers::kUser);
  }
  if (scope == "files.content.read") return dropbox::Download(client, kNoFile, {});
  if (scope == "sharing.read") return client.Rpc("sharing/list_folders", one, Headers::kUser);
  if (scope == "members.read") return client.Rpc("team/members/list_v2", one, Headers::kTeam);
  return std::nullopt;
}

}  // namespace

std::vector<std::string> AccountLines(const dropbox::Account& account) {
  std::vector<std::string> lines{
      fmt::format("account: {}, {} ({})", account.display_name, account.email, account.account_id)};
  if (!account.team_member_id.empty()) {
    lines.push_back(fmt::format("team: {}, acting as this member", account.team_name));
  } else if (!account.team_name.empty()) {
    lines.push_back(fmt::format("team: {}, this account alone", account.team_name));
  }
  return lines;
}

Result<std::vector<NeededScope>> FindMissingScopes(EventLoop& loop, dropbox::Client& client,
                                                   const config::Config& config,
                                                   const dropbox::Account& account) {
  const auto needed = NeededScopes(config, !account.team_member_id.empty());
  if (!client.scopes().empty()) return MissingScopes(needed, client.scopes());
  std::vector<NeededScope> missing;
  for (const NeededScope& scope : needed) {
    const auto probe = Probe(client, scope.name);
    if (!probe) continue;
    const auto answer = loop.Await(*probe);
    if (answer || answer.error().kind == ErrorKind::kNotFound) continue;
    if (!dropbox::LacksScope(answer.error())) return Fail(answer.error());
    missing.push_back(scope);
  }
  return missing;
}

Error MissingScopesError(const std::vector<NeededScope>& missing) {
  std::string message =
      "the token lacks scopes that these settings need; tick them in the Dropbox App Console, on "
      "the app's tab Permissions, submit, and run `dbx-es auth` again:";
  for (const NeededScope& scope : missing) {
    message += fmt::format("\n  {} ({})", scope.name, scope.purpose);
  }
  return {ErrorKind::kPermission, std::move(message)};
}

}  // namespace dbxes::auth
