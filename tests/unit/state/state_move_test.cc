// SPDX-License-Identifier: Apache-2.0
#include "state/state_move.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "checkpoint/folder_place.h"
#include "support/memory_file_system.h"
#include "unit/state/state_world.h"

namespace dbxes::state {
namespace {

constexpr char kBase[] = "/state/docs-1";
constexpr const char* kParts[] = {".id",       ".json", ".seen", ".pending", ".failures.ndjson",
                                  ".runs.json"};

struct MoveWorld {
  // A folder with a state of a full sync under way.
  MoveWorld() {
    for (const char* part : kParts) files.files()[std::string(kBase) + part] = Text(part);
  }
  static std::string Text(const std::string& part) {
    return part == ".seen" ? std::string(2'500'000, '\xF1') : "the part " + part;
  }
  Result<void> Move(bool to_cluster) {
    checkpoint::FolderPlace folder(files, probe, cluster.clock, "/state", "docs-1");
    Machine machine(cluster);
    return to_cluster ? MoveState(folder, *machine.place, 1) : MoveState(*machine.place, folder, 1);
  }
  // As a run does that uses the state in the cluster.
  void WriteInCluster(const std::vector<std::pair<std::string, std::string>>& parts) {
    Machine machine(cluster);
    REQUIRE(machine.place->Take(1));
    for (const auto& [part, text] : parts) REQUIRE(machine.Put(part, text));
    REQUIRE(machine.place->GiveBack());
  }
  std::size_t InFolder() {
    std::size_t count = 0;
    for (const char* part : kParts) count += files.files().count(std::string(kBase) + part);
    return count;
  }

  Cluster cluster;
  MemoryFileSystem files;
  FileProbe probe;
};

}  // namespace

TEST_CASE("a state is moved to the cluster and back, with all of its parts") {
  MoveWorld world;
  REQUIRE(world.Move(/*to_cluster=*/true));
  CHECK(world.InFolder() == 0);
  {
    Machine machine(world.cluster);
    REQUIRE(machine.place->Open());
    for (const char* part : kParts) CHECK(machine.Get(part) == MoveWorld::Text(part));
    CHECK_FALSE(machine.place->HeldBy()->has_value());
  }
  REQUIRE(world.Move(/*to_cluster=*/false));
  for (const char* part : kParts) {
    CHECK(world.files.files().at(std::string(kBase) + part) == MoveWorld::Text(part));
  }
  Machine machine(world.cluster);
  REQUIRE(machine.place->Open());
  for (const char* part : kParts) CHECK(machine.Get(part) == "none");
  CHECK(world.cluster.elastic.Documents(kStateIndex).size() == 1);
}

TEST_CASE("without a state there is nothing to move") {
  MoveWorld world;
  world.files.files().clear();
  const auto moved = world.Move(/*to_cluster=*/false);
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == ErrorKind::kConfig);
  CHECK(moved.error().message.find("there is no state in dbx-es-docs") != std::string::npos);
}

TEST_CASE("a state that is there already is not moved again") {
  MoveWorld world;
  CHECK(world.Move(/*to_cluster=*/false));
  CHECK(world.InFolder() == 6);
}

TEST_CASE("a move that was interrupted and is repeated keeps what runs wrote since") {
  MoveWorld world;
  const std::string checkpoint = std::string(kBase) + ".json";
  world.files.files()[checkpoint] = R"({"sync_seq_reserved":7})";
  const auto before = world.files.files();
  REQUIRE(world.Move(/*to_cluster=*/true));
  // Killed before it removed anything; then a run used either of them.
  world.files.files() = before;
  SUBCASE("the new place") {
    world.WriteInCluster({{".json", R"({"sync_seq_reserved":8})"}});
    REQUIRE(world.Move(/*to_cluster=*/true));
    Machine machine(world.cluster);
    REQUIRE(machine.place->Open());
    CHECK(machine.Get(".json") == R"({"sync_seq_reserved":8})");
  }
  SUBCASE("the old place") {
    world.files.files()[checkpoint] = R"({"sync_seq_reserved":9})";
    REQUIRE(world.Move(/*to_cluster=*/true));
    Machine machine(world.cluster);
    REQUIRE(machine.place->Open());
    CHECK(machine.Get(".json") == R"({"sync_seq_reserved":9})");
  }
  CHECK(world.InFolder() == 0);
}

TEST_CASE("another state is never overwritten") {
  MoveWorld world;
  world.WriteInCluster({{".id", "another"}, {".json", "another"}});
  const auto moved = world.Move(/*to_cluster=*/true);
  REQUIRE_FALSE(moved);
  CHECK(moved.error().message.find("there is another state") != std::string::npos);
  CHECK(world.InFolder() == 6);
  Machine machine(world.cluster);
  REQUIRE(machine.place->Open());
  CHECK(machine.Get(".json") == "another");
}

TEST_CASE("what a run left that wrote nothing is no state") {
  MoveWorld world;
  world.WriteInCluster({{".id", "another"}, {".runs.json", "[]"}});
  REQUIRE(world.Move(/*to_cluster=*/true));
  Machine machine(world.cluster);
  REQUIRE(machine.place->Open());
  for (const char* part : kParts) CHECK(machine.Get(part) == MoveWorld::Text(part));
  CHECK(world.InFolder() == 0);
}

TEST_CASE("a state that a run holds is not moved") {
  MoveWorld world;
  checkpoint::FolderPlace run(world.files, world.probe, world.cluster.clock, "/state", "docs-1");
  REQUIRE(run.Take(7));
  const auto moved = world.Move(/*to_cluster=*/true);
  REQUIRE_FALSE(moved);
  CHECK(moved.error().kind == ErrorKind::kLocked);
  CHECK(world.InFolder() == 6);
}

TEST_CASE("a move that fails anywhere is repeated without a loss") {
  for (const bool to_cluster : {true, false}) {
    bool failed = true;
    for (int requests = 0; failed; ++requests) {
      CAPTURE(to_cluster);
      CAPTURE(requests);
      MoveWorld world;
      if (!to_cluster) REQUIRE(world.Move(true));
      world.cluster.elastic.Inject(
          {ElasticFault::Kind::kRefused, "", requests, -1, 503, "", {}, {}, "", ""});
      failed = !world.Move(to_cluster);
      world.cluster.elastic.ClearFaults();
      if (failed) REQUIRE(world.Move(to_cluster));
      Machine machine(world.cluster);
      REQUIRE(machine.place->Open());
      for (const char* part : kParts) {
        const std::string path = std::string(kBase) + part;
        CHECK((to_cluster ? machine.Get(part) : world.files.files().at(path)) ==
              MoveWorld::Text(part));
        CHECK((to_cluster ? world.files.files().count(path) == 0 : machine.Get(part) == "none"));
      }
    }
  }
}

TEST_CASE("a move to a full disk leaves the state in the cluster") {
  MoveWorld world;
  REQUIRE(world.Move(true));
  world.files.FailAfter(world.files.changes() + 4);
  CHECK_FALSE(world.Move(false));
  world.files.FailAfter(~std::uint64_t{0});
  REQUIRE(world.Move(false));
  for (const char* part : kParts) {
    CHECK(world.files.files().at(std::string(kBase) + part) == MoveWorld::Text(part));
  }
}

}  // namespace dbxes::state
