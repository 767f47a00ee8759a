// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/path_table.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

#include "base/hash.h"

namespace dbxes::checkpoint {
namespace {

using Word = PathTable::Word;

constexpr int kIdBits = 24;
Word At(Word place, Word id) { return (place << kIdBits) | id; }

}  // namespace

TEST_CASE("a word has the bits of path and id") {
  const Word word = PathTable::MakeWord(Hash64("/a"), Hash64("id:1"), false);
  CHECK(word == PathTable::MakeWord(Hash64("/a"), Hash64("id:1"), false));
  CHECK(word != PathTable::MakeWord(Hash64("/a"), Hash64("id:2"), false));
  CHECK(PathTable::SamePlace(word, PathTable::MakeWord(Hash64("/a"), Hash64("id:2"), false)));
  CHECK_FALSE(PathTable::SamePlace(word, PathTable::MakeWord(Hash64("/b"), Hash64("id:1"), false)));
  CHECK_FALSE(PathTable::IsFolderMark(word));
  const Word mark = PathTable::MakeFolderMark(Hash64("/a"));
  CHECK(PathTable::IsFolderMark(mark));
  CHECK(PathTable::SamePlace(word, mark));
  CHECK(mark != 0);
}

TEST_CASE("a path returns its previous word") {
  PathTable table;
  CHECK(table.size() == 0);
  CHECK(table.Put(At(1, 7)) == 0);
  CHECK(table.Put(At(1, 7)) == At(1, 7));
  CHECK(table.Put(At(1, 8)) == At(1, 7));
  CHECK(table.Put(At(1, 7)) == At(1, 8));
  CHECK(table.Put(At(2, 7)) == 0);
  CHECK(table.size() == 2);
}

TEST_CASE("the mark of a folder is replaced, and replaces nothing") {
  PathTable table;
  CHECK(table.Put(At(1, 0)) == 0);
  CHECK(table.Put(At(1, 0)) == At(1, 0));
  CHECK(table.Put(At(1, 5)) == At(1, 0));
  CHECK(table.Put(At(1, 0)) == At(1, 5));
  CHECK(table.Put(At(1, 5)) == At(1, 5));
  CHECK(table.size() == 1);
}

TEST_CASE("places that share a slot stay apart, at the end of the table, too") {
  PathTable table;
  // The table begins with 1,024 slots; these all want the last one, and the search continues behind
  // it.
  for (Word i = 0; i < 200; ++i) CHECK(table.Put(At(1023 + 1024 * i, i + 1)) == 0);
  for (Word i = 0; i < 200; ++i)
    CHECK(table.Put(At(1023 + 1024 * i, i + 1)) == At(1023 + 1024 * i, i + 1));
  CHECK(table.size() == 200);
}

TEST_CASE("a table that grows keeps everything") {
  PathTable table;
  std::map<Word, Word> expected;
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    const Word place = 1 + random() % 60'000;
    const Word id = random() % 5;
    Word& stands = expected[place];
    REQUIRE(table.Put(At(place, id)) == stands);
    if (stands == 0 || id != 0) stands = At(place, id);
  }
  CHECK(table.size() == expected.size());
}

TEST_CASE("a cleared table is empty and can be filled again") {
  PathTable table;
  for (Word i = 1; i < 5000; ++i) table.Put(At(i, 1));
  table.Clear();
  CHECK(table.size() == 0);
  CHECK(table.Put(At(1, 1)) == 0);
}

TEST_CASE("a million paths share hardly a word") {
  PathTable table;
  int clashes = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const std::string number = std::to_string(i);
    if (table.Put(
            PathTable::MakeWord(Hash64("/folder/" + number), Hash64("id:" + number), false)) != 0)
      ++clashes;
  }
  CHECK(clashes <= 3);  // about one in two is expected among 2^40 places
}

TEST_CASE("more places than there are slots for stay apart, through every growth") {
  PathTable table;
  // Of whatever size the table is, these want one of its last three slots.
  const auto word = [](Word i) { return At((i / 3 + 1) << 22 | (0x3fffff - i % 3), i % 1000 + 1); };
  constexpr Word kPlaces = 5000;
  for (Word i = 0; i < kPlaces; ++i) {
    CHECK(table.Put(word(i)) == 0);
    // Others, so that the table grows meanwhile.
    for (Word j = 0; j < 4; ++j) CHECK(table.Put(At(Word{1} << 39 | (4 * i + j), 1)) == 0);
  }
  for (Word i = 0; i < kPlaces; ++i) CHECK(table.Put(word(i)) == word(i));
  for (Word i = 0; i < 4 * kPlaces; ++i) {
    CHECK(table.Put(At(Word{1} << 39 | i, 1)) == At(Word{1} << 39 | i, 1));
  }
  CHECK(table.size() == 5 * kPlaces);
}

}  // namespace dbxes::checkpoint
