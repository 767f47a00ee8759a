// SPDX-License-Identifier: Apache-2.0
// Percent-encoding, and checks of configured hosts.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace dbxes {

struct UrlParts {
  std::string scheme;  // "http" or "https"
  std::string host;    // without brackets
  std::string port;    // "" if not given
  std::string path;    // "/" at least; without query and fragment
};

// kConfig unless it is an http(s) URL with a host.
Result<UrlParts> ParseUrl(const std::string& url);
// localhost, 127.0.0.0/8 or ::1.
bool IsLoopback(const UrlParts& url);
std::string WithoutTrailingSlash(std::string url);
// RFC 3986: encodes all but the unreserved characters, and '/' if `keep_slash`.
std::string PercentEncode(std::string_view text, bool keep_slash = false);
// The decoded value of a parameter in a query ("a=b&c=d"); "" if it is not there.
std::string QueryValue(std::string_view query, std::string_view name);
void AppendPercentEncoded(std::string_view text, bool keep_slash, std::string& out);
// Needs room for three times the text. Returns the end of what it wrote.
char* WritePercentEncoded(std::string_view text, bool keep_slash, char* to);

}  // namespace dbxes
