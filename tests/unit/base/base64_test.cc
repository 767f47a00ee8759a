// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace dbxes {

TEST_CASE("the test vectors of RFC 4648") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) CHECK(Base64Encode(bytes) == text);
}

TEST_CASE("every byte can be encoded, and long texts stay on one line") {
  CHECK(Base64Encode(std::string("\xfb\xff\0\x3e", 4)) == "+/8APg==");
  const std::string long_text = Base64Encode(std::string(10'000, 'x'));
  CHECK(long_text.size() == 13'336);
  CHECK(long_text.find('\n') == std::string::npos);
}

TEST_CASE("encoded bytes are decoded, and other texts are refused") {
  for (const std::string bytes : {"", "f", "fo", "foo", "foob"}) {
    CHECK(Base64Decode(Base64Encode(bytes)) == bytes);
  }
  CHECK(Base64Decode("+/8APg==") == std::string("\xfb\xff\0\x3e", 4));
  CHECK(Base64Decode("Zm9vYg") == "foob");  // as Elastic Cloud may show it
  for (const char* wrong : {"Z", "Zm9v!", "Zm 9v", "Zm9vYh==", "-_8APg", "Zm=9"}) {
    CAPTURE(wrong);
    CHECK_FALSE(Base64Decode(wrong));
  }
}

TEST_CASE("the alphabet of URLs has no padding") {
  CHECK(Base64UrlEncode(std::string("\xfb\xff\0\x3e", 4)) == "-_8APg");
  CHECK(Base64UrlEncode("foo") == "Zm9v");
  CHECK(Base64UrlEncode("") == "");
}

}  // namespace dbxes
