// SPDX-License-Identifier: Apache-2.0
// Which part a relationship leads to.
#include "parsers/relationships.h"

#include <doctest/doctest.h>

#include <vector>

namespace dbxes::parsers {

TEST_CASE("targets are seen from the part that names them") {
  CHECK(ResolvePart("ppt/slides/a.xml", "../media/b.xml") == "ppt/media/b.xml");
  CHECK(ResolvePart("ppt/slides/a.xml", "/x/b.xml#c") == "x/b.xml");
  CHECK(ResolvePart("a.xml", "../../b.xml") == "b.xml");
  CHECK(ResolvePart("", "word/document.xml") == "word/document.xml");
}

TEST_CASE("parts are found by id and by type") {
  const std::vector<Relationship> all{{"r1", "slide", "a.xml"}, {"r2", "slide", "b.xml"}};
  CHECK(PartWithId(IndexById(all), "r2") == "b.xml");
  CHECK(PartWithId(IndexById(all), "r3") == "");
  CHECK(PartOfType(all, "slide") == "a.xml");
  CHECK(PartOfType(all, "styles") == "");
}

}  // namespace dbxes::parsers
