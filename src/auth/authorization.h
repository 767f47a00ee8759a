// SPDX-License-Identifier: Apache-2.0
// One attempt to obtain a refresh token: the link that the user opens, and the proof that a code
// belongs to this link (Dropbox HTTP API: /oauth2/authorize; RFC 7636).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/os/file_system.h"
#include "base/result.h"
#include "config/config.h"

namespace dbxes::auth {

struct Authorization {
  std::string app_key;
  // PKCE: the link has its hash, and the code can only be used with it. So a code that somebody
  // reads on a screen or in a shell's history is useless.
  config::Secret verifier;
  std::string redirect_uri;  // "": Dropbox shows the code, and the user pastes it
  std::string state;         // returned with a redirect: proof that it answers this link
};

Result<Authorization> NewAuthorization(const config::Config& config, std::string redirect_uri);

// The link to open, for offline access and the scopes that the settings need; with `team` also
// those of a team token.
std::string AuthorizeUrl(const config::Config& config, const Authorization& authorization,
                         bool team);

// The code in pasted text, which may have white space around it or be the address of a redirect.
std::string CodeIn(std::string_view pasted);

// The attempt that waits for its code, stored for the next process: without a terminal, one run
// prints the link and another takes the code.
class PendingAuthorization {
 public:
  PendingAuthorization(FileSystem& files, const config::Config& config);
  Result<void> Save(const Authorization& authorization);
  // Nothing if no link was printed for this app.
  Result<std::optional<Authorization>> Load();
  Result<void> Forget() { return files_.Remove(path_); }

 private:
  FileSystem& files_;
  const config::Config& config_;
  std::string path_;
};

}  // namespace dbxes::auth
