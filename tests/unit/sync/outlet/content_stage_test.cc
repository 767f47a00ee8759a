// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/content_stage.h"

#include <doctest/doctest.h>

#include "dropbox/dropbox_world.h"
#include "support/memory_file_system.h"
#include "support/sync_world.h"
#include "sync/outlet/outlet.h"
#include "unit/sync/recording_sink.h"

namespace dbxes::sync {
namespace {

// An outlet that fetches plain text from the simulated Dropbox and writes to a list.
struct ContentWorld {
  ContentWorld() {
    world.config.extraction.mode = config::ExtractionMode::kLocal;
    auto account = world.client().DiscoverAccount();
    REQUIRE(account);
    world.client().ActAs(*account);
    outlet.FetchContent(world.loop, world.client(), {}, world.config,
                        {world.config.extraction, counters, reporter, failures});
  }
  std::string AddFile(const std::string& path, const std::string& text) {
    return world.tree().AddFile(path, text);
  }
  elastic::BulkAction Action(const std::string& id) const {
    elastic::BulkAction action;
    action.id = id;
    action.path = "/a.txt";
    action.source = "{\"n\":1}";
    return action;
  }
  Result<void> Fetch(const std::string& id) {
    content::ContentPlan plan;
    plan.fetch = true;
    plan.bytes = 100;
    plan.fingerprint = 7;
    return outlet.Write(Action(id), {&plan, true});
  }

  dropbox::DropboxWorld world;
  report::Counters counters;
  RecordingReporter reporter;
  MemoryFileSystem files;
  checkpoint::FailuresFile failures{files, world.clock, ""};
  std::unique_ptr<RecordingSink> owned = std::make_unique<RecordingSink>();
  RecordingSink& written = *owned;
  Outlet outlet{Destination::kCluster, std::move(owned),
                content::ContentPlanner(world.config.extraction), 10};
};

}  // namespace

TEST_CASE("a document waits for its file, others do not, and marks wait for the document") {
  ContentWorld world;
  const std::string id = world.AddFile("/a.txt", "hello");
  REQUIRE(world.Fetch(id));
  REQUIRE(world.outlet.Write(world.Action("id:other"), {}));
  world.outlet.sink().Mark(1);
  REQUIRE(world.written.lines.size() == 1);
  CHECK(world.written.lines[0].starts_with("index id:other"));
  CHECK(world.outlet.TouchedRecently(id));
  CHECK_FALSE(world.outlet.sink().TakeReleasedMark());

  REQUIRE(world.outlet.sink().Drain());
  REQUIRE(world.written.lines.size() == 4);
  CHECK(world.written.lines[1].find("hello") != std::string::npos);
  CHECK(world.written.lines[2] == "mark 1");
  CHECK(world.written.lines[3] == "drain");
  CHECK(world.outlet.sink().TakeReleasedMark() == 1u);
  CHECK(world.counters.content_fetched == 1);
  CHECK(world.outlet.TouchedRecently(id));
  CHECK_FALSE(world.outlet.content()->Holds(Hash64(id)));
}

TEST_CASE("a later write of an id waits until its file has been handed on") {
  ContentWorld world;
  const std::string id = world.AddFile("/a.txt", "hello");
  REQUIRE(world.Fetch(id));
  elastic::BulkAction remove = world.Action(id);
  remove.kind = elastic::BulkAction::kDelete;
  REQUIRE(world.outlet.sink().Add(remove));
  REQUIRE(world.written.lines.size() == 2);
  CHECK(world.written.lines[0].starts_with("index"));
  CHECK(world.written.lines[1].starts_with("delete"));
}

TEST_CASE("what became of a document is known once its file has been handed on") {
  ContentWorld world;
  const std::string id = world.AddFile("/a.txt", "hello");
  REQUIRE(world.Fetch(id));
  REQUIRE(world.outlet.AwaitId("id:other"));
  CHECK(world.written.lines.empty());
  REQUIRE(world.outlet.AwaitId(id));
  CHECK(world.written.lines.size() == 1);
  CHECK_FALSE(world.outlet.content()->Holds(Hash64(id)));
}

TEST_CASE("the version that a document was read in waits with it") {
  ContentWorld world;
  const std::string id = world.AddFile("/a.txt", "hello");
  elastic::BulkAction action = world.Action(id);
  action.kind = elastic::BulkAction::kUpdate;
  action.version = {17, 3};
  action.sync_seq = 5;
  content::ContentPlan plan;
  plan.fetch = true;
  REQUIRE(world.outlet.Write(action, {&plan}));
  REQUIRE(world.outlet.sink().Drain());
  REQUIRE(world.written.actions.size() == 1);
  CHECK(world.written.actions[0].kind == elastic::BulkAction::kUpdate);
  CHECK(world.written.actions[0].version.seq_no == 17);
  CHECK(world.written.actions[0].version.primary_term == 3);
  CHECK(world.written.actions[0].sync_seq == 5);
}

TEST_CASE("a file that is gone leaves its document without text; the end of the run asks for it") {
  ContentWorld world;
  REQUIRE(world.Fetch("id:gone"));
  REQUIRE(world.outlet.sink().Drain());
  CHECK(world.written.lines[0] == "index id:gone {\"n\":1}");
  CHECK(world.counters.content_gone == 1);
  CHECK(world.failures.count() == 1);
  const auto doubtful = world.failures.TakeDoubtful();
  REQUIRE(doubtful.size() == 1);
  CHECK(doubtful[0].id == "id:gone");
  world.failures.Withdraw("id:gone");
  CHECK(world.failures.count() == 0);
}

TEST_CASE("what is abandoned is neither written nor marked") {
  ContentWorld world;
  const std::string id = world.AddFile("/a.txt", "hello");
  REQUIRE(world.Fetch(id));
  world.outlet.sink().Mark(1);
  world.outlet.content()->Abandon();
  world.world.loop.RunOnce();
  REQUIRE(world.outlet.sink().Drain());
  CHECK(world.written.lines == std::vector<std::string>{"drain"});
}

}  // namespace dbxes::sync
