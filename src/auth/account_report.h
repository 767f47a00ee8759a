// SPDX-License-Identifier: Apache-2.0
// The account and the scopes of a token, as text for the user.
#pragma once

#include <string>
#include <vector>

#include "auth/scopes.h"
#include "base/http/event_loop.h"
#include "dropbox/client.h"

namespace dbxes::auth {

// "account: ...", "team: ...".
std::vector<std::string> AccountLines(const dropbox::Account& account);

// The scopes that the settings need and the token lacks. Where Dropbox does not say which scopes a
// token has, each is tried with a cheap request. The client's account must have been discovered.
Result<std::vector<NeededScope>> FindMissingScopes(EventLoop& loop, dropbox::Client& client,
                                                   const config::Config& config,
                                                   const dropbox::Account& account);

// kPermission, with a line for each scope.
Error MissingScopesError(const std::vector<NeededScope>& missing);

}  // namespace dbxes::auth
