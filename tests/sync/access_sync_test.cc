// SPDX-License-Identifier: Apache-2.0
// acl-sync: identities of a team or of an account's acquaintances, and permissions that follow
// changes of members which no change feed reports.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/json/json.h"
#include "support/permission_oracle.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

using sim::MemberKind;
using Values = std::vector<std::string>;

constexpr char kIdentities[] = ".search-acl-filter-docs";

sim::Options TeamOptions() {
  sim::Options options;
  options.tokens.team_token = true;
  return options;
}

struct TeamWorld : SecureWorld {
  explicit TeamWorld(sim::Options options = TeamOptions()) : SecureWorld(std::move(options)) {}

  report::RunSummary Acl() { return Run(SyncMode::kAccessControl); }
  Values Identities() const {
    Values emails;
    for (const auto& [id, source] : elastic.Documents(kIdentities)) emails.push_back(id);
    return emails;
  }
  std::string IdOf(const std::string& path) {
    for (const sim::LiveItem& item : tree().Snapshot()) {
      if (item.path_lower == path) return item.id;
    }
    return "";
  }
  // What the identity's query is: "" for none.
  std::string Query(const std::string& email) const {
    const auto document = ParseJson(elastic.Source(kIdentities, email).value_or("{}"), "identity");
    const auto* source = FindPath(*document, {"query", "template", "source"});
    return source == nullptr ? "" : std::string(View(*source));
  }
  Values Principals(const std::string& email) const {
    const auto document = ParseJson(elastic.Source(kIdentities, email).value_or("{}"), "identity");
    const auto* list = FindPath(*document, {"query", "template", "params", "access_control"});
    Values values;
    if (list == nullptr) return values;
    for (const auto& value : list->GetArray()) values.emplace_back(View(value));
    return values;
  }
};

}  // namespace

TEST_CASE("active members of a team have identities") {
  TeamWorld world;
  const std::string bob = world.AddPerson("bob");
  world.AddPerson("sue", "suspended");
  world.AddPerson("ivy", "invited");
  world.AddPerson("rex", "removed");
  const std::string group = world.tree().people().AddGroup("readers", {bob});
  const report::RunSummary summary = world.Acl();
  CHECK(summary.message == "");
  CHECK(world.Identities() == Values{world.tree().people().primary().email, "bob@example.com"});
  CHECK(world.Principals("bob@example.com") ==
        Values{"email:bob@example.com", "user:bob", "user_id:" + bob, "group:" + group});
  CHECK(world.dropbox().Violations() == Values());

  SUBCASE("a second run writes nothing") {
    world.elastic.ClearBooks();
    CHECK(world.Acl().message == "");
    CHECK(world.elastic.writes().empty());
  }
  SUBCASE("a changed group is written, and the dates stay") {
    const auto before = world.elastic.Source(kIdentities, "bob@example.com");
    world.tree().people().RemoveGroup(group);
    CHECK(world.Acl().message == "");
    CHECK(world.Principals("bob@example.com") ==
          Values{"email:bob@example.com", "user:bob", "user_id:" + bob});
    const auto old = ParseJson(*before, "old");
    const auto now = ParseJson(*world.elastic.Source(kIdentities, "bob@example.com"), "new");
    CHECK(StringMember(*now, "_timestamp") == StringMember(*old, "_timestamp"));
    CHECK(StringMember(*now, "created_at") == StringMember(*old, "created_at"));
  }
  SUBCASE("who leaves or is suspended loses the identity") {
    world.tree().people().account(bob).status = "suspended";
    CHECK(world.Acl().message == "");
    CHECK(world.Identities() == Values{world.tree().people().primary().email});
  }
  SUBCASE("a dry run changes nothing") {
    world.tree().people().account(bob).status = "removed";
    world.options.dry_run = true;
    CHECK(world.Acl().counters.deleted == 1);
    CHECK(world.Identities().size() == 2);
  }
}

TEST_CASE("nobody loses an identity by a list that is not complete, or all at once") {
  TeamWorld world;
  Values people;
  for (int i = 0; i < 40; ++i) people.push_back(world.AddPerson(fmt::format("p{:02}", i)));
  REQUIRE(world.Acl().message == "");
  REQUIRE(world.Identities().size() == 41);
  SUBCASE("the list cannot be read") {
    for (int i = 0; i < 5; ++i)
      world.tree().people().account(people[static_cast<std::size_t>(i)]).status = "removed";
    world.config.sync.give_up_after = std::chrono::seconds(5);
    world.dropbox().Inject(sim::Fault::Status("team/members/*", 500).Times(0));
    CHECK(world.Acl().exit_code == ExitCode::kUnavailable);
    CHECK(world.Identities().size() == 41);
  }
  SUBCASE("too many have gone") {
    for (int i = 0; i < 30; ++i)
      world.tree().people().account(people[static_cast<std::size_t>(i)]).status = "removed";
    const report::RunSummary stopped = world.Acl();
    CHECK(stopped.exit_code == ExitCode::kSafetyStop);
    CHECK(stopped.message.find("acl-sync --max-delete 30") != std::string::npos);
    CHECK(world.Identities().size() == 41);
    // Nobody of them sees anything any more, all the same.
    CHECK(stopped.counters.identities_closed == 30);
    for (int i = 0; i < 40; ++i) {
      const std::string email = fmt::format("p{:02}@example.com", i);
      CHECK((world.Query(email) == R"({"match_none":{}})") == (i < 30));
      CHECK(world.Principals(email).empty() == (i < 30));
    }
    world.elastic.ClearBooks();
    CHECK(world.Acl().counters.identities_closed == 0);
    CHECK(world.elastic.writes().empty());
    SUBCASE("somebody who comes back has the identity again") {
      world.tree().people().account(people[3]).status = "active";
      CHECK(world.Acl().exit_code == ExitCode::kSafetyStop);
      CHECK(world.Query("p03@example.com") == world.Query("p39@example.com"));
      CHECK(world.Principals("p03@example.com").size() == 3);
      return;
    }
    world.config.sync.max_delete = {false, false, 30};
    CHECK(world.Acl().message == "");
    CHECK(world.Identities().size() == 11);
  }
}

TEST_CASE("permissions follow changes that no feed reports") {
  TeamWorld world;
  sim::Tree& tree = world.tree();
  const std::string bob = world.AddPerson("bob");
  const std::string cid = world.AddPerson("cid");
  const std::string file = tree.AddFile("/s/a.txt", "x");
  tree.AddFile("/s/in/b.txt", "x");
  tree.AddFile("/mine.txt", "x");
  const std::string received = tree.shares().AddReceivedFile("offer.docx", "x");
  const std::string folder = world.Share("/s", {{MemberKind::kUser, bob, "viewer"}});
  world.Share("/s/in", {});
  REQUIRE(world.Full().message == "");
  REQUIRE(PermissionDifference(world) == "");
  world.elastic.ClearBooks();

  SUBCASE("of a folder, and of the folders in it") {
    world.SetMembers(folder, {{MemberKind::kUser, cid, "viewer"}});
  }
  SUBCASE("of a file that had no members of its own before") {
    tree.shares().SetExplicitMembers(file, {{MemberKind::kUser, cid, "viewer"}});
  }
  SUBCASE("of inheritance") {
    for (const sim::LiveItem& item : tree.Snapshot()) {
      if (item.path_lower == "/s/in") tree.folders().SetInheritance(item.shared_folder_id, false);
    }
  }
  SUBCASE("of a received file") {
    tree.shares().SetReceivedFileMembers(
        received, {{MemberKind::kUser, world.ann, "viewer"}, {MemberKind::kUser, cid, "viewer"}});
  }
  CHECK(PermissionDifference(world) != "");
  const std::uint64_t listed = world.dropbox().Count("files/download");
  CHECK(world.Acl().message == "");
  CHECK(PermissionDifference(world) == "");
  CHECK(world.Difference() == "");
  CHECK(world.dropbox().Count("files/download") == listed);
  for (const AppliedWrite& write : world.elastic.writes()) {
    if (write.index != "docs") continue;
    CHECK(write.operation == "update");
    CHECK(write.source.find("sync_seq") == std::string::npos);
    CHECK(write.source.find("sync_fingerprint") == std::string::npos);
  }
  world.elastic.ClearBooks();
  CHECK(world.Acl().message == "");
  CHECK(world.elastic.writes().empty());
  CHECK(world.Full().message == "");
  CHECK(world.elastic.writes().empty());
}

TEST_CASE(
    "what the index does not hold yet is not added, and what is gone is closed until the next "
    "sync") {
  TeamWorld world;
  world.tree().AddFile("/a.txt", "x");
  world.tree().AddFile("/b.txt", "x");
  REQUIRE(world.Full().message == "");
  const std::string gone = world.IdOf("/b.txt");
  const auto before = world.elastic.Documents("docs");
  world.tree().AddFile("/new.txt", "x");
  world.tree().Overwrite("/a.txt", "changed");
  world.tree().Delete("/b.txt");
  const report::RunSummary summary = world.Acl();
  CHECK(summary.message == "");
  CHECK(summary.counters.closed == 1);
  CHECK(AccessListOf(world.elastic, "docs", gone) == Values{"nobody"});
  auto after = world.elastic.Documents("docs");
  REQUIRE(after.size() == before.size());
  after[gone] = before.at(gone);
  CHECK(after == before);
  world.elastic.ClearBooks();
  CHECK(world.Acl().counters.closed == 0);
  CHECK(world.elastic.writes().empty());
  CHECK(world.Incremental().message == "");
  CHECK(world.Difference() == "");
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("people who leave in numbers keep no list from being rewritten") {
  TeamWorld world;
  sim::Tree& tree = world.tree();
  Values people;
  for (int i = 0; i < 30; ++i) people.push_back(world.AddPerson(fmt::format("p{:02}", i)));
  tree.AddFile("/s/a.txt", "x");
  const std::string folder = world.Share(
      "/s", {{MemberKind::kUser, people[20], "viewer"}, {MemberKind::kUser, people[21], "viewer"}});
  REQUIRE(world.Full().message == "");
  REQUIRE(world.Acl().message == "");
  for (std::size_t i = 0; i < 12; ++i) tree.people().account(people[i]).status = "suspended";
  world.SetMembers(folder, {{MemberKind::kUser, people[21], "viewer"}});
  const std::string late = world.AddPerson("late");
  ElasticFault fault;
  fault.route = kIdentities;
  fault.times = -1;
  fault.status = 403;
  fault.body = R"({"error":{"type":"security_exception","reason":"unauthorized"},"status":403})";
  ExitCode expected = ExitCode::kSafetyStop;
  bool closed = true;
  SUBCASE("beyond the limit") {}
  SUBCASE("without any privilege on the index of identities") {
    world.elastic.Inject(fault);
    expected = ExitCode::kAuthorization;
    closed = false;
  }
  SUBCASE("without the privilege to read them") {
    fault.route = std::string(kIdentities) + "/_search";
    world.elastic.Inject(fault);
    expected = ExitCode::kAuthorization;
    closed = false;
  }
  SUBCASE("while the team cannot be listed") {
    world.config.sync.give_up_after = std::chrono::seconds(5);
    world.dropbox().Inject(sim::Fault::Status("team/members/*", 500).Times(0));
    expected = ExitCode::kUnavailable;
    closed = false;
  }
  SUBCASE("although the identity of one person is refused") {
    world.elastic.unmappable_ids = {"late@example.com"};
  }
  const report::RunSummary summary = world.Acl();
  CHECK(summary.exit_code == expected);
  CHECK(PermissionDifference(world) == "");
  CHECK(summary.counters.identities_closed == (closed ? 12 : 0));
  CHECK(world.Principals("p00@example.com").empty() == closed);
  CHECK_FALSE(world.Principals("p20@example.com").empty());
}

TEST_CASE("what is wrong with documents keeps no identity open") {
  TeamWorld world;
  const std::string bob = world.AddPerson("bob");
  world.tree().AddFile("/s/a.txt", "x");
  world.Share("/s", {{MemberKind::kUser, bob, "viewer"}});
  REQUIRE(world.Full().message == "");
  REQUIRE(world.Acl().message == "");
  world.tree().people().account(bob).status = "suspended";
  world.config.sync.give_up_after = std::chrono::seconds(5);
  world.dropbox().Inject(sim::Fault::Status("files/list_folder", 500).Times(0));
  CHECK(world.Acl().exit_code == ExitCode::kUnavailable);
  CHECK(world.Identities() == Values{world.tree().people().primary().email});
}

TEST_CASE("an account without a team knows whom it shares with") {
  TeamWorld world{sim::Options()};
  sim::Tree& tree = world.tree();
  const std::string bob = world.AddPerson("bob");
  const std::string cid = world.AddPerson("cid");
  world.AddPerson("stranger");
  const std::string file = tree.AddFile("/s/a.txt", "x");
  world.Share("/s", {{MemberKind::kUser, bob, "viewer"}});
  tree.shares().SetExplicitMembers(file, {{MemberKind::kUser, cid, "viewer"}});
  REQUIRE(world.Full().message == "");
  CHECK(world.Acl().message == "");
  CHECK(world.Identities() ==
        Values{tree.people().primary().email, "bob@example.com", "cid@example.com"});
  CHECK(world.Principals("bob@example.com") ==
        Values{"email:bob@example.com", "user:bob", "user_id:" + bob});
  tree.shares().SetExplicitMembers(file, {});
  SUBCASE("who is shared with no more goes") {
    CHECK(world.Acl().message == "");
    CHECK(world.Identities() == Values{tree.people().primary().email, "bob@example.com"});
  }
  SUBCASE("but not while a list is missing") {
    world.dropbox().Inject(
        sim::Fault::EndpointError("sharing/list_folder_members", "other").Times(0));
    CHECK(world.Acl().exit_code == ExitCode::kDocumentsFailed);
    CHECK(world.Identities().size() == 3);
  }
}

TEST_CASE("identities are removed when asked, and only then") {
  TeamWorld world;
  world.tree().AddFile("/a.txt", "x");
  REQUIRE(world.Full().message == "");
  REQUIRE(world.Acl().message == "");
  world.config.dropbox.use_document_level_security = false;
  const report::RunSummary refused = world.Acl();
  CHECK(refused.exit_code == ExitCode::kConfiguration);
  CHECK(refused.message.find("--remove") != std::string::npos);
  REQUIRE(world.Full().message == "");
  CHECK(world.Identities().size() == 1);
  world.options.remove_identities = true;
  CHECK(world.Acl().message == "");
  CHECK(world.Identities().empty());
  CHECK(world.elastic.Documents("docs").size() == 1);
}

TEST_CASE("settings that the index was not made with are a full sync's") {
  TeamWorld world;
  world.config.dropbox.use_document_level_security = false;
  REQUIRE(world.Full().message == "");
  world.config.dropbox.use_document_level_security = true;
  CHECK(world.Acl().exit_code == ExitCode::kFullSyncNeeded);
}

TEST_CASE("every missing scope is named") {
  sim::Options options = TeamOptions();
  options.tokens.scopes = "account_info.read files.metadata.read team_info.read team_data.member";
  TeamWorld world(options);
  const report::RunSummary summary = world.Acl();
  CHECK(summary.exit_code == ExitCode::kAuthorization);
  CHECK(summary.message.find("\n  members.read (") != std::string::npos);
  CHECK(summary.message.find("\n  sharing.read (") != std::string::npos);
  CHECK(summary.message.find("team_info") == std::string::npos);
  CHECK(world.Identities().empty());
}

TEST_CASE("scopes that keep the account from being found are named with the others") {
  sim::Options options = TeamOptions();
  SUBCASE("the admin's") {
    options.tokens.scopes = "account_info.read files.metadata.read sharing.read team_data.member";
  }
  SUBCASE("acting as a member") {
    options.tokens.scopes = "account_info.read files.metadata.read sharing.read team_info.read";
  }
  TeamWorld world(options);
  const report::RunSummary summary = world.Acl();
  CHECK(summary.exit_code == ExitCode::kAuthorization);
  CHECK(summary.message.find("\n  members.read (") != std::string::npos);
  CHECK(summary.message.find("\n  team_") != std::string::npos);
}

TEST_CASE("a licence without document level security is a warning") {
  TeamWorld world;
  ElasticFault licence;
  licence.route = "_license";
  licence.status = 200;
  licence.times = -1;
  bool warned = true;
  SUBCASE("basic") { licence.body = R"({"license":{"status":"active","type":"basic"}})"; }
  SUBCASE("trial") {
    licence.body = R"({"license":{"status":"active","type":"trial"}})";
    warned = false;
  }
  SUBCASE("not for our eyes") {
    licence.status = 403;
    licence.body = R"({"error":{"type":"security_exception"},"status":403})";
    warned = false;
  }
  world.elastic.Inject(licence);
  CHECK(world.Acl().message == "");
  bool found = false;
  for (const std::string& line : world.reporter.lines) {
    found = found || line.find("basic licence has no document level security") != std::string::npos;
  }
  CHECK(found == warned);
}

TEST_CASE("failures of earlier runs are not forgotten by acl-sync") {
  TeamWorld world;
  const std::string bad = world.tree().AddFile("/bad.txt", "x");
  world.elastic.unmappable_ids = {bad};
  REQUIRE(world.Full().exit_code == ExitCode::kDocumentsFailed);
  world.elastic.unmappable_ids.clear();
  CHECK(world.Acl().message == "");
  CHECK_FALSE(world.elastic.Source("docs", bad));
  CHECK(world.Incremental().message == "");
  CHECK(world.elastic.Source("docs", bad));
  CHECK(PermissionDifference(world) == "");
}

TEST_CASE("whatever fails in the routes of sharing and team, acl-sync shows nobody more") {
  for (const char* route :
       {"sharing/list_folder_members", "sharing/list_folders", "sharing/get_folder_metadata",
        "sharing/list_file_members/batch", "team/members/list_v2", "team/members/list/continue_v2",
        "team/token/get_authenticated_admin", "sharing/list_received_files", "files/list_folder"}) {
    for (const int status : {400, 401, 403, 409, 500}) {
      CAPTURE(route);
      CAPTURE(status);
      sim::Options options = TeamOptions();
      options.style = sim::Style::Nasty();
      options.style.display_case = false;
      TeamWorld world(options);
      world.config.sync.give_up_after = std::chrono::seconds(20);
      sim::Tree& tree = world.tree();
      const std::string bob = world.AddPerson("bob");
      for (int i = 0; i < 6; ++i) {
        tree.AddFile(fmt::format("/s{}/a.txt", i), "x");
        world.Share(fmt::format("/s{}", i), {{MemberKind::kUser, bob, "viewer"}});
      }
      REQUIRE(world.Full().message == "");
      const std::string file = tree.AddFile("/own.txt", "x");
      tree.shares().SetExplicitMembers(file, {{MemberKind::kUser, bob, "viewer"}});
      sim::Fault fault = status == 409 ? sim::Fault::EndpointError(route, "other")
                         : status == 401
                             ? sim::Fault::Simple(route, sim::Fault::Kind::kExpiredToken)
                             : sim::Fault::Status(route, status, "trouble");
      world.dropbox().Inject(std::move(fault).Every(2).Times(4));
      world.Acl();
      world.Incremental();
      CHECK(Leaks(world) == "");
      world.dropbox().faults().Clear();
      CHECK(world.Incremental().message == "");
      CHECK(world.Acl().message == "");
      CHECK(PermissionDifference(world) == "");
    }
  }
}

}  // namespace dbxes::sync
