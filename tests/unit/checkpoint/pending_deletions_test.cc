// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/pending_deletions.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/hash.h"
#include "support/memory_file_system.h"

namespace dbxes::checkpoint {
namespace {

using Strings = std::vector<std::string>;

constexpr char kPath[] = "/state/docs.pending";

std::string Describe(const PendingDeletion& deletion) {
  if (!deletion.id.empty()) return fmt::format("{}@{}", deletion.id, deletion.seq);
  return fmt::format("{}@{}{}{}", deletion.path, deletion.seq, deletion.subtree ? "/*" : "",
                     deletion.keep_id.empty() ? "" : " but " + deletion.keep_id);
}

// All deletions in batches of `size`: "a b|c".
Strings Batches(PendingDeletions& pending, std::size_t size) {
  Strings batches;
  const auto done =
      pending.ForEachBatch(size, [&](const std::vector<PendingDeletion>& batch) -> Result<void> {
        CHECK_FALSE(batch.empty());
        CHECK(batch.size() <= size);
        std::string line;
        for (const auto& deletion : batch) {
          line += (line.empty() ? "" : ", ") + Describe(deletion);
        }
        batches.push_back(line);
        return {};
      });
  REQUIRE_MESSAGE(done, done.error().message);
  return batches;
}

struct Pending {
  explicit Pending(bool track = false) {
    if (track) deletions.TrackCover();
    REQUIRE(deletions.Open({}));
  }
  MemoryFileSystem files;
  PendingDeletions deletions{files, kPath};
};

}  // namespace

TEST_CASE("deletions come back in the order noted, in batches") {
  Pending pending;
  pending.deletions.Add({"/a", 1, true, ""});
  pending.deletions.Add({"/b", 2, false, "id:1"});
  pending.deletions.Add({"/a", 3, true, ""});
  CHECK(Batches(pending.deletions, 2) == Strings{"/a@1/*, /b@2 but id:1", "/a@3/*"});
  CHECK(Batches(pending.deletions, 1) == Strings{"/a@1/*", "/b@2 but id:1", "/a@3/*"});
  CHECK(Batches(pending.deletions, 3) == Strings{"/a@1/*, /b@2 but id:1, /a@3/*"});
  CHECK(Batches(pending.deletions, 100).size() == 1);
}

TEST_CASE("deletions of an id come back beside those of places, and cover no place") {
  Pending pending(true);
  pending.deletions.Add(PendingDeletion::OfId("id:1", 1));
  pending.deletions.Add({"/b", 2, false, "id:1"});
  pending.deletions.Add(PendingDeletion::OfId("id:\"2", 3));
  CHECK(Batches(pending.deletions, 9) == Strings{"id:1@1, /b@2 but id:1, id:\"2@3"});
  CHECK_FALSE(pending.deletions.Covers("/a"));
  CHECK_FALSE(pending.deletions.Covers(""));
}

TEST_CASE("a run that deletes nothing makes no file") {
  Pending pending;
  CHECK(pending.deletions.empty());
  REQUIRE(pending.deletions.Sync());
  CHECK(Batches(pending.deletions, 10) == Strings());
  CHECK(pending.files.files().empty());
}

TEST_CASE("a path comes back as it was, whatever it holds") {
  Pending pending;
  const std::string paths[] = {"/new\nline", "/\"quote\\", "/\xf0\x9f\x98\x80",
                               std::string("/nul\0byte", 9), "/" + std::string(5000, 'x')};
  for (const std::string& path : paths) pending.deletions.Add({path, 1, true, ""});
  Strings seen;
  REQUIRE(pending.deletions.ForEachBatch(
      2, [&](const std::vector<PendingDeletion>& batch) -> Result<void> {
        for (const auto& deletion : batch) seen.push_back(deletion.path);
        return {};
      }));
  CHECK(seen == Strings(std::begin(paths), std::end(paths)));
}

TEST_CASE("a killed run's deletions are loaded, except those that no checkpoint counts") {
  Pending pending;
  pending.deletions.Add({"/a", 1, true, ""});
  REQUIRE(pending.deletions.Sync());
  const SideFileExtent counted = pending.deletions.extent();
  pending.deletions.Add({"/b", 2, true, ""});
  REQUIRE(pending.deletions.Sync());

  PendingDeletions resumed(pending.files, kPath);
  resumed.TrackCover();
  REQUIRE(resumed.Open(counted));
  CHECK_FALSE(resumed.empty());
  CHECK(resumed.Covers("/a/x"));
  CHECK_FALSE(resumed.Covers("/b"));
  resumed.Add({"/c", 3, true, ""});
  CHECK(Batches(resumed, 10) == Strings{"/a@1/*, /c@3/*"});
}

TEST_CASE("what was applied is forgotten") {
  Pending pending;
  pending.deletions.Add({"/a", 1, true, ""});
  REQUIRE(pending.deletions.Sync());
  REQUIRE(pending.deletions.Clear());
  CHECK(pending.deletions.empty());
  CHECK(pending.files.files().empty());
  pending.deletions.Add({"/b", 2, true, ""});
  CHECK(Batches(pending.deletions, 10) == Strings{"/b@2/*"});
}

TEST_CASE("a deletion covers its path and what is under it, and no other") {
  Pending pending(true);
  CHECK_FALSE(pending.deletions.Covers("/foo"));
  pending.deletions.Add({"/foo", 1, true, ""});
  pending.deletions.Add({"/a/b", 2, true, ""});
  pending.deletions.Add({"/place", 3, false, "id:1"});  // the place alone
  for (const char* path : {"/foo", "/foo/bar", "/foo/bar/baz", "/a/b", "/a/b/c"}) {
    CAPTURE(std::string(path));
    CHECK(pending.deletions.Covers(path));
  }
  for (const char* path :
       {"/foobar", "/fo", "/bar/foo", "/a", "/a/bc", "/a/c/b", "/place", "/place/x", "/", ""}) {
    CAPTURE(std::string(path));
    CHECK_FALSE(pending.deletions.Covers(path));
  }
}

TEST_CASE("without TrackCover nothing is covered") {
  Pending pending;
  pending.deletions.Add({"/foo", 1, true, ""});
  CHECK_FALSE(pending.deletions.Covers("/foo"));
}

TEST_CASE("lines across the borders of chunks are whole") {
  Pending pending(true);
  constexpr int kMany = 40'000;  // some three megabytes
  for (int i = 0; i < kMany; ++i) {
    pending.deletions.Add(
        {fmt::format("/folder/with/some/length/{:0{}}", i, 1 + i % 90), i, true, ""});
  }
  REQUIRE(pending.deletions.Sync());
  PendingDeletions resumed(pending.files, kPath);
  resumed.TrackCover();
  REQUIRE(resumed.Open(pending.deletions.extent()));
  int next = 0;
  REQUIRE(
      resumed.ForEachBatch(1000, [&](const std::vector<PendingDeletion>& batch) -> Result<void> {
        for (const auto& deletion : batch) {
          REQUIRE(deletion.path ==
                  fmt::format("/folder/with/some/length/{:0{}}", next, 1 + next % 90));
          REQUIRE(deletion.seq == next);
          REQUIRE(resumed.Covers(deletion.path + "/below"));
          ++next;
        }
        return {};
      }));
  CHECK(next == kMany);
}

TEST_CASE("the visitor may stop") {
  Pending pending;
  for (int i = 0; i < 10; ++i) pending.deletions.Add({"/a", i, true, ""});
  int batches = 0;
  const auto done =
      pending.deletions.ForEachBatch(3, [&](const std::vector<PendingDeletion>&) -> Result<void> {
        if (++batches == 2) return Fail(ErrorKind::kInterrupted, "stop");
        return {};
      });
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::kInterrupted);
  CHECK(batches == 2);
}

TEST_CASE("a line that is no deletion is a damaged file, even if its hash is right") {
  for (const std::string line :
       {"{}\n", "[]\n", "\n", "[\"/a\",1,true]\n", "[\"/a\",1,true,\"\",1]\n", "[1,1,true,\"\"]\n",
        "[\"/a\",\"1\",true,\"\"]\n", "[\"/a\",1.5,true,\"\"]\n", "[\"/a\",1,1,\"\"]\n",
        "[\"/a\",1,true,null]\n", "[\"/a\",1,true,\"\"\n", "[\"/a\",1,true,\"\"]"}) {
    CAPTURE(line);
    MemoryFileSystem files;
    files.files()[kPath] = line;
    PendingDeletions deletions(files, kPath);
    const auto opened = deletions.Open({line.size(), Hash64(line)});
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::kConfig);
    CHECK(opened.error().message.find(std::string("state file ") + kPath + " is damaged") == 0);
  }
}

}  // namespace dbxes::checkpoint
