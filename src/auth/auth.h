// SPDX-License-Identifier: Apache-2.0
// The command auth: gets a refresh token, tells what the one in use is worth, and gives it back.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/http/http.h"
#include "base/os/file_system.h"
#include "config/config.h"
#include "report/reporter.h"

namespace dbxes::auth {

// What auth asks of the outside; tests bring their own.
struct AuthEnvironment {
  FileSystem& files;
  Clock& clock;
  Http& http;
  std::function<int()> stop_signal;  // the number of a signal that asks to stop, 0 for none
  std::uint64_t seed = 0;            // of the jitter
  // What the person types; nothing where there is nobody. kInterrupted by a signal.
  std::function<Result<std::optional<std::string>>()> read_line;
  // Opens the link where there is a desktop to open it on. Whether that worked nobody can tell, so
  // the link is printed all the same.
  std::function<void(const std::string& url)> open_browser;
  bool over_ssh = false;
};

// Config::arguments names the action: none to authorize, "status" or "revoke".
report::RunSummary RunAuthIn(AuthEnvironment& environment, const config::Config& config,
                             report::Reporter& reporter);

}  // namespace dbxes::auth
