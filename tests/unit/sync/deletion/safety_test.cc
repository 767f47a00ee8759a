// SPDX-License-Identifier: Apache-2.0
// Nothing is deleted without evidence, and not more than allowed.
#include "sync/deletion/safety.h"

#include <doctest/doctest.h>

#include "support/sync_world.h"

namespace dbxes::sync {

TEST_CASE("how many deletions are allowed") {
  struct Row {
    config::MaxDelete setting;
    DeletionPlan plan;
    std::uint64_t limit;
  };
  const Row rows[] = {
      {{}, {1, 10, 9, ""}, 10},
      {{}, {1, 59, 9, ""}, 29},
      {{}, {1, 200, 9, ""}, 100},
      {{}, {1, 400, 9, ""}, 100},
      {{}, {1, 1000, 9, ""}, 200},
      {{}, {1, 1000, 0, ""}, 0},
      {{false, false, 7}, {1, 1000, 9, ""}, 7},
      {{false, false, 7}, {1, 1000, 0, ""}, 7},
      {{false, true, 0}, {1, 1000, 0, ""}, ~std::uint64_t{0}},
  };
  for (const Row& row : rows) CHECK(DeletionLimit(row.setting, row.plan) == row.limit);
  CHECK(CheckDeletions({}, {100, 200, 5, "x"}).has_value());
  CHECK_FALSE(CheckDeletions({}, {59, 59, 5, "x"}).has_value());
  const auto refused = CheckDeletions({}, {101, 200, 5, "the listing"});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::kSafetyStop);
  CHECK(refused.error().message.find("--max-delete 101") != std::string::npos);
}

TEST_CASE("what leaves entries out is named, and nothing else") {
  const auto named = [](const rules::RuleSet& rules) {
    DeletionPlan plan;
    NameExclusions(rules, plan);
    return plan.excluded_by + "; " + plan.correction;
  };
  rules::RuleSet rules;
  CHECK(named(rules) == "the settings leave out; correct the settings");
  rules.patterns.exclude = {"**"};
  CHECK(named(rules) == "are excluded by sync.exclude; correct sync.exclude");
  rules.patterns.include = {"a"};
  CHECK(named(rules) ==
        "are excluded by sync.include or sync.exclude; correct sync.include or sync.exclude");
  rules.patterns.folders = {"/a", "/b"};
  rules.otherwise = rules::Policy::kExclude;
  CHECK(named(rules) ==
        "are outside of dropbox.path or excluded by sync.include, sync.exclude or the sync rules; "
        "correct dropbox.path, sync.include, sync.exclude or the sync rules");
  rules = {};
  rules.patterns.folders = {"/a", "/b"};
  CHECK(named(rules) == "are outside of dropbox.path; correct dropbox.path");
}

TEST_CASE("a listing that lost most of the tree stops before it deletes") {
  SyncWorld world;
  for (int i = 0; i < 300; ++i) world.tree().AddFile("/d/" + std::to_string(i), "x");
  world.tree().AddFile("/keep.txt", "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Delete("/d");
  world.dropbox().ResetCursors();
  const auto before = world.elastic.Documents("docs").size();
  const report::RunSummary stopped = world.Incremental();
  CHECK(stopped.exit_code == ExitCode::kSafetyStop);
  CHECK(stopped.counters.deleted == 0);
  CHECK(world.elastic.Documents("docs").size() == before);
  // Continuing deliberately.
  world.config.sync.max_delete = {false, false, 301};
  CHECK(world.Full().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

TEST_CASE("an empty listing over an index that is not stops") {
  SyncWorld world;
  world.config.dropbox.include_received_files = false;
  world.tree().AddFile("/a.txt", "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Delete("/a.txt");
  CHECK(world.Full().exit_code == ExitCode::kSafetyStop);
  CHECK(world.elastic.Documents("docs").size() == 1);
}

TEST_CASE("what the change feed may delete") {
  const auto check = [](const config::MaxDelete& setting, std::uint64_t count, std::uint64_t all) {
    FeedDeletions deletions;
    deletions.count = count;
    deletions.paths = {"/a", "/b"};
    return CheckFeedDeletions(setting, deletions, "incremental",
                              [all]() -> Result<std::uint64_t> { return all; });
  };
  struct Row {
    config::MaxDelete setting;
    std::uint64_t count;
    std::uint64_t all;
    bool passes;
  };
  const Row rows[] = {
      {{}, 10, 10, true},
      {{}, 11, 11, false},
      {{}, 29, 59, true},
      {{}, 30, 59, false},
      {{}, 59, 59, false},
      {{}, 50'001, 100'000, false},
      {{}, 500'000, 1'000'000, true},
      {{}, 500'001, 1'000'000, false},
      {{false, false, 7}, 7, 9, true},
      {{false, false, 7}, 8, 1'000'000, false},
      {{false, false, 0}, 1, 10, false},
      {{false, true, 0}, 1'000'000, 1'000'000, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.count);
    CHECK(check(row.setting, row.count, row.all).has_value() == row.passes);
  }
  const auto refused = check({false, false, 7}, 8, 9);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::kSafetyStop);
  CHECK(refused.error().message.find("Among them: /a, /b.") != std::string::npos);
  CHECK(refused.error().message.find("incremental --max-delete 8") != std::string::npos);
  // The size of the index is asked only where it decides.
  const auto broken = [](std::uint64_t count) {
    return CheckFeedDeletions({}, {count, {}}, "incremental", []() -> Result<std::uint64_t> {
      return Fail(ErrorKind::kTemporary, "down");
    });
  };
  CHECK(broken(10).has_value());
  CHECK(broken(11).error().kind == ErrorKind::kTemporary);
}

TEST_CASE("a limit that was set counts what the run has deleted before") {
  DeletionPlan plan{5, 1000, 9, "the listing"};
  plan.already = 3;
  CHECK(CheckDeletions({false, false, 8}, plan).has_value());
  const auto refused = CheckDeletions({false, false, 7}, plan);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("nothing more was deleted") != std::string::npos);
  CHECK(CheckDeletions({}, plan).has_value());
}

TEST_CASE("a folder deleted by its owner passes automatically, unless it is most of the index") {
  SyncWorld world;
  for (int i = 0; i < 300; ++i) world.tree().AddFile("/d/" + std::to_string(i), "x");
  for (int i = 0; i < 310; ++i) world.tree().AddFile("/e/" + std::to_string(i), "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Delete("/d");
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
  world.tree().Delete("/e");
  CHECK(world.Incremental().exit_code == ExitCode::kSafetyStop);
  CHECK(world.elastic.Documents("docs").size() == 311);
}

TEST_CASE("a root that vanished deletes nothing") {
  SyncWorld world;
  world.config.dropbox.paths = {"/Team"};
  world.tree().AddFile("/Team/a.txt", "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  const auto before = world.elastic.Documents("docs");
  world.tree().Delete("/Team");
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kConfiguration);
  CHECK(summary.message.find("/Team") != std::string::npos);
  CHECK(world.elastic.Documents("docs") == before);
}

TEST_CASE("a listing that dies in the middle deletes nothing") {
  sim::Options options;
  options.default_page_size = 10;
  SyncWorld world(options);
  world.config.sync.give_up_after = Milliseconds(60'000);
  for (int i = 0; i < 50; ++i) world.tree().AddFile("/" + std::to_string(i), "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  const auto before = world.elastic.Documents("docs");
  for (const char* tag : {"other", "path/not_found"}) {
    world.dropbox().faults().Clear();
    world.dropbox().Inject(
        sim::Fault::EndpointError("files/list_folder/continue", tag).Skip(2).Times(0));
    const report::RunSummary summary = world.Full();
    CHECK(summary.exit_code != ExitCode::kOk);
    CHECK(world.elastic.Documents("docs") == before);
  }
}

}  // namespace dbxes::sync
