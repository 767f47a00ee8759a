// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/entry_stages.h"

#include <doctest/doctest.h>

#include <memory>
#include <utility>
#include <vector>

#include "unit/sync/recording_sink.h"

namespace dbxes::sync {
namespace {

struct StagesWorld {
  StagesWorld() {
    entry.kind = delta::EntryKind::kFile;
    entry.id = "id:a";
    entry.name = "a.txt";
    entry.path_lower = "/a.txt";
    entry.path_display = "/A.txt";
    changes.push_back({&entry, 5, false});
  }
  EntryStages Make() {
    return {rules, {"https://www.dropbox.test", "1", false}, nullptr, outlet, stamps, counters};
  }

  delta::Entry entry;
  std::vector<delta::Change> changes;
  rules::RuleSet rules;
  elastic::VersionStamps stamps;
  report::Counters counters;
  std::unique_ptr<RecordingSink> owned = std::make_unique<RecordingSink>();
  RecordingSink& written = *owned;
  config::ExtractionConfig extraction;
  Outlet outlet{Destination::kCluster, std::move(owned),
                content::ContentPlanner(extraction, content::InstalledReaders{false, false}), 10};
};

}  // namespace

TEST_CASE("a change of an entry becomes a document of the outlet") {
  StagesWorld world;
  EntryStages stages = world.Make();
  stages.CompareWith(nullptr, /*force=*/false).Draft(world.changes);
  REQUIRE(stages.documents().Write("now"));
  REQUIRE(world.written.lines.size() == 1);
  CHECK(world.written.lines[0].starts_with("index id:a {"));
  CHECK(world.written.actions[0].sync_seq == 5);
  CHECK(&stages.outlet() == &world.outlet);
  CHECK(stages.permissions() == nullptr);
}

TEST_CASE("rules judge entries only where they choose any") {
  StagesWorld world;
  CHECK(world.Make().selection().judge() == nullptr);
  rules::BasicRule rule;
  rule.policy = rules::Policy::kExclude;
  rule.field = "name";
  rule.op = rules::Operator::kEquals;
  rule.value = "a.txt";
  world.rules.basic.push_back(std::move(rule));
  EntryStages stages = world.Make();
  REQUIRE(stages.selection().judge() != nullptr);
  CHECK(stages.selection().judge()->Excludes(world.entry));
}

}  // namespace dbxes::sync
