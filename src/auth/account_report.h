// SPDX-License-Identifier: Apache-2.0
// Who a token belongs to and what it may do, for a person to read.
#pragma once

#include <string>
#include <vector>

#include "auth/scopes.h"
#include "base/http/event_loop.h"
#include "dropbox/client.h"

namespace dbxes::auth {

// "account: ...", "team: ...".
std::vector<std::string> AccountLines(const dropbox::Account& account);

// The scopes that the settings need and the token lacks. Where Dropbox does not say which ones a
// token has, each is tried with a question that costs nothing. Needs a client whose account has
// been discovered.
Result<std::vector<NeededScope>> FindMissingScopes(EventLoop& loop, dropbox::Client& client,
                                                   const config::Config& config,
                                                   const dropbox::Account& account);

// kPermission, with a line for each scope.
Error MissingScopesError(const std::vector<NeededScope>& missing);

}  // namespace dbxes::auth
