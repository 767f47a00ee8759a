// SPDX-License-Identifier: Apache-2.0
#include "sync/deletion/index_snapshot.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "support/sync_world.h"
#include "unit/elastic/world.h"

namespace dbxes::sync {
namespace {

void PutDocument(elastic::World& world, const std::string& id, const std::string& more) {
  const std::string source = fmt::format(R"({{"id":"{}","sync_version":1{}}})", id, more);
  world.elastic.Put("docs", id, source);
}

elastic::StoredDocument Stored(std::string_view fingerprint, std::string_view body = "") {
  elastic::StoredDocument stored;
  stored.found = true;
  stored.fingerprint = fingerprint;
  stored.body_fingerprint = body;
  stored.version.is_ours = true;
  return stored;
}

// A tree of 30 files in an index that is up to date, and empty books.
struct SyncedWorld : SyncWorld {
  SyncedWorld() {
    for (int i = 0; i < 30; ++i) tree().AddFile(fmt::format("/f{}", i), "x");
    tree().shares().AddReceivedFile("offer.docx", "offer");
    REQUIRE(Full().exit_code == ExitCode::kOk);
    REQUIRE(Difference() == "");
    elastic.ClearBooks();
  }
};

}  // namespace

TEST_CASE("a document is taken in the state that the index holds, once") {
  elastic::World world;
  PutDocument(world, "a", R"(,"sync_fingerprint":"00000000000000aa")");
  PutDocument(world, "b",
              R"(,"sync_fingerprint":"00000000000000aa","body_fingerprint":"00000000000000bb",)"
              R"("permissions_fingerprint":"00000000000000cc")");
  PutDocument(world, "c", R"(,"permissions_fingerprint":"by hand")");
  IndexSnapshot snapshot;
  REQUIRE(snapshot.Read(world.client, "docs", "id.keyword"));
  CHECK_FALSE(snapshot.Take("a", 0xab, 0));
  CHECK_FALSE(snapshot.Take("a", 0xaa, 1));
  CHECK_FALSE(snapshot.Take("z", 0xaa, 0));
  CHECK(snapshot.Take("a", 0xaa, 0) == 0u);
  CHECK_FALSE(snapshot.Take("a", 0xaa, 0));
  CHECK(snapshot.Take("b", 0xaa, 0xbb) == 0xccu);
  CHECK_FALSE(snapshot.AllAccounted());
  // A list that is not of our making is a list.
  CHECK(snapshot.Take("c", 0, 0).value_or(0) != 0);
  CHECK(snapshot.AllAccounted());
}

TEST_CASE("what is listed in another state is accounted for by what was looked up") {
  elastic::World world;
  PutDocument(world, "a", R"(,"sync_fingerprint":"00000000000000aa")");
  PutDocument(world, "b", "");
  IndexSnapshot snapshot;
  REQUIRE(snapshot.Read(world.client, "docs", "id.keyword"));
  snapshot.Account("a", Stored("00000000000000aa"));
  snapshot.Account("a", Stored("00000000000000aa"));
  CHECK_FALSE(snapshot.AllAccounted());
  // It has been written since, so it is not in the state of the snapshot any more.
  CHECK_FALSE(snapshot.Take("a", 0xaa, 0));
  snapshot.Account("b", Stored("", ""));
  CHECK(snapshot.AllAccounted());
}

TEST_CASE("what somebody else has changed is in no state, but accounted for") {
  elastic::World world;
  PutDocument(world, "a", R"(,"sync_fingerprint":"00000000000000aa")");
  PutDocument(world, "a", R"(,"sync_fingerprint":"00000000000000aa","path_lower":"/by hand")");
  IndexSnapshot snapshot;
  REQUIRE(snapshot.Read(world.client, "docs", "id.keyword"));
  CHECK_FALSE(snapshot.Take("a", 0xaa, 0));
  elastic::StoredDocument stored = Stored("00000000000000aa");
  stored.version.is_ours = false;
  snapshot.Account("a", stored);
  CHECK(snapshot.AllAccounted());
}

TEST_CASE("a snapshot that is cut short proves nothing, but knows what it knows") {
  elastic::World world;
  for (int i = 0; i < 25; ++i) PutDocument(world, fmt::format("{}", i), "");
  IndexSnapshot snapshot;
  REQUIRE(snapshot.Read(world.client, "docs", "id.keyword", {15, 10}));
  int taken = 0;
  for (int i = 0; i < 25; ++i) taken += snapshot.Take(fmt::format("{}", i), 0, 0) ? 1 : 0;
  CHECK(taken == 20);
  CHECK_FALSE(snapshot.AllAccounted());
}

TEST_CASE("documents that somebody copied under other ids are no snapshot") {
  elastic::World world;
  for (int i = 0; i < 40; ++i) PutDocument(world, fmt::format("{}", i), "");
  IndexSnapshot snapshot;
  REQUIRE(snapshot.Read(world.client, "docs", "id.keyword"));
  world.elastic.Put("docs", "copy", R"({"id":"not its _id"})");
  for (int i = 0; i < 20; ++i) {
    world.elastic.Put("docs", fmt::format("copy {}", i), fmt::format(R"({{"id":"c{}"}})", i));
  }
  const auto read = snapshot.Read(world.client, "docs", "id.keyword");
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == ErrorKind::kTemporary);
  CHECK_FALSE(snapshot.Take("1", 0, 0));
  CHECK_FALSE(snapshot.AllAccounted());
}

TEST_CASE("documents that have the id of another one are no snapshot") {
  elastic::World world;
  for (int i = 0; i < 40; ++i) PutDocument(world, fmt::format("{}", i), "");
  world.elastic.Put("docs", "copy", *world.elastic.Source("docs", "7"));
  IndexSnapshot snapshot;
  CHECK_FALSE(snapshot.Read(world.client, "docs", "id.keyword"));
  CHECK_FALSE(snapshot.Take("7", 0, 0));
  CHECK_FALSE(snapshot.AllAccounted());
}

TEST_CASE("a full sync into such a copy puts every document where it belongs") {
  SyncedWorld world;
  const std::string mappings = world.elastic.Mappings("docs");
  const auto documents = world.elastic.Documents("docs");
  world.elastic.DeleteIndex("docs");
  world.elastic.CreateIndex("docs", mappings);
  for (const auto& [id, source] : documents) world.elastic.Put("docs", "copy of " + id, source);
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

TEST_CASE("documents without an id are nobody's") {
  elastic::World world;
  world.elastic.Put("docs", "foreign", R"({"name":"x"})");
  IndexSnapshot snapshot;
  REQUIRE(snapshot.Read(world.client, "docs", "id.keyword"));
  CHECK(snapshot.AllAccounted());
}

TEST_CASE("a full sync of an unchanged tree looks nothing up but received files") {
  SyncedWorld world;
  const report::RunSummary second = world.Full();
  CHECK(second.exit_code == ExitCode::kOk);
  CHECK(second.counters.unchanged == 31);
  CHECK(world.elastic.writes().empty());
  CHECK(world.elastic.Requests("_mget") == 1);
  CHECK(world.elastic.Requests("/docs/_search") == 3);  // with the last sync_seq and write
  CHECK(world.Difference() == "");
}

TEST_CASE(
    "a full sync looks up what has changed, and searches for what is gone only if something is") {
  SyncedWorld world;
  world.tree().Overwrite("/f7", "y");
  world.tree().AddFile("/new", "z");
  report::RunSummary summary = world.Full();
  CHECK(summary.counters.updated == 1);
  CHECK(summary.counters.created == 1);
  CHECK(world.elastic.Requests("/docs/_search") == 3);  // with the last sync_seq and write
  CHECK(world.Difference() == "");

  world.elastic.ClearBooks();
  world.tree().Delete("/f8");
  summary = world.Full();
  CHECK(summary.counters.deleted == 1);
  CHECK(world.elastic.Requests("/docs/_search") > 1);
  CHECK(world.Difference() == "");
}

TEST_CASE("a document of another program that bears an id is found and deleted") {
  SyncedWorld world;
  world.elastic.Put("docs", "id:stray", R"({"id":"id:stray","name":"stray"})");
  CHECK(world.Full().counters.deleted == 1);
  CHECK(world.Difference() == "");
}

TEST_CASE("what the last run wrote counts, refreshed or not") {
  SyncedWorld world;
  world.tree().Move("/f3", "/g3");
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  // Back to what searches still show.
  world.tree().Move("/g3", "/f3");
  CHECK(world.Full().counters.updated == 1);
  CHECK(world.Difference() == "");
}

TEST_CASE("a snapshot that fails costs lookups and nothing else") {
  for (const int status : {400, 403, 404, 503}) {
    CAPTURE(status);
    SyncedWorld world;
    world.tree().Delete("/f8");
    world.tree().Overwrite("/f7", "y");
    ElasticFault fault;
    fault.route = "/docs/_search";
    fault.status = status;
    world.elastic.Inject(fault);
    const report::RunSummary summary = world.Full();
    CHECK(summary.exit_code == ExitCode::kOk);
    CHECK(summary.counters.deleted == 1);
    CHECK(summary.counters.updated == 1);
    CHECK(world.Difference() == "");
  }
}

TEST_CASE("a listing that starts over reads the index again") {
  sim::Options options;
  options.default_page_size = 10;
  SyncWorld world(options);
  for (int i = 0; i < 50; ++i) world.tree().AddFile(fmt::format("/f{}", i), "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  for (int i = 0; i < 50; i += 5) world.tree().Overwrite(fmt::format("/f{}", i), "y");
  world.dropbox().Inject(sim::Fault::EndpointError("files/list_folder/continue", "reset").Skip(2));
  world.elastic.ClearBooks();
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(world.elastic.writes().size() == 10);
  CHECK(world.elastic.Requests("/docs/_search") ==
        6);  // each time with the last sync_seq and write
  CHECK(world.Difference() == "");
}

}  // namespace dbxes::sync
