// SPDX-License-Identifier: Apache-2.0
// Documents that somebody else changed although their fingerprints say that they are as they should
// be: what each kind of run does about them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json/json.h"
#include "support/permission_oracle.h"
#include "sync/edited_document.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

using sim::MemberKind;

constexpr Milliseconds kHour{3'600'000};

struct ChangedWorld : SecureWorld {
  ChangedWorld() {
    bob = AddPerson("bob");
    for (int i = 0; i < 30; ++i) tree().AddFile(fmt::format("/s/{:02}.txt", i), "x");
    file = tree().AddFile("/s/file.txt", "x");
    Share("/s", {{MemberKind::kUser, bob, "viewer"}});
    mine = tree().AddFile("/mine.txt", "x");
    received = tree().shares().AddReceivedFile("offer.docx", "x");
    tree().shares().SetReceivedFileMembers(received, {{MemberKind::kUser, ann, "viewer"}});
    REQUIRE(Full().message == "");
    REQUIRE(PermissionDifference(*this) == "");
    Forget();
  }
  void Forget() {
    elastic.ClearBooks();
    reporter.lines.clear();
  }
  // As an update by hand does.
  void Set(const std::string& id, const char* field, const std::string& json) {
    elastic.Put("docs", id, WithField(*elastic.Source("docs", id), field, json));
  }
  void LetBobRead(const std::string& id) {
    Set(id, "_allow_access_control", fmt::format(R"(["user_id:{}"])", bob));
  }
  bool Said(const std::string& text) const {
    return std::ranges::any_of(reporter.lines, [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  }

  std::string bob;
  std::string file;
  std::string mine;
  std::string received;
};

}  // namespace

TEST_CASE("a list that was given other readers gets its own again") {
  for (const SyncMode mode : {SyncMode::kAccessControl, SyncMode::kFull}) {
    CAPTURE(static_cast<int>(mode));
    ChangedWorld world;
    world.LetBobRead(world.mine);
    world.LetBobRead(world.received);
    world.Set(world.file, "_allow_access_control", R"(["user_id:nobody-we-know"])");
    REQUIRE(Leaks(world) != "");
    const report::RunSummary summary = world.Run(mode);
    CHECK(summary.exit_code == ExitCode::kOk);
    CHECK(summary.counters.updated == 3);
    CHECK(PermissionDifference(world) == "");
    CHECK(world.Difference() == "");
  }
}

TEST_CASE("acl-sync reads the lists of documents that were changed, and no others") {
  ChangedWorld world;
  REQUIRE(world.Run(SyncMode::kAccessControl).exit_code == ExitCode::kOk);
  world.Set(world.file, "department", R"("sales")");
  world.Forget();
  REQUIRE(world.Run(SyncMode::kAccessControl).exit_code == ExitCode::kOk);
  int read = 0;
  for (const std::string& request : world.elastic.requested) {
    read += request.find("_source_includes=_allow_access_control") != std::string::npos ? 1 : 0;
  }
  CHECK(read == 1);
  // The list was right.
  CHECK(world.elastic.writes().empty());
}

TEST_CASE("an entry of the change feed finds a list that was changed, too") {
  ChangedWorld world;
  world.LetBobRead(world.mine);
  world.tree().Move("/mine.txt", "/moved.txt");
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(PermissionDifference(world) == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("a full sync makes every field right that somebody changed") {
  struct Change {
    const char* field;
    const char* json;
  };
  for (const Change& change :
       {Change{"path_lower", R"("/elsewhere")"}, Change{"path_lower", ""},
        Change{"ancestors", "[]"}, Change{"name", R"("other")"}, Change{"size", "77"},
        Change{"rev", R"("1")"}, Change{"received", "true"}, Change{"id", R"("id:other")"},
        Change{"sync_seq", ""}, Change{"sync_seq", "9223372036854775807"},
        Change{"shared_folder_id", R"("9")"}, Change{"sync_version", "7"},
        Change{"sync_version", R"("x")"}}) {
    CAPTURE(change.field);
    CAPTURE(change.json);
    ChangedWorld world;
    world.Set(world.mine, change.field, change.json);
    CHECK(world.Full().exit_code == ExitCode::kOk);
    CHECK(world.Difference() == "");
    CHECK(PermissionDifference(world) == "");
    CHECK(world.elastic.Documents("docs").size() == 34);
    const auto source = ParseJson(*world.elastic.Source("docs", world.mine), "a document");
    CHECK(FindMember(*source, "sync_seq")->GetInt64() < std::int64_t{1} << 52);
    // Once.
    world.Forget();
    CHECK(world.Full().exit_code == ExitCode::kOk);
    CHECK(world.elastic.writes().empty());
  }
}

TEST_CASE("fields that another program adds stay, and cost no write") {
  ChangedWorld world;
  for (const auto& [id, source] : world.elastic.Documents("docs")) {
    world.Set(id, "department", R"("sales")");
  }
  for (int i = 0; i < 2; ++i) {
    world.Forget();
    const report::RunSummary summary = world.Full();
    CHECK(summary.exit_code == ExitCode::kOk);
    CHECK(summary.counters.updated == 0);
    CHECK(world.elastic.writes().empty());
  }
  world.tree().Move("/mine.txt", "/moved.txt");
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.elastic.Source("docs", world.mine)->find("sales") != std::string::npos);
}

TEST_CASE("documents that somebody copied into another index are compared as a whole") {
  ChangedWorld world;
  auto documents = world.elastic.Documents("docs");
  const std::string mappings = world.elastic.Mappings("docs");
  std::string& list = documents[world.mine];
  list = WithField(list, "_allow_access_control", fmt::format(R"(["user_id:{}"])", world.bob));
  documents[world.file] = WithField(documents[world.file], "name", R"("by hand")");
  world.elastic.DeleteIndex("docs");
  world.elastic.CreateIndex("docs", mappings);
  // Each gets the version that a document has which dbx-es creates.
  for (const auto& [id, source] : documents) world.elastic.Put("docs", id, source);
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
  CHECK(PermissionDifference(world) == "");
  // From now on each is known.
  world.Forget();
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.elastic.writes().empty());
  for (const std::string& request : world.elastic.requested) {
    CHECK(request.find("_source_includes=id,type") == std::string::npos);
  }
}

TEST_CASE("a document whose content and list were changed keeps its list only if it is its own") {
  // While Dropbox does not answer who may read it.
  for (const bool stranger : {false, true}) {
    CAPTURE(stranger);
    ChangedWorld world;
    const std::string eve = world.AddPerson("eve");
    const auto before = AccessListOf(world.elastic, "docs", world.file);
    world.Set(world.file, "department", R"("sales")");
    if (stranger) {
      world.Set(world.file, "_allow_access_control", fmt::format(R"(["user_id:{}"])", eve));
    }
    world.tree().Overwrite("/s/file.txt", "y");
    world.dropbox().Inject(sim::Fault::Status("sharing/list_folder_members", 500).Times(0));
    world.Incremental();
    const auto after = AccessListOf(world.elastic, "docs", world.file);
    CHECK(after == (stranger ? std::vector<std::string>{"nobody"} : before));
  }
}

TEST_CASE("the feed deletes a document whose number somebody removed or raised") {
  for (const char* number : {"", "9223372036854775807"}) {
    ChangedWorld world;
    world.Set(world.file, "sync_seq", number);
    world.Set(world.mine, "sync_seq", number);
    world.tree().Delete("/s/file.txt");
    world.tree().Move("/mine.txt", "/s/moved.txt");
    CHECK(world.Incremental().exit_code == ExitCode::kOk);
    CHECK_FALSE(world.elastic.Source("docs", world.file));
    CHECK(world.elastic.Source("docs", world.mine));
    CHECK(world.Difference() == "");
  }
}

TEST_CASE("a document that acl-sync does not find is closed whatever its number says") {
  ChangedWorld world;
  world.Set(world.mine, "sync_seq", "9223372036854775807");
  world.tree().Delete("/mine.txt");
  const report::RunSummary summary = world.Run(SyncMode::kAccessControl);
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(summary.counters.closed == 1);
  CHECK(AccessListOf(world.elastic, "docs", world.mine) == std::vector<std::string>{"nobody"});
}

TEST_CASE("without the list of received files, those that are marked as such are spared") {
  ChangedWorld world;
  world.Set(world.mine, "path_lower", "");
  world.Set(world.received, "path_lower", R"("/by hand")");
  world.tree().Delete("/mine.txt");
  world.dropbox().Inject(sim::Fault::Status("sharing/list_received_files", 500).Times(0));
  CHECK(world.Full().exit_code != ExitCode::kOk);
  CHECK_FALSE(world.elastic.Source("docs", world.mine));
  CHECK(world.elastic.Source("docs", world.received));
  world.dropbox().faults().Clear();
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

TEST_CASE("a run notices within an hour that somebody deleted documents") {
  ChangedWorld world;
  world.elastic.Delete("docs", world.file);
  SUBCASE("a quiet one") {}
  SUBCASE("one that writes") { world.tree().AddFile("/new.txt", "x"); }
  SUBCASE("although runs wrote before") {
    world.tree().AddFile("/new.txt", "x");
    world.tree().Delete("/s/00.txt");
    REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
    CHECK(world.Difference() != "");
  }
  world.clock.Advance(kHour);
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Said("somebody else has deleted or added some: running a full sync"));
  CHECK(world.Difference() == "");
  // Then it is quiet again. Two looks compare what was made again so soon that its version is none
  // of a new document.
  for (int hour = 0; hour < 3; ++hour) {
    world.clock.Advance(kHour);
    world.Forget();
    CHECK(world.Incremental().exit_code == ExitCode::kOk);
    CHECK_FALSE(world.Said("running a full sync"));
  }
  // The identity of the index, what was written, and the number of documents.
  CHECK(world.elastic.requests() == 3);
}

TEST_CASE("runs that write keep the number of documents right") {
  ChangedWorld world;
  for (int i = 0; i < 4; ++i) {
    world.tree().AddFile(fmt::format("/new{}.txt", i), "x");
    world.tree().Delete(fmt::format("/s/0{}.txt", i));
    world.tree().Move(fmt::format("/s/1{}.txt", i), fmt::format("/s/moved{}.txt", i));
    REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
    REQUIRE(world.Run(SyncMode::kAccessControl).exit_code == ExitCode::kOk);
    world.clock.Advance(kHour);
    REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
    CHECK_FALSE(world.Said("running a full sync"));
  }
  CHECK(world.Difference() == "");
}

TEST_CASE("a deletion that took effect although its answer was lost is no alarm") {
  ChangedWorld world;
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kResetApplied;
  world.elastic.Inject(fault);
  world.tree().Delete("/s/file.txt");
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  world.Forget();
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.elastic.requests() == 0);
  world.clock.Advance(kHour);
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK_FALSE(world.Said("running a full sync"));
  CHECK(world.Difference() == "");
  // From now on the number is known again.
  world.elastic.Delete("docs", world.mine);
  world.clock.Advance(kHour);
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Said("running a full sync"));
}

TEST_CASE("a quiet run notices within an hour what somebody changed, without a full sync") {
  struct Change {
    std::string ChangedWorld::*document;
    const char* field;
    const char* json;
  };
  const Change changes[] = {
      {&ChangedWorld::mine, "_allow_access_control", R"(["user_id:somebody"])"},
      {&ChangedWorld::received, "_allow_access_control", R"(["user_id:somebody"])"},
      {&ChangedWorld::file, "name", R"("other")"},
      {&ChangedWorld::file, "path_lower", R"("/elsewhere")"},
      {&ChangedWorld::file, "path_lower", ""},
      {&ChangedWorld::file, "sync_fingerprint", ""},
      {&ChangedWorld::mine, "sync_seq", "9223372036854775807"},
      {&ChangedWorld::received, "name", R"("other")"},
      {&ChangedWorld::mine, "received", "true"},
  };
  for (const Change& change : changes) {
    CAPTURE(change.field);
    CAPTURE(change.json);
    ChangedWorld world;
    world.Set(world.*change.document, change.field, change.json);
    world.Forget();
    REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
    CHECK(world.elastic.requests() == 0);
    world.clock.Advance(kHour);
    const report::RunSummary summary = world.Incremental();
    CHECK(summary.exit_code == ExitCode::kOk);
    CHECK(summary.counters.updated == 1);
    CHECK_FALSE(world.Said("running a full sync"));
    CHECK(world.Difference() == "");
    CHECK(PermissionDifference(world) == "");
    // Then it is quiet again. The next look reads the last hour once more, the one after it
    // nothing.
    world.Forget();
    REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
    CHECK(world.elastic.requests() == 0);
    for (int hour = 0; hour < 2; ++hour) {
      world.clock.Advance(kHour);
      world.Forget();
      REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
    }
    CHECK(world.elastic.writes().empty());
    CHECK(world.elastic.requests() == 3);
  }
}

TEST_CASE("a quiet run closes and counts what lost its list") {
  ChangedWorld world;
  world.Set(world.mine, "_allow_access_control", "");
  world.Set(world.received, "_allow_access_control", "[]");
  world.clock.Advance(kHour);
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  CHECK(summary.counters.without_list == 2);
  CHECK(PermissionDifference(world) == "");
  CHECK(world.Difference() == "");
  world.clock.Advance(kHour);
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
}

TEST_CASE("changes whose document has lost its place or its id lead to a full sync") {
  ChangedWorld world;
  SUBCASE("a received file without its mark") { world.Set(world.received, "received", ""); }
  SUBCASE("a received file with a path") {
    world.Set(world.received, "path_lower", R"("/s/by hand")");
  }
  SUBCASE("another id") { world.Set(world.mine, "id", R"("id:another")"); }
  SUBCASE("one that was added in place of another one") {
    world.elastic.Put("docs", "id:added", *world.elastic.Source("docs", world.mine));
    world.Set("id:added", "name", R"("added")");
    world.elastic.Delete("docs", world.file);
  }
  SUBCASE("a copy in place of another one") {
    world.elastic.Put("docs", "copy", *world.elastic.Source("docs", world.mine));
    world.Set("copy", "name", R"("copy")");
    world.elastic.Delete("docs", world.mine);
  }
  world.clock.Advance(kHour);
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("fields of other programs stay, and nothing is written because of them") {
  ChangedWorld world;
  world.Set(world.file, "department", R"("sales")");
  world.Forget();
  for (int hour = 0; hour < 3; ++hour) {
    world.clock.Advance(kHour);
    REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  }
  CHECK(world.elastic.writes().empty());
  CHECK_FALSE(world.Said("running a full sync"));
}

TEST_CASE("a change in any shard is noticed") {
  SecureWorld world;
  world.elastic.CreateIndex("docs");
  world.elastic.SetShards("docs", 3);
  std::vector<std::string> ids;
  for (int i = 0; i < 12; ++i) ids.push_back(world.tree().AddFile(fmt::format("/{}.txt", i), "x"));
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  for (const std::string& id : ids) {
    world.elastic.Put("docs", id, WithField(*world.elastic.Source("docs", id), "size", "7"));
    world.clock.Advance(kHour);
    const report::RunSummary summary = world.Incremental();
    CHECK(summary.exit_code == ExitCode::kOk);
    CHECK(summary.counters.updated == 1);
    CHECK(world.Difference() == "");
  }
}

TEST_CASE("what somebody changes behind the back of a full sync is noticed within an hour") {
  ChangedWorld world;
  world.tree().AddFile("/z.txt", "x");
  bool done = false;
  world.elastic.before_write = [&](const FakeBulkOperation& operation) {
    if (!operation.id.starts_with("id:") || std::exchange(done, true)) return;
    world.Set(world.mine, "size", "7");
  };
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.Difference() != "");
  world.clock.Advance(kHour);
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK_FALSE(world.Said("running a full sync"));
  CHECK(world.Difference() == "");
}

TEST_CASE("more changes than Dropbox would be asked for one by one lead to a full sync") {
  SyncWorld world;
  for (int i = 0; i < 1001; ++i) world.tree().AddFile(fmt::format("/{:04}.txt", i), "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  for (const auto& [id, source] : world.elastic.Documents("docs")) {
    world.elastic.Put("docs", id, WithField(source, "size", "7"));
  }
  world.clock.Advance(kHour);
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(std::ranges::any_of(world.reporter.lines, [](const std::string& line) {
    return line.find(
               "somebody else has changed more than 1000 documents of the index docs: "
               "running a full sync") != std::string::npos;
  }));
  CHECK(world.Difference() == "");
}

TEST_CASE("a creation that is rejected although it took effect is no alarm") {
  ChangedWorld world;
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kResetApplied;
  world.elastic.Inject(fault);
  ElasticFault rejected;
  rejected.kind = ElasticFault::Kind::kItemStatus;
  rejected.status = 400;
  rejected.type = "document_parsing_exception";
  rejected.reason = "the mapping was changed in between";
  rejected.skip = 1;
  world.elastic.Inject(rejected);
  world.tree().AddFile("/new.txt", "x");
  REQUIRE(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  for (int hour = 0; hour < 2; ++hour) {
    world.clock.Advance(kHour);
    REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
    CHECK_FALSE(world.Said("running a full sync"));
  }
  CHECK(world.Difference() == "");
  // From then on the number is known again.
  world.elastic.Delete("docs", world.mine);
  world.clock.Advance(kHour);
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Said("running a full sync"));
}

TEST_CASE("documents of another program without an id are not counted") {
  ChangedWorld world;
  world.elastic.Put("docs", "stranger", R"({"name":"x"})");
  world.clock.Advance(kHour);
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK_FALSE(world.Said("running a full sync"));
}

}  // namespace dbxes::sync
