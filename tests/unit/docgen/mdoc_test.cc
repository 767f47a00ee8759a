// SPDX-License-Identifier: Apache-2.0
#include "docgen/mdoc.h"

#include <doctest/doctest.h>

namespace dbxes::docgen {

TEST_CASE("what mdoc would take for its own is escaped") {
  CHECK(MdocEscape("plain text, e.g. this") == "plain text, e.g. this");
  CHECK(MdocEscape(".dot and 'quote") == "\\&.dot and 'quote");
  CHECK(MdocEscape("'quote") == "\\&'quote");
  CHECK(MdocEscape("a\n.b") == "a\n\\&.b");
  CHECK(MdocEscape("a\\b") == "a\\eb");
  CHECK(MdocEscape("full-sync --json -q\n-v") == "full-sync \\-\\-json \\-q\n\\-v");
}

TEST_CASE("an argument of a macro is quoted") {
  CHECK(MdocArgument("Pa") == "\"Pa\"");
  CHECK(MdocArgument("a \"b\"") == "\"a \"\"b\"\"\"");
}

TEST_CASE("each sentence has its own line; paragraphs are separated, except after an item") {
  Mdoc block;
  block.Text("One. Two.");
  block.Text("Three -q.");
  block.Item("Li a");
  block.Text("Four.");
  block.Text("Five. See");
  block.Macro("Xr dbx-es 1 .");
  CHECK(block.Take() ==
        "One.\nTwo.\n.Pp\nThree \\-q.\n.It Li a\nFour.\n.Pp\nFive.\nSee\n.Xr dbx-es 1 .\n");
}

}  // namespace dbxes::docgen
