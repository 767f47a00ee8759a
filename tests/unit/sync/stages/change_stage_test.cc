// SPDX-License-Identifier: Apache-2.0
// The rules for applying a page of the change feed, entry by entry.
#include "sync/stages/change_stage.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/memory_file_system.h"

namespace dbxes::sync {
namespace {

constexpr delta::EntryKind kFile = delta::EntryKind::kFile;
constexpr delta::EntryKind kFolder = delta::EntryKind::kFolder;

delta::Entry At(delta::EntryKind kind, std::string_view id, std::string_view path) {
  delta::Entry entry;
  entry.kind = kind;
  entry.id = id;
  entry.path_lower = path;
  return entry;
}

struct Stage {
  explicit Stage(bool full)
      : pending(files, "pending"),
        seen(files, "seen"),
        sequence(100, 0),
        changes(pending, full ? &seen : nullptr, sequence) {
    pending.TrackCover();
    REQUIRE(pending.Open({}));
    REQUIRE(seen.Open({}));
  }

  // The ids that continue, each with a "!" when it must be written whatever the index holds.
  std::vector<std::string> Note(std::vector<delta::Entry> entries) {
    delta::Page page;
    page.entries = std::move(entries);
    std::vector<std::string> ids;
    for (const delta::Change& change : changes.Note(page)) {
      ids.push_back(std::string(change.entry->id) + (change.forced ? "!" : ""));
    }
    return ids;
  }
  // The deletions noted so far: path, "/" for a subtree, "-id" for the one that stays.
  std::vector<std::string> Pending() {
    std::vector<std::string> lines;
    REQUIRE(pending.ForEachBatch(100, [&](const std::vector<checkpoint::PendingDeletion>& batch) {
      for (const checkpoint::PendingDeletion& one : batch) {
        lines.push_back(one.path + (one.subtree ? "/" : "") +
                        (one.keep_id.empty() ? "" : "-" + one.keep_id));
      }
      return Result<void>();
    }));
    return lines;
  }

  MemoryFileSystem files;
  checkpoint::PendingDeletions pending;
  checkpoint::SeenIds seen;
  checkpoint::SyncSequence sequence;
  ChangeStage changes;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("in an incremental run every entry is a change that may have replaced something") {
  Stage stage(false);
  CHECK(stage.Note({At(kFile, "a", "/x"), At(kFolder, "b", "/y")}) == Lines{"a!", "b!"});
  CHECK(stage.Pending() == Lines{"/x/-a", "/y-b"});
}

TEST_CASE("a full listing notes deletions only where a place is taken twice") {
  Stage stage(true);
  CHECK(stage.Note({At(kFile, "a", "/x"), At(kFile, "b", "/y/z")}) == Lines{"a", "b"});
  CHECK(stage.Pending().empty());
  CHECK(stage.Note({At(kFile, "c", "/x")}) == Lines{"c!"});
  CHECK(stage.Pending() == Lines{"/x/-c"});
}

TEST_CASE("the third entry at a place survives the deletion that the second one noted") {
  // The deletion for the folder keeps the folder alone, and covers nothing under it: an unchanged
  // document of the file would be older than it.
  Stage stage(true);
  CHECK(stage.Note({At(kFile, "a", "/x"), At(kFolder, "b", "/x"), At(kFile, "c", "/x")}) ==
        Lines{"a", "b!", "c!"});
  CHECK(stage.Pending() == Lines{"/x-b", "/x/-c"});
}

TEST_CASE("what comes after a deletion that covers its place is written again") {
  Stage stage(true);
  delta::Entry deleted;
  deleted.kind = delta::EntryKind::kDeleted;
  deleted.path_lower = "/gone";
  CHECK(stage.Note({deleted, At(kFile, "a", "/gone/x"), At(kFile, "b", "/other")}) ==
        Lines{"a!", "b"});
  CHECK(stage.Pending() == Lines{"/gone/"});
}

TEST_CASE("of several entries with one id on a page the last one continues") {
  Stage stage(false);
  CHECK(stage.Note({At(kFile, "a", "/x"), At(kFile, "b", "/y"), At(kFile, "a", "/z")}) ==
        Lines{"b!", "a!"});
  CHECK(stage.Pending() == Lines{"/x/-a", "/y/-b", "/z/-a"});
}

TEST_CASE("entries of an unknown kind are counted and touch nothing") {
  Stage stage(false);
  CHECK(stage.Note({At(delta::EntryKind::kUnknown, "a", "/x")}).empty());
  CHECK(stage.Pending().empty());
  CHECK(stage.changes.unknown() == 1);
}

}  // namespace dbxes::sync
