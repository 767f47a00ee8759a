// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sync/rules_world.h"
#include "sync/secure_world.h"

namespace dbxes::check {
namespace {

using sim::MemberKind;

sim::Options TeamOptions() {
  sim::Options options;
  options.tokens.team_token = true;
  return options;
}

struct ExplainedWorld : sync::SecureWorld {
  explicit ExplainedWorld(const sim::Options& options = TeamOptions())
      : sync::SecureWorld(options) {
    for (const char* name : {"bob", "cid", "dan"}) people.push_back(AddPerson(name));
    group = tree().people().AddGroup("Readers", {people[0]});
    file = tree().AddFile("/s/a.txt", "x");
    folder = Share(
        "/s", {{MemberKind::kGroup, group, "viewer"}, {MemberKind::kUser, people[1], "traverse"}});
    REQUIRE(Full().message == "");
  }
  void SyncAccess() {
    REQUIRE(Run(sync::SyncMode::kAccessControl).message == "");
    elastic.ClearBooks();
  }
  std::string Answer(const std::string& user, const std::string& document) {
    const report::RunSummary summary = Explain(user, document);
    REQUIRE(summary.message == "");
    return fmt::format("{}", fmt::join(summary.answer, "\n"));
  }

  std::vector<std::string> people;
  std::string group;
  std::string file;
  std::string folder;
};

// With the identities of the people.
struct SettledWorld : ExplainedWorld {
  SettledWorld() { SyncAccess(); }
};

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("why somebody sees a document") {
  SettledWorld world;
  const std::string answer = world.Answer("bob@example.com", "/S/a.TXT");
  CHECK(Has(answer, "document: /s/a.txt (" + world.file + ")"));
  CHECK(Has(answer, "index: shows it; among its 2 readers is group:" + world.group));
  CHECK(Has(answer, "Dropbox: it is in shared folder " + world.folder));
  CHECK(Has(answer, "bob@example.com may read it, as group:" + world.group));
  CHECK(Has(answer, "(Readers) is viewer"));
  CHECK_FALSE(Has(answer, "differ"));
  CHECK(world.Answer("bob@example.com", world.file) == answer);
  CHECK(world.elastic.writes().empty());
}

TEST_CASE("what leaves a document out is named") {
  SettledWorld world;
  world.config.sync.exclude = {"/x", "*.TXT"};
  const std::string by_pattern = world.Answer("bob@example.com", "/s/a.txt");
  CHECK(Has(by_pattern, "left out: sync.exclude *.TXT"));
  world.config.sync.exclude = {"*.tmp"};
  CHECK_FALSE(Has(world.Answer("bob@example.com", "/s/a.txt"), "sync rules"));
  sync::Exclude(world, "name", "equals", "a.txt");
  CHECK(Has(world.Answer("bob@example.com", "/s/a.txt"), "left out: rule 1 in line 1"));
  sync::SetRules(world, "[");
  CHECK(Has(world.Answer("bob@example.com", "/s/a.txt"), "sync rules: cannot be read: "));
}

TEST_CASE("a document outside of the folders that are indexed is named as such") {
  SettledWorld world;
  world.tree().AddFolder("/T\u00c9AM");
  world.tree().AddFile("/t\u00e9am/in.txt", "x");
  world.config.dropbox.paths = {"/T\u00c9am", "/gone"};
  world.config.sync.exclude = {"*.txt"};
  const std::string out = world.Answer("bob@example.com", "/s/a.txt");
  CHECK(Has(out, "left out: it is outside of dropbox.path, which is /T\u00c9am, /gone"));
  CHECK_FALSE(Has(out, "sync.exclude"));
  CHECK(Has(world.Answer("bob@example.com", "/t\u00e9am/in.txt"), "left out: sync.exclude *.txt"));
  world.config.dropbox.paths = {"/S"};
  CHECK(Has(world.Answer("bob@example.com", "/s/a.txt"), "left out: sync.exclude *.txt"));
}

TEST_CASE("why somebody does not see a document") {
  SettledWorld world;
  const std::string walker = world.Answer("cid@example.com", "/s/a.txt");
  CHECK(Has(walker, "index: does not show it"));
  CHECK(Has(walker, "cid@example.com may not read it"));
  CHECK(Has(walker, "(cid) is traverse"));
  const std::string stranger = world.Answer("dan@example.com", "/s/a.txt");
  CHECK(Has(stranger, "may not read it"));
  CHECK_FALSE(Has(stranger, "differ"));
}

TEST_CASE("what the index does not know yet") {
  SettledWorld world;
  world.SetMembers(world.folder, {{MemberKind::kUser, world.people[2], "viewer"}});
  const std::string gains = world.Answer("dan@example.com", "/s/a.txt");
  CHECK(Has(gains, "index: does not show it"));
  CHECK(Has(gains, "may read it, as user_id:" + world.people[2]));
  CHECK(Has(gains, "index and Dropbox differ"));
  CHECK(Has(world.Answer("bob@example.com", "/s/a.txt"), "index and Dropbox differ"));
  world.tree().AddFile("/new.txt", "x");
  CHECK(Has(world.Answer("bob@example.com", "/new.txt"), "index: has no such document"));
}

TEST_CASE("an identity is found by the account id, and by an address in other letters") {
  SettledWorld world;
  CHECK(Has(world.Answer(world.people[0], "/s/a.txt"), " is email:bob@example.com, "));
  const std::string bob = world.Answer("BOB@example.com", "/s/a.txt");
  CHECK(Has(bob, "identity: BOB@example.com is email:bob@example.com, "));
  CHECK(Has(bob, "may read it, as group:" + world.group));
}

TEST_CASE("people without an identity, and documents that are not there") {
  SettledWorld world;
  const std::string answer = world.Answer("dbid:stranger", "/s/a.txt");
  CHECK(Has(answer, "has none in the index"));
  CHECK(Has(answer, "judged by user_id:dbid:stranger"));
  CHECK(Has(world.Answer("Guest@Example.ORG", "/s/a.txt"), "judged by the e-mail address alone"));
  const report::RunSummary missing = world.Explain("bob@example.com", "/nowhere");
  CHECK(missing.message.find("Dropbox has no file or folder /nowhere") != std::string::npos);
  CHECK(missing.exit_code != ExitCode::kOk);
}

TEST_CASE("before the first acl-sync, people are known by what Dropbox shows of them") {
  ExplainedWorld world;
  const std::string bob = world.Answer("bob@example.com", "/s/a.txt");
  CHECK(Has(bob, "bob@example.com has none in the index; active members get one"));
  CHECK(Has(bob, "index: shows it; among its 2 readers is group:" + world.group));
  CHECK(Has(bob, "may read it, as group:" + world.group));
  CHECK_FALSE(Has(bob, "differ"));
  const std::string walker = world.Answer("CID@example.com", "/s/a.txt");
  CHECK(Has(walker, "CID@example.com may not read it"));
  CHECK(Has(walker, "(cid) is traverse"));
  const std::string ann = world.tree().people().primary().email;
  world.tree().AddFile("/mine.txt", "x");
  CHECK(Has(world.Answer(ann, "/mine.txt"), "may read it, as user_id:" + world.ann));
  world.dropbox().Inject(sim::Fault::EndpointError("team/members/list_v2", "other"));
  CHECK(Has(world.Answer("bob@example.com", "/s/a.txt"), "team: its members cannot be read: "));
}

TEST_CASE("an account alone shows the members of a folder, and not those of its groups") {
  ExplainedWorld world{sim::Options()};
  world.SetMembers(world.folder, {{MemberKind::kUser, world.people[0], "editor"}});
  const std::string bob = world.Answer("Bob@example.com", "/s/a.txt");
  CHECK(Has(bob, "judged by email:bob@example.com, user_id:" + world.people[0]));
  CHECK(Has(bob, "may read it, as user_id:" + world.people[0]));
  CHECK(Has(world.Answer("dan@example.com", "/s/a.txt"), "dan@example.com may not read it"));
  world.SetMembers(world.folder, {{MemberKind::kGroup, world.group, "viewer"}});
  const std::string maybe = world.Answer("bob@example.com", "/s/a.txt");
  CHECK(Has(maybe, "is none of its members; it is not known here who is in group:" + world.group));
  CHECK_FALSE(Has(maybe, "may not read it"));
  CHECK_FALSE(Has(maybe, "differ"));
}

TEST_CASE("an id that Dropbox does not have is no document") {
  SettledWorld world;
  const report::RunSummary missing = world.Explain("bob@example.com", "id:zzz");
  CHECK(missing.exit_code != ExitCode::kOk);
  CHECK(Has(missing.message, "Dropbox has no file or folder id:zzz"));
  world.tree().Delete("/s/a.txt");
  const std::string gone = world.Answer("bob@example.com", world.file);
  CHECK(Has(gone, "which Dropbox does not have, or not for this account"));
  CHECK(Has(gone, "index: shows it"));
  CHECK(Has(gone, "index and Dropbox differ: run dbx-es incremental"));
}

TEST_CASE("without document level security, no advice leads to a command that refuses") {
  SettledWorld world;
  world.config.dropbox.use_document_level_security = false;
  const std::string id = world.tree().AddFile("/s/open.txt", "x");
  REQUIRE(world.Full().message == "");
  const std::string answer = world.Answer("dan@example.com", "/s/open.txt");
  CHECK(Has(answer, "index: shows it to everyone"));
  CHECK(Has(answer, "differ, because dropbox.use_document_level_security is off"));
  CHECK_FALSE(Has(answer, "acl-sync"));
  CHECK_FALSE(Has(world.Answer("Guest@Example.ORG", "/s/open.txt"), "acl-sync"));
}

TEST_CASE("members that cannot be read are said to be so") {
  SettledWorld world;
  world.dropbox().Inject(sim::Fault::EndpointError("sharing/list_folder_members", "other"));
  CHECK(Has(world.Answer("bob@example.com", "/s/a.txt"), "its members cannot be read"));
}

TEST_CASE("a received file is explained by its own members") {
  SettledWorld world;
  const std::string received = world.tree().shares().AddReceivedFile("offer.docx", "x");
  world.tree().shares().SetReceivedFileMembers(received,
                                               {{MemberKind::kUser, world.people[1], "viewer"}});
  REQUIRE(world.Full().message == "");
  const std::string answer = world.Answer("cid@example.com", received);
  CHECK(Has(answer, "has no path in Dropbox"));
  CHECK(Has(answer, "index: shows it"));
  CHECK(Has(answer, "may read it"));
}

}  // namespace dbxes::check
