// SPDX-License-Identifier: Apache-2.0
#include "parsers/archive.h"

#include <doctest/doctest.h>

#include "support/office_files.h"

namespace dbxes::parsers {

TEST_CASE("entries are found by name, whatever its case") {
  const std::string bytes = ZipOf({{"a/B.xml", "text"}, {"empty", ""}});
  auto archive = Archive::Open(bytes, {});
  REQUIRE(archive);
  CHECK(archive->Has("A/b.XML"));
  CHECK_FALSE(archive->Has("b.xml"));
  CHECK(archive->ReadAll("a/b.xml", 4).value() == "text");
  CHECK(archive->ReadAll("a/b.xml", 3).error() == Unreadable::kTooComplex);
  CHECK(archive->ReadAll("empty", 0).value().empty());
  CHECK(archive->ReadAll("none", 9).error() == Unreadable::kDamaged);
}

TEST_CASE("no more is inflated than allowed, in all entries together") {
  const std::string bytes =
      ZipOf({{"a", std::string(60'000, 'x')}, {"b", std::string(60'000, 'x')}});
  REQUIRE(bytes.size() < 2000);
  ParseLimits limits;
  limits.max_inflated_bytes = 100'000;
  auto archive = Archive::Open(bytes, limits);
  REQUIRE(archive);
  CHECK(archive->ReadAll("a", 100'000));
  CHECK(archive->ReadAll("b", 100'000).error() == Unreadable::kTooComplex);
}

TEST_CASE("an archive of too many entries is not read") {
  ParseLimits limits;
  limits.max_entries = 2;
  CHECK(Archive::Open(ZipOf({{"a", ""}, {"b", ""}}), limits));
  CHECK(Archive::Open(ZipOf({{"a", ""}, {"b", ""}, {"c", ""}}), limits).error() ==
        Unreadable::kTooComplex);
}

TEST_CASE("a wrong checksum is damage") {
  std::string bytes = ZipOf({{"a", "the text of an entry that is stored"}});
  const std::size_t at = bytes.find("entry");
  REQUIRE(at != std::string::npos);
  bytes[at] = 'E';
  auto archive = Archive::Open(bytes, {});
  REQUIRE(archive);
  CHECK(archive->ReadAll("a", 100).error() == Unreadable::kDamaged);
}

}  // namespace dbxes::parsers
