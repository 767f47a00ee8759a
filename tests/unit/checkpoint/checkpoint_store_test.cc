// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/checkpoint_store.h"

#include <doctest/doctest.h>

#include <string>

#include "base/os/file_advice.h"
#include "checkpoint/folder_place.h"
#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace dbxes::checkpoint {
namespace {

struct Store {
  FakeClock clock;
  MemoryFileSystem files;
  FileProbe probe;
  FolderPlace place{files, probe, clock, "/state",
                    TargetFileName("https://es.example.org", "docs")};
  CheckpointStore store{place};
};

}  // namespace

TEST_CASE("the files of a target are next to each other") {
  Store world;
  const std::string base = "/state/" + TargetFileName("https://es.example.org", "docs");
  CHECK(world.store.checkpoint_path() == base + ".json");
  CHECK(world.store.seen_path() == base + ".seen");
  CHECK(world.store.pending_path() == base + ".pending");
  CHECK(world.store.failures_path() == base + ".failures.ndjson");
}

TEST_CASE("without a checkpoint there is nothing to load, and that is no error") {
  Store world;
  const auto loaded = world.store.Load();
  REQUIRE(loaded);
  CHECK_FALSE(loaded->has_value());
}

TEST_CASE("what was committed is loaded") {
  Store world;
  Checkpoint checkpoint;
  checkpoint.target = "one";
  REQUIRE(world.store.Commit(checkpoint));
  checkpoint.target = "two";
  REQUIRE(world.store.Commit(checkpoint));
  const auto loaded = world.store.Load();
  REQUIRE(loaded);
  REQUIRE(loaded->has_value());
  CHECK((*loaded)->target == "two");
  world.files.Crash();
  CHECK((*world.store.Load())->target == "two");
}

TEST_CASE("a damaged checkpoint is an error that names the file, never a fresh start") {
  Store world;
  REQUIRE(world.store.Commit({}));
  world.files.files().at(world.store.checkpoint_path()).pop_back();
  const auto loaded = world.store.Load();
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().kind == ErrorKind::kConfig);
  CHECK(loaded.error().message.find(world.store.checkpoint_path()) != std::string::npos);
  // An empty file is damage, too: nobody wrote that.
  world.files.files().at(world.store.checkpoint_path()).clear();
  CHECK_FALSE(world.store.Load());
}

TEST_CASE("a checkpoint that cannot be written leaves the last one") {
  Store world;
  Checkpoint checkpoint;
  checkpoint.target = "one";
  REQUIRE(world.store.Commit(checkpoint));
  world.files.FailAfter(world.files.changes());
  checkpoint.target = "two";
  const auto saved = world.store.Commit(checkpoint);
  REQUIRE_FALSE(saved);
  CHECK(saved.error().kind == ErrorKind::kConfig);
  CHECK(saved.error().message ==
        "saving the state: cannot write " + world.store.checkpoint_path() +
            ": No space left on device; make room there, or name another folder with --state-dir");
  CHECK((*world.store.Load())->target == "one");
}

TEST_CASE("advice about a state that cannot be saved follows the reason") {
  const auto message = [](std::string_view tag) {
    return CannotSave({.kind = ErrorKind::kInternal, .message = "no", .tag = std::string(tag)})
        .message;
  };
  CHECK(message(kForbiddenTag) ==
        "saving the state: no; make it writable for the user who runs dbx-es, or name another "
        "folder with --state-dir");
  CHECK(message("") == "saving the state: no; name another folder with --state-dir");
}

TEST_CASE("a checkpoint with the content of the file is not written again") {
  Store world;
  Checkpoint checkpoint;
  checkpoint.target = "one";
  REQUIRE(world.store.Commit(checkpoint));
  const std::uint64_t changes = world.files.changes();
  REQUIRE(world.store.Commit(checkpoint));
  CHECK(world.files.changes() == changes);

  CheckpointStore next{world.place};
  const auto loaded = next.Load();
  REQUIRE(loaded);
  REQUIRE(next.Commit(**loaded));
  CHECK(world.files.changes() == changes);
  checkpoint.target = "two";
  REQUIRE(next.Commit(checkpoint));
  CHECK(world.files.changes() > changes);
  CHECK((*next.Load())->target == "two");
}

TEST_CASE("after a checkpoint that could not be written, no content of the file is assumed") {
  Store world;
  Checkpoint checkpoint;
  checkpoint.target = "one";
  REQUIRE(world.store.Commit(checkpoint));
  world.files.FailAfter(world.files.changes());
  Checkpoint other;
  other.target = "two";
  REQUIRE_FALSE(world.store.Commit(other));
  // Who knows what the disk holds now.
  world.files.files().at(world.store.checkpoint_path()) = "half";
  world.files.FailAfter(~std::uint64_t{0});
  REQUIRE(world.store.Commit(checkpoint));
  CHECK((*world.store.Load())->target == "one");
}

}  // namespace dbxes::checkpoint
