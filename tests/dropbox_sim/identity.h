// SPDX-License-Identifier: Apache-2.0
// Everything before a handler: who calls, as whom, against which root, and whether the argument is
// well formed.
#pragma once

#include <optional>

#include "dropbox_sim/service.h"

namespace dbxes::sim {

// The answer of the route's handler, or of the first check that refuses the call.
Reply Authorized(Service& service, Call* call, const Request& request);
// Reads the argument of a call; an answer only if it is malformed.
std::optional<Reply> ParseArgument(const Service& service, Call* call);

}  // namespace dbxes::sim
