// SPDX-License-Identifier: Apache-2.0
// Removes secrets from text that is shown to people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/http/http.h"

namespace dbxes {

// The URL without user name, password and fragment, and with "***" for the values of query
// parameters whose names suggest a secret (token, secret, code, key, signature, password,
// credential).
std::string WithoutSecrets(std::string_view url);

// The credentials in the headers of a request: "Authorization: Bearer abc" and the like.
std::vector<std::string> CredentialsOf(const HttpRequest& request);

// At most `max_bytes` bytes of a body. "***" replaces the given credentials, the values of members
// and parameters with such names, and links of Dropbox that open a file to everyone who knows them.
// A body that is not text is described by its size.
std::string ShownBody(std::string_view body, const std::vector<std::string>& credentials,
                      std::size_t max_bytes);

}  // namespace dbxes
