// SPDX-License-Identifier: Apache-2.0
#include "permissions/scopes.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox/route_error.h"

namespace dbxes::permissions {
namespace {

std::string_view PurposeOf(std::string_view scope) {
  if (scope == "sharing.read") return "to read who folders and files are shared with";
  if (scope == "team_info.read") return "to find the admin who authorized the app";
  if (scope == "team_data.member") return "to read as a member of the team";
  if (scope == "members.read") return "to list the members of the team with their groups";
  return "to read the account";
}

Error Missing(const std::set<std::string>& scopes) {
  std::string message =
      "the Dropbox token lacks scopes that document level security needs; tick them in the Dropbox "
      "App Console, on the app's tab Permissions, submit, and run `dbx-es auth` again:";
  for (const std::string& scope : scopes) {
    message += fmt::format("\n  {} ({})", scope, PurposeOf(scope));
  }
  Error error{ErrorKind::kPermission, std::move(message)};
  error.http_status = 401;
  return error;
}

// The scopes that cheap requests of each kind turn out to lack.
Result<std::set<std::string>> FindMissing(EventLoop& loop, dropbox::Client& client,
                                          ScopeProbe probe) {
  using Headers = dropbox::Client::Headers;
  const std::string one = R"({"limit":1})";
  std::vector<Pending<HttpResponse>> answers;
  answers.push_back(client.Rpc("sharing/list_folders", one, Headers::kUser));
  if (probe.team_token) {
    answers.push_back(client.Rpc("team/token/get_authenticated_admin", "null", Headers::kTeam));
    if (probe.identities) {
      answers.push_back(client.Rpc("team/members/list_v2", one, Headers::kTeam));
    }
  }
  std::set<std::string> missing;
  for (const Pending<HttpResponse>& pending : answers) {
    const auto answer = loop.Await(pending);
    if (answer) continue;
    if (answer.error().kind == ErrorKind::kInterrupted) return Fail(answer.error());
    // Other errors are reported where the run needs the answer.
    const std::string_view scope = dropbox::MissingScope(answer.error());
    if (!scope.empty()) missing.emplace(scope);
  }
  return missing;
}

}  // namespace

Result<void> ProbeScopes(EventLoop& loop, dropbox::Client& client, ScopeProbe probe) {
  TRY_ASSIGN(const auto missing, FindMissing(loop, client, probe));
  if (!missing.empty()) return Fail(Missing(missing));
  return {};
}

Error ExplainDiscovery(EventLoop& loop, dropbox::Client& client, bool identities, Error error) {
  const std::string scope(dropbox::MissingScope(error));
  if (scope.empty()) return error;
  const bool team_token = scope.substr(0, 5) == "team_";
  auto missing = FindMissing(loop, client, {team_token, identities});
  if (!missing) return missing.error();
  missing->insert(scope);
  return Missing(*missing);
}

}  // namespace dbxes::permissions
