// SPDX-License-Identifier: Apache-2.0
// An access token that outlasts its run: a file in the state folder, beside the one in which auth
// stores the refresh token. The runs of the next hours need no request for another one, which would
// take as long as all else that a run asks Dropbox when nothing has changed.
//
// The file has a hash of the credentials that the token was made with, and a seal: SHA-256 of all
// that is in it and of the refresh token. So a token of other credentials is never used, nor one
// that was damaged, or put there by somebody who does not know the refresh token.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/os/file_probe.h"
#include "base/os/file_system.h"
#include "config/config.h"
#include "dropbox/access_token.h"

namespace dbxes::dropbox {

struct StoredToken {
  config::Secret access_token;
  std::string scopes;          // as TokenGrant::scopes
  Milliseconds usable_for{0};  // from now on; not more than 0 once it is too old
};

// Whether the settings allow a file with an access token: not with a state in the cluster, which
// leaves nothing on the machine, nor for a refresh token that a command or a systemd credential
// provides, which is in no file either.
bool KeepsToken(const config::Config& config);

// What is in the file, for runs and for check. kNotFound: no file. kAuth: of other credentials.
// kConfig: other users can read it ("WHAT; run: COMMAND"). kInternal: damaged, or it cannot be
// read.
Result<StoredToken> ReadKeptToken(FileSystem& files, const FileProbe& probe, const Clock& clock,
                                  const config::DropboxConfig& config);

// Removes the file, and what a run that was killed while it wrote the file has left of it. Not an
// error where there is none.
Result<void> RemoveKeptToken(FileSystem& files, const config::DropboxConfig& config);

// The file during a run. Nothing that goes wrong with it ends the run, which then asks Dropbox for
// a token, as without the file. `on_trouble` is called with the reason: `urgent` where the token
// may have been read by others or stays against the settings, not where the next run has to ask.
class KeptToken final : public TokenStore {
 public:
  using OnTrouble = std::function<void(const std::string& message, bool urgent)>;
  KeptToken(FileSystem& files, const FileProbe& probe, const Clock& clock,
            const config::DropboxConfig& config, OnTrouble on_trouble);

  std::optional<StoredToken> Load() override;
  void Keep(const TokenGrant& grant) override;
  void Forget() override;

 private:
  FileSystem& files_;
  const FileProbe& probe_;
  const Clock& clock_;
  const config::DropboxConfig& config_;
  OnTrouble on_trouble_;
};

}  // namespace dbxes::dropbox
