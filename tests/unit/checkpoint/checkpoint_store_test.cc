// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/checkpoint_store.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace dbxes::checkpoint {
namespace {

struct Store {
  FakeClock clock;
  MemoryFileSystem files;
  CheckpointStore store{files, "/state", TargetFileName("https://es.example.org", "docs")};
};

}  // namespace

TEST_CASE("a target has a unique name that contains the index") {
  const std::string name = TargetFileName("https://es.example.org", "docs");
  CHECK(name.substr(0, 5) == "docs-");
  CHECK(name.size() == 5 + 8);
  CHECK(name == TargetFileName("https://es.example.org", "docs"));
  std::set<std::string> names{name};
  for (const auto& [host, index] :
       {std::pair<std::string, std::string>{"https://es.example.org", "docs2"},
        {"https://es.example.com", "docs"},
        {"http://es.example.org", "docs"},
        {"https://es.example.org:9200", "docs"},
        {"", ""}}) {
    CHECK(names.insert(TargetFileName(host, index)).second);
  }
}

TEST_CASE("a name is one that any file system takes") {
  const std::string slashes = TargetFileName("h", "a/b c\n../d");
  CHECK(slashes.find_first_of("/ \n") == std::string::npos);
  CHECK(slashes != TargetFileName("h", "a_b_c_.._d"));
  const std::string long_name = TargetFileName("h", std::string(300, 'x'));
  CHECK(long_name.size() <= 120);
  CHECK(long_name != TargetFileName("h", std::string(301, 'x')));
}

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

TEST_CASE("a checkpoint with the content of the file is not written again") {
  Store world;
  Checkpoint checkpoint;
  checkpoint.target = "one";
  REQUIRE(world.store.Commit(checkpoint));
  const std::uint64_t changes = world.files.changes();
  REQUIRE(world.store.Commit(checkpoint));
  CHECK(world.files.changes() == changes);

  CheckpointStore next{world.files, "/state", TargetFileName("https://es.example.org", "docs")};
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

TEST_CASE("the error of a second run names the process that holds the target, and since when") {
  Store world;
  auto first = world.store.Lock(world.clock, 4711);
  REQUIRE(first);
  const auto second = world.store.Lock(world.clock, 4712);
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::kLocked);
  CHECK(second.error().message ==
        "another run holds this target (pid 4711, since 2026-08-05T10:00:01Z); nothing was done");
  CheckpointStore other(world.files, "/state", TargetFileName("https://es.example.org", "other"));
  CHECK(other.Lock(world.clock, 4713));
  first->reset();
  CHECK(world.store.Lock(world.clock, 4714));
}

TEST_CASE("a lock without a note is held, too") {
  Store world;
  const auto first = world.store.Lock(world.clock, 1);
  REQUIRE(first);
  for (auto& [path, content] : world.files.files()) content.clear();
  CHECK(world.store.Lock(world.clock, 2).error().message ==
        "another run holds this target (unknown process); nothing was done");
}

TEST_CASE("a folder that cannot be written is a matter of configuration") {
  Store world;
  world.files.FailAfter(0);
  const auto lock = world.store.Lock(world.clock, 1);
  REQUIRE_FALSE(lock);
  CHECK(lock.error().kind == ErrorKind::kConfig);
}

}  // namespace dbxes::checkpoint
