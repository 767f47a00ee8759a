// SPDX-License-Identifier: Apache-2.0
// Access lists that somebody or something removed: runs notice it, close what everybody could see,
// and give the documents their lists again.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/json/json.h"
#include "support/permission_oracle.h"
#include "sync/rules_world.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

using sim::MemberKind;
using Values = std::vector<std::string>;

constexpr char kList[] = "_allow_access_control";
constexpr char kFingerprint[] = "permissions_fingerprint";

struct StrippedWorld : SecureWorld {
  StrippedWorld() {
    bob = AddPerson("bob");
    cid = AddPerson("cid");
    for (int i = 0; i < 20; ++i) tree().AddFile(fmt::format("/s/{:02}.txt", i), "x");
    own = tree().AddFile("/s/own.txt", "x");
    tree().AddFile("/mine.txt", "x");
    Share("/s", {{MemberKind::kUser, bob, "viewer"}});
    tree().shares().SetExplicitMembers(own, {{MemberKind::kUser, cid, "viewer"}});
    received = tree().shares().AddReceivedFile("offer.docx", "x");
    tree().shares().SetReceivedFileMembers(
        received, {{MemberKind::kUser, ann, "viewer"}, {MemberKind::kUser, cid, "viewer"}});
    REQUIRE(Full().message == "");
    REQUIRE(PermissionDifference(*this) == "");
  }
  report::RunSummary Acl() { return Run(SyncMode::kAccessControl); }
  Values ListOf(const std::string& id) { return AccessListOf(elastic, "docs", id); }

  // As an update by hand does, or a pipeline that drops fields.
  void Strip(const std::string& id, const Values& fields) {
    auto json = ParseJson(*elastic.Source("docs", id), "a document");
    for (const std::string& field : fields) json->RemoveMember(field.c_str());
    elastic.Put("docs", id, JsonText(*json));
  }
  void StripAll(const Values& fields) {
    for (const auto& [id, source] : elastic.Documents("docs")) Strip(id, fields);
  }

  std::string bob;
  std::string cid;
  std::string own;
  std::string received;
};

}  // namespace

TEST_CASE("documents that lost their lists are noticed, closed and restored") {
  for (const SyncMode mode : {SyncMode::kAccessControl, SyncMode::kFull, SyncMode::kIncremental}) {
    for (const int kind : {0, 1, 2, 3}) {
      CAPTURE(static_cast<int>(mode));
      CAPTURE(kind);
      StrippedWorld world;
      std::uint64_t lost = 1;
      if (kind == 0) world.Strip(world.own, {kList});
      if (kind == 1) world.Strip(world.received, {kList});
      if (kind >= 2) {
        world.StripAll(kind == 2 ? Values{kList} : Values{kList, kFingerprint});
        lost = world.elastic.Documents("docs").size();
      }
      CHECK(Leaks(world) != "");
      // Something to write, so that an incremental run counts.
      if (mode == SyncMode::kIncremental) world.tree().AddFile("/new.txt", "x");
      const report::RunSummary summary = world.Run(mode);
      CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
      CHECK(summary.message.find("had no access list") != std::string::npos);
      CHECK(summary.counters.without_list == lost);
      CHECK(summary.counters.failed == 0);
      CHECK(summary.counters.updated == lost);
      CHECK(PermissionDifference(world) == "");
      CHECK(world.Difference() == "");
      // Once.
      world.elastic.ClearBooks();
      CHECK(world.Full().message == "");
      CHECK(world.Acl().message == "");
      for (const AppliedWrite& write : world.elastic.writes()) CHECK(write.index != "docs");
    }
  }
}

TEST_CASE("a document that lost its list and that Dropbox says nothing of stays closed meanwhile") {
  StrippedWorld world;
  world.Strip(world.own, {kList});
  world.Strip(world.received, {kList});
  world.tree().AddFile("/new.txt", "x");
  world.dropbox().Inject(
      sim::Fault::Status("files/get_metadata", 403, "<html>").Times(0).Matching(world.own));
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  REQUIRE(summary.failures.size() == 1);
  CHECK(summary.failures[0].id == world.own);
  CHECK(Leaks(world) == "");
  world.dropbox().faults().Clear();
  CHECK(world.Incremental().message == "");
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("acl-sync closes nothing for a list of received files that it cannot read") {
  StrippedWorld world;
  const std::string dan = world.AddPerson("dan");
  world.tree().shares().SetReceivedFileMembers(
      world.received,
      {{MemberKind::kUser, world.ann, "viewer"}, {MemberKind::kUser, dan, "viewer"}});
  REQUIRE(world.Acl().message == "");
  const Values before = world.ListOf(world.received);
  world.dropbox().Inject(sim::Fault::Html("sharing/list_received_files", 503).Times(0));
  world.tree().shares().SetExplicitMembers(world.own, {});
  const report::RunSummary summary = world.Acl();
  CHECK(summary.exit_code == ExitCode::kUnavailable);
  CHECK(summary.counters.closed == 0);
  CHECK(summary.counters.identities_closed == 0);
  CHECK(world.ListOf(world.received) == before);
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("a dry run reports lost lists and changes nothing") {
  StrippedWorld world;
  world.Strip(world.own, {kList});
  const auto before = world.elastic.Documents("docs");
  world.options.dry_run = true;
  world.reporter.lists_changes = true;
  const std::size_t documents = before.size();
  report::RunSummary summary;
  SUBCASE("") { summary = world.Acl(); }
  SUBCASE("full") { summary = world.Full(); }
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  CHECK(summary.counters.without_list == 1);
  CHECK(summary.counters.updated == 1);
  // With the identities of the people, which an acl-sync makes.
  CHECK(summary.counters.unchanged == documents - 1);
  const Values& changes = world.reporter.changes;
  const auto of_own = [](const std::string& line) { return line.starts_with("updated /s/own"); };
  CHECK(std::count_if(changes.begin(), changes.end(), of_own) == 1);
  CHECK(world.elastic.Documents("docs") == before);
}

TEST_CASE("a document of a restored index whose file is gone is closed") {
  for (const SyncMode mode : {SyncMode::kAccessControl, SyncMode::kFull, SyncMode::kIncremental}) {
    for (const Values& without : {Values{}, Values{kList}, Values{kList, kFingerprint}}) {
      CAPTURE(static_cast<int>(mode));
      CAPTURE(without.size());
      StrippedWorld world;
      const std::string old = *world.elastic.Source("docs", world.own);
      world.tree().Delete("/s/own.txt");
      REQUIRE(world.Incremental().message == "");
      REQUIRE_FALSE(world.elastic.Source("docs", world.own));
      world.elastic.Put("docs", world.own, old);
      world.Strip(world.own, without);
      world.tree().AddFile("/new.txt", "x");
      const report::RunSummary summary = world.Run(mode);
      CHECK(summary.exit_code == (without.empty() ? ExitCode::kOk : ExitCode::kDocumentsFailed));
      if (mode == SyncMode::kFull) {
        CHECK_FALSE(world.elastic.Source("docs", world.own));
        continue;
      }
      // An incremental run knows nothing of documents with a list that no change mentions.
      if (mode == SyncMode::kIncremental && without.empty()) continue;
      CHECK(summary.counters.without_list + summary.counters.closed == 1);
      CHECK(world.ListOf(world.own) == Values{"nobody"});
      CHECK(world.Acl().message == "");
    }
  }
}

TEST_CASE("a document of another program is closed as well") {
  StrippedWorld world;
  world.elastic.Put("docs", "strange", R"({"title":"x"})");
  CHECK(world.Acl().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.ListOf("strange") == Values{"nobody"});
  CHECK(world.Acl().message == "");
}

TEST_CASE("no more requests than a run has room for") {
  StrippedWorld world;
  SUBCASE("a quiet run makes none") {
    world.elastic.ClearBooks();
    CHECK(world.Incremental().message == "");
    CHECK(world.elastic.requests() == 0);
  }
  SUBCASE("one with changes counts once") {
    // Received files take requests of their own.
    world.config.dropbox.include_received_files = false;
    REQUIRE(world.Full().message == "");
    for (int i = 0; i < 10; ++i) world.tree().Overwrite(fmt::format("/s/{:02}.txt", i), "y");
    for (int i = 10; i < 15; ++i) world.tree().Delete(fmt::format("/s/{:02}.txt", i));
    world.elastic.ClearBooks();
    CHECK(world.Incremental().message == "");
    CHECK(world.elastic.Requests("_count") == 1);
    CHECK(world.elastic.Requests("_refresh") == 1);
    // Two of the seven without permissions ask which index it is.
    CHECK(world.elastic.requests() == 8);
  }
  SUBCASE("a full sync that wrote nothing counts before it, and not after it") {
    world.elastic.ClearBooks();
    CHECK(world.Full().message == "");
    // With the sample of the snapshot. The number of documents that it leaves is known.
    CHECK(world.elastic.Requests("_count") == 2);
  }
}

TEST_CASE("what is written after the last refresh is counted, too") {
  StrippedWorld world;
  // A received file comes last. Something on its way drops its list.
  const std::string late = world.tree().shares().AddReceivedFile("late.docx", "x");
  world.tree().AddFile("/new.txt", "x");
  world.elastic.losing_lists = {late};
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.counters.without_list == 1);
  CHECK(Leaks(world) == "");
}

TEST_CASE("a rejected update does not leave readers who are none any more") {
  StrippedWorld world;
  world.tree().shares().SetExplicitMembers(world.own, {});
  ElasticFault refused;
  refused.kind = ElasticFault::Kind::kItemStatus;
  refused.ids = {world.own};
  refused.status = 400;
  refused.type = "document_parsing_exception";
  refused.reason = "failed to parse field [size]";
  refused.times = 1;
  report::RunSummary summary;
  SUBCASE("by an incremental run") {
    world.tree().Overwrite("/s/own.txt", "changed");
    world.elastic.Inject(refused);
    summary = world.Incremental();
  }
  SUBCASE("by a full sync") {
    world.tree().Overwrite("/s/own.txt", "changed");
    world.elastic.Inject(refused);
    summary = world.Full();
  }
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  CHECK(summary.counters.failed == 1);
  CHECK(summary.counters.without_list == 0);
  CHECK(PermissionDifference(world) == "");
  CHECK(world.Difference() != "");
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("a document that was too large for a request gets its list alone") {
  StrippedWorld world;
  world.config.extraction.mode = config::ExtractionMode::kLocal;
  REQUIRE(world.Full().message == "");
  world.tree().shares().SetExplicitMembers(world.own, {});
  world.tree().Overwrite("/s/own.txt", std::string(20'000, 'x'));
  world.elastic.max_body_bytes = 10'000;
  CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("a rejected document that the index does not have is asked for no list") {
  StrippedWorld world;
  const std::string bad = world.tree().AddFile("/s/bad.txt", "x");
  world.elastic.unmappable_ids = {bad};
  CHECK(world.Incremental().counters.failed == 1);
  CHECK_FALSE(world.elastic.Source("docs", bad));
  for (const AppliedWrite& write : world.elastic.writes()) CHECK(write.id != bad);
}

TEST_CASE("acl-sync closes nothing by a listing that is not complete, or that is older") {
  sim::Options options;
  options.default_page_size = 5;
  SecureWorld world(options);
  for (int i = 0; i < 20; ++i) world.tree().AddFile(fmt::format("/{:02}.txt", i), "x");
  REQUIRE(world.Full().message == "");
  const auto before = world.elastic.Documents("docs");
  SUBCASE("cut short") {
    world.config.sync.give_up_after = std::chrono::seconds(5);
    world.dropbox().Inject(sim::Fault::Status("files/list_folder/continue", 500).Skip(1).Times(0));
    CHECK(world.Run(SyncMode::kAccessControl).exit_code == ExitCode::kUnavailable);
    CHECK(world.elastic.Documents("docs") == before);
  }
  SUBCASE("without the received files") {
    world.config.sync.give_up_after = std::chrono::seconds(5);
    world.dropbox().Inject(sim::Fault::Status("sharing/list_received_files", 500).Times(0));
    CHECK(world.Run(SyncMode::kAccessControl).exit_code == ExitCode::kUnavailable);
    CHECK(world.elastic.Documents("docs") == before);
  }
  SUBCASE("while another run writes") {
    auto json = ParseJson(before.begin()->second, "a document");
    (*json)["sync_seq"].SetInt64(world.clock.WallMicros() + 60'000'000'000);
    (*json)["id"].SetString("id:other", json->GetAllocator());
    const std::string text = JsonText(*json);
    bool happened = false;
    world.stop_signal = [&] {
      if (!happened && world.dropbox().Count("files/list_folder/continue") > 0) {
        happened = true;
        world.elastic.Put("docs", "id:other", text);
      }
      return 0;
    };
    const report::RunSummary summary = world.Run(SyncMode::kAccessControl);
    REQUIRE(happened);
    CHECK(summary.message == "");
    CHECK(summary.counters.closed == 0);
    CHECK(world.elastic.Source("docs", "id:other") == text);
  }
}

TEST_CASE("what rules exclude and the index holds all the same is right, or closed") {
  SecureWorld world;
  const std::string bob = world.AddPerson("bob");
  const std::string file = world.tree().AddFile("/out/a.md", "x");
  world.tree().AddFile("/out/b.txt", "x");
  const std::string folder = world.Share("/out", {{MemberKind::kUser, bob, "viewer"}});
  REQUIRE(world.Full().message == "");
  const std::string old = *world.elastic.Source("docs", file);
  Exclude(world, "extension", "equals", "md");
  REQUIRE(world.Full().message == "");
  REQUIRE_FALSE(world.elastic.Source("docs", file));
  world.elastic.Put("docs", file, old);
  world.SetMembers(folder, {});
  CHECK(world.Run(SyncMode::kAccessControl).message == "");
  CHECK(Leaks(world) == "");
  CHECK(AccessListOf(world.elastic, "docs", file) == Values{"nobody"});
}

TEST_CASE("deletions that a safety stop holds back are closed by acl-sync") {
  StrippedWorld world;
  world.config.sync.max_delete = {false, false, 2};
  world.tree().Delete("/s");
  REQUIRE(world.Incremental().exit_code == ExitCode::kSafetyStop);
  const report::RunSummary summary = world.Run(SyncMode::kAccessControl);
  CHECK(summary.message == "");
  CHECK(summary.counters.closed == 22);
  CHECK(world.ListOf(world.own) == Values{"nobody"});
  world.config.sync.max_delete = {false, true, 0};
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
}

TEST_CASE("a received file that is gone is closed, one that is there is not") {
  StrippedWorld world;
  SUBCASE("there") {
    CHECK(world.Acl().counters.closed == 0);
    CHECK(world.ListOf(world.received).size() == 2);
  }
  SUBCASE("gone") {
    world.tree().shares().RevokeReceivedFile(world.received);
    CHECK(world.Acl().counters.closed == 1);
    CHECK(world.ListOf(world.received) == Values{"nobody"});
  }
}

}  // namespace dbxes::sync
