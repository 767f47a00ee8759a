// SPDX-License-Identifier: Apache-2.0
// The Dropbox permissions that the configured features need (Dropbox HTTP API: scopes).
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

// With `team`, also those that a token for a team needs.
std::vector<NeededScope> NeededScopes(const config::Config& config, bool team);

// Those that are not in `granted`, Dropbox's list, separated by spaces.
std::vector<NeededScope> MissingScopes(const std::vector<NeededScope>& needed,
                                       std::string_view granted);

}  // namespace dbxes::auth
