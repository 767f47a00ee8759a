// SPDX-License-Identifier: Apache-2.0
#include "base/http/redaction.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace dbxes {
namespace {

constexpr std::size_t kMax = 2048;

std::string Shown(std::string_view body, const std::vector<std::string>& credentials = {}) {
  return ShownBody(body, credentials, kMax);
}

}  // namespace

// Elasticsearch: Create API key.
TEST_CASE("a new API key is not shown, in none of its forms") {
  const std::string shown = ShownBody(
      R"({"id":"VuaCfGcB","name":"dbx-es docs","api_key":"ui2lp2ax","encoded":"VnVhQ2ZHY0I6dWky"})",
      {}, 2048);
  CHECK(shown == R"({"id":"VuaCfGcB","name":"dbx-es docs","api_key":"***","encoded":"***"})");
}

TEST_CASE("a URL is shown without user, password and secret parameters") {
  CHECK(WithoutSecrets("https://api.example/2/files?a=b&c=d") ==
        "https://api.example/2/files?a=b&c=d");
  CHECK(WithoutSecrets("https://me:pa55@es.example:9200/x/_bulk") ==
        "https://es.example:9200/x/_bulk");
  CHECK(WithoutSecrets("https://e.example/a@b?x=1") == "https://e.example/a@b?x=1");
  CHECK(WithoutSecrets("https://e.example/a?Token=abc&x=1&X-Amz-Signature=f00&code=9#part") ==
        "https://e.example/a?Token=***&x=1&X-Amz-Signature=***&code=***");
  CHECK(WithoutSecrets("https://e.example?access_token=abc") ==
        "https://e.example?access_token=***");
}

TEST_CASE("credentials are found in headers that contain them") {
  HttpRequest request;
  request.headers = {"Content-Type: text/plain", "authorization: Bearer sl.abc",
                     "X-Api-Key: 12345678", "Dropbox-API-Arg: {}"};
  CHECK(CredentialsOf(request) == std::vector<std::string>{"sl.abc", "12345678"});
}

TEST_CASE("no body shows a credential of its request") {
  CHECK(Shown("the token sl.abcd has expired, sl.abcd!", {"sl.abcd"}) ==
        "the token *** has expired, ***!");
  CHECK(Shown("a", {"a", ""}) == "a");
}

TEST_CASE("no body shows the value of a secret name") {
  CHECK(Shown(R"({"access_token": "sl.x\"y", "uid": "1", "refresh_token":"z"})") ==
        R"({"access_token": "***", "uid": "1", "refresh_token":"***"})");
  CHECK(Shown("grant_type=authorization_code&code=abc&client_secret=def&x=1") ==
        "grant_type=authorization_code&code=***&client_secret=***&x=1");
  // Other names and other types stay.
  CHECK(Shown(R"({"code": 7, "zip_code": "12345", "barcode": "1", "password")") ==
        R"({"code": 7, "zip_code": "12345", "barcode": "1", "password")");
}

TEST_CASE("no body shows a link that opens a file to everyone") {
  CHECK(Shown(R"({"url": "https://www.dropbox.com/scl/fi/abc/a.txt?rlkey=def&dl=0", "x": 1})") ==
        R"({"url": "https://www.dropbox.com/***", "x": 1})");
  CHECK(Shown(R"({"url": "https:\/\/www.dropbox.com\/s\/abc"})") ==
        R"({"url": "https:\/\/www.dropbox.com\/***"})");
  CHECK(Shown(R"({"link": "https://uc.dl.dropboxusercontent.com/cd/0/get/abc"})") ==
        R"({"link": "https://uc.dl.dropboxusercontent.com/***"})");
  CHECK(Shown("http://127.0.0.1:80/s/abc http://127.0.0.1/s/") ==
        "http://127.0.0.1:80/*** http://127.0.0.1/***");
  // The owner's own pages, and host names alone.
  const std::string harmless =
      R"({"url": "https://www.dropbox.com/home/s/b.txt", "host": "https://www.dropbox.com/"})";
  CHECK(Shown(harmless) == harmless);
}

TEST_CASE("a long body is cut between characters") {
  const std::string text = std::string(kMax - 1, 'a') + "\u20ac" + std::string(9000, 'b');
  CHECK(Shown(text) == std::string(kMax - 1, 'a'));
}

TEST_CASE("a secret at the place where a long body is sampled is not shown in part") {
  for (std::size_t before = 1; before < 9000; before += 7) {
    CAPTURE(before);
    // Masks shorten the text, so that its far end would come into view.
    std::string text;
    while (text.size() < before) text += R"("code": "0123456789012345678901234567890123456789", )";
    text += R"("refresh_token": "VERYSECRETVALUE", )" + std::string(9000, 'x');
    CHECK(Shown(text).find("VERYSEC") == std::string::npos);
  }
}

TEST_CASE("a body that is not text is described") {
  CHECK(Shown(std::string("\x1f\x8b\x08\0", 4)) == "(4 bytes that are not text)");
  CHECK(Shown(std::string("a\0b", 3)) == "(3 bytes that are not text)");
}

}  // namespace dbxes
