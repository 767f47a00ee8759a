// SPDX-License-Identifier: Apache-2.0
#include "base/ascii_run.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes {

TEST_CASE("a run ends at the first byte that does not belong to it, wherever that is") {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t length = 0; length < 20; ++length) {
      const std::string text =
          "x" + std::string(length, '~') + static_cast<char>(byte) + "!!!!!!!!!";
      CAPTURE(byte);
      CAPTURE(length);
      const bool ascii = byte < 0x80;
      CHECK(AsciiRun(text, 1) == (ascii ? text.size() - 1 : length));
      for (const unsigned char least : {' ', '!'}) {
        const bool printable = byte >= least && byte < 0x7f;
        CHECK(PrintableRun(text, 1, least) == (printable ? text.size() - 1 : length));
      }
    }
  }
  CHECK(AsciiRun("", 0) == 0);
  CHECK(PrintableRun("abc", 3, ' ') == 0);
}

}  // namespace dbxes
