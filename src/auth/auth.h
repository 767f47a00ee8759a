// SPDX-License-Identifier: Apache-2.0
// The command auth: obtains a refresh token, checks the one in use, and revokes it.
#pragma once

#include <string>
#include <string_view>

#include "base/environment.h"
#include "config/config.h"
#include "report/reporter.h"

namespace dbxes::auth {

inline constexpr std::string_view kDefaultRedirectUri = "http://localhost:53682/";

struct AuthOptions {
  enum class Action { kAuthorize, kStatus, kRevoke };
  Action action = Action::kAuthorize;
  config::Secret code = {};  // that Dropbox showed; "-" reads it from the console, "" asks for it
  bool listen = false;
  std::string redirect_uri = std::string(kDefaultRedirectUri);  // of `listen`
  bool team = false;    // also request the scopes of a team token
  bool print = false;   // print the token instead of storing it
  bool browser = true;  // open the link if there is a desktop
};

report::RunSummary RunAuth(Environment& environment, const config::Config& config,
                           const AuthOptions& options, report::Reporter& reporter);

}  // namespace dbxes::auth
