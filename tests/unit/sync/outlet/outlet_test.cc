// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/outlet.h"

#include <doctest/doctest.h>

#include "unit/sync/recording_sink.h"

namespace dbxes::sync {
namespace {

struct OutletWorld {
  Result<void> Write(std::string_view id, const BodyChange& body = {}) {
    elastic::BulkAction action;
    action.id = id;
    action.source = "{}";
    return outlet.Write(action, body);
  }

  config::ExtractionConfig extraction;
  std::unique_ptr<RecordingSink> owned = std::make_unique<RecordingSink>();
  RecordingSink& written = *owned;
  Outlet outlet{Destination::kNowhere, std::move(owned), content::ContentPlanner(extraction), 10};
};

}  // namespace

TEST_CASE("without downloads a document with a plan is written at once") {
  OutletWorld world;
  content::ContentPlan plan;
  plan.fetch = true;
  REQUIRE(world.Write("id:a", {&plan, false}));
  CHECK(world.written.lines == std::vector<std::string>{"index id:a {}"});
  CHECK(world.outlet.content() == nullptr);
}

TEST_CASE("writes are remembered only while lookups are made") {
  OutletWorld world;
  REQUIRE(world.Write("id:a"));
  CHECK_FALSE(world.outlet.TouchedRecently("id:a"));
  world.outlet.TrackWrites(true);
  REQUIRE(world.Write("id:b"));
  CHECK(world.outlet.TouchedRecently("id:b"));
  CHECK_FALSE(world.outlet.TouchedRecently("id:a"));
  REQUIRE(world.outlet.Drain());
  CHECK_FALSE(world.outlet.TouchedRecently("id:b"));
  CHECK(world.outlet.destination() == Destination::kNowhere);
}

}  // namespace dbxes::sync
