// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/seen_ids.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/hash.h"
#include "support/memory_file_system.h"

namespace dbxes::checkpoint {
namespace {

using Place = SeenIds::Place;

constexpr char kPath[] = "/state/docs.seen";

struct Seen {
  Seen() { REQUIRE(ids.Open({})); }
  Place File(const std::string& id, const std::string& path) { return ids.Note(id, path, false); }
  Place Folder(const std::string& id, const std::string& path) { return ids.Note(id, path, true); }

  MemoryFileSystem files;
  SeenIds ids{files, kPath};
};

std::vector<std::uint64_t> Hashes(const std::vector<std::string>& ids) {
  std::vector<std::uint64_t> hashes;
  for (const std::string& id : ids) hashes.push_back(Hash64(id));
  std::sort(hashes.begin(), hashes.end());
  return hashes;
}

}  // namespace

TEST_CASE("an entry finds at its path the id that was noted there") {
  Seen seen;
  CHECK(seen.File("id:1", "/a") == Place::kFree);
  CHECK(seen.File("id:1", "/a") == Place::kRepeated);
  CHECK(seen.File("id:2", "/a") == Place::kOccupied);
  CHECK(seen.File("id:1", "/a") == Place::kOccupied);
  CHECK(seen.File("id:1", "/b") == Place::kFree);
  CHECK(seen.Folder("id:3", "/c") == Place::kFree);
  CHECK(seen.File("id:4", "/c") == Place::kOccupied);
  CHECK(seen.Folder("id:5", "/a") == Place::kOccupied);
}

TEST_CASE("what was announced is noted all the same, and only then") {
  Seen seen;
  const SeenIds::Key key = SeenIds::KeyOf("id:1", "/a");
  seen.ids.Expect(key);  // in a table that has no places yet
  CHECK(seen.File("id:2", "/b") == Place::kFree);
  seen.ids.Expect(key);
  CHECK(seen.ids.Note(key, "/a", false) == Place::kFree);
  CHECK(seen.File("id:1", "/a") == Place::kRepeated);
}

TEST_CASE("a folder that is known by its content is free for itself and occupied for a file") {
  Seen folder;
  CHECK(folder.File("id:1", "/a/b/c.txt") == Place::kFree);
  CHECK(folder.Folder("id:2", "/a/b") == Place::kFree);
  CHECK(folder.Folder("id:3", "/a") == Place::kFree);
  CHECK(folder.Folder("id:2", "/a/b") == Place::kRepeated);

  Seen file;
  CHECK(file.File("id:1", "/a/b/c.txt") == Place::kFree);
  CHECK(file.File("id:2", "/a/b") == Place::kOccupied);
  CHECK(file.File("id:3", "/a") == Place::kOccupied);
}

TEST_CASE("entries under a file mark it as a folder again") {
  Seen seen;
  CHECK(seen.File("id:1", "/a/b/1") == Place::kFree);
  CHECK(seen.File("id:2", "/a/b/2") == Place::kFree);
  CHECK(seen.File("id:b", "/a/b") == Place::kOccupied);
  CHECK(seen.File("id:3", "/a/b/3") == Place::kFree);
  // Not merely repeated: it replaces the entries under it.
  CHECK(seen.File("id:b", "/a/b") == Place::kOccupied);
  CHECK(seen.File("id:a", "/a") == Place::kOccupied);
  CHECK(seen.File("id:4", "/a/b/4") == Place::kFree);
  CHECK(seen.File("id:a", "/a") == Place::kOccupied);
}

TEST_CASE("folders are marked anew when a listing starts over") {
  Seen seen;
  CHECK(seen.File("id:1", "/a/1") == Place::kFree);
  REQUIRE(seen.ids.Open({}));
  CHECK(seen.File("id:2", "/a/2") == Place::kFree);
  CHECK(seen.File("id:a", "/a") == Place::kOccupied);
}

TEST_CASE("an entry without a path is counted, and occupies none") {
  Seen seen;
  CHECK(seen.File("id:1", "") == Place::kFree);
  CHECK(seen.File("id:1", "") == Place::kFree);
  CHECK(seen.ids.LoadSorted().value() == Hashes({"id:1"}));
}

TEST_CASE("the ids come sorted, each once, without the marks of folders") {
  Seen seen;
  for (const char* id : {"id:3", "id:1", "id:2"}) seen.File(id, std::string("/x/y/z/") + id);
  seen.File("id:1", "/x/y/z/id:1");  // again
  seen.File("id:1", "/moved");
  CHECK(seen.ids.LoadSorted().value() == Hashes({"id:1", "id:2", "id:3"}));
}

TEST_CASE("what rules exclude is not listed, unless it is noted again") {
  Seen seen;
  seen.File("id:1", "/1");
  seen.File("id:2", "/2");
  seen.File("id:3", "/3");
  seen.ids.NoteExcluded("id:2");
  seen.ids.NoteExcluded("id:3");
  CHECK(seen.File("id:3", "/3") == Place::kRepeated);
  CHECK(seen.ids.LoadSorted().value() == Hashes({"id:1", "id:3"}));
  CHECK(seen.ids.excluded().size() == 1);
  CHECK_FALSE(seen.ids.has_withdrawn());
}

TEST_CASE("an exclusion counts although the entry was noted at its place before") {
  Seen seen;
  seen.File("id:1", "/1");
  seen.File("id:1", "/1");
  seen.ids.NoteExcluded("id:1");
  CHECK(seen.ids.LoadSorted().value().empty());
  CHECK(seen.ids.excluded().size() == 1);
  CHECK(seen.ids.has_withdrawn());
}

TEST_CASE("the last word on an id counts, however often it changed") {
  Seen seen;
  seen.File("id:1", "/1");
  for (const char* path : {"/2", "/1", "/1"}) {
    seen.ids.NoteExcluded("id:1");
    seen.File("id:1", path);
  }
  seen.File("id:2", "/x");
  seen.ids.NoteExcluded("id:2");
  seen.File("id:2", "/y");
  seen.ids.NoteExcluded("id:2");
  CHECK(seen.ids.LoadSorted().value() == Hashes({"id:1"}));
  CHECK(seen.ids.excluded().size() == 1);
  CHECK_FALSE(seen.ids.has_withdrawn());
}

TEST_CASE("a killed listing continues with its exclusions") {
  Seen seen;
  seen.File("id:1", "/1");
  seen.ids.NoteExcluded("id:1");
  seen.File("id:2", "/2");
  REQUIRE(seen.ids.Sync());
  const SideFileExtent counted = seen.ids.extent();
  seen.ids.NoteExcluded("id:2");  // counted by no checkpoint
  REQUIRE(seen.ids.Sync());
  SeenIds resumed(seen.files, kPath);
  REQUIRE(resumed.Open(counted));
  CHECK(resumed.Note("id:1", "/1", false) == Place::kRepeated);
  resumed.NoteExcluded("id:1");
  CHECK(resumed.LoadSorted().value() == Hashes({"id:2"}));
  CHECK(resumed.excluded().size() == 1);
}

TEST_CASE("nothing seen is nothing listed") {
  Seen seen;
  CHECK(seen.ids.extent().bytes == 0);
  CHECK(seen.ids.LoadSorted().value().empty());
}

TEST_CASE("a killed listing continues with the part that its checkpoint counts") {
  Seen seen;
  seen.File("id:1", "/a/1");
  seen.File("id:2", "/a/2");
  REQUIRE(seen.ids.Sync());
  const SideFileExtent counted = seen.ids.extent();
  CHECK(counted.bytes == 3 * 16);  // two ids and the mark of their folder
  seen.File("id:3", "/a/3");
  REQUIRE(seen.ids.Sync());

  SeenIds resumed(seen.files, kPath);
  REQUIRE(resumed.Open(counted));
  CHECK(resumed.extent().bytes == counted.bytes);
  CHECK(resumed.Note("id:1", "/a/1", false) == Place::kRepeated);
  CHECK(resumed.Note("id:9", "/a/2", false) == Place::kOccupied);
  CHECK(resumed.Note("id:8", "/a", false) == Place::kOccupied);  // the mark was kept, too
  CHECK(resumed.Note("id:3", "/a/3", false) == Place::kFree);
  REQUIRE(resumed.Sync());
  CHECK(resumed.LoadSorted().value() == Hashes({"id:1", "id:2", "id:9", "id:8", "id:3"}));
}

TEST_CASE("a file that is shorter than its checkpoint says is no proof of anything") {
  Seen seen;
  seen.File("id:1", "/a");
  seen.File("id:2", "/b");
  REQUIRE(seen.ids.Sync());
  const SideFileExtent counted = seen.ids.extent();
  seen.files.files().at(kPath).resize(16);
  SeenIds resumed(seen.files, kPath);
  const auto opened = resumed.Open(counted);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().kind == ErrorKind::kConfig);
  CHECK(opened.error().message.find(kPath) != std::string::npos);
}

TEST_CASE("a file that changes while it is read again is no proof either") {
  Seen seen;
  seen.File("id:1", "/a");
  REQUIRE(seen.ids.Sync());
  seen.files.files().at(kPath)[3] ^= 1;
  const auto loaded = seen.ids.LoadSorted();
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().kind == ErrorKind::kConfig);
}

TEST_CASE("a large listing is the same before and after it was taken up again") {
  constexpr int kEntries = 150'000;  // several chunks of the file
  Seen seen;
  std::vector<std::string> ids;
  for (int i = 0; i < kEntries; ++i) {
    const std::string number = std::to_string(i);
    ids.push_back("id:" + number);
    seen.File(ids.back(), "/folder" + std::to_string(i % 100) + "/" + number);
  }
  REQUIRE(seen.ids.Sync());
  SeenIds resumed(seen.files, kPath);
  REQUIRE(resumed.Open(seen.ids.extent()));
  int repeated = 0;
  for (int i = 0; i < kEntries; ++i) {
    const std::string path = "/folder" + std::to_string(i % 100) + "/" + std::to_string(i);
    if (resumed.Note(ids[static_cast<std::size_t>(i)], path, false) == Place::kRepeated) ++repeated;
  }
  CHECK(repeated == kEntries);
  // Each is noted again, as rules may have excluded it in between.
  CHECK(resumed.extent().bytes == seen.ids.extent().bytes + kEntries * 16);
  CHECK(resumed.LoadSorted().value() == Hashes(ids));
}

TEST_CASE("the file goes when the listing is complete") {
  Seen seen;
  seen.File("id:1", "/a");
  REQUIRE(seen.ids.Sync());
  REQUIRE(seen.ids.Remove());
  CHECK(seen.files.files().count(kPath) == 0);
}

}  // namespace dbxes::checkpoint
