// SPDX-License-Identifier: Apache-2.0
// The request of a browser to the redirect URI (Dropbox HTTP API: /oauth2/authorize; RFC 6749,
// 4.1.2). Pure.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::auth {

struct Redirect {
  enum Kind {
    kElsewhere,  // another page of this host, such as its icon
    kForged,     // not an answer to our link: another state, or malformed
    kDenied,     // the user declined
    kRefused,    // Dropbox could not ask the user: `text` says why
    kCode,       // `text` is the code
  };
  Kind kind = kElsewhere;
  std::string text;
};

// `target` is that of the request line, "/?code=...&state=...".
Redirect ReadRedirect(std::string_view target, std::string_view path, std::string_view state);

// A complete HTTP answer with a page for the user.
std::string RedirectAnswer(const Redirect& redirect);

}  // namespace dbxes::auth
