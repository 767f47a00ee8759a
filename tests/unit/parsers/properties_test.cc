// SPDX-License-Identifier: Apache-2.0
// Title, author and language.
#include "parsers/properties.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "parsers/parse_document.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

ParsedDocument Parse(const Entries& entries) {
  auto document = ParseDocument(ZipOf(entries), DocumentForm::kFile, {});
  REQUIRE(document);
  return *std::move(document);
}

}  // namespace

TEST_CASE("properties are those of the core part") {
  Entries entries = OfficeEntries("word/document.xml", "<w:document xmlns:w='urn:w'/>");
  std::string& relations = entries["_rels/.rels"];
  relations.insert(
      relations.find("</"),
      "<Relationship Id='c' Type='urn:x/metadata/core-properties' Target='core.xml'/>");
  entries["core.xml"] =
      "<cp:coreProperties xmlns:cp='urn:cp' xmlns:dc='urn:dc'><dc:title> The\nheron </dc:title>"
      "<dc:creator>Ann</dc:creator><cp:lastModifiedBy>Bo</cp:lastModifiedBy>"
      "<dc:language>en-GB</dc:language></cp:coreProperties>";
  const ParsedDocument document = Parse(entries);
  CHECK(document.text.empty());
  CHECK(document.properties.title == "The heron");
  CHECK(document.properties.author == "Ann");
  CHECK(document.properties.language == "en-GB");
  entries["core.xml"] = "broken";
  CHECK(Parse(entries).properties.title.empty());
}

TEST_CASE("a property is one line, and no longer than a title") {
  CHECK(CleanProperty(" The\n heron ") == "The heron");
  CHECK(CleanProperty(std::string(100'000, 'x')).size() < 100'000);
}

}  // namespace dbxes::parsers
