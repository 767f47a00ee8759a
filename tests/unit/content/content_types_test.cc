// SPDX-License-Identifier: Apache-2.0
#include "content/content_types.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes {

TEST_CASE("the text formats of the older connector are read, each as what it is") {
  const ContentTypes types = ContentTypesOf("");
  for (const std::string extension : {"txt", "py", "rst", "markdown", "json", "csv", "md", "rb",
                                      "sh", "tsv", "paper", "log", "yaml", "adoc"}) {
    CAPTURE(extension);
    REQUIRE(types.count(extension) == 1);
    CHECK(types.at(extension) == TextFormat::kPlain);
  }
  CHECK(types.at("html") == TextFormat::kHtml);
  CHECK(types.at("aspx") == TextFormat::kHtml);
  CHECK(types.at("xml") == TextFormat::kXml);
  CHECK(types.at("svg") == TextFormat::kXml);
  // Formats that take a parser.
  for (const std::string extension : {"pdf", "docx", "xls", "rtf", "msg", "jpg", ""}) {
    CHECK(types.count(extension) == 0);
  }
}

TEST_CASE("a list replaces the built-in one") {
  const ContentTypes types = ContentTypesOf(" .TXT,html\tdat ");
  CHECK(types == ContentTypes{{"dat", TextFormat::kPlain},
                              {"html", TextFormat::kHtml},
                              {"txt", TextFormat::kPlain}});
}

TEST_CASE("signs change the built-in list") {
  ContentTypes expected = ContentTypesOf("");
  expected.erase("csv");
  expected["dat"] = TextFormat::kPlain;
  CHECK(ContentTypesOf("+dat, -csv -nothing +html + -") == expected);
}

TEST_CASE("a list that takes away may also stand in one that names") {
  CHECK(ContentTypesOf("txt md -md") == ContentTypes{{"txt", TextFormat::kPlain}});
}

}  // namespace dbxes
