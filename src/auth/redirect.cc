// SPDX-License-Identifier: Apache-2.0
#include "auth/redirect.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "base/http/url.h"

namespace dbxes::auth {
namespace {

// Compares in constant time.
bool SameText(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

Redirect ReadRedirect(std::string_view target, std::string_view path, std::string_view state) {
  const std::size_t question = target.find('?');
  if (target.substr(0, question) != path || question == std::string_view::npos) return {};
  const std::string_view query = target.substr(question + 1);
  const std::string code = QueryValue(query, "code");
  const std::string error = QueryValue(query, "error");
  const bool ours = SameText(QueryValue(query, "state"), state);
  // Dropbox sends either a code or an error.
  if (!ours || code.empty() == error.empty()) return {Redirect::kForged, ""};
  if (!code.empty()) return {Redirect::kCode, code};
  if (error == "access_denied") return {Redirect::kDenied, ""};
  const std::string description = QueryValue(query, "error_description");
  return {Redirect::kRefused, description.empty() ? error : error + ": " + description};
}

std::string RedirectAnswer(const Redirect& redirect) {
  std::string_view status = "200 OK";
  std::string_view text;
  switch (redirect.kind) {
    case Redirect::kElsewhere:
      status = "404 Not Found";
      text = "There is nothing here.";
      break;
    case Redirect::kForged:
      status = "400 Bad Request";
      text = "This is not an answer to the link that dbx-es auth printed.";
      break;
    case Redirect::kDenied:
      text = "Access was denied. You may close this window.";
      break;
    case Redirect::kRefused:
      text = "Dropbox reports an error; dbx-es shows it. You may close this window.";
      break;
    case Redirect::kCode:
      text = "dbx-es has received the code. You may close this window.";
      break;
  }
  const std::string page = fmt::format(
      "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>dbx-es</title><p>{}</p>\n",
      text);
  // The address has the code: Referrer-Policy hides it from pages that are opened from here.
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n"
      "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{}",
      status, page.size(), page);
}

}  // namespace dbxes::auth
