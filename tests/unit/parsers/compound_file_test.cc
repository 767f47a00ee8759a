// SPDX-License-Identifier: Apache-2.0
#include "parsers/compound_file.h"

#include <doctest/doctest.h>

#include <string>

#include "support/compound_files.h"

namespace dbxes::parsers {
namespace {

CompoundFile Opened(const std::string& bytes) {
  auto file = CompoundFile::Open(bytes, {});
  REQUIRE(file);
  return *std::move(file);
}

void Put(std::string& bytes, std::size_t at, std::uint32_t value) {
  bytes.replace(at, 4, LittleEndianOf(value, 4));
}

}  // namespace

TEST_CASE("streams are found by their names, small ones and large ones") {
  const std::string large(100'000, 'l');
  const std::string bytes = CompoundOf(
      {{"Small", "a small one"}, {"Large", large}, {"In/Deep", "deeper"}, {"Empty", ""}});
  const CompoundFile file = Opened(bytes);
  CHECK(file.Read(CompoundFile::kRoot, "SMALL").bytes == "a small one");
  CHECK(file.Read(CompoundFile::kRoot, "Large").bytes == large);
  CHECK(file.Read(CompoundFile::kRoot, "Empty").bytes.empty());
  CHECK(file.Read(CompoundFile::kRoot, "Empty").whole);
  const auto storage = file.Find(CompoundFile::kRoot, "In");
  REQUIRE(storage);
  CHECK(file.Read(*storage, "Deep").bytes == "deeper");
  CHECK_FALSE(file.Find(CompoundFile::kRoot, "Deep"));
  CHECK(file.Children(CompoundFile::kRoot).size() == 4);
  CHECK(file.Read(CompoundFile::kRoot, "none").bytes.empty());
}

TEST_CASE("a file of many sectors has several sectors with its table") {
  const std::string huge(200 * 512 + 7, 'h');
  const std::string bytes = CompoundOf({{"Huge", huge}});
  CHECK(Opened(bytes).Read(CompoundFile::kRoot, "Huge").bytes == huge);
}

TEST_CASE("a stream that breaks off is what there is of it") {
  std::string bytes = CompoundOf({{"Large", std::string(50'000, 'l')}});
  // The first sectors are those of the stream: its chain ends after the second one.
  const std::size_t table = bytes.size() - 512;
  Put(bytes, table + 4, 0xfffffffe);
  const auto cut = Opened(bytes).Read(CompoundFile::kRoot, "Large");
  CHECK(cut.bytes == std::string(1024, 'l'));
  CHECK_FALSE(cut.whole);
}

TEST_CASE("chains and trees that lead back to themselves come to an end") {
  std::string bytes = CompoundOf({{"Large", std::string(50'000, 'l')}, {"Other", "x"}});
  const std::size_t table = bytes.size() - 512;
  for (const std::uint32_t next : {0U, 1U, 0x00ffffffU, 0xffffffffU}) {
    for (std::size_t at = 0; at < 100; ++at) {
      std::string damaged = bytes;
      Put(damaged, table + 4 * at, next);
      const auto file = CompoundFile::Open(damaged, {});
      if (file) CHECK(file->Read(CompoundFile::kRoot, "Large").bytes.size() <= 50'000);
    }
  }
  // Every entry is its own brother and child.
  const std::size_t directory = bytes.find(Wide("Root Entry"));
  REQUIRE(directory != std::string::npos);
  for (std::uint32_t entry = 0; entry < 3; ++entry) {
    for (const std::size_t link : {0x44, 0x48, 0x4c}) Put(bytes, directory + entry * 128 + link, 1);
  }
  CHECK(Opened(bytes).Children(CompoundFile::kRoot).size() == 1);
}

TEST_CASE("what is no compound file is damaged") {
  CHECK(CompoundFile::Open("", {}).error() == Unreadable::kDamaged);
  const std::string mark("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
  CHECK(CompoundFile::Open(mark, {}).error() == Unreadable::kDamaged);
  std::string bytes = CompoundOf({{"A", "a"}});
  bytes[0x1e] = 31;
  CHECK(CompoundFile::Open(bytes, {}).error() == Unreadable::kDamaged);
}

}  // namespace dbxes::parsers
