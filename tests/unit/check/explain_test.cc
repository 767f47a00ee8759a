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
  ExplainedWorld() : sync::SecureWorld(TeamOptions()) {
    for (const char* name : {"bob", "cid", "dan"}) people.push_back(AddPerson(name));
    group = tree().people().AddGroup("Readers", {people[0]});
    file = tree().AddFile("/s/a.txt", "x");
    folder = Share(
        "/s", {{MemberKind::kGroup, group, "viewer"}, {MemberKind::kUser, people[1], "traverse"}});
    REQUIRE(Full().message == "");
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

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("why somebody sees a document") {
  ExplainedWorld world;
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
  ExplainedWorld world;
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
  ExplainedWorld world;
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
  ExplainedWorld world;
  const std::string walker = world.Answer("cid@example.com", "/s/a.txt");
  CHECK(Has(walker, "index: does not show it"));
  CHECK(Has(walker, "cid@example.com may not read it"));
  CHECK(Has(walker, "(cid) is traverse"));
  const std::string stranger = world.Answer("dan@example.com", "/s/a.txt");
  CHECK(Has(stranger, "may not read it"));
  CHECK_FALSE(Has(stranger, "differ"));
}

TEST_CASE("what the index does not know yet") {
  ExplainedWorld world;
  world.SetMembers(world.folder, {{MemberKind::kUser, world.people[2], "viewer"}});
  const std::string gains = world.Answer("dan@example.com", "/s/a.txt");
  CHECK(Has(gains, "index: does not show it"));
  CHECK(Has(gains, "may read it, as user_id:" + world.people[2]));
  CHECK(Has(gains, "index and Dropbox differ"));
  CHECK(Has(world.Answer("bob@example.com", "/s/a.txt"), "index and Dropbox differ"));
  world.tree().AddFile("/new.txt", "x");
  CHECK(Has(world.Answer("bob@example.com", "/new.txt"), "index: has no such document"));
}

TEST_CASE("people without an identity, and documents that are not there") {
  ExplainedWorld world;
  const std::string answer = world.Answer(world.people[2], "/s/a.txt");
  CHECK(Has(answer, "has none in the index"));
  CHECK(Has(answer, "judged by user_id:" + world.people[2]));
  CHECK(Has(world.Answer("Guest@Example.ORG", "/s/a.txt"), "judged by the e-mail address alone"));
  const report::RunSummary missing = world.Explain("bob@example.com", "/nowhere");
  CHECK(missing.message.find("Dropbox has no file or folder /nowhere") != std::string::npos);
  CHECK(missing.exit_code != ExitCode::kOk);
}

TEST_CASE("without document level security, no advice leads to a command that refuses") {
  ExplainedWorld world;
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
  ExplainedWorld world;
  world.dropbox().Inject(sim::Fault::EndpointError("sharing/list_folder_members", "other"));
  CHECK(Has(world.Answer("bob@example.com", "/s/a.txt"), "its members cannot be read"));
}

TEST_CASE("a received file is explained by its own members") {
  ExplainedWorld world;
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
