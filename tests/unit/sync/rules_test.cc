// SPDX-License-Identifier: Apache-2.0
// Sync rules in runs: what they leave out, and what changing them does to the index.
#include <doctest/doctest.h>

#include "support/sync_world.h"

namespace dbxes {
namespace {

constexpr char kFile[] = "/rules.json";

void SetRules(SyncWorld& world, const std::string& text) {
  world.files.files()[kFile] = text;
  world.config.sync.rules_file = kFile;
}

}  // namespace

TEST_CASE("a rules file that is wrong stops the run before any request") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "a");
  SetRules(world, R"([{"id":"1","policy":"maybe","field":"name","rule":"equals","value":"a",)"
                  R"("order":1}])");
  for (const SyncMode mode : {SyncMode::kFull, SyncMode::kIncremental, SyncMode::kAccessControl}) {
    const RunSummary summary = world.Run(mode);
    CHECK(summary.exit_code == ExitCode::kConfiguration);
    CHECK(summary.message ==
          "/rules.json has 1 error (see dbx-es validate-rules):\n"
          "/rules.json:1:21: error: /0/policy: \"maybe\" is no policy (allowed: include, exclude)");
    CHECK(summary.counters.dropbox_requests == 0);
    CHECK(summary.counters.elasticsearch_requests == 0);
  }
}

TEST_CASE("a rules file that is not there stops the run before any request") {
  SyncWorld world;
  world.config.sync.rules_file = "/missing.json";
  const RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kConfiguration);
  CHECK(summary.message.find("sync.rules: ") == 0);
  CHECK(summary.message.find("/missing.json") != std::string::npos);
  CHECK(summary.counters.dropbox_requests == 0);
}

TEST_CASE("advanced rules are refused") {
  SyncWorld world;
  SetRules(world, R"([{"query":"report"}])");
  const RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kConfiguration);
  CHECK(summary.message ==
        "/rules.json has 1 advanced rule, which this version checks but cannot apply; basic rules "
        "choose by the fields of documents");
  CHECK(summary.counters.dropbox_requests == 0);
}

TEST_CASE("a file without rules changes nothing") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "a");
  REQUIRE(world.Full().message == "");
  SetRules(world, "[]");
  CHECK(world.Incremental().message == "");
}

}  // namespace dbxes
