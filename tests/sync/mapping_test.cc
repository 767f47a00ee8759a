// SPDX-License-Identifier: Apache-2.0
// Runs on an index that somebody else has made, limited or closed, and documents that fit no
// keyword.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/json/json.h"
#include "base/path_key.h"
#include "checkpoint/checkpoint.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

void RequireOk(const report::RunSummary& summary) {
  REQUIRE_MESSAGE(summary.exit_code == ExitCode::kOk, summary.message);
}

// A folder whose path has about 8,400 characters.
std::string AddDeepFolder(SyncWorld& world) {
  std::string path;
  for (int i = 0; i < 42; ++i) {
    path += '/' + std::string(199, static_cast<char>('A' + i % 26));
    world.tree().AddFolder(path);
  }
  return path;
}

// What a checkpoint was before documents had a version.
void ForgetDocumentVersion(SyncWorld& world) {
  for (auto& [path, text] : world.files.files()) {
    auto checkpoint = checkpoint::ParseCheckpoint(text, path);
    if (!checkpoint) continue;
    REQUIRE(std::erase_if(checkpoint->settings,
                          [](const auto& one) { return one.first == "documents"; }) == 1);
    text = checkpoint::SerializeCheckpoint(*checkpoint);
  }
}

}  // namespace

TEST_CASE("a path that is too long for a keyword is indexed, moved and deleted like others") {
  SyncWorld world;
  world.config.sync.max_delete = {false, true, 0};
  const std::string folder = AddDeepFolder(world);
  const std::string file = world.tree().AddFile(folder + "/a.txt", "one");
  world.tree().AddFile(folder + "/b.txt", "two");
  const std::string received = world.tree().shares().AddReceivedFile("offer.docx", "x");
  RequireOk(world.Full());
  REQUIRE(world.Difference() == "");
  const auto source = ParseJson(*world.elastic.Source("docs", file), "source");
  CHECK(StringMember(*source, "file_path") == folder + "/a.txt");
  CHECK(StringMember(*source, "path_lower").size() <= kMaxPathKey);

  SUBCASE("a file") { world.tree().Delete(folder + "/a.txt"); }
  SUBCASE("its folder") { world.tree().Delete(folder); }
  SUBCASE("a folder above") { world.tree().Delete(folder.substr(0, 200)); }
  SUBCASE("to another long path") { world.tree().Move(folder + "/a.txt", folder + "/c.txt"); }
  SUBCASE("out of it") { world.tree().Move(folder + "/a.txt", "/a.txt"); }
  // Deletes what is received and not listed.
  SUBCASE("when received files change") {
    world.tree().shares().AddReceivedFile("other.docx", "y");
  }
  SUBCASE("when one is taken back") { world.tree().shares().RevokeReceivedFile(received); }
  const report::RunSummary summary = world.Incremental();
  RequireOk(summary);
  CHECK(world.Difference() == "");
}

TEST_CASE("a received file that is mounted is no longer one of those that are swept") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "one");
  const std::string id = world.tree().shares().AddReceivedFile("offer.docx", "x");
  world.tree().shares().AddReceivedFile("other.docx", "y");
  RequireOk(world.Full());
  world.tree().shares().MountReceivedFile(id, "/offer.docx");
  RequireOk(world.Incremental());
  CHECK(world.Difference() == "");
  world.tree().shares().AddReceivedFile("third.docx", "z");
  RequireOk(world.Incremental());
  CHECK(world.Difference() == "");
}

TEST_CASE("documents of an older version get what they lack, and nothing is fetched again") {
  SyncWorld world;
  world.config.extraction.mode = config::ExtractionMode::kLocal;
  world.tree().AddFile("/a.txt", "one");
  const std::string id = world.tree().shares().AddReceivedFile("offer.txt", "an offer");
  RequireOk(world.Full());
  auto old = ParseJson(*world.elastic.Source("docs", id), "source");
  old->RemoveMember("received");
  // As the older version computed it: of the document without the field.
  (*old)["sync_fingerprint"].SetString("00000000000000aa");
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  old->Accept(writer);
  world.elastic.Put("docs", id, View(buffer));
  ForgetDocumentVersion(world);
  const auto fetched = world.dropbox().Count("sharing/get_shared_link_file");
  const auto downloads = world.dropbox().Count("files/download");

  const report::RunSummary summary = world.Incremental();
  RequireOk(summary);
  CHECK(summary.counters.updated == 1);
  CHECK(world.dropbox().Count("sharing/get_shared_link_file") == fetched);
  CHECK(world.dropbox().Count("files/download") == downloads);
  CHECK(world.Difference() == "");
  CHECK(std::find(world.reporter.lines.begin(), world.reporter.lines.end(),
                  "the documents were written by another version of dbx-es: running a full sync") !=
        world.reporter.lines.end());
  // Once.
  const auto listings = world.dropbox().Count("files/list_folder");
  RequireOk(world.Incremental());
  CHECK(world.dropbox().Count("files/list_folder") == listings);
}

TEST_CASE("with document level security, a list that exists for nobody's query is refused") {
  for (const char* field :
       {R"({"type":"text","index":false,"fields":{"keyword":{"type":"keyword"}}})",
        R"({"type":"keyword","ignore_above":10,"fields":{"keyword":{"type":"keyword"}}})"}) {
    SecureWorld world;
    world.tree().AddFile("/salaries.txt", "x");
    world.elastic.CreateIndex(
        "docs", fmt::format(R"({{"properties":{{"_allow_access_control":{}}}}})", field));
    const report::RunSummary summary = world.Full();
    CHECK(summary.exit_code == ExitCode::kConfiguration);
    CHECK(summary.message.find("_allow_access_control") != std::string::npos);
    CHECK(world.elastic.Documents("docs").empty());
  }
}

TEST_CASE("a run on a closed index ends at once and says how to open it") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "one");
  RequireOk(world.Full());
  world.elastic.Close("docs");
  world.tree().AddFile("/b.txt", "two");
  const Milliseconds before = world.clock.Now();
  for (const SyncMode mode : {SyncMode::kIncremental, SyncMode::kFull}) {
    const report::RunSummary summary = world.Run(mode);
    CHECK(summary.exit_code == ExitCode::kConfiguration);
    CHECK(summary.message.find("index docs is closed: open it with POST /docs/_open") !=
          std::string::npos);
  }
  CHECK(world.clock.Now() - before < Milliseconds(10'000));
  world.elastic.SetSettings("docs", "");
  RequireOk(world.Incremental());
  CHECK(world.Difference() == "");
}

TEST_CASE("a small result window makes searches smaller, in each kind of run") {
  SecureWorld world;
  world.config.sync.max_delete = {false, true, 0};
  for (int i = 0; i < 300; ++i) world.tree().AddFile(fmt::format("/d/{}.txt", i), "x");
  world.Share("/d", {});
  world.elastic.CreateIndex("docs", "{}");
  world.elastic.SetSettings("docs", R"("max_result_window":"100")");
  RequireOk(world.Full());
  CHECK(world.Difference() == "");
  world.tree().Delete("/d");
  RequireOk(world.Incremental());
  CHECK(world.Difference() == "");
  for (int i = 0; i < 300; ++i) world.tree().AddFile(fmt::format("/e/{}.txt", i), "x");
  RequireOk(world.Incremental());
  RequireOk(world.Full());
  RequireOk(world.Run(SyncMode::kAccessControl));
  CHECK(world.Difference() == "");
}

}  // namespace dbxes::sync
