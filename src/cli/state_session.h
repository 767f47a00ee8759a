// SPDX-License-Identifier: Apache-2.0
// The state of the configured target, for a command that is no run.
#pragma once

#include <memory>

#include "base/http/event_loop.h"
#include "checkpoint/state_place.h"
#include "cli/environment.h"
#include "config/config.h"
#include "report/reporter.h"

namespace dbxes::cli {

// kConfig if there is no target whose state could be meant.
Result<void> NeedTarget(const config::Config& config);

class StateSession {
 public:
  // Retries are details of the reporter. It and the configuration must live as long.
  StateSession(const config::Config& config, report::Reporter& reporter);
  StateSession(const StateSession&) = delete;
  StateSession& operator=(const StateSession&) = delete;

  Environment& environment() { return *environment_; }
  EventLoop& loop() { return loop_; }
  checkpoint::StatePlace& place() { return *place_; }

 private:
  RealEnvironment environment_;
  EventLoop loop_;
  std::unique_ptr<checkpoint::StatePlace> place_;
};

}  // namespace dbxes::cli
