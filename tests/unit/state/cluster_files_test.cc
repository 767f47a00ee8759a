// SPDX-License-Identifier: Apache-2.0
#include "state/cluster_files.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/hash.h"
#include "checkpoint/seen_ids.h"
#include "checkpoint/side_file.h"
#include "unit/state/state_world.h"

namespace dbxes::state {
namespace {

// Bytes that are no text, and different everywhere.
std::string Bytes(std::size_t size, std::uint64_t seed = 1) {
  std::string bytes;
  while (bytes.size() < size) bytes += ToHex64(Hash64(fmt::format("{}-{}", seed, bytes.size())));
  bytes.resize(size);
  for (std::size_t at = 0; at < size; at += 7) bytes[at] = static_cast<char>(0xF0 + at % 16);
  return bytes;
}

struct Held {
  Held() { REQUIRE(machine.place->Take(1)); }
  std::string Path(const std::string& part) { return machine.place->base() + part; }
  DurableFiles& files() { return machine.place->files(); }
  // The documents besides the state.
  std::size_t Chunks() { return cluster.elastic.Documents(kStateIndex).size() - 1; }
  std::size_t Longest() {
    std::size_t longest = 0;
    for (const auto& [id, source] : cluster.elastic.Documents(kStateIndex)) {
      longest = std::max(longest, source.size());
    }
    return longest;
  }
  // What another run finds, after this one was killed.
  std::string Found(const std::string& part) {
    Machine next(cluster, "next");
    REQUIRE(next.place->Open());
    return next.Get(part);
  }

  Cluster cluster;
  Machine machine{cluster};
};

}  // namespace

TEST_CASE("a part is replaced as a whole, whatever its size") {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, ClusterFiles::kInline, ClusterFiles::kInline + 1,
        StateIndex::kChunk, StateIndex::kChunk + 70'000, 3 * StateIndex::kChunk + 1}) {
    CAPTURE(size);
    Held held;
    const std::string first = Bytes(size);
    REQUIRE(held.files().ReplaceFile(held.Path(".json"), first, 0600));
    CHECK(held.files().ReadFile(held.Path(".json")) == first);
    CHECK(held.Found(".json") == "none");
    REQUIRE(held.machine.place->Flush());
    CHECK(held.Found(".json") == first);
    REQUIRE(held.files().ReplaceFile(held.Path(".json"), "second", 0600));
    CHECK(held.Found(".json") == first);
    CHECK(held.Longest() < 1'500'000);
    REQUIRE(held.machine.place->GiveBack());
    CHECK(held.Found(".json") == "second");
    CHECK(held.Chunks() == 0);
  }
}

TEST_CASE("a part grows by pieces of any size and is read from anywhere") {
  for (const std::size_t piece : {std::size_t{16}, std::size_t{30'000}, std::size_t{700'000}}) {
    CAPTURE(piece);
    Held held;
    const std::size_t size = piece == 16 ? 40'000 : 2'500'000;
    const std::string all = Bytes(size / piece * piece);
    auto file = held.files().OpenAppend(held.Path(".seen"), 0);
    REQUIRE(file);
    for (std::size_t at = 0; at < all.size(); at += piece) {
      REQUIRE((*file)->Append(all.substr(at, piece)));
      REQUIRE((*file)->Sync());
      if (at % (8 * piece) == 0) REQUIRE(held.machine.place->Flush());
    }
    CHECK((*file)->Size() == all.size());
    CHECK(held.files().ReadFile(held.Path(".seen")) == all);
    for (const std::size_t at : {std::size_t{0}, std::size_t{1}, all.size() / 2, all.size() - 1}) {
      CHECK(held.files().ReadRange(held.Path(".seen"), at, 1000) == all.substr(at, 1000));
    }
    CHECK(held.files().ReadRange(held.Path(".seen"), all.size(), 10) == "");
    REQUIRE(held.machine.place->Flush());
    CHECK(held.Found(".seen") == all);
    CHECK(held.Longest() < 1'500'000);
    // Small chunks are put together.
    REQUIRE(held.machine.place->GiveBack());
    CHECK(held.Chunks() <= all.size() / StateIndex::kChunk + StateIndex::kChunk / 16'000 + 1);
  }
}

TEST_CASE("a part is cut where a checkpoint ends, and grows from there") {
  const std::string all = Bytes(2'300'000);
  for (const std::size_t kept : {std::size_t{0}, std::size_t{5}, std::size_t{100'000},
                                 StateIndex::kChunk, StateIndex::kChunk + 9, all.size()}) {
    CAPTURE(kept);
    Held held;
    {
      auto file = held.files().OpenAppend(held.Path(".seen"), 0);
      for (std::size_t at = 0; at < all.size(); at += 100'000) {
        REQUIRE((*file)->Append(all.substr(at, 100'000)));
      }
      REQUIRE(held.machine.place->Flush());
    }
    auto file = held.files().OpenAppend(held.Path(".seen"), kept);
    REQUIRE(file);
    REQUIRE((*file)->Append("and more"));
    REQUIRE((*file)->Sync());
    CHECK(held.files().ReadFile(held.Path(".seen")) == all.substr(0, kept) + "and more");
    // The checkpoint that counts the long one holds until another one is saved.
    CHECK(held.Found(".seen") == all);
    REQUIRE(held.machine.place->GiveBack());
    CHECK(held.Found(".seen") == all.substr(0, kept) + "and more");
  }
}

TEST_CASE("a part that is shorter than a checkpoint says is an error") {
  Held held;
  REQUIRE(held.files().ReplaceFile(held.Path(".seen"), "short", 0600));
  CHECK_FALSE(held.files().OpenAppend(held.Path(".seen"), 6));
  CHECK_FALSE(held.files().OpenAppend(held.Path(".pending"), 1));
}

TEST_CASE("a chunk that somebody deleted is damage that names the state") {
  Held held;
  checkpoint::SideFile file(held.files(), held.Path(".seen"));
  REQUIRE(file.Open({}, 1, [](std::string_view) { return Result<void>(); }));
  file.Append(Bytes(100'000));
  REQUIRE(file.Sync());
  REQUIRE(held.machine.place->Flush());
  for (const auto& [id, source] : held.cluster.elastic.Documents(kStateIndex)) {
    if (id != "state") held.cluster.elastic.Delete(kStateIndex, id);
  }
  Machine next(held.cluster, "next");
  REQUIRE(next.place->Open());
  const auto damaged =
      checkpoint::SideFile(next.place->files(), held.Path(".seen")).Verify(file.extent());
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().kind == ErrorKind::kConfig);
  CHECK(damaged.error().message.find("delete the index dbx-es-docs") != std::string::npos);
}

TEST_CASE("what is removed is gone, and removing it again is no error") {
  Held held;
  REQUIRE(held.files().ReplaceFile(held.Path(".pending"), Bytes(200'000), 0600));
  REQUIRE(held.machine.place->Flush());
  CHECK(held.Chunks() == 1);
  REQUIRE(held.files().Remove(held.Path(".pending")));
  REQUIRE(held.files().Remove(held.Path(".pending")));
  const auto gone = held.files().ReadFile(held.Path(".pending"));
  REQUIRE_FALSE(gone);
  CHECK(gone.error().kind == ErrorKind::kNotFound);
  REQUIRE(held.machine.place->GiveBack());
  CHECK(held.Found(".pending") == "none");
  CHECK(held.Chunks() == 0);
}

TEST_CASE("seen ids are the same in the cluster as in a folder") {
  Held held;
  checkpoint::SideFileExtent extent;
  {
    checkpoint::SeenIds seen(held.files(), held.Path(".seen"));
    REQUIRE(seen.Open({}));
    for (int i = 0; i < 5000; ++i) {
      seen.Note(fmt::format("id:{}", i), fmt::format("/{}", i), false);
      if (i % 500 == 0) REQUIRE(seen.Sync());
    }
    REQUIRE(seen.Sync());
    extent = seen.extent();
    seen.Note("id:later", "/later", false);
    REQUIRE(seen.Sync());
    REQUIRE(held.machine.place->Flush());
  }
  Machine next(held.cluster, "next");
  REQUIRE(next.place->Take(2));
  checkpoint::SeenIds seen(next.place->files(), next.place->base() + ".seen");
  REQUIRE(seen.Open(extent));
  const auto ids = seen.LoadSorted();
  REQUIRE(ids);
  CHECK(ids->size() == 5000);
}

TEST_CASE("what is no chunk is not deleted as one that a killed run left") {
  Held held;
  held.cluster.elastic.Put(kStateIndex, "theirs", R"({"epoch":0})");
  held.cluster.elastic.Put(kStateIndex, "chunk-dead-0", R"({"epoch":0,"chunk":"AA=="})");
  Machine next(held.cluster, "next");
  REQUIRE(next.place->Take(2));
  REQUIRE(next.place->GiveBack());
  const auto left = held.cluster.elastic.Documents(kStateIndex);
  CHECK(left.contains("theirs"));
  CHECK_FALSE(left.contains("chunk-dead-0"));
  CHECK(left.contains("state"));
}

TEST_CASE("garbage that cannot be deleted waits for the next run") {
  Held held;
  REQUIRE(held.files().ReplaceFile(held.Path(".pending"), Bytes(200'000), 0600));
  REQUIRE(held.machine.place->Flush());
  REQUIRE(held.files().Remove(held.Path(".pending")));
  held.cluster.elastic.Inject(
      {ElasticFault::Kind::kItemStatus, "_bulk", 0, 1, 503, "", {}, {}, "x", "y"});
  CHECK(held.machine.place->GiveBack());
  CHECK(held.Chunks() == 1);
  Machine next(held.cluster, "next");
  REQUIRE(next.place->Take(2));
  REQUIRE(next.place->GiveBack());
  CHECK(held.Chunks() == 0);
}

}  // namespace dbxes::state
