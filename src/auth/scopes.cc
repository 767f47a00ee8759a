// SPDX-License-Identifier: Apache-2.0
#include "auth/scopes.h"

#include <algorithm>

namespace dbxes::auth {
namespace {

bool Contains(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::string_view first = list.substr(0, list.find(' '));
    if (first == word) return true;
    list.remove_prefix(std::min(first.size() + 1, list.size()));
  }
  return false;
}

}  // namespace

std::vector<NeededScope> NeededScopes(const config::Config& config, bool team) {
  std::vector<NeededScope> scopes{{"account_info.read", "to know the account"},
                                  {"files.metadata.read", "to list files and folders"}};
  if (config.extraction.mode != config::ExtractionMode::kOff) {
    scopes.push_back({"files.content.read", "to index what is in files"});
  }
  const bool security = config.dropbox.use_document_level_security;
  if (security) {
    scopes.push_back({"sharing.read", "to read who folders and files are shared with"});
  } else if (config.dropbox.include_received_files) {
    scopes.push_back({"sharing.read", "to list files that others shared with the account"});
  }
  if (!team) return scopes;
  scopes.push_back({"team_info.read", "to find the admin who authorized the app"});
  scopes.push_back({"team_data.member", "to read as a member of the team"});
  if (security) {
    scopes.push_back({"members.read", "to list the members of the team with their groups"});
  }
  return scopes;
}

std::vector<NeededScope> MissingScopes(const std::vector<NeededScope>& needed,
                                       std::string_view granted) {
  std::vector<NeededScope> missing;
  std::copy_if(needed.begin(), needed.end(), std::back_inserter(missing),
               [granted](const NeededScope& scope) { return !Contains(granted, scope.name); });
  return missing;
}

}  // namespace dbxes::auth
