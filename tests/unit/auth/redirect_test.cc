// SPDX-License-Identifier: Apache-2.0
#include "auth/redirect.h"

#include <doctest/doctest.h>

namespace dbxes::auth {

TEST_CASE("requests of a browser") {
  struct Row {
    const char* target;
    Redirect::Kind kind;
    const char* text;
  };
  const Row rows[] = {
      {"/?code=abc&state=s1", Redirect::kCode, "abc"},
      {"/?state=s1&code=a%2Bb%20c", Redirect::kCode, "a+b c"},
      {"/?error=access_denied&error_description=no&state=s1", Redirect::kDenied, ""},
      {"/?error=invalid_scope&error_description=Not+yours&state=s1", Redirect::kRefused,
       "invalid_scope: Not yours"},
      {"/?error=server_error&state=s1", Redirect::kRefused, "server_error"},
      {"/?code=abc&state=other", Redirect::kForged, ""},
      {"/?code=abc", Redirect::kForged, ""},
      {"/?code=abc&error=access_denied&state=s1", Redirect::kForged, ""},
      {"/?state=s1", Redirect::kForged, ""},
      {"/favicon.ico", Redirect::kElsewhere, ""},
      {"/favicon.ico?code=abc&state=s1", Redirect::kElsewhere, ""},
      {"/", Redirect::kElsewhere, ""},
      {"", Redirect::kElsewhere, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.target);
    const Redirect redirect = ReadRedirect(row.target, "/", "s1");
    CHECK(redirect.kind == row.kind);
    CHECK(redirect.text == row.text);
  }
}

TEST_CASE("the page for the browser says what happened, and never the code") {
  const std::string done = RedirectAnswer({Redirect::kCode, "the-code"});
  CHECK(done.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(done.find("You may close this window") != std::string::npos);
  CHECK(done.find("the-code") == std::string::npos);
  CHECK(RedirectAnswer({Redirect::kForged, ""}).starts_with("HTTP/1.1 400 "));
  CHECK(RedirectAnswer({Redirect::kElsewhere, ""}).starts_with("HTTP/1.1 404 "));
  // The text of an error comes from outside: it must not become markup.
  const std::string refused = RedirectAnswer({Redirect::kRefused, "<script>"});
  CHECK(refused.find("<script>") == std::string::npos);
}

}  // namespace dbxes::auth
