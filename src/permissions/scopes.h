// SPDX-License-Identifier: Apache-2.0
// Whether the Dropbox token has the scopes that document level security needs (Dropbox HTTP API:
// scopes). Checked first, so that one message names all that are missing.
#pragma once

#include "base/http/event_loop.h"
#include "dropbox/client.h"

namespace dbxes::permissions {

struct ScopeProbe {
  bool team_token = false;  // checks the scopes of a team's token, too
  bool identities = false;  // checks members.read, which acl-sync needs
};

// kPermission with each missing scope, its purpose and how to add it. The client must act as its
// account.
Result<void> ProbeScopes(EventLoop& loop, dropbox::Client& client, ScopeProbe probe);
// The same after DiscoverAccount has failed with `error`, which is returned when it is about
// something else.
Error ExplainDiscovery(EventLoop& loop, dropbox::Client& client, bool identities, Error error);

}  // namespace dbxes::permissions
