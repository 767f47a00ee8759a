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

TEST_CASE("the first part that is missing says why") {
  TextSink sink(10);
  sink.Note({});
  CHECK_FALSE(sink.left_out());
  sink.Note(tl::unexpected(Unreadable::kEncrypted));
  sink.LeaveOut(Unreadable::kDamaged);
  CHECK(sink.left_out() == Unreadable::kEncrypted);
}

}  // namespace dbxes::parsers
