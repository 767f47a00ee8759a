// SPDX-License-Identifier: Apache-2.0
// What reaches the loopback listener of auth, what a user pastes, and the link that waits for it.
#include <string>

#include "auth/authorization.h"
#include "auth/redirect.h"
#include "fuzz/fuzz_target.h"
#include "support/memory_file_system.h"

namespace dbxes::fuzz {
namespace {

void ReadTarget(std::string_view bytes) {
  constexpr std::string_view kState = "s3cret";
  const auto redirect = auth::ReadRedirect(bytes, "/", kState);
  if (redirect.kind == auth::Redirect::kCode) Require(!redirect.text.empty(), "a code is a text");
  const std::string page = auth::RedirectAnswer(redirect);
  Require(page.starts_with("HTTP/1.1 ") && page.ends_with("</p>\n"), "each request gets a page");
  // Without the state of the link, nothing is an answer to it.
  const auto forged = auth::ReadRedirect(bytes, "/", std::string(bytes) + "x");
  Require(forged.kind == auth::Redirect::kElsewhere || forged.kind == auth::Redirect::kForged,
          "nobody can guess the state");
  Require(auth::CodeIn(bytes).size() <= bytes.size(), "a code is a part of what was pasted");
}

void ReadPending(std::string_view bytes) {
  MemoryFileSystem files;
  config::Config config;
  config.dropbox.app_key = "key";
  config.dropbox.refresh_token_file = "/state/token";
  files.files()["/state/token.pending"] = bytes;
  const auto pending = auth::PendingAuthorization(files, config).Load();
  if (!pending || !*pending) return;
  Require((*pending)->app_key == "key" && !(*pending)->verifier.empty(), "a link is of this app");
}

const Registration redirect("redirect", ReadTarget);
const Registration pending_link("pending_link", ReadPending);

}  // namespace
}  // namespace dbxes::fuzz
