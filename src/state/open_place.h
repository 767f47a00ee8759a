// SPDX-License-Identifier: Apache-2.0
// The place of a target's state that the configuration names (sync.state).
#pragma once

#include <functional>
#include <memory>

#include "base/environment.h"
#include "base/http/event_loop.h"
#include "checkpoint/state_place.h"
#include "config/config.h"

namespace dbxes::state {

// The place `kind`; the configuration and the environment live as long as it. `on_retry` is called
// with the reason and the delay of each wait.
std::unique_ptr<checkpoint::StatePlace> OpenPlace(
    Environment& environment, EventLoop& loop, const config::Config& config, config::StateKind kind,
    const std::function<void(const Error&, Milliseconds)>& on_retry);

}  // namespace dbxes::state
