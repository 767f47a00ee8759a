// SPDX-License-Identifier: Apache-2.0
#include "base/ascii.h"

#include <doctest/doctest.h>

namespace dbxes {

TEST_CASE("only letters of ASCII change their case") {
  CHECK(LowerAscii("aZ[@{ \u00c4 5") == "az[@{ \u00c4 5");
  CHECK(UpperAscii("az`{@ \u00e4 5") == "AZ`{@ \u00e4 5");
  CHECK(LowerAscii('A') == 'a');
  CHECK(UpperAscii('z') == 'Z');
}

TEST_CASE("texts are equal but for the case of ASCII letters") {
  CHECK(EqualIgnoringCase("Expires", "eXPIRES"));
  CHECK_FALSE(EqualIgnoringCase("a", "ab"));
  CHECK_FALSE(EqualIgnoringCase("\u00c4", "\u00e4"));
  // These differ by the bit that separates capitals from small letters, but are no letters.
  CHECK_FALSE(EqualIgnoringCase("[", "{"));
}

TEST_CASE("bytes of ASCII are known") {
  CHECK(IsAscii("a~ \t"));
  CHECK(IsAscii(""));
  CHECK_FALSE(IsAscii("a\u00e4"));
}

TEST_CASE("a hexadecimal digit has a value") {
  CHECK(HexDigit('0') == 0);
  CHECK(HexDigit('9') == 9);
  CHECK(HexDigit('a') == 10);
  CHECK(HexDigit('F') == 15);
  for (const char c : {'g', 'G', '/', ':', '@', '`', '\0'}) CHECK(HexDigit(c) == -1);
}

}  // namespace dbxes
