// SPDX-License-Identifier: Apache-2.0
// Document level security in full and incremental syncs: everybody sees what Dropbox would show
// them, for few requests, and whatever fails, nobody sees more.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "support/permission_oracle.h"
#include "support/state_text.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

using sim::MemberKind;
using Values = std::vector<std::string>;

constexpr const char* kRoutes[] = {
    "sharing/list_folder_members",     "sharing/list_folder_members/continue",
    "sharing/list_file_members/batch", "sharing/list_file_members/continue",
    "sharing/get_folder_metadata",     "sharing/list_folders",
};

struct CompanyWorld : SecureWorld {
  explicit CompanyWorld(sim::Options options = {}) : SecureWorld(std::move(options)) {
    bob = AddPerson("bob");
    cid = AddPerson("cid");
  }
  Values ListOf(const std::string& id) { return AccessListOf(elastic, "docs", id); }
  std::uint64_t SharingRequests() {
    std::uint64_t sum = 0;
    for (const char* route : kRoutes) sum += dropbox().Count(route);
    return sum;
  }

  std::string bob;
  std::string cid;
};

// A folder of each kind, nested, with files that have members of their own.
void Furnish(CompanyWorld& world) {
  sim::Tree& tree = world.tree();
  tree.AddFile("/private.txt", "x");
  const std::string lent = tree.AddFile("/lent.txt", "x");
  tree.shares().SetExplicitMembers(lent, {{MemberKind::kUser, world.cid, "viewer"}});
  tree.AddFile("/team/plan.txt", "x");
  tree.AddFile("/team/inner/secret.txt", "x");
  tree.AddFile("/team/walk/through.txt", "x");
  const std::string group = tree.people().AddGroup("readers", {world.bob});
  world.Share("/team",
              {{MemberKind::kGroup, group, "viewer"}, {MemberKind::kUser, world.cid, "traverse"}});
  const std::string inner = world.Share("/team/inner", {{MemberKind::kUser, world.cid, "editor"}});
  tree.folders().SetInheritance(inner, false);
  world.Share("/team/walk", {{MemberKind::kInvitee, "pending@example.org", "viewer"}});
  const std::string received = tree.shares().AddReceivedFile("offer.docx", "x");
  tree.shares().SetReceivedFileMembers(received, {{MemberKind::kUser, world.ann, "viewer"},
                                                  {MemberKind::kUser, world.cid, "viewer"}});
}

Values Sorted(Values values) {
  std::sort(values.begin(), values.end());
  return values;
}

bool Said(const CompanyWorld& world, const std::string& text) {
  const auto& lines = world.reporter.lines;
  return std::any_of(lines.begin(), lines.end(),
                     [&](const auto& line) { return line.find(text) != std::string::npos; });
}

std::string SharedFolderAt(CompanyWorld& world, const std::string& path) {
  for (const sim::LiveItem& item : world.tree().Snapshot()) {
    if (item.path_lower == path) return item.shared_folder_id;
  }
  return "";
}

}  // namespace

TEST_CASE("everybody sees what Dropbox would show them") {
  CompanyWorld world;
  Furnish(world);
  const report::RunSummary summary = world.Full();
  CHECK(summary.message == "");
  CHECK(PermissionDifference(world) == "");
  CHECK(world.Difference() == "");
  CHECK(world.dropbox().Violations() == Values());
  SUBCASE("a second full sync writes nothing") {
    world.elastic.ClearBooks();
    CHECK(world.Full().message == "");
    CHECK(world.elastic.writes().empty());
  }
  SUBCASE("an incremental run without changes asks nobody for members") {
    const auto before = world.SharingRequests();
    world.elastic.ClearBooks();
    CHECK(world.Incremental().message == "");
    CHECK(world.SharingRequests() == before);
    CHECK(world.elastic.requests() == 0);
  }
}

TEST_CASE("a full sync brings a changed list to documents without touching the rest of them") {
  CompanyWorld world;
  Furnish(world);
  REQUIRE(world.Full().message == "");
  world.SetMembers(SharedFolderAt(world, "/team"), {{MemberKind::kUser, world.cid, "viewer"}});
  CHECK(PermissionDifference(world) != "");
  world.elastic.ClearBooks();
  CHECK(world.Full().message == "");
  CHECK(PermissionDifference(world) == "");
  REQUIRE_FALSE(world.elastic.writes().empty());
  for (const AppliedWrite& write : world.elastic.writes()) {
    CHECK(write.operation == "update");
    CHECK(write.source.find("sync_fingerprint") == std::string::npos);
  }
}

TEST_CASE("a shared folder that is moved out of another one, or into one, changes its readers") {
  CompanyWorld world;
  sim::Tree& tree = world.tree();
  for (int i = 0; i < 10; ++i) tree.AddFile(fmt::format("/team/inner/f{}.txt", i), "x");
  tree.AddFile("/team/plan.txt", "x");
  tree.AddFile("/club/plan.txt", "x");
  world.Share("/team", {{MemberKind::kUser, world.bob, "viewer"}});
  world.Share("/team/inner", {});
  world.Share("/club", {{MemberKind::kUser, world.cid, "viewer"}});
  REQUIRE(world.Full().message == "");
  REQUIRE(PermissionDifference(world) == "");
  std::string place = "/team/inner";
  for (const char* to : {"/mine", "/club/inner", "/team/other"}) {
    CAPTURE(to);
    tree.Move(place, to);
    place = to;
    CHECK(PermissionDifference(world) != "");
    CHECK(world.Incremental().message == "");
    CHECK(PermissionDifference(world) == "");
    CHECK(world.Difference() == "");
  }
}

TEST_CASE("an incremental run brings a changed list to all documents of the folder") {
  CompanyWorld world;
  sim::Tree& tree = world.tree();
  for (int i = 0; i < 30; ++i) tree.AddFile(fmt::format("/s/f{}.txt", i), "x");
  const std::string lent = tree.AddFile("/s/lent.txt", "x");
  tree.AddFile("/s/sub/deep.txt", "x");
  const std::string folder = world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
  tree.shares().SetExplicitMembers(lent, {{MemberKind::kUser, world.cid, "viewer"}});
  REQUIRE(world.Full().message == "");
  REQUIRE(PermissionDifference(world) == "");

  world.SetMembers(folder, {{MemberKind::kInvitee, "p@example.org", "viewer"}});
  tree.Overwrite("/s/f3.txt", "new");
  const auto before = world.SharingRequests();
  CHECK(world.Incremental().message == "");
  CHECK(PermissionDifference(world) == "");
  const Values expected{"email:p@example.org", "user_id:" + world.ann, "user_id:" + world.cid};
  CHECK(world.ListOf(lent) == Sorted(expected));
  // One list, one place, one batch for the file that may have members of its own.
  CHECK(world.SharingRequests() - before <= 4);

  world.elastic.ClearBooks();
  CHECK(world.Full().message == "");
  CHECK(world.elastic.writes().empty());
}

TEST_CASE("an incremental run brings a changed list to the folders inside") {
  CompanyWorld world;
  sim::Tree& tree = world.tree();
  tree.AddFile("/s/plan.txt", "x");
  tree.AddFile("/s/inner/deep/secret.txt", "x");
  tree.AddFile("/s/apart/own.txt", "x");
  tree.AddFile("/other/far.txt", "x");
  const std::string outer = world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
  world.Share("/s/inner", {});
  world.Share("/s/inner/deep", {});
  tree.folders().SetInheritance(world.Share("/s/apart", {}), false);
  world.Share("/other", {});
  REQUIRE(world.Full().message == "");
  REQUIRE(PermissionDifference(world) == "");
  world.SetMembers(outer, {{MemberKind::kUser, world.cid, "viewer"}});
  tree.Overwrite("/s/plan.txt", "new");
  const auto members = world.dropbox().Count("sharing/list_folder_members");
  SUBCASE("of which it meets no entry") {
    CHECK(world.Incremental().message == "");
    // Of the five folders, one that changed and two that inherit from it.
    CHECK(world.dropbox().Count("sharing/list_folder_members") == members + 3);
  }
  SUBCASE("and what could not be read is the next run's") {
    world.dropbox().Inject(
        sim::Fault::EndpointError("sharing/list_folder_members", "other").Skip(1).Times(0));
    CHECK(world.Incremental().message == "");
    CHECK(PermissionDifference(world) != "");
    CHECK(Said(world, "could not be read"));
    world.dropbox().faults().Clear();
    CHECK(world.Incremental().message == "");
  }
  CHECK(PermissionDifference(world) == "");
  world.elastic.ClearBooks();
  CHECK(world.Full().message == "");
  CHECK(world.elastic.writes().empty());
}

TEST_CASE("a file that leaves a folder in the same run does not get its new list") {
  CompanyWorld world;
  sim::Tree& tree = world.tree();
  const std::string moved = tree.AddFile("/s/moved.txt", "x");
  tree.AddFile("/s/stays.txt", "x");
  const std::string folder = world.Share("/s", {});
  REQUIRE(world.Full().message == "");
  world.SetMembers(folder, {{MemberKind::kUser, world.bob, "viewer"}});
  tree.Overwrite("/s/stays.txt", "y");
  tree.Move("/s/moved.txt", "/moved.txt");
  CHECK(world.Incremental().message == "");
  CHECK(PermissionDifference(world) == "");
  CHECK(world.ListOf(moved) == Values{"user_id:" + world.ann});
}

TEST_CASE("the cost follows the shared folders, not the files") {
  CompanyWorld world;
  sim::Tree& tree = world.tree();
  constexpr int kFolders = 200;
  constexpr int kFiles = 500;  // in each
  for (int folder = 0; folder < kFolders; ++folder) {
    tree.AddSyntheticTree(kFiles, static_cast<std::uint64_t>(folder) + 1,
                          fmt::format("/s{}", folder));
    world.Share(fmt::format("/s{}", folder), {{MemberKind::kUser, world.bob, "viewer"}});
  }
  int own = 0;
  int number = 0;
  for (const sim::LiveItem& item : tree.Snapshot()) {
    if (item.kind != sim::Kind::kFile || ++number % 100 != 0) continue;
    tree.shares().SetExplicitMembers(item.id, {{MemberKind::kUser, world.cid, "viewer"}});
    ++own;
  }
  CHECK(own == 1000);
  const report::RunSummary summary = world.Full();
  REQUIRE(summary.message == "");
  CHECK(summary.counters.created > 100'000);
  const auto batches = world.dropbox().Count("sharing/list_file_members/batch");
  CHECK(world.SharingRequests() - batches < 250);
  // A batch for each page of the listing that has such files.
  CHECK(batches <= summary.counters.pages);
  CHECK(world.dropbox().Count("sharing/list_file_members/continue") == 0);
  CHECK(world.dropbox().Violations() == Values());
}

TEST_CASE("a document whose list cannot be read is closed, reported and tried again") {
  CompanyWorld world;
  sim::Tree& tree = world.tree();
  const std::string file = tree.AddFile("/s/a.txt", "x");
  tree.AddFile("/b.txt", "x");
  const std::string folder = world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
  std::string route;
  SUBCASE("its folder's") { route = "sharing/list_folder_members"; }
  SUBCASE("its own") {
    route = "sharing/list_file_members/batch";
    tree.shares().SetExplicitMembers(file, {{MemberKind::kUser, world.cid, "viewer"}});
  }
  world.dropbox().Inject(sim::Fault::EndpointError(route, "other").Times(0));
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.ListOf(file) == Values{"nobody"});
  CHECK(Leaks(world) == "");
  CHECK(world.Difference() == "");
  bool named = false;
  for (const report::FailedDocument& failure : summary.failures) {
    named = named || (failure.id == file && failure.operation == "permissions");
  }
  CHECK(named);
  CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.ListOf(file) == Values{"nobody"});

  world.dropbox().faults().Clear();
  REQUIRE(FailuresText(world).find(file) != std::string::npos);
  CHECK(world.Run(SyncMode::kAccessControl).message == "");
  CHECK(PermissionDifference(world) == "");
  CHECK(FailuresText(world) == "");
}

TEST_CASE("a list that cannot be read any more leaves the stored one") {
  CompanyWorld world;
  sim::Tree& tree = world.tree();
  const std::string file = tree.AddFile("/s/a.txt", "x");
  tree.AddFolder("/t");
  world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
  world.Share("/t", {});
  REQUIRE(world.Full().message == "");
  const Values before = world.ListOf(file);
  world.dropbox().Inject(sim::Fault::Status("sharing/list_folder_members", 500).Times(0));
  SUBCASE("while it stays in its folder") {
    tree.Overwrite("/s/a.txt", "new");
    CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
    CHECK(world.ListOf(file) == before);
  }
  SUBCASE("but not when it has come into another folder") {
    tree.Move("/s/a.txt", "/t/a.txt");
    CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
    CHECK(world.ListOf(file) == Values{"nobody"});
  }
  CHECK(world.Difference() == "");
  CHECK(Leaks(world) == "");
  world.dropbox().faults().Clear();
  CHECK(world.Incremental().message == "");
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("a folder of many documents that cannot be read does not end the run") {
  CompanyWorld world;
  sim::Tree& tree = world.tree();
  tree.AddSyntheticTree(12'000, 1, "/s");
  world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
  world.dropbox().Inject(
      sim::Fault::EndpointError("sharing/list_folder_members", "not_a_member").Times(0));
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  CHECK(summary.counters.failed == 1000);
  CHECK(Leaks(world) == "");
  bool reported = false;
  for (const std::string& line : world.reporter.lines) {
    reported = reported || line.find("more documents of shared folder") != std::string::npos;
  }
  CHECK(reported);
  world.dropbox().faults().Clear();
  // The folder is read again as a whole, named documents or not.
  CHECK(world.Incremental().message == "");
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("received files fail closed, too") {
  CompanyWorld world;
  const std::string file = world.tree().shares().AddReceivedFile("offer.docx", "x");
  world.dropbox().Inject(sim::Fault::Status("sharing/list_file_members/batch", 500).Times(0));
  CHECK(world.Full().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.ListOf(file) == Values{"nobody"});
  world.dropbox().faults().Clear();
  CHECK(world.Incremental().message == "");
  CHECK(world.ListOf(file) == Values{"user_id:" + world.ann});
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("a received file that is mounted keeps its own members, and fails closed on its way") {
  CompanyWorld world;
  sim::Tree& tree = world.tree();
  tree.AddFolder("/s");
  const std::string folder = world.Share("/s", {{MemberKind::kUser, world.bob, "viewer"}});
  const std::string file = tree.shares().AddReceivedFile("offer.docx", "x");
  tree.shares().SetReceivedFileMembers(
      file, {{MemberKind::kUser, world.ann, "viewer"}, {MemberKind::kUser, world.cid, "viewer"}});
  REQUIRE(world.Full().message == "");
  const Values received{"user_id:" + world.ann, "user_id:" + world.cid};
  REQUIRE(world.ListOf(file) == Sorted(received));
  SUBCASE("at home") {
    tree.shares().MountReceivedFile(file, "/offer.docx");
    CHECK(world.Incremental().message == "");
    CHECK(world.ListOf(file) == Sorted(received));
  }
  SUBCASE("in a shared folder") {
    tree.shares().MountReceivedFile(file, "/s/offer.docx");
    SUBCASE("with members that can be read") {
      CHECK(world.Incremental().message == "");
      CHECK(world.ListOf(file).size() == 3);
    }
    SUBCASE("with members that cannot") {
      world.dropbox().Inject(sim::Fault::Status("sharing/list_file_members/batch", 500).Times(0));
      CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
      CHECK(world.ListOf(file) == Values{"nobody"});
      world.dropbox().faults().Clear();
      CHECK(world.Incremental().message == "");
    }
  }
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("files directly in a root that all members share are readable by all") {
  sim::Options options;
  options.tokens.team_token = true;
  CompanyWorld world(options);
  sim::Tree& tree = world.tree();
  tree.folders().ChangeRoot(world.ann, sim::RootLayout::kSharedRoot);
  tree.folders().ChangeRoot(world.bob, sim::RootLayout::kSharedRoot);
  const std::string root = "ns:" + tree.items().ns(tree.people().primary().root).id;
  const std::string loose = tree.AddFile(root + "/loose.txt", "x");
  tree.AddFile(root + "/folder/inside.txt", "x");
  tree.AddFile("/private.txt", "x");
  REQUIRE(world.Full().message == "");
  CHECK(PermissionDifference(world) == "");
  SUBCASE("who comes and goes") {
    tree.folders().ChangeRoot(world.cid, sim::RootLayout::kSharedRoot);
    tree.people().account(world.bob).status = "suspended";
    CHECK(world.Run(SyncMode::kAccessControl).message == "");
    CHECK(world.ListOf(loose) == Sorted({"user_id:" + world.ann, "user_id:" + world.cid}));
    CHECK(PermissionDifference(world) == "");
  }
  SUBCASE("what comes from there into the home is private at once") {
    tree.Move(root + "/loose.txt", "/loose.txt");
    world.dropbox().Inject(sim::Fault::Status("team/members/list*", 500).Times(0));
    CHECK(world.Incremental().message == "");
    CHECK(world.ListOf(loose) == Values{"user_id:" + world.ann});
  }
  SUBCASE("and what is new there is nobody's while the team cannot be listed") {
    world.dropbox().Inject(sim::Fault::Status("team/members/list*", 500).Times(0));
    world.config.sync.give_up_after = std::chrono::seconds(20);
    const std::string file = tree.AddFile(root + "/new.txt", "x");
    CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
    CHECK(world.ListOf(file) == Values{"nobody"});
    world.dropbox().faults().Clear();
    CHECK(world.Incremental().message == "");
    CHECK(PermissionDifference(world) == "");
  }
}

TEST_CASE("a scope that is missing is named before anything is written") {
  sim::Options options;
  options.tokens.scopes = "account_info.read files.metadata.read files.content.read";
  CompanyWorld world(options);
  world.tree().AddFile("/a.txt", "x");
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kAuthorization);
  CHECK(summary.message.find("sharing.read") != std::string::npos);
  CHECK(summary.message.find("App Console") != std::string::npos);
  CHECK(world.elastic.Documents("docs").empty());
}

TEST_CASE("turning the setting on or off asks for a full sync, which does it") {
  CompanyWorld world;
  Furnish(world);
  world.config.dropbox.use_document_level_security = false;
  REQUIRE(world.Full().message == "");
  world.config.dropbox.use_document_level_security = true;
  const report::RunSummary refused = world.Incremental();
  CHECK(refused.exit_code == ExitCode::kFullSyncNeeded);
  CHECK(refused.message.find("use_document_level_security") != std::string::npos);
  REQUIRE(world.Full().message == "");
  CHECK(PermissionDifference(world) == "");
  world.config.dropbox.include_inherited_users_and_groups = false;
  CHECK(world.Incremental().exit_code == ExitCode::kFullSyncNeeded);
  REQUIRE(world.Full().message == "");
  CHECK(Leaks(world) == "");
  CHECK(PermissionDifference(world) != "");
  world.config.dropbox.use_document_level_security = false;
  CHECK(world.Incremental().exit_code == ExitCode::kFullSyncNeeded);
  REQUIRE(world.Full().message == "");
  for (const auto& [id, source] : world.elastic.Documents("docs")) {
    CHECK(AccessListOf(world.elastic, "docs", id).empty());
  }
  CHECK(world.Difference() == "");
}

TEST_CASE("whatever fails in the sharing routes, nobody sees more than they may") {
  for (const char* route : kRoutes) {
    for (const int status : {400, 403, 409, 429, 500}) {
      CAPTURE(route);
      CAPTURE(status);
      sim::Options options;
      options.style = sim::Style::Nasty();
      options.style.display_case = false;
      CompanyWorld world(options);
      world.config.sync.give_up_after = std::chrono::seconds(30);
      Furnish(world);
      sim::Fault fault = status == 409   ? sim::Fault::EndpointError(route, "other")
                         : status == 429 ? sim::Fault::RateLimit(route, 1)
                                         : sim::Fault::Status(route, status, "trouble");
      world.dropbox().Inject(std::move(fault).Every(2).Times(6));
      world.Full();
      CHECK(Leaks(world) == "");
      world.tree().Touch("/team/plan.txt");
      world.Incremental();
      CHECK(Leaks(world) == "");
      world.dropbox().faults().Clear();
      CHECK(world.Full().message == "");
      CHECK(PermissionDifference(world) == "");
    }
  }
}

}  // namespace dbxes::sync
