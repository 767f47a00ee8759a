// SPDX-License-Identifier: Apache-2.0
// An ingest pipeline sees every document that changes as a whole, and what it and other programs
// add stays.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "base/json/json.h"
#include "support/sync_world.h"

namespace dbxes::sync {
namespace {

// The pipeline notes which name and which text it has seen, as one that makes embeddings does.
struct PipelineWorld : SyncWorld {
  explicit PipelineWorld(sim::Options sim_options = {}) : SyncWorld(std::move(sim_options)) {
    config.extraction.mode = config::ExtractionMode::kLocal;
    elastic.AddPipeline("embed");
    elastic.AddPipeline("other");
    elastic.through_pipeline = [](const std::string& pipeline, rapidjson::Document& document) {
      const std::string seen = fmt::format("{}: {}, {}", pipeline, StringMember(document, "name"),
                                           StringMember(document, "body"));
      document.RemoveMember("seen");
      document.AddMember("seen", rapidjson::Value(seen.c_str(), document.GetAllocator()).Move(),
                         document.GetAllocator());
    };
  }
  rapidjson::Document Document(const std::string& id) const {
    auto json = ParseJson(*elastic.Source("docs", id), "a document");
    REQUIRE(json);
    return *std::move(json);
  }
  std::string Field(const std::string& id, const char* field) const {
    return std::string(StringMember(Document(id), field));
  }
  // Another program adds a field.
  void Note(const std::string& id, const std::string& text) {
    std::string source = *elastic.Source("docs", id);
    source.pop_back();
    elastic.Put("docs", id, source + fmt::format(R"(,"note":"{}"}})", text));
  }
  std::size_t SeenBy(const std::string& pipeline) const {
    std::size_t count = 0;
    for (const auto& [id, source] : elastic.Documents("docs")) {
      count += Field(id, "seen").starts_with(pipeline) ? 1 : 0;
    }
    return count;
  }
  std::uint64_t Downloads() { return dropbox().Count("files/download"); }
};

}  // namespace

TEST_CASE("every change of fields or content passes through the pipeline as a whole") {
  PipelineWorld world;
  world.config.elasticsearch.pipeline = "embed";
  const std::string id = world.tree().AddFile("/a.txt", "one");
  const std::string other = world.tree().AddFile("/still.txt", "still");
  REQUIRE(world.Full().message == "");
  CHECK(world.Field(id, "seen") == "embed: a.txt, one");
  world.Note(id, "mine");
  const std::string untouched = *world.elastic.Source("docs", other);

  SUBCASE("a new name") {
    const std::uint64_t before = world.Downloads();
    world.tree().Move("/a.txt", "/b.txt");
    CHECK(world.Incremental().counters.updated == 1);
    CHECK(world.Field(id, "seen") == "embed: b.txt, one");
    CHECK(world.Field(id, "path_lower") == "/b.txt");
    CHECK(world.Field(id, "body") == "one");
    CHECK(world.Downloads() == before);
  }
  SUBCASE("new content") {
    world.tree().Overwrite("/a.txt", "two");
    CHECK(world.Incremental().counters.updated == 1);
    CHECK(world.Field(id, "seen") == "embed: a.txt, two");
  }
  SUBCASE("content that has no text any more") {
    world.config.extraction.max_file_download_size = 10;
    REQUIRE(world.Full().message == "");
    world.tree().Overwrite("/a.txt", "longer than the limit");
    CHECK(world.Incremental().counters.updated == 1);
    CHECK(world.Field(id, "seen") == "embed: a.txt, ");
  }
  SUBCASE("a full sync finds the change") {
    world.tree().Move("/a.txt", "/b.txt");
    CHECK(world.Full().counters.updated == 1);
    CHECK(world.Field(id, "seen") == "embed: b.txt, one");
  }
  SUBCASE("a full sync with force") {
    world.options.force = true;
    CHECK(world.Full().counters.updated == 2);
    CHECK(world.Field(id, "seen") == "embed: a.txt, one");
  }
  CHECK(world.Field(id, "note") == "mine");
  if (!world.options.force) CHECK(*world.elastic.Source("docs", other) == untouched);
  // Nothing is left to do.
  world.options.force = false;
  const report::RunSummary next = world.Full();
  CHECK(next.message == "");
  CHECK(next.counters.updated == 0);
  CHECK(world.Field(id, "note") == "mine");
}

TEST_CASE("many changes at once, and deletions between them, are all seen") {
  PipelineWorld world;
  world.config.elasticsearch.pipeline = "embed";
  std::vector<std::string> ids;
  for (int i = 0; i < 240; ++i) {
    ids.push_back(world.tree().AddFile(fmt::format("/d/{:03}.txt", i), fmt::format("text {}", i)));
  }
  REQUIRE(world.Full().message == "");
  for (const std::string& id : ids) world.Note(id, "n" + id);
  world.tree().Move("/d", "/e");
  for (int i = 0; i < 240; i += 7) world.tree().Delete(fmt::format("/e/{:03}.txt", i));
  REQUIRE(world.Incremental().message == "");
  for (int i = 0; i < 240; ++i) {
    CAPTURE(i);
    CHECK(world.elastic.Source("docs", ids[i]).has_value() == (i % 7 != 0));
    if (i % 7 == 0) continue;
    CHECK(world.Field(ids[i], "path_lower") == fmt::format("/e/{:03}.txt", i));
    CHECK(world.Field(ids[i], "seen") == fmt::format("embed: {:03}.txt, text {}", i, i));
    CHECK(world.Field(ids[i], "note") == "n" + ids[i]);
  }
}

TEST_CASE("a document that somebody changes between reading and writing is decided on again") {
  PipelineWorld world;
  world.config.elasticsearch.pipeline = "embed";
  const std::string id = world.tree().AddFile("/a.txt", "one");
  REQUIRE(world.Full().message == "");
  world.tree().Move("/a.txt", "/b.txt");
  bool done = false;
  world.elastic.before_write = [&](const FakeBulkOperation& operation) {
    if (operation.id == id && !std::exchange(done, true)) world.Note(id, "late");
  };
  CHECK(world.Incremental().message == "");
  CHECK(done);
  CHECK(world.Field(id, "note") == "late");
  CHECK(world.Field(id, "seen") == "embed: b.txt, one");
}

TEST_CASE("another pipeline asks for a full sync, which sends everything through it") {
  PipelineWorld world;
  SUBCASE("instead of none") {}
  SUBCASE("instead of another one") { world.config.elasticsearch.pipeline = "other"; }
  for (int i = 0; i < 5; ++i) {
    world.tree().AddFile(fmt::format("/{}.txt", i), fmt::format("text {}", i));
  }
  world.tree().shares().AddReceivedFile("r.txt", "received");
  REQUIRE(world.Full().message == "");
  const std::uint64_t downloads = world.Downloads();

  world.config.elasticsearch.pipeline = "embed";
  CHECK(world.Incremental().exit_code == ExitCode::kFullSyncNeeded);
  CHECK(world.SeenBy("embed") == 0);
  const report::RunSummary full = world.Full();
  CHECK(full.message == "");
  CHECK(full.counters.updated == 6);
  CHECK(world.SeenBy("embed") == 6);
  CHECK(world.Downloads() == downloads);
  CHECK(world.Full().counters.updated == 0);
}

TEST_CASE("an interrupted full sync that rewrites is continued as such") {
  struct Row {
    bool force;  // else because of another pipeline
    SyncMode next;
    bool reset;  // of the listing, by Dropbox
  };
  for (const Row& row :
       {Row{false, SyncMode::kIncremental, false}, Row{false, SyncMode::kFull, false},
        Row{false, SyncMode::kFull, true}, Row{true, SyncMode::kIncremental, false},
        Row{true, SyncMode::kFull, false}, Row{true, SyncMode::kFull, true}}) {
    CAPTURE(row.force);
    CAPTURE(row.reset);
    sim::Options options;
    options.default_page_size = 5;
    PipelineWorld world(options);
    for (int i = 0; i < 60; ++i) world.tree().AddFile(fmt::format("/{:02}.txt", i), "x");
    REQUIRE(world.Full().message == "");
    const std::uint64_t downloads = world.Downloads();
    world.options.force = row.force;
    if (!row.force) world.config.elasticsearch.pipeline = "embed";
    const std::uint64_t pages = world.dropbox().Count("files/list_folder/continue");
    world.stop_signal = [&] {
      return world.dropbox().Count("files/list_folder/continue") > pages + 6 ? SIGTERM : 0;
    };
    REQUIRE(world.Full().exit_code == ExitCode::kTerminated);
    world.stop_signal = [] { return 0; };
    world.options.force = false;
    if (row.reset) world.dropbox().ResetCursors();
    CHECK(world.Run(row.next).message == "");
    if (row.force) {
      CHECK(world.Downloads() >= downloads + 60);
    } else {
      CHECK(world.SeenBy("embed") == 60);
      CHECK(world.Downloads() == downloads);
    }
    CHECK(world.Full().counters.updated == 0);
  }
}

TEST_CASE("a pipeline that is missing is named before the first write") {
  PipelineWorld world;
  world.tree().AddFile("/a.txt", "one");
  world.config.elasticsearch.pipeline = "absent";
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kConfiguration);
  CHECK(summary.message.find("the ingest pipeline \"absent\"") != std::string::npos);
  CHECK(world.elastic.writes().empty());
  CHECK_FALSE(world.elastic.HasIndex("docs"));
}

}  // namespace dbxes::sync
