// SPDX-License-Identifier: Apache-2.0
// Somebody else writes to the index at the same time: another dbx-es, another program, or an
// attempt of ours that a proxy held back. Nothing is written over what was not read, nothing is
// deleted that somebody saw later, and the run that noticed it ends with the right index.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <string>
#include <utility>

#include "base/json/json.h"
#include "support/permission_oracle.h"
#include "support/state_text.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

using sim::MemberKind;

// `happen` once, just before the next write to the document.
template <class World>
void BeforeWriteOf(World& world, const std::string& id, std::function<void()> happen) {
  world.elastic.before_write = [id, happen = std::move(happen),
                                done = false](const FakeBulkOperation& operation) mutable {
    if (operation.id != id || std::exchange(done, true)) return;
    happen();
  };
}

// A document of the index with other values in some fields.
std::string Changed(const std::string& source, const std::string& patch) {
  auto json = ParseJson(source, "a document");
  const auto changes = ParseJson(patch, "a patch");
  REQUIRE(json);
  REQUIRE(changes);
  MergeJson(*json, *changes, json->GetAllocator());
  return JsonText(*json);
}

template <class World>
void Patch(World& world, const std::string& id, const std::string& patch) {
  world.elastic.Put("docs", id, Changed(*world.elastic.Source("docs", id), patch));
}

// Two files that the index has, and that have changed in Dropbox since.
struct TwoChanges : SyncWorld {
  TwoChanges() {
    id = tree().AddFile("/a.txt", "one");
    tree().AddFile("/b.txt", "one");
    REQUIRE(Full().message == "");
    tree().Overwrite("/a.txt", "two");
    tree().Overwrite("/b.txt", "two");
  }
  std::string id;  // of the first
};

}  // namespace

TEST_CASE("a document that somebody else changes between lookup and write is decided on again") {
  TwoChanges world;
  const std::string& id = world.id;
  SUBCASE("changed") {
    BeforeWriteOf(world, id, [&] { Patch(world, id, R"({"content_hash":"x","size":7})"); });
  }
  SUBCASE("deleted") {
    BeforeWriteOf(world, id, [&] { world.elastic.Delete("docs", id); });
  }
  SUBCASE("deleted and created again") {
    BeforeWriteOf(world, id, [&] {
      world.elastic.Delete("docs", id);
      world.elastic.Put("docs", id, R"({"id":"x","name":"old"})");
    });
  }
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(summary.counters.failed == 0);
  CHECK(world.elastic.Source("docs", id)->find("\"size\":3") != std::string::npos);
  CHECK(FailuresText(world) == "");
  // What a foreign document has beside ours is not our business.
  if (world.elastic.Source("docs", id)->find("old") == std::string::npos) {
    CHECK(world.Difference() == "");
  }
  CHECK(world.Incremental().counters.elasticsearch_requests == 0);
}

TEST_CASE("a document that somebody else creates between lookup and write is decided on again") {
  SyncWorld world;
  world.tree().AddFile("/b.txt", "one");
  SUBCASE("in a new index") {}
  SUBCASE("in one that is there") { REQUIRE(world.Full().message == ""); }
  const std::string id = world.tree().AddFile("/a.txt", "one");
  BeforeWriteOf(world, id, [&] { world.elastic.Put("docs", id, R"({"sync_seq":5,"size":9})"); });
  CHECK(world.Full().message == "");
  CHECK(world.Difference() == "");
  CHECK(FailuresText(world) == "");
}

TEST_CASE("what is changed each time is a failure in the end, and the next run tries it again") {
  TwoChanges world;
  const std::string& id = world.id;
  int size = 100;
  world.elastic.before_write = [&](const FakeBulkOperation& operation) {
    if (operation.id == id) Patch(world, id, fmt::format(R"({{"size":{}}})", ++size));
  };
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  CHECK(summary.counters.failed == 1);
  REQUIRE(summary.failures.size() == 1);
  CHECK(summary.failures[0].id == id);
  CHECK(summary.failures[0].status == 409);
  CHECK(size < 110);
  world.elastic.before_write = nullptr;
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
  CHECK(FailuresText(world) == "");
}

TEST_CASE("what Dropbox says nothing of when it is decided on again fails alone") {
  TwoChanges world;
  const std::string& id = world.id;
  BeforeWriteOf(world, id, [&] { Patch(world, id, R"({"content_hash":"x","size":7})"); });
  world.dropbox().Inject(
      sim::Fault::Status("files/get_metadata", 403, "<html>").Times(0).Matching(id));
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  REQUIRE(summary.failures.size() == 1);
  CHECK(summary.failures[0].id == id);
  CHECK(summary.failures[0].status == 403);
  world.dropbox().faults().Clear();
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("a run that is stopped before it decides again leaves that to the next one") {
  SyncWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "one");
  REQUIRE(world.Full().message == "");
  world.tree().Overwrite("/a.txt", "two");
  bool changed = false;
  BeforeWriteOf(world, id, [&] {
    Patch(world, id, R"({"size":7})");
    changed = true;
  });
  SUBCASE("stopped") {
    const std::uint64_t asked = world.dropbox().Count("files/get_metadata");
    world.stop_signal = [&, asked] {
      return changed && world.dropbox().Count("files/get_metadata") > asked ? 15 : 0;
    };
  }
  SUBCASE("Dropbox fails") {
    world.dropbox().Inject(sim::Fault::Status("files/get_metadata", 400).Times(0));
  }
  CHECK(world.Incremental().exit_code != ExitCode::kOk);
  world.stop_signal = [] { return 0; };
  world.dropbox().faults().Clear();
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("what somebody else writes while a full sync lists is not swept") {
  SyncWorld world;
  for (int i = 0; i < 5; ++i) world.tree().AddFile(fmt::format("/{}.txt", i), "x");
  const std::string stale = world.tree().AddFile("/stale.txt", "x");
  REQUIRE(world.Full().message == "");
  const std::string old = *world.elastic.Source("docs", stale);
  world.tree().Delete("/stale.txt");
  world.elastic.Put("docs", "id:gone", R"({"id":"id:gone","sync_seq":5,"path_lower":"/gone"})");
  world.elastic.Put("docs", "id:foreign", R"({"id":"id:foreign"})");
  // The other one has seen a file that our listing does not have any more, or not yet.
  const std::uint64_t listed = world.dropbox().Count("files/list_folder");
  bool written = false;
  world.stop_signal = [&] {
    if (!written && world.dropbox().Count("files/list_folder") > listed) {
      written = true;
      world.elastic.Put("docs", "id:later",
                        Changed(old, fmt::format(R"({{"id":"id:later","sync_seq":{}}})",
                                                 world.clock.WallMicros() + 1'000'000'000)));
    }
    return 0;
  };
  const report::RunSummary summary = world.Full();
  CHECK(summary.message == "");
  CHECK(written);
  CHECK(world.elastic.Source("docs", "id:later"));
  CHECK_FALSE(world.elastic.Source("docs", stale));
  CHECK_FALSE(world.elastic.Source("docs", "id:gone"));
  CHECK_FALSE(world.elastic.Source("docs", "id:foreign"));
  CHECK(summary.counters.deleted == 3);
  // A listing that began later has the last word.
  world.clock.Advance(std::chrono::hours(1));
  CHECK(world.Full().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("a listing that is resumed spares what was written since it continued") {
  sim::Options options;
  options.default_page_size = 10;
  SyncWorld world(options);
  world.config.elasticsearch.bulk_max_actions = 10;
  for (int i = 0; i < 100; ++i) world.tree().AddFile(fmt::format("/{}.txt", i), "x");
  const std::string stale = world.tree().AddFile("/stale.txt", "x");
  REQUIRE(world.Full().message == "");
  const std::string old = *world.elastic.Source("docs", stale);
  world.tree().Delete("/stale.txt");
  const auto put_later = [&](const std::string& id) {
    world.elastic.Put("docs", id,
                      Changed(old, fmt::format(R"({{"id":"{}","sync_seq":{}}})", id,
                                               world.clock.WallMicros() + 1'000'000)));
  };
  world.clock.Advance(std::chrono::hours(1));
  const std::uint64_t before = world.dropbox().Count("files/list_folder/continue");
  world.stop_signal = [&] {
    return world.dropbox().Count("files/list_folder/continue") > before + 4 ? 15 : 0;
  };
  REQUIRE(world.Full().exit_code == ExitCode::kTerminated);
  // The continued listing would show its file, were it still there.
  put_later("id:between");
  world.clock.Advance(std::chrono::hours(1));
  const std::uint64_t continued = world.dropbox().Count("files/list_folder/continue");
  bool written = false;
  world.stop_signal = [&] {
    if (!written && world.dropbox().Count("files/list_folder/continue") > continued) {
      written = true;
      put_later("id:later");
    }
    return 0;
  };
  const report::RunSummary summary = world.Full();
  CHECK(summary.message == "");
  CHECK(summary.counters.entries < 101);
  CHECK(written);
  CHECK(world.elastic.Source("docs", "id:later"));
  CHECK_FALSE(world.elastic.Source("docs", "id:between"));
  CHECK_FALSE(world.elastic.Source("docs", stale));
}

TEST_CASE("received files: a sweep spares what somebody else has written since they were listed") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "x");
  world.tree().shares().AddReceivedFile("r.txt", "x");
  REQUIRE(world.Full().message == "");
  const std::string other = world.tree().shares().AddReceivedFile("s.txt", "x");
  REQUIRE(world.Incremental().message == "");
  const std::string source = *world.elastic.Source("docs", other);
  world.elastic.Put("docs", "id:old", Changed(source, R"({"id":"id:old","sync_seq":5})"));
  world.elastic.Put("docs", "id:later",
                    Changed(source, fmt::format(R"({{"id":"id:later","sync_seq":{}}})",
                                                world.clock.WallMicros() + 1'000'000'000)));
  world.tree().shares().AddReceivedFile("t.txt", "x");
  CHECK(world.Incremental().message == "");
  CHECK(world.elastic.Source("docs", "id:later"));
  CHECK_FALSE(world.elastic.Source("docs", "id:old"));
}

TEST_CASE("a received file that somebody else changes meanwhile is written again") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "x");
  const std::string id = world.tree().shares().AddReceivedFile("r.txt", "x");
  BeforeWriteOf(world, id, [&] { world.elastic.Put("docs", id, R"({"id":"x","size":77})"); });
  SUBCASE("in a full sync") { CHECK(world.Full().message == ""); }
  SUBCASE("in an incremental one") {
    world.elastic.before_write = nullptr;
    REQUIRE(world.Full().message == "");
    const std::string added = world.tree().shares().AddReceivedFile("s.txt", "x");
    BeforeWriteOf(world, added,
                  [&] { world.elastic.Put("docs", added, R"({"id":"x","size":77})"); });
    CHECK(world.Incremental().message == "");
  }
  CHECK(world.Difference() == "");
  CHECK(FailuresText(world) == "");
}

TEST_CASE("a sweep deletes what its search found, and nothing that was written since") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "x");
  const std::string id = world.tree().AddFile("/gone.txt", "x");
  REQUIRE(world.Full().message == "");
  world.tree().Delete("/gone.txt");
  const std::uint64_t asked = world.dropbox().Count("files/get_metadata");
  std::uint64_t questions = 1;
  SUBCASE("it is gone from Dropbox all the same") {
    questions = 2;  // by its id, and by its path
    BeforeWriteOf(world, id, [&] { Patch(world, id, R"({"size":7})"); });
    CHECK(world.Full().message == "");
    CHECK_FALSE(world.elastic.Source("docs", id));
  }
  SUBCASE("it is there again") {
    BeforeWriteOf(world, id, [&] {
      world.tree().Restore("/gone.txt");
      Patch(world, id, R"({"size":7})");
    });
    CHECK(world.Full().message == "");
    CHECK(world.elastic.Source("docs", id));
  }
  CHECK(world.dropbox().Count("files/get_metadata") == asked + questions);
  CHECK(world.Difference() == "");
}

TEST_CASE("a deletion of the change feed spares what somebody else has written since") {
  SyncWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "x");
  world.tree().AddFile("/b.txt", "x");
  REQUIRE(world.Full().message == "");
  world.tree().Delete("/a.txt");
  // Whatever the other one wrote there: Dropbox is asked again, by its id and by its path, and has
  // no such file.
  BeforeWriteOf(world, id, [&] { Patch(world, id, R"({"size":7})"); });
  const std::uint64_t before = world.dropbox().Count("files/get_metadata");
  CHECK(world.Incremental().message == "");
  CHECK(world.dropbox().Count("files/get_metadata") == before + 2);
  CHECK(world.Difference() == "");
}

TEST_CASE("an attempt that took effect although its answer was lost is no conflict") {
  SyncWorld world;
  for (int i = 0; i < 20; ++i) world.tree().AddFile(fmt::format("/{}.txt", i), "x");
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kTimeoutApplied;
  SUBCASE("of creations") { world.elastic.Inject(fault); }
  SUBCASE("of updates and deletions") {
    REQUIRE(world.Full().message == "");
    for (int i = 0; i < 10; ++i) world.tree().Overwrite(fmt::format("/{}.txt", i), "y");
    for (int i = 10; i < 15; ++i) world.tree().Delete(fmt::format("/{}.txt", i));
    fault.times = 2;
    world.elastic.Inject(fault);
  }
  const std::uint64_t before = world.dropbox().Count("files/get_metadata");
  CHECK(world.Full().message == "");
  CHECK(world.dropbox().Count("files/get_metadata") == before);
  CHECK(world.Difference() == "");
}

TEST_CASE("an attempt that arrives after everything does not undo what came later") {
  SyncWorld world;
  const std::string deleted = world.tree().AddFile("/deleted.txt", "x");
  world.tree().AddFile("/changed.txt", "x");
  REQUIRE(world.Full().message == "");
  // As a proxy would send them again: each request that wrote something.
  const auto late = [&] {
    for (const AppliedWrite& write : world.elastic.writes()) {
      if (write.operation != "index") continue;
      world.elastic.Handle("POST", "/docs/_bulk",
                           fmt::format(R"({{"index":{{"_id":"{}","version":1,)"
                                       R"("version_type":"external"}}}})",
                                       write.id) +
                               "\n" + write.source + "\n");
    }
  };
  world.tree().Delete("/deleted.txt");
  world.tree().Overwrite("/changed.txt", "longer");
  REQUIRE(world.Incremental().message == "");
  late();
  CHECK_FALSE(world.elastic.Source("docs", deleted));
  CHECK(world.Difference() == "");
  // A file that is restored within the hour is indexed all the same.
  world.tree().Restore("/deleted.txt");
  CHECK(world.Incremental().message == "");
  CHECK(world.elastic.Source("docs", deleted));
  CHECK(world.Difference() == "");
}

TEST_CASE("a list that is stripped between lookup and write is written again") {
  SecureWorld world;
  const std::string bob = world.AddPerson("bob");
  const std::string id = world.tree().AddFile("/team/a.txt", "one");
  const std::string folder = world.Share("/team", {{MemberKind::kUser, bob, "viewer"}});
  REQUIRE(world.Full().message == "");
  constexpr const char* kStripped =
      R"({"_allow_access_control":null,"permissions_fingerprint":null})";
  BeforeWriteOf(world, id, [&] { Patch(world, id, kStripped); });
  SUBCASE("of a document that is updated") {
    world.tree().Overwrite("/team/a.txt", "two");
    CHECK(world.Incremental().message == "");
  }
  SUBCASE("of a list that is rewritten by acl-sync") {
    world.SetMembers(folder, {});
    CHECK(world.Run(SyncMode::kAccessControl).message == "");
  }
  SUBCASE("of a document that is known from the snapshot only") {
    world.SetMembers(folder, {});
    CHECK(world.Full().message == "");
  }
  CHECK(PermissionDifference(world) == "");
  CHECK(FailuresText(world) == "");
}

TEST_CASE("a document that is to be closed while somebody else changes it is a failure") {
  SecureWorld world;
  const std::string bob = world.AddPerson("bob");
  const sim::Member viewer{MemberKind::kUser, bob, "viewer"};
  const std::string received = world.tree().shares().AddReceivedFile("offer.docx", "x");
  world.tree().shares().SetReceivedFileMembers(received, {viewer});
  const std::string placed = world.tree().AddFile("/team/a.txt", "one");
  world.Share("/team", {viewer});
  REQUIRE(world.Full().message == "");
  std::string id;
  SUBCASE("a received file") {
    id = received;
    world.tree().shares().RevokeReceivedFile(received);
  }
  SUBCASE("a file of the tree") {
    id = placed;
    world.tree().Delete("/team/a.txt");
  }
  BeforeWriteOf(world, id, [&] { Patch(world, id, R"({"size":7})"); });
  const report::RunSummary summary = world.Run(SyncMode::kAccessControl);
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  REQUIRE(summary.failures.size() == 1);
  CHECK(summary.failures[0].id == id);
  // The next run knows what to do about it.
  CHECK(world.Incremental().message == "");
  CHECK_FALSE(world.elastic.Source("docs", id));
  CHECK(world.Difference() == "");
  CHECK(FailuresText(world) == "");
}

TEST_CASE("a document that changed since the snapshot keeps nothing of what was not read") {
  SecureWorld world;
  const std::string bob = world.AddPerson("bob");
  const std::string id = world.tree().AddFile("/team/a.txt", "one");
  const std::string folder = world.Share("/team", {{MemberKind::kUser, bob, "viewer"}});
  REQUIRE(world.Full().message == "");
  world.SetMembers(folder, {});
  const std::uint64_t lookups = world.elastic.Requests("_mget");
  CHECK(world.Full().message == "");
  CHECK(world.elastic.Requests("_mget") == lookups + 1);
  CHECK(PermissionDifference(world) == "");
  CHECK(world.elastic.Source("docs", id));
}

TEST_CASE("documents that a pipeline drops are reported once, and never as written") {
  SyncWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "x");
  world.tree().AddFile("/b.txt", "x");
  world.elastic.dropped_ids = {id};
  const report::RunSummary summary = world.Full();
  CHECK(summary.message == "");
  CHECK(summary.counters.dropped == 1);
  CHECK(summary.counters.created == 1);
  CHECK(summary.counters.updated == 0);
  CHECK(summary.counters.unchanged == 0);
  CHECK_FALSE(world.elastic.Source("docs", id));
}

TEST_CASE("no write is without a condition") {
  SyncWorld world;
  world.config.extraction.mode = config::ExtractionMode::kLocal;
  for (int i = 0; i < 10; ++i) world.tree().AddFile(fmt::format("/f/{}.txt", i), "x");
  std::uint64_t unconditional = 0;
  world.elastic.before_write = [&](const FakeBulkOperation& operation) {
    const bool conditional = operation.if_seq_no || operation.external_version;
    if (!conditional && operation.operation != "create") ++unconditional;
  };
  REQUIRE(world.Full().message == "");
  for (int i = 0; i < 5; ++i) world.tree().Overwrite(fmt::format("/f/{}.txt", i), "y");
  world.tree().Delete("/f/7.txt");
  world.tree().Move("/f/8.txt", "/8.txt");
  REQUIRE(world.Incremental().message == "");
  world.options.force = true;
  REQUIRE(world.Full().message == "");
  CHECK(world.Difference() == "");
  CHECK(unconditional == 0);
}

}  // namespace dbxes::sync
