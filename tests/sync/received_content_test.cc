// SPDX-License-Identifier: Apache-2.0
// The content of files received one by one: fetched through their links, with the same promises as
// that of the tree.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "base/json/json.h"
#include "dropbox_sim/content.h"
#include "support/sync_world.h"

namespace dbxes::sync {
namespace {

constexpr const char* kRoute = "sharing/get_shared_link_file";

struct ReceivedWorld : SyncWorld {
  ReceivedWorld() { config.extraction.mode = config::ExtractionMode::kLocal; }

  std::uint64_t Downloads() { return dropbox().Count(kRoute); }
  std::string Field(const std::string& id, std::string_view name) const {
    const auto source = elastic.Source("docs", id);
    REQUIRE(source);
    const auto document = ParseJson(*source, "a document");
    REQUIRE(document);
    return std::string(StringMember(*document, name));
  }
  std::string Body(const std::string& id) const { return Field(id, "body"); }
  // Its owner overwrites it: the list of received files does not change.
  void Overwrite(const std::string& id, const std::string& bytes) {
    sim::ReceivedFile& file = tree().shares().received_file(id);
    file.content = std::make_shared<const sim::Content>(bytes);
    file.rev += 1;
    file.server_modified_s += 60;
  }
};

void RequireOk(const report::RunSummary& summary) {
  REQUIRE_MESSAGE(summary.exit_code == ExitCode::kOk, summary.message,
                  summary.failures.empty() ? "" : summary.failures.front().reason);
}

}  // namespace

TEST_CASE("received files are found by what is in them, and fetched once") {
  ReceivedWorld world;
  const std::string text = world.tree().shares().AddReceivedFile("offer.txt", "an offer");
  const std::string page =
      world.tree().shares().AddReceivedFile("page.html", "<title>T</title><p>page");
  const std::string parsed = world.tree().shares().AddReceivedFile("scan.pdf", "a scan");
  world.tree().shares().AddReceivedFile("photo.jpg", "no text");
  world.tree().shares().AddReceivedFile("empty.txt", "");
  const std::string large = world.tree().shares().AddReceivedFile(
      "large.txt", std::string(world.config.extraction.max_file_download_size + 1, 'l'));
  const report::RunSummary summary = world.Full();
  RequireOk(summary);
  CHECK(world.Body(text) == "an offer");
  CHECK(world.Body(page) == "page");
  CHECK(world.Field(page, "title") == "T");
  CHECK(world.Body(parsed) == "a scan");
  CHECK(world.Body(large).empty());
  CHECK(summary.counters.content_fetched == 3);
  CHECK(summary.counters.content_no_type == 1);
  CHECK(summary.counters.content_empty == 1);
  CHECK(summary.counters.content_too_large == 1);
  CHECK(world.Downloads() == 3);

  const report::RunSummary again = world.Full();
  RequireOk(again);
  CHECK(again.counters.content_unchanged == 3);
  world.tree().AddFile("/a.txt", "makes the next run compare");
  world.tree().shares().AddReceivedFile("other.txt", "other");
  RequireOk(world.Incremental());
  RequireOk(world.Incremental());
  CHECK(world.Downloads() == 3 + 1);
  CHECK(world.dropbox().Count("files/download") == 1);
  CHECK(world.dropbox().Violations() == std::vector<std::string>());
}

TEST_CASE("a new version of a received file replaces the text of the old one") {
  ReceivedWorld world;
  const std::string id = world.tree().shares().AddReceivedFile("offer.html", "<title>t</title>old");
  RequireOk(world.Full());
  SUBCASE("with text") {
    world.Overwrite(id, "new");
    RequireOk(world.Full());
    CHECK(world.Body(id) == "new");
    CHECK(world.Field(id, "title").empty());
    CHECK(world.Downloads() == 2);
  }
  SUBCASE("without any") {
    world.Overwrite(id, "");
    RequireOk(world.Full());
    CHECK(world.Body(id).empty());
    CHECK(world.Field(id, "title").empty());
  }
  SUBCASE("under a name without a known type") {
    world.tree().shares().received_file(id).name = "offer";
    world.config.extraction.extensions = "-.";
    RequireOk(world.Full());
    CHECK(world.Body(id).empty());
    CHECK(world.Field(id, "extension").empty());
    CHECK(world.Field(id, "mime_type").empty());
  }
  SUBCASE("because everything is wanted anew") {
    world.options.force = true;
    RequireOk(world.Full());
    CHECK(world.Downloads() == 2);
  }
  CHECK(world.Field(id, "sync_seq").empty());  // a number, and one document
  CHECK(world.elastic.Documents("docs").size() == 1);
}

TEST_CASE("a received file that cannot be fetched stays as it is, and is tried again") {
  ReceivedWorld world;
  const std::string id = world.tree().shares().AddReceivedFile("offer.txt", "old");
  const std::string neighbour = world.tree().shares().AddReceivedFile("other.txt", "other");
  RequireOk(world.Full());
  world.Overwrite(id, "new");
  const std::string url = world.tree().shares().received_file(id).url;
  SUBCASE("the network") { world.dropbox().Inject(sim::Fault::Status(kRoute, 500).Times(4)); }
  SUBCASE("a request that Dropbox does not understand") {
    world.dropbox().Inject(sim::Fault::Status(kRoute, 400, "Error in call"));
  }
  const report::RunSummary failed = world.Full();
  CHECK(failed.exit_code == ExitCode::kDocumentsFailed);
  REQUIRE(failed.failures.size() == 1);
  CHECK(failed.failures[0].id == id);
  CHECK(failed.failures[0].path == "offer.txt");
  CHECK(failed.failures[0].operation == "read");
  CHECK(failed.counters.content_failed == 1);
  CHECK(world.Body(id) == "old");
  CHECK(world.Body(neighbour) == "other");

  // Only the failure still names it.
  world.elastic.ClearBooks();
  RequireOk(world.Incremental());
  CHECK(world.Body(id) == "new");
  for (const AppliedWrite& write : world.elastic.writes()) CHECK(write.operation != "delete");
  CHECK(world.Incremental().counters.elasticsearch_requests == 0);
}

TEST_CASE("a received file that the index refuses keeps its old version") {
  ReceivedWorld world;
  const std::string id = world.tree().shares().AddReceivedFile("offer.txt", "old");
  RequireOk(world.Full());
  world.Overwrite(id, "new");
  world.elastic.unmappable_ids = {id};
  CHECK(world.Full().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.Body(id) == "old");
  CHECK(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.Body(id) == "old");
  world.elastic.unmappable_ids.clear();
  RequireOk(world.Incremental());
  CHECK(world.Body(id) == "new");
}

TEST_CASE("a link that is refused for its rate fails alone, and many of them end the run") {
  constexpr char kMetadata[] = "sharing/get_shared_link_metadata";
  const auto suspended = R"({"error_summary":"x/","error":{".tag":"user_suspended"}})";
  for (const int status : {401, 429}) {
    CAPTURE(status);
    ReceivedWorld world;
    world.config.sync.give_up_after = Milliseconds(20'000);
    const std::string bad = world.tree().shares().AddReceivedFile("bad.txt", "bad");
    const std::string good = world.tree().shares().AddReceivedFile("good.txt", "good");
    const sim::Fault fault =
        sim::Fault::Status(kMetadata, status, suspended, "application/json").Times(0);
    sim::Fault one = fault;
    one.argument = world.tree().shares().received_file(bad).url;
    world.dropbox().Inject(one);
    const report::RunSummary summary = world.Full();
    CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
    CHECK(world.Body(good) == "good");
    CHECK(summary.failures.at(0).id == bad);
    world.dropbox().faults().Clear();
    for (int i = 0; i < 6; ++i) {
      world.tree().shares().AddReceivedFile("more" + std::to_string(i) + ".txt", "more");
    }
    world.dropbox().Inject(fault);
    const ExitCode all = world.Incremental().exit_code;
    CHECK((all == ExitCode::kAuthorization || all == ExitCode::kUnavailable));
    world.dropbox().faults().Clear();
    RequireOk(world.Incremental());
    CHECK(world.Difference() == "");
  }
}

TEST_CASE("a received file whose link answers oddly fails alone") {
  struct Row {
    int status;
    const char* body;
  };
  for (const Row& row : {Row{400, "Error in call"}, Row{403, "<html>"}, Row{404, ""},
                         Row{403, R"({"error_summary":"x/","error":{".tag":"access_error"}})"},
                         Row{500, ""}, Row{409, R"({"error":{".tag":"other"}})"}}) {
    for (const char* route : {"sharing/get_shared_link_metadata", kRoute}) {
      CAPTURE(row.status);
      CAPTURE(std::string(route));
      ReceivedWorld world;
      const std::string bad = world.tree().shares().AddReceivedFile("bad.txt", "bad");
      const std::string good = world.tree().shares().AddReceivedFile("good.txt", "good");
      const std::string url = world.tree().shares().received_file(bad).url;
      world.dropbox().Inject(
          sim::Fault::Status(route, row.status, row.body).Times(0).Matching(url));
      const report::RunSummary summary = world.Full();
      const bool refused = row.status == 403 && row.body[0] == '{' && route == kRoute;
      CHECK(summary.exit_code == (refused ? ExitCode::kOk : ExitCode::kDocumentsFailed));
      CHECK(world.Body(good) == "good");
      if (!refused) CHECK(summary.failures.at(0).path == "bad.txt");
      world.dropbox().faults().Clear();
      RequireOk(world.Incremental());
      CHECK(world.Difference() == "");
    }
  }
}

TEST_CASE("a list of received files that cannot be read leaves them and stops nothing else") {
  ReceivedWorld world;
  const std::string offer = world.tree().shares().AddReceivedFile("offer.txt", "an offer");
  world.tree().AddFile("/old.txt", "old");
  for (int i = 0; i < 10; ++i) world.tree().AddFile("/keep" + std::to_string(i) + ".txt", "x");
  RequireOk(world.Full());
  sim::Fault fault =
      sim::Fault::EndpointError("sharing/list_received_files", "user_error/email_unverified");
  ExitCode code = ExitCode::kConfiguration;
  bool hint = true;
  SUBCASE("the address is not verified") {}
  SUBCASE("app folders may not call it") {
    fault = sim::Fault::Status("sharing/list_received_files", 400,
                               "Error in call: not available to App Folder");
  }
  SUBCASE("a server has a problem") {
    fault = sim::Fault::Html("sharing/list_received_files", 503);
    code = ExitCode::kUnavailable;
    hint = false;
  }
  fault.times = 0;
  world.dropbox().Inject(std::move(fault));
  for (const SyncMode mode : {SyncMode::kIncremental, SyncMode::kFull}) {
    world.tree().Delete(mode == SyncMode::kFull ? "/new.txt" : "/old.txt");
    if (mode == SyncMode::kIncremental) world.tree().AddFile("/new.txt", "new");
    const report::RunSummary summary = world.Run(mode);
    CHECK(summary.exit_code == code);
    CHECK((summary.message.find("dropbox.include_received_files = false") != std::string::npos) ==
          hint);
    CHECK(world.Difference() == "");
    CHECK(world.Body(offer) == "an offer");
  }
  world.dropbox().faults().Clear();
  world.tree().shares().RevokeReceivedFile(offer);
  RequireOk(world.Incremental());
  CHECK(world.Difference() == "");
}

TEST_CASE("what a link does not hand out is counted, and no failure") {
  ReceivedWorld world;
  bool retried = false;
  const std::string id = world.tree().shares().AddReceivedFile("offer.txt", "text");
  SUBCASE("as the link says beforehand") {
    world.tree().shares().received_file(id).allow_download = false;
    const report::RunSummary summary = world.Full();
    RequireOk(summary);
    CHECK(summary.counters.content_refused == 1);
    CHECK(world.Downloads() == 0);
  }
  for (const char* tag : {"shared_link_access_denied", "unsupported_link_type"}) {
    SUBCASE(tag) {
      world.dropbox().Inject(sim::Fault::EndpointError(kRoute, tag));
      const report::RunSummary summary = world.Full();
      RequireOk(summary);
      CHECK(summary.counters.content_refused == 1);
    }
  }
  SUBCASE("for it is gone, which the next run asks for again") {
    world.dropbox().Inject(sim::Fault::EndpointError(kRoute, "shared_link_not_found"));
    CHECK(world.Full().exit_code == ExitCode::kDocumentsFailed);
    RequireOk(world.Incremental());
    CHECK(world.Body(id) == "text");
    retried = true;
  }
  CHECK(world.Field(id, "name") == "offer.txt");
  if (!retried) CHECK(world.Body(id).empty());
}

TEST_CASE("a received file keeps its text where it goes") {
  ReceivedWorld world;
  const std::string id = world.tree().shares().AddReceivedFile("offer.txt", "an offer");
  RequireOk(world.Full());
  world.tree().shares().MountReceivedFile(id, "/offer.txt");
  RequireOk(world.Incremental());
  CHECK(world.Body(id) == "an offer");
  CHECK(world.Field(id, "path_lower") == "/offer.txt");
  CHECK(world.Difference() == "");
  RequireOk(world.Full());
  CHECK(world.Difference() == "");
}

TEST_CASE("a pipeline gets received files, too, and their readers stay") {
  ReceivedWorld world;
  world.config.extraction.mode = config::ExtractionMode::kPipeline;
  world.config.elasticsearch.pipeline = "extract";
  world.config.dropbox.use_document_level_security = true;
  world.elastic.AddPipeline("extract");
  const std::string id = world.tree().shares().AddReceivedFile("offer.pdf", "%PDF");
  const auto readers = [&] {
    const auto source = ParseJson(*world.elastic.Source("docs", id), "a document");
    const rapidjson::Value* list = FindMember(*source, "_allow_access_control");
    return list != nullptr && list->IsArray() ? list->Size() : 0;
  };
  RequireOk(world.Full());
  CHECK(world.Field(id, "_attachment") == "JVBERg==");
  REQUIRE(readers() > 0);
  const auto before = readers();
  world.Overwrite(id, "%PDF new");
  RequireOk(world.Full());
  CHECK(world.elastic.writes().back().operation == "index");
  CHECK(world.Field(id, "_attachment") == "JVBERiBuZXc=");
  CHECK(readers() == before);
}

TEST_CASE("without extraction, and in a dry run, no received file is fetched") {
  ReceivedWorld world;
  world.tree().shares().AddReceivedFile("offer.txt", "text");
  SUBCASE("off") { world.config.extraction.mode = config::ExtractionMode::kOff; }
  SUBCASE("dry") { world.options.dry_run = true; }
  RequireOk(world.Full());
  CHECK(world.Downloads() == 0);
}

}  // namespace dbxes::sync
