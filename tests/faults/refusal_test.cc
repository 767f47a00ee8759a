// SPDX-License-Identifier: Apache-2.0
// Documents that Elasticsearch refuses: which ones, at what cost, and what becomes of them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "elastic/bulk_plan.h"
#include "support/state_text.h"
#include "support/sync_world.h"

namespace dbxes {
namespace {

using Kind = ElasticFault::Kind;

ElasticFault Refusal(int status, const char* type, std::set<std::string> ids) {
  ElasticFault fault;
  fault.kind = Kind::kItemStatus;
  fault.times = -1;
  fault.status = status;
  fault.type = type;
  fault.reason = "refused";
  fault.ids = std::move(ids);
  return fault;
}

}  // namespace

TEST_CASE("one poison document among 2,000 costs at most 12 requests more") {
  SyncWorld world;
  std::vector<std::string> ids;
  for (int i = 0; i < 2000; ++i) ids.push_back(world.tree().AddFile(fmt::format("/{}", i), "x"));
  SyncWorld clean;
  for (int i = 0; i < 2000; ++i) clean.tree().AddFile(fmt::format("/{}", i), "x");
  REQUIRE(clean.Full().exit_code == ExitCode::kOk);
  world.elastic.poison_ids = {ids[1234]};
  const report::RunSummary summary = world.Full();
  REQUIRE(summary.exit_code == ExitCode::kDocumentsFailed);
  REQUIRE(summary.failures.size() == 1);
  CHECK(summary.failures[0].id == ids[1234]);
  CHECK(world.elastic.Documents("docs").size() == 1999);
  CHECK(world.elastic.requests() <= clean.elastic.requests() + 12);
}

TEST_CASE("outcomes belong to their documents after parts of a batch were answered out of order") {
  SyncWorld world;
  world.config.dropbox.include_received_files = false;
  world.config.elasticsearch.bulk_max_actions = 8;
  std::vector<std::string> ids;
  for (int i = 0; i < 8; ++i) ids.push_back(world.tree().AddFile(fmt::format("/{}", i), "x"));
  for (const std::string& id : ids) {
    CAPTURE(id);
    SyncWorld each;
    each.config = world.config;
    std::string bad;
    for (int i = 0; i < 8; ++i) {
      const std::string made = each.tree().AddFile(fmt::format("/{}", i), "x");
      if (made == id) bad = made;
    }
    REQUIRE(bad == id);
    // Too large twice: the second half waits for the first one's quarters. Then all are postponed.
    each.elastic.Inject({Kind::kStatus, "_bulk", 0, 2, 413, "", {}, {}, "", ""});
    ElasticFault busy = Refusal(429, "es_rejected_execution_exception", {});
    busy.skip = 2;
    busy.times = 3;
    each.elastic.Inject(busy);
    each.elastic.unmappable_ids = {bad};
    const report::RunSummary summary = each.Full();
    REQUIRE(summary.failures.size() == 1);
    CHECK(summary.failures[0].id == bad);
    CHECK(summary.counters.created == 7);
  }
}

TEST_CASE("a batch that is tried again as a whole goes in its own order") {
  elastic::BulkPlan plan(8);
  CHECK_FALSE(plan.TooLarge().has_value());
  CHECK_FALSE(plan.TooLarge().has_value());
  while (!plan.current().empty()) plan.Accepted(elastic::BulkPlan::Items(plan.current()));
  REQUIRE(plan.waiting());
  plan.Retry();
  CHECK(plan.current().size() == 8);
  CHECK(std::is_sorted(plan.current().begin(), plan.current().end()));
}

TEST_CASE("a document that is refused twice in a run is one failure") {
  SyncWorld world;
  const std::string bad = world.tree().AddFile("/bad.txt", "x");
  world.tree().AddFile("/good.txt", "x");
  world.elastic.unmappable_ids = {bad};
  REQUIRE(world.Full().counters.failed == 1);
  // The listing writes it, and so does the second try of what failed before.
  const report::RunSummary again = world.Full();
  CHECK(again.counters.failed == 1);
  CHECK(again.failures.size() == 1);
  const std::string text = FailuresText(world);
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK(text.find("\"attempts\":2") != std::string::npos);
}

TEST_CASE("a deletion that was refused is tried again") {
  SyncWorld world;
  const std::string gone = world.tree().AddFile("/gone.txt", "x");
  world.tree().AddFile("/stays.txt", "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Delete("/gone.txt");
  world.elastic.Inject(Refusal(400, "illegal_argument_exception", {gone}));
  const report::RunSummary refused = world.Incremental();
  CHECK(refused.exit_code == ExitCode::kDocumentsFailed);
  REQUIRE(refused.failures.size() == 1);
  CHECK(refused.failures[0].operation == "delete");
  SUBCASE("and done when it is accepted") {
    world.elastic.ClearFaults();
    CHECK(world.Incremental().exit_code == ExitCode::kOk);
    CHECK(world.Difference() == "");
    CHECK(FailuresText(world) == "");
  }
  SUBCASE("and stays on record as long as it is not") {
    CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
    CHECK(FailuresText(world).find("\"attempts\":2") != std::string::npos);
  }
}

TEST_CASE("a failed document that has no place any more is forgotten") {
  SyncWorld world;
  world.tree().AddFile("/shared/bad.txt", "x");
  const std::string shared = world.tree().folders().ShareFolder("/shared");
  std::string bad;
  for (const auto& item : world.tree().Snapshot()) {
    if (item.name == "bad.txt") bad = item.id;
  }
  world.elastic.unmappable_ids = {bad};
  REQUIRE(world.Full().exit_code == ExitCode::kDocumentsFailed);
  world.tree().folders().Unmount("/shared");
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(world.Difference() == "");
  CHECK(FailuresText(world) == "");
}

TEST_CASE("an old version at a forgotten path is deleted with its file") {
  SyncWorld world;
  const std::string bad = world.tree().AddFile("/old.txt", "x");
  world.tree().AddFile("/other.txt", "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Move("/old.txt", "/new.txt");
  world.dropbox().ResetCursors();
  world.elastic.unmappable_ids = {bad};
  // A full listing shows the new place only, and that write is refused.
  REQUIRE(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  REQUIRE(world.elastic.Source("docs", bad).has_value());
  world.tree().Delete("/new.txt");
  world.elastic.unmappable_ids.clear();
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

TEST_CASE("the entry that took a place is not deleted with what was there, though it was refused") {
  SyncWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "one");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().Overwrite("/a.txt", "two");
  world.elastic.unmappable_ids = {id};
  REQUIRE(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.elastic.Source("docs", id).has_value());
}

TEST_CASE("a received file whose new version was refused is written by the next incremental run") {
  SyncWorld world;
  const std::string id = world.tree().shares().AddReceivedFile("offer.docx", "one");
  world.tree().AddFile("/a.txt", "x");
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.tree().shares().received_file(id).rev += 1;
  world.elastic.unmappable_ids = {id};
  REQUIRE(world.Full().exit_code == ExitCode::kDocumentsFailed);
  world.elastic.unmappable_ids.clear();
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Difference() == "");
}

}  // namespace dbxes
