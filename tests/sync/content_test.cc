// SPDX-License-Identifier: Apache-2.0
// The content of files through whole syncs: fetched once, kept through everything that is no new
// content, and never in the way of the rest.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "base/json/json.h"
#include "support/sync_world.h"

namespace dbxes::sync {
namespace {

struct ContentWorld : SyncWorld {
  explicit ContentWorld(sim::Options options = {}) : SyncWorld(std::move(options)) {
    config.extraction.mode = config::ExtractionMode::kLocal;
  }

  std::uint64_t Downloads() {
    return dropbox().Count("files/download") + dropbox().Count("files/export");
  }
  // A field of a document as it is stored, "" when it has none.
  std::string Field(const std::string& id, std::string_view name) const {
    const auto source = elastic.Source("docs", id);
    if (!source) return "";
    const auto document = ParseJson(*source, "a document");
    REQUIRE(document);
    const rapidjson::Value* value = FindMember(*document, name);
    if (value == nullptr || value->IsNull()) return "";
    return value->IsString() ? std::string(View(*value)) : value->GetBool() ? "true" : "false";
  }
  std::string Body(const std::string& id) const { return Field(id, "body"); }
};

void RequireOk(const report::RunSummary& summary) {
  REQUIRE_MESSAGE(summary.exit_code == ExitCode::kOk, summary.message,
                  summary.failures.empty() ? "" : summary.failures.front().reason);
}

sim::Fault Transport(sim::TransportFault::Kind kind, std::uint64_t value = 0) {
  sim::TransportFault transport;
  transport.kind = kind;
  transport.at_byte = value;
  transport.delay_ms = static_cast<std::int64_t>(value);
  return sim::Fault::Transport("files/download", transport);
}

// Syncs a file that trickles in for minutes, and `small_files` beside it. Returns the number of
// documents that were written before that of the giant.
std::size_t WrittenBeforeGiant(ContentWorld& world, int small_files) {
  const std::string giant = world.tree().AddFile("/a giant.txt", std::string(5'000'000, 'g'));
  for (int i = 0; i < small_files; ++i) {
    world.tree().AddFile("/" + std::to_string(i) + ".txt", "text");
  }
  sim::TransportFault slow;
  slow.kind = sim::TransportFault::Kind::kSlowBody;
  slow.bytes_per_second = 10'000;
  world.dropbox().Inject(sim::Fault::Transport("files/download", slow).Matching(giant));
  std::size_t before_giant = 0;
  world.stop_signal = [&] {
    if (!world.elastic.HasIndex("docs")) return 0;
    if (!world.elastic.Source("docs", giant)) {
      before_giant = std::max(before_giant, world.elastic.writes().size());
    }
    return 0;
  };
  RequireOk(world.Full());
  CHECK(world.Difference() == "");
  return before_giant;
}

}  // namespace

TEST_CASE("the text of files becomes the body of their documents") {
  ContentWorld world;
  const std::string text = world.tree().AddFile("/a.txt", "caf\xe9\r\n\"quoted\"\\");
  const std::string page =
      world.tree().AddFile("/b.HTML", "<title>The title</title><p>one<p>two &amp; three");
  const std::string paper = world.tree().AddPaper("/plan.paper", "# The plan");
  const std::string picture = world.tree().AddFile("/c.jpg", "not read");
  const std::string empty = world.tree().AddFile("/empty.txt", "");
  const std::string binary = world.tree().AddFile("/binary.txt", std::string(64, '\x01'));
  const report::RunSummary summary = world.Full();
  RequireOk(summary);
  CHECK(world.Body(text) == "caf\u00e9\n\"quoted\"\\");
  CHECK(world.Body(page) == "one\ntwo & three");
  CHECK(world.Field(page, "title") == "The title");
  CHECK(world.Body(paper) == "# The plan");
  CHECK(world.Body(picture).empty());
  CHECK(world.Body(empty).empty());
  CHECK(world.Body(binary).empty());
  CHECK(world.Downloads() == 4);
  CHECK(summary.counters.content_fetched == 3);
  CHECK(summary.counters.content_no_type == 1);
  CHECK(summary.counters.content_empty == 1);
  CHECK(summary.counters.content_not_text == 1);
  CHECK(world.dropbox().Violations() == std::vector<std::string>());
}

TEST_CASE("content is fetched once, whatever happens to the file but new content") {
  ContentWorld world;
  const std::string id = world.tree().AddFile("/folder/a.txt", "the text");
  world.tree().AddFile("/folder/binary.txt", std::string(64, '\x01'));
  RequireOk(world.Full());
  const std::uint64_t downloads = world.Downloads();
  CHECK(downloads == 2);

  SUBCASE("moved with its folder") { world.tree().Move("/folder", "/elsewhere"); }
  SUBCASE("renamed") { world.tree().Move("/folder/a.txt", "/folder/b.md"); }
  SUBCASE("touched") { world.tree().Touch("/folder/a.txt"); }
  SUBCASE("nothing at all") {}
  SUBCASE("found by the change feed") {
    world.tree().Touch("/folder/a.txt");
    RequireOk(world.Incremental());
  }
  SUBCASE("its metadata written anew") {
    world.elastic.Put("docs", id,
                      R"({"id":")" + id + R"(","name":"old","body":"the text",)" +
                          R"("path_lower":"/old","body_fingerprint":")" +
                          world.Field(id, "body_fingerprint") + "\"}");
  }
  const report::RunSummary again = world.Full();
  RequireOk(again);
  CHECK(again.counters.content_unchanged == 2);
  CHECK(world.Downloads() == downloads);
  CHECK(world.Body(id) == "the text");
}

TEST_CASE("new content replaces the old, by either kind of run") {
  ContentWorld world;
  const std::string id = world.tree().AddFile("/a.html", "<title>t</title>old");
  RequireOk(world.Full());
  world.tree().Overwrite("/a.html", "new");
  RequireOk(world.Incremental());
  CHECK(world.Body(id) == "new");
  CHECK(world.Field(id, "title").empty());
  world.tree().Overwrite("/a.html", "newer");
  RequireOk(world.Full());
  CHECK(world.Body(id) == "newer");
  CHECK(world.Downloads() == 3);
}

TEST_CASE("text goes when its file has none any more") {
  ContentWorld world;
  const std::string id = world.tree().AddFile("/a.html", "<title>t</title>secret");
  world.config.extraction.max_body_chars = 3;
  RequireOk(world.Full());
  REQUIRE(world.Body(id) == "sec");
  REQUIRE(world.Field(id, "body_truncated") == "true");
  SUBCASE("renamed to a type that is not read") { world.tree().Move("/a.html", "/a.bin"); }
  SUBCASE("emptied") { world.tree().Overwrite("/a.html", ""); }
  SUBCASE("grown too large") {
    world.tree().Overwrite("/a.html",
                           std::string(world.config.extraction.max_file_download_size + 1, 'x'));
  }
  SUBCASE("overwritten with other data") {
    world.tree().Overwrite("/a.html", std::string(100, '\x01'));
  }
  SUBCASE("refused by Dropbox") {
    world.tree().Overwrite("/a.html", "new");
    world.dropbox().Inject(sim::Fault::EndpointError("files/download", "path/restricted_content"));
  }
  RequireOk(world.Incremental());
  CHECK(world.Body(id).empty());
  CHECK(world.Field(id, "title").empty());
  CHECK(world.Field(id, "body_truncated").empty());
}

TEST_CASE("changed settings take a full sync, which extracts again what they change") {
  ContentWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "one  two");
  const std::string other = world.tree().AddFile("/a.dat", "data");
  RequireOk(world.Full());
  CHECK(world.Body(other).empty());
  SUBCASE("fewer characters") {
    world.config.extraction.max_body_chars = 3;
    CHECK(world.Incremental().exit_code == ExitCode::kFullSyncNeeded);
    RequireOk(world.Full());
    CHECK(world.Body(id) == "one");
    CHECK(world.Field(id, "body_truncated") == "true");
    world.config.extraction.max_body_chars = 0;
    RequireOk(world.Full());
    CHECK(world.Body(id) == "one  two");
    CHECK(world.Field(id, "body_truncated").empty());
  }
  SUBCASE("less white space") {
    world.config.extraction.reduce_whitespace = true;
    RequireOk(world.Full());
    CHECK(world.Body(id) == "one two");
  }
  SUBCASE("other types") {
    world.config.extraction.extensions = "+dat -txt";
    RequireOk(world.Full());
    CHECK(world.Body(id).empty());
    CHECK(world.Body(other) == "data");
  }
  SUBCASE("none") {
    world.config.extraction.mode = config::ExtractionMode::kOff;
    RequireOk(world.Full());
    CHECK(world.Body(id).empty());
    CHECK(world.Difference() == "");
  }
  SUBCASE("none that matters") {
    world.config.extraction.max_memory /= 2;
    RequireOk(world.Incremental());
    CHECK(world.Downloads() == 1);
  }
}

TEST_CASE("a download that fails leaves the old text, is recorded, and tried by the next run") {
  ContentWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "old");
  const std::string neighbour = world.tree().AddFile("/b.txt", "b");
  RequireOk(world.Full());
  world.tree().Move("/a.txt", "/moved.txt");
  world.tree().Overwrite("/moved.txt", "new");
  world.tree().Overwrite("/b.txt", "bb");
  SUBCASE("the network") {
    world.dropbox().Inject(sim::Fault::Status("files/download", 500).Matching(id).Times(4));
  }
  SUBCASE("bytes that are not the file's") { world.tree().CorruptContent("/moved.txt", "bad"); }
  SUBCASE("a request that Dropbox does not understand") {
    world.dropbox().Inject(sim::Fault::Status("files/download", 400, "Error in call").Matching(id));
  }
  const report::RunSummary failed = world.Incremental();
  CHECK(failed.exit_code == ExitCode::kDocumentsFailed);
  CHECK(failed.counters.content_failed == 1);
  REQUIRE(failed.failures.size() == 1);
  CHECK(failed.failures[0].id == id);
  CHECK(failed.failures[0].operation == "download");
  CHECK(world.Body(id) == "old");
  CHECK(world.Field(id, "path_lower") == "/moved.txt");
  CHECK(world.Body(neighbour) == "bb");

  world.tree().Overwrite("/moved.txt", "newer");
  RequireOk(world.Incremental());
  CHECK(world.Body(id) == "newer");
  CHECK(world.Incremental().counters.elasticsearch_requests == 0);
}

TEST_CASE("a failed download is tried again although no page lists the file any more") {
  ContentWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "text");
  world.dropbox().Inject(sim::Fault::Status("files/download", 503).Times(4));
  CHECK(world.Full().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.Field(id, "name") == "a.txt");
  CHECK(world.Body(id).empty());
  RequireOk(world.Incremental());
  CHECK(world.Body(id) == "text");
  CHECK(world.Difference() == "");
}

TEST_CASE("a text that goes with a name and comes back with the next one is there") {
  for (const std::size_t page_size : {1, 2, 3, 7, 100}) {
    CAPTURE(page_size);
    sim::Options options;
    options.default_page_size = page_size;
    ContentWorld world(options);
    sim::Tree& tree = world.tree();
    const std::string id = tree.AddFile("/a.txt", "text");
    RequireOk(world.Full());
    // What they wait for keeps the next actions from the index for a while.
    for (const char* path : {"/1.txt", "/2.txt", "/3.txt", "/4.txt"}) tree.AddFile(path, "x");
    tree.Move("/a.txt", "/a.unread");
    tree.Move("/a.unread", "/b.txt");
    RequireOk(world.Incremental());
    CHECK(world.Body(id) == "text");
    CHECK(world.Difference() == "");
    // And the other way around.
    for (const char* path : {"/5.txt", "/6.txt", "/7.txt", "/8.txt"}) tree.AddFile(path, "x");
    tree.Move("/b.txt", "/b.unread");
    tree.Move("/b.unread", "/c.txt");
    tree.Move("/c.txt", "/c.unread");
    RequireOk(world.Incremental());
    CHECK(world.Body(id).empty());
    CHECK(world.Difference() == "");
  }
}

TEST_CASE("what Dropbox keeps to itself is counted, and no failure") {
  ContentWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "text");
  std::string tag;
  SUBCASE("restricted") { tag = "path/restricted_content"; }
  SUBCASE("unsupported") { tag = "unsupported_file"; }
  world.dropbox().Inject(sim::Fault::EndpointError("files/download", tag));
  const report::RunSummary summary = world.Full();
  RequireOk(summary);
  CHECK(summary.counters.content_refused == 1);
  CHECK(world.Field(id, "name") == "a.txt");
}

TEST_CASE("a download that is not found right after the feed named it is tried by the next run") {
  ContentWorld world;
  RequireOk(world.Full());
  const std::string id = world.tree().AddFile("/a.txt", "text");
  world.dropbox().Inject(sim::Fault::EndpointError("files/download", "path/not_found"));
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  REQUIRE(summary.failures.size() == 1);
  CHECK(summary.failures[0].path == "/a.txt");
  CHECK(summary.counters.content_gone == 0);
  CHECK(summary.counters.content_failed == 1);
  RequireOk(world.Incremental());
  CHECK(world.Body(id) == "text");
  CHECK(world.Difference() == "");
}

TEST_CASE("a file that is deleted before it is downloaded is no failure") {
  ContentWorld world;
  RequireOk(world.Full());
  world.tree().AddFile("/a.txt", "text");
  bool deleted = false;
  world.stop_signal = [&] {
    // After the page that names it, before its download.
    const bool listed = world.dropbox().Count("files/list_folder/continue") > 0;
    if (listed && !std::exchange(deleted, true)) world.tree().Delete("/a.txt");
    return 0;
  };
  world.dropbox().Inject(sim::Fault::EndpointError("files/download", "path/not_found"));
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(summary.counters.failed == 0);
  RequireOk(world.Incremental());
  CHECK(world.Difference() == "");
}

TEST_CASE("what one file answers never ends a run, and the next run needs no other") {
  struct Row {
    int status;
    const char* body;
    std::uint64_t refused;  // no failure, but counted
  };
  constexpr char kHtml[] = "<html><title>Blocked</title></html>";
  const Row rows[] = {
      {403,
       R"({"error_summary":"paper_access_denied/not_paper_user/","error":{".tag":)"
       R"("paper_access_denied","paper_access_denied":{".tag":"not_paper_user"}}})",
       1},
      {403, R"({"error_summary":"x/","error":{".tag":"team_access_denied"}})", 1},
      {403, kHtml, 0},
      {404, kHtml, 0},
      {410, "", 0},
      {302, "", 0},
      {400, "Error in call", 0},
      {401, R"({"error_summary":"x/","error":{".tag":"user_suspended"}})", 0},
      {401, "no", 0},
      {422, R"({"error_summary":"x/","error":{".tag":"invalid_root"}})", 0},
      {429, "", 0},
      {500, "", 0},
      {503, kHtml, 0},
      {409, R"({"error_summary":"x/","error":{".tag":"other"}})", 0},
      {200, "", 0},
      {204, "", 0},
      {418, "{}", 0},
      {599, "{", 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CAPTURE(std::string(row.body));
    ContentWorld world;
    const std::string bad = world.tree().AddFile("/bad.txt", "bad");
    world.tree().AddFile("/good.txt", "good");
    world.dropbox().Inject(
        sim::Fault::Status("files/download", row.status, row.body, "application/json")
            .Times(0)
            .Matching(bad));
    const report::RunSummary summary = world.Full();
    CHECK(summary.exit_code == (row.refused > 0 ? ExitCode::kOk : ExitCode::kDocumentsFailed));
    CHECK(summary.counters.content_refused == row.refused);
    CHECK(summary.counters.content_fetched == 1);
    CHECK(world.Field(bad, "name") == "bad.txt");
    if (row.refused == 0) {
      REQUIRE(summary.failures.size() == 1);
      CHECK(summary.failures[0].path == "/bad.txt");
    }
    world.tree().AddFile("/later.txt", "later");
    CHECK(world.Incremental().counters.content_fetched == 1);
    world.dropbox().faults().Clear();
    world.clock.Advance(Milliseconds(3'600'000));
    RequireOk(world.Incremental());
    CHECK(world.Difference() == "");
  }
}

TEST_CASE("many files that fail alike do not hold up the runs for ever") {
  ContentWorld world;
  for (int i = 0; i < 200; ++i) world.tree().AddFile(fmt::format("/bad/{}.txt", i), "bad");
  const std::string good = world.tree().AddFile("/good.txt", "good");
  sim::Fault fault = sim::Fault::Html("files/download", 403);
  SUBCASE("blocked by a proxy") {}
  SUBCASE("a server has a problem") { fault.status = 500; }
  fault.times = 0;
  world.dropbox().Inject(std::move(fault));
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  CHECK(summary.counters.failed == 201);
  CHECK(world.Field(good, "name") == "good.txt");
  world.dropbox().faults().Clear();
  RequireOk(world.Incremental());
  CHECK(world.Difference() == "");
}

TEST_CASE("the same unavailable files end at most a few runs, and then no more") {
  ContentWorld world;
  for (int i = 0; i < 120; ++i) world.tree().AddFile(fmt::format("/{}.txt", i), "bad");
  world.dropbox().Inject(sim::Fault::Status("files/download", 503).Times(0));
  int ended = 0;
  while (world.Full().exit_code == ExitCode::kUnavailable) REQUIRE(++ended < 5);
  CHECK(ended > 0);
  world.dropbox().faults().Clear();
  RequireOk(world.Full());
  CHECK(world.Difference() == "");
}

TEST_CASE("a failed file is asked for less and less often, and at once when it changes") {
  ContentWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "one");
  world.dropbox().Inject(sim::Fault::Html("files/download", 403).Times(0));
  CHECK(world.Full().exit_code == ExitCode::kDocumentsFailed);
  for (int run = 0; run < 3; ++run) {
    CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  }
  // From the fourth time on it waits, and stays recorded; that is no news.
  const std::uint64_t asked = world.dropbox().Count("files/download");
  const report::RunSummary quiet = world.Incremental();
  CHECK(quiet.exit_code == ExitCode::kOk);
  CHECK(quiet.counters.failed == 1);
  CHECK(quiet.failures.size() == 1);
  CHECK(world.dropbox().Count("files/download") == asked);
  SUBCASE("its time comes") { world.clock.Advance(Milliseconds(16 * 60'000)); }
  SUBCASE("it changes") { world.tree().Overwrite("/a.txt", "two"); }
  SUBCASE("it is deleted") { world.tree().Delete("/a.txt"); }
  world.dropbox().faults().Clear();
  RequireOk(world.Incremental());
  CHECK(world.Difference() == "");
}

TEST_CASE("pdftotext that is missing takes no text away") {
  ContentWorld world;
  const std::string id = world.tree().AddFile("/a.pdf", "%PDF");
  RequireOk(world.Full());
  REQUIRE(world.Body(id) == "%PDF");
  world.pdftotext = "";
  RequireOk(world.Full());
  CHECK(world.Body(id) == "%PDF");
  world.tree().Move("/a.pdf", "/b.pdf");
  world.reporter.lines.clear();
  const report::RunSummary renamed = world.Incremental();
  RequireOk(renamed);
  CHECK(renamed.counters.content_no_pdftotext == 1);
  CHECK(world.Body(id) == "%PDF");
  CHECK(std::count_if(world.reporter.lines.begin(), world.reporter.lines.end(),
                      [](const std::string& line) {
                        return line.find("warning: 1 PDF was not read") == 0;
                      }) == 1);
  // New content is a reason: its text is not that of the old one.
  world.tree().Overwrite("/b.pdf", "%PDF2");
  RequireOk(world.Incremental());
  CHECK(world.Body(id).empty());
  world.pdftotext = "/usr/bin/pdftotext";
  RequireOk(world.Full());
  CHECK(world.Body(id) == "%PDF2");
}

TEST_CASE("without the header that describes it, the listing proves a file") {
  ContentWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "text");
  world.dropbox().Inject(
      sim::Fault::Status("files/download", 200, "text", "application/octet-stream").Times(0));
  RequireOk(world.Full());
  CHECK(world.Body(id) == "text");
  CHECK(world.Difference() == "");
  world.tree().Overwrite("/a.txt", "more");
  CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
}

TEST_CASE("files that are larger than listed take no more memory than there is room for") {
  ContentWorld world;
  const std::string large(300'000, 'x');
  world.config.extraction.max_memory = 1'000'000;
  world.config.extraction.max_file_download_size = 400'000;
  for (int i = 0; i < 20; ++i) {
    const std::string path = "/" + std::to_string(i) + ".txt";
    world.tree().AddFile(path, "x");
  }
  std::size_t grown = 0;
  world.stop_signal = [&] {
    // Grown after they were listed.
    if (grown == 0 && world.dropbox().Count("files/list_folder") > 0) {
      for (; grown < 20; ++grown)
        world.tree().Overwrite("/" + std::to_string(grown) + ".txt", large);
    }
    return 0;
  };
  RequireOk(world.Full());
  RequireOk(world.Incremental());
  CHECK(world.Difference() == "");
}

TEST_CASE("a missing scope ends the run instead of failing every file") {
  ContentWorld world;
  for (int i = 0; i < 10; ++i) world.tree().AddFile("/" + std::to_string(i) + ".txt", "text");
  world.dropbox().Inject(
      sim::Fault::Status(
          "files/download", 401,
          R"({"error":{".tag":"missing_scope","required_scope":"files.content.read"}})",
          "application/json")
          .Times(0));
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kAuthorization);
  CHECK(summary.message.find("files.content.read") != std::string::npos);
  CHECK(summary.counters.failed == 0);
}

TEST_CASE("a Dropbox that serves no file at all ends the run; the next one continues") {
  ContentWorld world;
  for (int i = 0; i < 200; ++i) world.tree().AddFile("/" + std::to_string(i) + ".txt", "text");
  world.dropbox().Inject(sim::Fault::Status("files/download", 503).Times(0));
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kUnavailable);
  CHECK(summary.counters.failed < 100);
  world.dropbox().faults().Clear();
  RequireOk(world.Full());
  CHECK(world.Difference() == "");
}

TEST_CASE("many files are on their way at once, as many as the settings allow") {
  ContentWorld world;
  world.config.dropbox.concurrent_downloads = 10;
  for (int i = 0; i < 200; ++i) world.tree().AddFile("/" + std::to_string(i) + ".txt", "text");
  const Milliseconds start = world.clock.Now();
  RequireOk(world.Full());
  CHECK(world.Difference() == "");
  // And the requests of the other stages: a page, a look at the index, and what is written.
  CHECK(world.max_in_flight <= 10 + 4);
  // Ten milliseconds for ten files at a time, and the time of the other stages and of the state.
  const auto took = (world.clock.Now() - start).count();
  CHECK(took < 200 / 10 * 10 * 3);
}

TEST_CASE("listings and downloads together keep to the rate of the settings") {
  constexpr std::size_t kRate = std::size_t{200} << 10;
  for (const std::size_t rate : {std::size_t{0}, kRate}) {
    CAPTURE(rate);
    ContentWorld world;
    world.config.dropbox.bwlimit = rate;
    for (int i = 0; i < 400; ++i) {
      world.tree().AddFile(fmt::format("/small {}.txt", i), std::string(2 << 10, 's'));
    }
    world.tree().AddFile("/large.txt", std::string(600 << 10, 'l'));
    world.tree().AddFile("/no text.bin", std::string(5 << 20, 'b'));
    const Milliseconds start = world.clock.Now();
    const report::RunSummary summary = world.Full();
    RequireOk(summary);
    CHECK(world.Difference() == "");
    CHECK(world.Downloads() == 401);
    const auto took = static_cast<double>((world.clock.Now() - start).count()) / 1000;
    const auto received = static_cast<double>(summary.counters.dropbox_bytes_received);
    CHECK(received > 1400 << 10);
    if (rate == 0) {
      CHECK(took < 2);
      continue;
    }
    // Bytes that are charged; the simulated network adds frames to what it counts as received.
    const double bytes = received - 200.0 * static_cast<double>(summary.counters.dropbox_requests);
    CHECK(took >= bytes / static_cast<double>(rate) - 0.2);
    CHECK(took < 2 * bytes / static_cast<double>(rate));
    // More would only wait for each other.
    CHECK(world.max_in_flight <= 3 + 4);
  }
}

TEST_CASE("a signal ends a run that its rate holds up, and the next run continues") {
  ContentWorld world;
  for (int i = 0; i < 50; ++i) {
    world.tree().AddFile(fmt::format("/{}.txt", i), std::string(50 << 10, 's'));
  }
  world.config.dropbox.bwlimit = 10 << 10;
  const Milliseconds start = world.clock.Now();
  const Milliseconds stop = start + Milliseconds(20'000);
  world.stop_signal = [&] { return world.clock.Now() >= stop ? 15 : 0; };
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kTerminated);
  CHECK(world.clock.Now() - stop < Milliseconds(10'000));
  world.stop_signal = [] { return 0; };
  world.config.dropbox.bwlimit = 0;
  RequireOk(world.Full());
  CHECK(world.Difference() == "");
}

TEST_CASE("memory bounds how much is on its way, and large files do not starve") {
  ContentWorld world;
  world.config.extraction.max_memory = 4'000'000;
  world.config.extraction.max_file_download_size = 1'000'000;
  for (int i = 0; i < 20; ++i) {
    world.tree().AddFile("/large " + std::to_string(i) + ".txt", std::string(1'000'000, 'l'));
    world.tree().AddFile("/small " + std::to_string(i) + ".txt", std::string(300'000, 's'));
  }
  RequireOk(world.Full());
  CHECK(world.Difference() == "");
  // Fewer than thirteen small ones fit; with them the requests of the other stages.
  CHECK(world.max_in_flight <= 13 + 4);
}

TEST_CASE("small files pass a large one that waits for memory") {
  ContentWorld world;
  world.config.extraction.max_memory = 5'000'000;
  world.config.extraction.max_file_download_size = 1'000'000;
  sim::TransportFault slow;
  slow.kind = sim::TransportFault::Kind::kSlowBody;
  slow.bytes_per_second = 10'000;
  std::vector<std::string> large;
  for (int i = 0; i < 5; ++i) {
    large.push_back(
        world.tree().AddFile("/a" + std::to_string(i) + ".txt", std::string(1'000'000, 'l')));
    world.dropbox().Inject(sim::Fault::Transport("files/download", slow).Matching(large.back()));
  }
  for (int i = 0; i < 20; ++i) world.tree().AddFile("/b" + std::to_string(i) + ".txt", "small");
  // Each of the large ones takes 100 seconds.
  const Milliseconds start = world.clock.Now();
  std::uint64_t while_large = 0;
  world.stop_signal = [&] {
    if (world.clock.Now() - start < Milliseconds(50'000)) while_large = world.Downloads();
    return 0;
  };
  RequireOk(world.Full());
  CHECK(while_large == 4 + 20);
  CHECK(world.Difference() == "");
}

TEST_CASE("a giant that trickles holds up neither its neighbours nor the listing") {
  sim::Options options;
  options.default_page_size = 10;
  ContentWorld world(options);
  CHECK(WrittenBeforeGiant(world, 100) >= 90);
}

TEST_CASE("documents do not wait for the last files to arrive") {
  ContentWorld world;
  // All but those that were on their way together with it. One page, and less than one request.
  CHECK(WrittenBeforeGiant(world, 300) >= 300 - 100);
}

TEST_CASE("no checkpoint passes a document whose content is on its way") {
  sim::Options options;
  options.default_page_size = 5;
  ContentWorld world(options);
  for (int i = 0; i < 60; ++i) world.tree().AddFile("/" + std::to_string(i) + ".txt", "text");
  // Stopped again and again, each run a little later, the index becomes right all the same.
  int patience = 10;
  report::RunSummary summary;
  int runs = 0;
  do {
    int asked = 0;
    world.stop_signal = [&] { return ++asked > patience ? 15 : 0; };
    summary = world.Full();
    patience += 5;
    REQUIRE(++runs < 100);
  } while (summary.exit_code != ExitCode::kOk);
  CHECK(runs > 3);
  world.stop_signal = [] { return 0; };
  CHECK(world.Difference() == "");
  const std::uint64_t downloads = world.Downloads();
  RequireOk(world.Full());
  CHECK(world.Downloads() == downloads);
}

TEST_CASE("a stop does not wait for downloads") {
  ContentWorld world;
  world.tree().AddFile("/a.txt", "text");
  world.dropbox().Inject(Transport(sim::TransportFault::Kind::kStallBeforeHeaders, 25'000));
  world.stop_signal = [&] { return world.Downloads() > 0 ? 15 : 0; };
  const Milliseconds start = world.clock.Now();
  CHECK(world.Full().exit_code == ExitCode::kTerminated);
  CHECK(world.clock.Now() - start < Milliseconds(5000));
  world.stop_signal = [] { return 0; };
  RequireOk(world.Full());
  CHECK(world.Difference() == "");
}

TEST_CASE("what happens to a file while its content is on its way comes after it") {
  sim::Options options;
  options.default_page_size = 1;
  ContentWorld world(options);
  const std::string id = world.tree().AddFile("/a.txt", "text");
  for (int i = 0; i < 5; ++i) world.tree().AddFile("/b" + std::to_string(i) + ".txt", "text");
  world.dropbox().Inject(Transport(sim::TransportFault::Kind::kStallBeforeHeaders, 30'000));
  bool moved = false;
  world.stop_signal = [&] {
    if (!moved && world.Downloads() > 0) world.tree().Move("/a.txt", "/c.txt");
    moved = moved || world.Downloads() > 0;
    return 0;
  };
  RequireOk(world.Full());
  REQUIRE(moved);
  CHECK(world.Field(id, "path_lower") == "/c.txt");
  CHECK(world.Difference() == "");
  CHECK(world.Downloads() == 6);
}

TEST_CASE("a file that changes twice while its content is on its way ends up as it is") {
  sim::Options options;
  options.default_page_size = 1;
  ContentWorld world(options);
  const std::string id = world.tree().AddFile("/a.txt", "one");
  RequireOk(world.Full());
  world.tree().Overwrite("/a.txt", "two");
  world.tree().AddFile("/b.txt", "b");
  world.tree().Overwrite("/a.txt", "one");
  world.tree().Move("/a.txt", "/c.txt");
  world.dropbox().Inject(Transport(sim::TransportFault::Kind::kStallBeforeHeaders, 30'000));
  RequireOk(world.Incremental());
  CHECK(world.Body(id) == "one");
  CHECK(world.Difference() == "");
}

TEST_CASE("a version newer than the listed one is not fetched again when it is listed") {
  ContentWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "listed");
  bool changed = false;
  world.stop_signal = [&] {
    if (!changed && world.dropbox().Count("files/list_folder") > 0) {
      world.tree().Overwrite("/a.txt", "newer");
      changed = true;
    }
    return 0;
  };
  RequireOk(world.Full());
  CHECK(world.Body(id) == "newer");
  RequireOk(world.Incremental());
  CHECK(world.Downloads() == 1);
  CHECK(world.Difference() == "");
}

TEST_CASE("a pipeline gets the bytes, and what it needs to know") {
  ContentWorld world;
  world.config.extraction.mode = config::ExtractionMode::kPipeline;
  world.config.elasticsearch.pipeline = "extract";
  world.elastic.AddPipeline("extract");
  const std::string id = world.tree().AddFile("/a.pdf", "%PDF");
  const std::string none = world.tree().AddFile("/a.jpg", "jpg");
  RequireOk(world.Full());
  CHECK(world.Field(id, "_attachment") == "JVBERg==");
  CHECK(world.elastic.Source("docs", id)->find(R"("_attachment_indexed_chars":-1)") !=
        std::string::npos);
  CHECK(world.Field(id, "_extract_binary_content") == "true");
  CHECK(world.Body(id).empty());
  CHECK(world.Field(none, "_attachment").empty());

  // As the pipeline would have left it.
  const std::string fingerprint = world.Field(id, "body_fingerprint");
  world.tree().Touch("/a.pdf");
  RequireOk(world.Incremental());
  CHECK(world.Downloads() == 1);
  CHECK(world.elastic.writes().back().source.find("_attachment") == std::string::npos);
  // Nor the switches: OpenSearch runs no pipeline on an update, which would take them out again.
  CHECK(world.elastic.writes().back().operation == "update");
  CHECK(world.elastic.writes().back().source.find("_extract_binary") == std::string::npos);
  CHECK(world.Field(id, "body_fingerprint") == fingerprint);

  world.config.extraction.max_body_chars = 70;
  RequireOk(world.Full());
  CHECK(world.elastic.writes().back().source.find(R"("_attachment_indexed_chars":70)") !=
        std::string::npos);
  // As a whole: what a pipeline does not set anew must not stay.
  CHECK(world.elastic.writes().back().operation == "index");
  CHECK(world.Field(id, "_extract_binary_content") == "true");
  CHECK(world.Field(id, "_run_ml_inference") == "true");
}

TEST_CASE("a download that fails leaves what a pipeline made of the old version") {
  ContentWorld world;
  world.config.extraction.mode = config::ExtractionMode::kPipeline;
  world.config.elasticsearch.pipeline = "extract";
  world.elastic.AddPipeline("extract");
  const std::string id = world.tree().AddFile("/a.pdf", "%PDF");
  RequireOk(world.Full());
  world.tree().Overwrite("/a.pdf", "%PDF new");
  world.dropbox().Inject(sim::Fault::Status("files/download", 400, "Error in call"));
  CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.Field(id, "_attachment") == "JVBERg==");
  RequireOk(world.Incremental());
  CHECK(world.Field(id, "_attachment") == "JVBERiBuZXc=");
}

TEST_CASE("a document that a pipeline rewrites stays with its readers") {
  ContentWorld world;
  world.config.extraction.mode = config::ExtractionMode::kPipeline;
  world.config.elasticsearch.pipeline = "extract";
  world.config.dropbox.use_document_level_security = true;
  world.elastic.AddPipeline("extract");
  const std::string id = world.tree().AddFile("/a.pdf", "%PDF");
  const auto access = [&] {
    const auto source = ParseJson(*world.elastic.Source("docs", id), "a document");
    const rapidjson::Value* list = FindMember(*source, "_allow_access_control");
    return list != nullptr && list->IsArray() ? list->Size() : 0;
  };
  RequireOk(world.Full());
  const auto readers = access();
  REQUIRE(readers > 0);
  world.tree().Overwrite("/a.pdf", "%PDF new");
  RequireOk(world.Incremental());
  CHECK(world.elastic.writes().back().operation == "index");
  CHECK(access() == readers);
}

TEST_CASE("a forced full sync extracts everything again") {
  ContentWorld world;
  world.tree().AddFile("/a.txt", "text");
  RequireOk(world.Full());
  world.options.force = true;
  RequireOk(world.Full());
  CHECK(world.Downloads() == 2);
}

TEST_CASE("a dry run fetches nothing") {
  ContentWorld world;
  world.tree().AddFile("/a.txt", "text");
  world.options.dry_run = true;
  RequireOk(world.Full());
  CHECK(world.Downloads() == 0);
}

}  // namespace dbxes::sync
