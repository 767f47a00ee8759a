// SPDX-License-Identifier: Apache-2.0
#include "base/http/url.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace dbxes {

TEST_CASE("the parts of a URL") {
  struct Row {
    const char* url;
    const char* scheme;
    const char* host;
    const char* port;
  };
  const Row rows[] = {
      {"http://localhost:9200", "http", "localhost", "9200"},
      {"https://search.example.org", "https", "search.example.org", ""},
      {"HTTPS://Search.Example.org/es/", "https", "Search.Example.org", ""},
      {"http://[::1]:9200/", "http", "::1", "9200"},
      {"https://[2001:db8::1]", "https", "2001:db8::1", ""},
      {"http://127.0.0.1", "http", "127.0.0.1", ""},
      {"https://user:word@host:1", "https", "host", "1"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.url);
    const auto parts = ParseUrl(row.url);
    REQUIRE(parts);
    CHECK(parts->scheme == row.scheme);
    CHECK(parts->host == row.host);
    CHECK(parts->port == row.port);
  }
}

TEST_CASE("what is no URL of a web server is refused by its name") {
  for (const std::string url :
       {"", "localhost", "localhost:9200", "ftp://host", "file:///etc/passwd", "http://",
        "http://host:port", "http://[::1", "http://ho st", "//host"}) {
    CAPTURE(url);
    const auto parts = ParseUrl(url);
    REQUIRE_FALSE(parts);
    CHECK(parts.error().kind == ErrorKind::kConfig);
    CHECK(parts.error().message == "\"" + url + "\" is not an http:// or https:// URL with a host");
  }
}

TEST_CASE("only this machine is a loopback") {
  const std::pair<std::string, bool> cases[] = {
      {"http://localhost:9200", true},
      {"http://127.0.0.1", true},
      {"http://127.8.9.10", true},
      {"http://[::1]:1", true},
      {"http://localhost.example.org", false},
      {"http://127.example.org", false},
      {"http://10.0.0.1", false},
      {"http://[2001:db8::1]", false},
      {"http://LOCALHOST", true},
  };
  for (const auto& [url, loopback] : cases) {
    const std::string shown(url);
    CAPTURE(shown);
    CHECK(IsLoopback(ParseUrl(url).value()) == loopback);
  }
}

TEST_CASE("slashes at the end go") {
  CHECK(WithoutTrailingSlash("http://host/") == "http://host");
  CHECK(WithoutTrailingSlash("http://host/a//") == "http://host/a");
  CHECK(WithoutTrailingSlash("http://host") == "http://host");
  CHECK(WithoutTrailingSlash("").empty());
}

TEST_CASE("everything but unreserved characters is escaped") {
  CHECK(PercentEncode("AZaz09-._~") == "AZaz09-._~");
  CHECK(PercentEncode(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}") ==
        "%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D");
  CHECK(PercentEncode("/a b/\xc3\xa9", true) == "/a%20b/%C3%A9");
  CHECK(PercentEncode(std::string("\0\n\x7f\xff", 4)) == "%00%0A%7F%FF");
  // What is escaped already is escaped again: a name may hold a percent sign.
  CHECK(PercentEncode("%2F") == "%252F");
}

TEST_CASE("values of a query are decoded") {
  CHECK(QueryValue("a=1&b=2", "b") == "2");
  CHECK(QueryValue("a=1+2%203%2B%e9", "a") == "1 2 3+\xe9");
  CHECK(QueryValue("a=1&a=2", "a") == "1");
  CHECK(QueryValue("aa=1&%61=2", "a") == "2");
  CHECK(QueryValue("a=x=y", "a") == "x=y");
  CHECK(QueryValue("a=100%&b=%4", "a") == "100%");
  CHECK(QueryValue("a=100%&b=%4", "b") == "%4");
  CHECK(QueryValue("a&b=", "a") == "");
  CHECK(QueryValue("", "a") == "");
}

TEST_CASE("the path of a URL is without query and fragment") {
  CHECK(ParseUrl("http://localhost:1/a/b?c#d")->path == "/a/b");
  CHECK(ParseUrl("http://localhost:1")->path == "/");
}

}  // namespace dbxes
