// SPDX-License-Identifier: Apache-2.0
#include "cli/mdoc.h"

#include <doctest/doctest.h>

#include "cli/wrap.h"

namespace dbxes::cli {

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

TEST_CASE("sentences begin on lines of their own, paragraphs are parted, headings are not") {
  Mdoc page("x", "1", "do it");
  page.Section("DESCRIPTION");
  page.Text("One. Two.");
  page.Text("Three.");
  page.BeginList();
  page.Item("Li a");
  page.Text("Four.");
  page.EndList();
  page.Literal("dbx-es -q\n");
  const std::string text = page.Take();
  const std::string body = text.substr(text.find(".Sh DESCRIPTION"));
  CHECK(body ==
        ".Sh DESCRIPTION\nOne.\nTwo.\n.Pp\nThree.\n.Bl -tag -width Ds\n.It Li a\nFour.\n.El\n"
        ".Bd -literal -offset indent\ndbx-es \\-q\n.Ed\n");
}

TEST_CASE("text is wrapped before column 80 and indented") {
  const std::string word(30, 'x');
  CHECK(Wrap(word + " " + word + " " + word, 0, 0) == word + " " + word + "\n" + word + "\n");
  CHECK(Wrap(word + " " + word, 32, 32) == word + "\n" + std::string(32, ' ') + word + "\n");
  // A word that fits nowhere stands alone.
  CHECK(Wrap(std::string(100, 'y') + " z", 0, 0) == std::string(100, 'y') + "\nz\n");
  CHECK(Wrap("", 0, 0) == "\n");
}

}  // namespace dbxes::cli
