// SPDX-License-Identifier: Apache-2.0
// Whole syncs whose text comes from a service: what it reads becomes the body, what it cannot read
// is counted, and when it is away nothing is lost.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "base/json/json.h"
#include "support/sync_world.h"

namespace dbxes::sync {
namespace {

struct ServiceWorld : SyncWorld {
  ServiceWorld() {
    config.extraction.mode = config::ExtractionMode::kService;
    config.extraction.service.host = FakeExtraction::kUrl;
  }

  std::string Field(const std::string& id, std::string_view name) const {
    const auto source = elastic.Source("docs", id);
    if (!source) return "";
    const auto document = ParseJson(*source, "a document");
    REQUIRE(document);
    return std::string(StringMember(*document, name));
  }
  std::string Body(const std::string& id) const { return Field(id, "body"); }
  // Makes the service answer in this way to each file with these bytes, this number of times.
  void Answer(std::string bytes, FakeAnswer answer, int times = 1) {
    extraction.intercept = [bytes = std::move(bytes), answer = std::move(answer),
                            times](const std::string& file) mutable -> std::optional<FakeAnswer> {
      if (file != bytes || times == 0) return std::nullopt;
      --times;
      return answer;
    };
  }
};

constexpr int kAlways = -1;

void RequireOk(const report::RunSummary& summary) {
  REQUIRE_MESSAGE(summary.exit_code == ExitCode::kOk, summary.message,
                  summary.failures.empty() ? "" : summary.failures.front().reason);
}

}  // namespace

TEST_CASE("what the service reads becomes the body, once") {
  ServiceWorld world;
  SUBCASE("Elastic's service") {}
  SUBCASE("a Tika") { world.extraction.is_tika = true; }
  SUBCASE("a Tika, as the settings say") {
    world.extraction.is_tika = true;
    world.config.extraction.service.protocol = config::ServiceProtocol::kTika;
  }
  const std::string word = world.tree().AddFile("/a.docx", "word");
  const std::string text = world.tree().AddFile("/b.txt", "text");
  const std::string paper = world.tree().AddPaper("/plan.paper", "# plan");
  const std::string picture = world.tree().AddFile("/c.jpg", "jpg");
  const report::RunSummary summary = world.Full();
  RequireOk(summary);
  CHECK(world.Body(word) == "WORD");
  CHECK(world.Body(text) == "TEXT");
  CHECK(world.Body(paper) == "# PLAN");
  CHECK(world.Body(picture).empty());
  CHECK(summary.counters.content_fetched == 3);
  CHECK(summary.counters.content_no_type == 1);
  CHECK(world.extraction.requests.size() == 3);
  CHECK(world.extraction.violations == std::vector<std::string>());

  world.tree().Move("/a.docx", "/moved.docx");
  RequireOk(world.Full());
  CHECK(world.extraction.requests.size() == 3);
  world.tree().Overwrite("/moved.docx", "other");
  RequireOk(world.Incremental());
  CHECK(world.Body(word) == "OTHER");
}

TEST_CASE(
    "with file pointers the service finds each file in the shared folder, and nothing stays") {
  ServiceWorld world;
  world.config.extraction.service.use_file_pointers = true;
  world.config.extraction.service.shared_volume_dir = "/shared";
  const auto is_shared = [](const auto& file) { return file.first.starts_with("/shared/"); };
  std::vector<std::string> ids;
  for (int i = 0; i < 30; ++i) {
    const std::string name = std::to_string(i);
    ids.push_back(world.tree().AddFile("/" + name + ".docx", "word " + name));
  }
  RequireOk(world.Full());
  for (int i = 0; i < 30; ++i)
    CHECK(world.Body(ids[static_cast<std::size_t>(i)]) == "WORD " + std::to_string(i));
  CHECK(world.extraction.violations == std::vector<std::string>());
  CHECK(world.extraction.requests.front().target.starts_with(
      "/extract_text/?local_file_path=/shared/docs-"));
  const auto& files = world.files.files();
  CHECK(std::none_of(files.begin(), files.end(), is_shared));
}

TEST_CASE("a file that the service cannot read is counted, and not asked about again") {
  ServiceWorld world;
  const std::string id = world.tree().AddFile("/a.docx", "old");
  const std::string other = world.tree().AddFile("/b.docx", "fine");
  RequireOk(world.Full());
  world.tree().Overwrite("/a.docx", "damaged");
  SUBCASE("by its status") {
    world.Answer("damaged", FakeAnswer::Json(422, R"({"error":"Unprocessable Entity"})"));
  }
  SUBCASE("in its answer") {
    world.Answer("damaged", FakeAnswer::Json(200, R"({"error":"Content Extraction Error"})"));
  }
  const report::RunSummary summary = world.Incremental();
  RequireOk(summary);
  CHECK(summary.counters.content_unreadable == 1);
  // The text was that of another version.
  CHECK(world.Body(id).empty());
  CHECK(world.Body(other) == "FINE");
  const auto reported = std::count_if(
      world.reporter.details.begin(), world.reporter.details.end(), [](const std::string& line) {
        return line.find("/a.docx is indexed without content") != std::string::npos;
      });
  CHECK(reported == 1);
  const std::size_t requests = world.extraction.requests.size();
  RequireOk(world.Full());
  CHECK(world.extraction.requests.size() == requests);
}

TEST_CASE("a file over which the service fails keeps its text, and is tried by the next run") {
  ServiceWorld world;
  const std::string id = world.tree().AddFile("/a.docx", "old");
  RequireOk(world.Full());
  world.tree().Move("/a.docx", "/b.docx");
  world.tree().Overwrite("/b.docx", "new");
  SUBCASE("down") { world.Answer("new", FakeAnswer::Broken(FakeAnswer::Transport::kRefused), 7); }
  SUBCASE("a defect of its own") { world.Answer("new", FakeAnswer::Json(500, ""), 2); }
  SUBCASE("garbage") { world.Answer("new", FakeAnswer::Json(200, "<html>"), 7); }
  SUBCASE("too slow") {
    FakeAnswer slow = FakeAnswer::Json(200, "{}");
    slow.silence = Milliseconds(31'000);
    world.Answer("new", slow, 2);
  }
  const report::RunSummary failed = world.Incremental();
  CHECK(failed.exit_code == ExitCode::kDocumentsFailed);
  CHECK(failed.counters.content_failed == 1);
  REQUIRE(failed.failures.size() == 1);
  CHECK(failed.failures[0].operation == "extract");
  CHECK(world.Body(id) == "OLD");
  CHECK(world.Field(id, "path_lower") == "/b.docx");
  RequireOk(world.Incremental());
  CHECK(world.Body(id) == "NEW");
}

TEST_CASE("a short absence of the service costs a wait and nothing else") {
  ServiceWorld world;
  const std::string id = world.tree().AddFile("/a.docx", "word");
  world.Answer("word", FakeAnswer::Broken(FakeAnswer::Transport::kReset), 6);
  RequireOk(world.Full());
  CHECK(world.Body(id) == "WORD");
}

TEST_CASE("a service that is down ends the run; the next one continues when it is back") {
  ServiceWorld world;
  std::string first;
  for (int i = 0; i < 200; ++i) {
    const std::string id = world.tree().AddFile("/" + std::to_string(i) + ".docx", "word");
    if (first.empty()) first = id;
  }
  SUBCASE("from the beginning") {}
  SUBCASE("the protocol known") {
    world.config.extraction.service.protocol = config::ServiceProtocol::kElastic;
  }
  world.Answer("word", FakeAnswer::Broken(FakeAnswer::Transport::kRefused), kAlways);
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kUnavailable);
  CHECK(summary.counters.failed < 100);
  world.extraction.intercept = nullptr;
  RequireOk(world.Full());
  CHECK(world.Body(first) == "WORD");
}

TEST_CASE("a service that was away when it was asked what it is, is asked again") {
  ServiceWorld world;
  world.extraction.is_tika = true;
  world.extraction.refusals = 7;
  // The second file has to wait until the first one is done with.
  world.config.extraction.max_memory = 4000;
  const std::string first = world.tree().AddFile("/a.docx", std::string(3000, 'a'));
  const std::string second = world.tree().AddFile("/b.docx", std::string(3000, 'b'));
  world.Answer(std::string(3000, 'b'), FakeAnswer::Json(200, R"({"X-TIKA:content":"B"})"));
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  CHECK(summary.counters.content_failed == 1);
  CHECK(world.extraction.violations == std::vector<std::string>());
  CHECK(world.Body(first).empty());
  CHECK(world.Body(second) == "B");
}

TEST_CASE("something else than a service ends the run at once") {
  ServiceWorld world;
  for (int i = 0; i < 10; ++i) world.tree().AddFile("/" + std::to_string(i) + ".docx", "word");
  world.Answer("word", FakeAnswer::Json(404, ""), kAlways);
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kConfiguration);
  CHECK(summary.message.find("extraction_service.host") != std::string::npos);
  CHECK(summary.counters.failed == 0);
}

TEST_CASE("a service reads larger files than this process does, as many at once as it may") {
  ServiceWorld world;
  world.config.extraction.service.max_concurrency = 2;
  world.config.extraction.max_file_download_size = 10;
  world.config.extraction.service.max_file_download_size = 20;
  const std::string large = world.tree().AddFile("/a.docx", std::string(20, 'a'));
  world.tree().AddFile("/b.docx", std::string(21, 'b'));
  for (int i = 0; i < 40; ++i) world.tree().AddFile("/" + std::to_string(i) + ".docx", "word");
  const Milliseconds start = world.clock.Now();
  const report::RunSummary summary = world.Full();
  RequireOk(summary);
  CHECK(world.Body(large) == std::string(20, 'A'));
  CHECK(summary.counters.content_too_large == 1);
  CHECK(summary.counters.content_fetched == 41);
  // Ten milliseconds for two files at a time.
  CHECK((world.clock.Now() - start).count() >= 41 / 2 * 10);
}

TEST_CASE("another service or another limit is a changed setting") {
  ServiceWorld world;
  const std::string id = world.tree().AddFile("/a.vsd", "word");
  world.config.extraction.mode = config::ExtractionMode::kLocal;
  RequireOk(world.Full());
  CHECK(world.Body(id).empty());
  world.config.extraction.mode = config::ExtractionMode::kService;
  CHECK(world.Incremental().exit_code == ExitCode::kFullSyncNeeded);
  RequireOk(world.Full());
  CHECK(world.Body(id) == "WORD");
}

}  // namespace dbxes::sync
