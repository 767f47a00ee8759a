// SPDX-License-Identifier: Apache-2.0
#include "parsers/text_sink.h"

#include <doctest/doctest.h>

namespace dbxes::parsers {

TEST_CASE("lines end once, and cells are parted where there are cells") {
  TextSink sink(100);
  sink.EndLine();
  sink.Tab();
  sink.Append("a");
  sink.Tab();
  sink.Tab();
  sink.Append("b");
  sink.Tab();
  sink.EndLine();
  sink.EndLine();
  sink.Append("c \n");
  CHECK(sink.Take() == "a\tb\nc");
}

TEST_CASE("what is beyond the limit is cut off between characters") {
  TextSink sink(5);
  sink.Append("abc");
  CHECK_FALSE(sink.full());
  sink.Append("\u20ac");
  CHECK(sink.full());
  sink.Append("d");
  CHECK(sink.Take() == "abc");
}

}  // namespace dbxes::parsers
