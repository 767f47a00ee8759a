// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/fresh_writer.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "checkpoint/folder_place.h"
#include "dropbox/dropbox_world.h"
#include "support/memory_file_system.h"
#include "support/sync_world.h"
#include "unit/elastic/world.h"
#include "unit/sync/recording_sink.h"

namespace dbxes::sync {
namespace {

struct Services : dropbox::DropboxWorld {
  Services() { config.elasticsearch = elastic::TestElasticConfig(); }
};

// A Dropbox and an index, and a writer whose actions are recorded.
struct FreshWorld {
  FreshWorld() {
    dropbox.network.Route(elastic::kHost,
                          [this](const FakeRequest& request) { return index(request); });
    index.CreateIndex("docs", R"({"properties":{"id":{"type":"keyword"}}})");
    REQUIRE(ledger.Open(1, /*reads_checkpoint=*/true));
    REQUIRE(ledger.BeginChanges());
    auto account = source.client().DiscoverAccount();
    REQUIRE(account);
    source.client().ActAs(*account);
    auto sink = std::make_unique<RecordingSink>();
    written = sink.get();
    target.UsePrepared("id");
    target.WriteTo(
        std::make_unique<Outlet>(Destination::kCluster, std::move(sink),
                                 content::ContentPlanner(dropbox.config.extraction,
                                                         content::InstalledReaders{false, false}),
                                 10),
        ledger);
    stages.emplace(rules, documents::DocumentContext{"https://www.dropbox.test", "1", false},
                   nullptr, target.outlet(), target.client().stamps(), progress.counters());
    stages->CompareWith(target.lookup(), /*force=*/false);
    fresh.emplace(source, ledger, target, *stages, progress);
  }
  std::string AddFile(const std::string& path) { return dropbox.tree().AddFile(path, "text"); }
  void Put(const std::string& id, const std::string& path) {
    index.Put("docs", id, fmt::format(R"({{"id":"{}","path_lower":"{}"}})", id, path));
  }
  static report::FailedDocument Document(const std::string& id, const std::string& path) {
    return {id, path, "index", 0, ""};
  }
  // "kind id" of each action.
  std::vector<std::string> Actions() const {
    std::vector<std::string> actions;
    for (const std::string& line : written->lines) {
      if (line != "drain") actions.push_back(line.substr(0, line.find(' ', line.find(' ') + 1)));
    }
    return actions;
  }

  Services dropbox;
  FakeElastic index;
  MemoryFileSystem files;
  FileProbe probe;
  RecordingReporter reporter;
  rules::RuleSet rules;
  Source source{dropbox.loop, dropbox.config, 1, [](const Error&, Milliseconds) {}};
  checkpoint::FolderPlace place{files, probe, dropbox.clock, "/state", "docs"};
  Ledger ledger{dropbox.clock, {place, files, true, "server"}};
  Target target{dropbox.loop,
                dropbox.config,
                ledger,
                Baseline::kStored,
                7,
                [](const Error&, Milliseconds) {}};
  Progress progress{reporter, dropbox.clock, nullptr};
  RecordingSink* written = nullptr;
  std::optional<EntryStages> stages;
  std::optional<FreshWriter> fresh;
};

// "" or the error.
std::string Outcome(const Result<void>& done) { return done ? "" : done.error().ToLine(); }

}  // namespace

TEST_CASE("documents are written as Dropbox has them, and deleted where it has them no more") {
  FreshWorld world;
  const std::string id = world.AddFile("/a.txt");
  world.Put("id:gone", "/gone.txt");
  CHECK(Outcome(world.fresh->Write(std::vector{
            FreshWorld::Document(id, "/a.txt"), FreshWorld::Document("id:gone", "/gone.txt"),
            FreshWorld::Document("id:unknown", "/unknown.txt")})) == "");
  CHECK(world.Actions() == std::vector<std::string>{"index " + id, "delete id:gone"});
  CHECK(world.ledger.failures().count() == 0);
}

TEST_CASE("a document that Dropbox does not find by its id, but has at its path, is left alone") {
  FreshWorld world;
  const std::string id = world.AddFile("/a.txt");
  world.Put(id, "/a.txt");
  bool found = false;
  world.dropbox.intercept = [&](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.body.find(id) == std::string::npos) return std::nullopt;
    found = true;
    return FakeAnswer::Json(409, R"({"error_summary":"path/not_found/.",)"
                                 R"("error":{".tag":"path","path":{".tag":"not_found"}}})");
  };
  CHECK(Outcome(world.fresh->Write(std::vector{FreshWorld::Document(id, "/a.txt")})) == "");
  CHECK(found);
  CHECK(world.Actions().empty());
  CHECK(world.ledger.failures().count() == 1);
}

TEST_CASE("what rules exclude is deleted and counted") {
  FreshWorld world;
  rules::BasicRule rule;
  rule.policy = rules::Policy::kExclude;
  rule.field = "name";
  rule.op = rules::Operator::kStartsWith;
  rule.value = "a";
  world.rules.basic.push_back(std::move(rule));
  world.stages.emplace(
      world.rules, documents::DocumentContext{"https://www.dropbox.test", "1", false}, nullptr,
      world.target.outlet(), world.target.client().stamps(), world.progress.counters());
  world.stages->CompareWith(world.target.lookup(), /*force=*/false);
  world.fresh.emplace(world.source, world.ledger, world.target, *world.stages, world.progress);
  const std::string id = world.AddFile("/a.txt");
  world.Put(id, "/a.txt");
  CHECK(Outcome(world.fresh->Write(std::vector{FreshWorld::Document(id, "/a.txt")})) == "");
  CHECK(world.Actions() == std::vector<std::string>{"delete " + id});
  CHECK(world.progress.counters().excluded == 1);
}

TEST_CASE("of documents that search found late, only those that the index lacks are written") {
  FreshWorld world;
  const std::string missing = world.AddFile("/a.txt");
  const std::string there = world.AddFile("/b.txt");
  world.Put(there, "/b.txt");
  CHECK(Outcome(world.fresh->WriteMissing({missing, there, "id:unknown"})) == "");
  CHECK(world.Actions() == std::vector<std::string>{"index " + missing});
}

TEST_CASE("a changed document that Dropbox does not have was added by somebody else") {
  FreshWorld world;
  world.Put("id:added", "/added.txt");
  const auto done =
      world.fresh->RewriteChanged(std::vector{FreshWorld::Document("id:added", "/added.txt")});
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::kIndexReplaced);
  CHECK(done.error().message.find("id:added") != std::string::npos);
  CHECK(world.Actions().empty());
}

}  // namespace dbxes::sync
