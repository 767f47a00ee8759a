// SPDX-License-Identifier: Apache-2.0
// The Dropbox permissions that the configured features take (Dropbox HTTP API: scopes).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace dbxes::auth {

struct NeededScope {
  std::string_view name;
  std::string_view purpose;  // "to list files and folders"
};

// With `team`, also what a token takes that was authorized for a team.
std::vector<NeededScope> NeededScopes(const config::Config& config, bool team);

// Those that are not among `granted`, which is Dropbox's list, separated by blanks.
std::vector<NeededScope> MissingScopes(const std::vector<NeededScope>& needed,
                                       std::string_view granted);

}  // namespace dbxes::auth
