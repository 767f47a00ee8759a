// SPDX-License-Identifier: Apache-2.0
// One attempt to get a refresh token: the link that a person opens, and what proves afterwards that
// the code which comes of it is ours (Dropbox HTTP API: /oauth2/authorize; RFC 7636).
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
  // PKCE: the link carries the hash of it, and only who knows it can use the code. So a code that
  // somebody looks over a shoulder or finds in a shell's history is worth nothing.
  config::Secret verifier;
  std::string redirect_uri;  // "": Dropbox shows the code, to be pasted
  std::string state;         // comes back with a redirect, and shows that it answers our link
};

Result<Authorization> NewAuthorization(const config::Config& config, std::string redirect_uri);

// The link to open, for offline access and the scopes that the settings need.
std::string AuthorizeUrl(const config::Config& config, const Authorization& authorization);

// The code in what a person pasted: white space around it, or the whole address of a redirect.
std::string CodeIn(std::string_view pasted);

// The attempt that waits for its code, kept so that another process can take the code: without a
// terminal, the link and the code are two runs.
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
