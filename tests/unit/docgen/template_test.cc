// SPDX-License-Identifier: Apache-2.0
#include "docgen/template.h"

#include <doctest/doctest.h>

#include <array>

namespace dbxes::docgen {
namespace {

Result<std::string> Block(std::string_view argument) {
  return "one " + std::string(argument) + "\ntwo\n";
}
Result<std::string> Words(std::string_view /*argument*/) { return "some words"; }
Result<std::string> Nothing(std::string_view /*argument*/) { return ""; }
Result<std::string> Refused(std::string_view argument) {
  return Fail(ErrorKind::kUsage, "no command is named '" + std::string(argument) + "'");
}

constexpr std::array kPlaceholders{Placeholder{"block", Block}, Placeholder{"words", Words},
                                   Placeholder{"nothing", Nothing}, Placeholder{"flags", Refused}};

std::string Filled(std::string_view text) {
  const auto filled = FillTemplate(text, kPlaceholders);
  return filled ? *filled : "error " + filled.error().message;
}

}  // namespace

TEST_CASE("a block replaces its line") {
  CHECK(Filled("a\n@block@\nb\n") == "a\none \ntwo\nb\n");
  CHECK(Filled("@block full-sync@\n") == "one full-sync\ntwo\n");
  CHECK(Filled("@block extraction_service@") == "one extraction_service\ntwo\n");
  CHECK(Filled("a\n@nothing@\nb\n") == "a\nb\n");
}

TEST_CASE("words may be anywhere in a line") {
  CHECK(Filled(".Dd @words@\n") == ".Dd some words\n");
  CHECK(Filled("'@words@' @words@.\n") == "'some words' some words.\n");
  CHECK(Filled("@words@\n") == "some words\n");
}

TEST_CASE("an @ that is no placeholder is text") {
  for (const char* text :
       {"\n", "@\n", "@@\n", "ann@example.com\n", "\"$@\"\n", "@ words@\n", "@words @\n",
        "@words full sync@\n", "@timestamp, and more\n", "a@b\nc@d\n", "@words a"}) {
    CAPTURE(text);
    CHECK(Filled(text) == std::string(text) + (std::string_view(text).ends_with('\n') ? "" : "\n"));
  }
}

TEST_CASE("what cannot be filled is reported with its line") {
  CHECK(Filled("a\nb @wrods@\n") == "error 2: unknown placeholder @wrods@");
  CHECK(Filled("\n\n@flags sink@\n") == "error 3: no command is named 'sink'");
  CHECK(Filled("x @block@\n") == "error 1: @block@ needs a line of its own: it is a block");
  CHECK(Filled("@nothing@ x\n") == "error 1: @nothing@ needs a line of its own: it is a block");
}

TEST_CASE("which placeholders a text has") {
  CHECK(UsesPlaceholder("a\nb @words full-sync@\n", "words"));
  CHECK(UsesPlaceholder("@block@@words@", "words"));
  CHECK_FALSE(UsesPlaceholder("words @block words@ @words", "words"));
}

}  // namespace dbxes::docgen
