// SPDX-License-Identifier: Apache-2.0
// Whether the Dropbox token has the scopes that document level security needs (Dropbox HTTP API:
// scopes): asked beforehand, so that all that are missing are named at once.
#pragma once

#include "base/http/event_loop.h"
#include "dropbox/client.h"

namespace dbxes::permissions {

struct ScopeProbe {
  bool team_token = false;  // what a team's token needs is asked, too
  bool identities = false;  // as acl-sync does, which lists the members of the team
};

// kPermission, naming each missing scope, what it is for and where to tick it. Needs the client to
// act as its account.
Result<void> ProbeScopes(EventLoop& loop, dropbox::Client& client, ScopeProbe probe);
// The same after asking for the account has failed: `error` itself where it is about something
// else.
Error ExplainDiscovery(EventLoop& loop, dropbox::Client& client, bool identities, Error error);

}  // namespace dbxes::permissions
