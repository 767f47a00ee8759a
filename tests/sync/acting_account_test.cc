// SPDX-License-Identifier: Apache-2.0
// In whose name a run reads Dropbox, and whose tree it sees: what Dropbox says, not what a state
// says that somebody may have written.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "checkpoint/checkpoint.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

sim::Options TeamToken() {
  sim::Options options;
  options.tokens.team_token = true;
  options.default_page_size = 3;
  return options;
}

// Ann's team has a team space. Bob is a member, who has a file of his own.
struct TeamWorld : SecureWorld {
  TeamWorld() : SecureWorld(TeamToken()) {
    config.sync.state = config::StateKind::kFolder;
    bob = AddPerson("bob");
    tree().folders().GiveTeamSpace(ann);
    tree().AddFile("ns:" + tree().items().ns(tree().people().account(bob).home).id + "/bobs.txt",
                   "x");
    for (const char* path : {"/1.txt", "/2.txt", "/3.txt", "/4.txt"}) tree().AddFile(path, "x");
  }

  void ChangeState(const std::function<void(checkpoint::Checkpoint&)>& change) {
    for (auto& [path, text] : files.files()) {
      auto state = path.ends_with(".json")
                       ? checkpoint::ParseCheckpoint(text, path)
                       : Result<checkpoint::Checkpoint>(Fail(ErrorKind::kUsage, ""));
      if (!state) continue;
      change(*state);
      text = checkpoint::SerializeCheckpoint(*state);
      return;
    }
    FAIL("no checkpoint");
  }

  // All documents of the index, as one text.
  std::string Index() const {
    std::string all;
    for (const auto& [id, source] : elastic.Documents("docs")) all += source + "\n";
    return all;
  }
  bool Said(const std::string& text) const {
    return std::any_of(reporter.lines.begin(), reporter.lines.end(), [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  }

  std::string bob;
};

}  // namespace

TEST_CASE("a full sync that is resumed acts as the member whom Dropbox names") {
  TeamWorld world;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.ChangeState([&](checkpoint::Checkpoint& state) {
    state.full_sync.emplace().started_at = "2026-08-05T10:00:00Z";
    state.root.cursor.clear();
    const sim::Account& bob = world.tree().people().account(world.bob);
    state.account.team_member_id = bob.team_member_id;
    state.account.root_namespace_id = world.tree().items().ns(bob.root).id;
    state.account.home_namespace_id = world.tree().items().ns(bob.home).id;
  });
  world.reporter.lines.clear();
  const report::RunSummary summary = world.Full();
  CHECK(summary.message == "");
  CHECK(world.Said("Dropbox shows the account otherwise than when the full sync began"));
  CHECK(world.Index().find("bobs.txt") == std::string::npos);
  CHECK(world.elastic.Documents("docs").size() == 5);  // her home and what is in it
}

TEST_CASE("no document gets readers by what the state says of the account") {
  TeamWorld world;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.Index().find("user_id:" + world.bob) == std::string::npos);
  // Then Ann's home would count as a folder of the team.
  world.ChangeState(
      [](checkpoint::Checkpoint& state) { state.account.home_path = "/somewhere else"; });
  world.tree().AddFile("/secret.txt", "x");
  world.reporter.lines.clear();
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(world.Said("the account in Dropbox is not what the state says: running a full sync"));
  CHECK(world.Index().find("secret.txt") != std::string::npos);
  CHECK(world.Index().find("user_id:" + world.bob) == std::string::npos);
  CHECK(world.elastic.Documents("docs").size() == 6);
  CHECK(world.Incremental().message == "");
  CHECK_FALSE(world.Said("warning"));
}

TEST_CASE("an account that is as the state says costs no full sync") {
  TeamWorld world;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().AddFile("/5.txt", "x");
  world.reporter.lines.clear();
  CHECK(world.Incremental().message == "");
  CHECK_FALSE(world.Said("full sync"));
  CHECK(world.elastic.Documents("docs").size() == 6);
}

}  // namespace dbxes::sync
