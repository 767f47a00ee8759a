// SPDX-License-Identifier: Apache-2.0
#include "dropbox/sharing.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "dropbox/dropbox_world.h"

namespace dbxes::dropbox {
namespace {

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("received files are listed page by page") {
  DropboxWorld world;
  std::set<std::string> expected;
  for (int i = 0; i < 650; ++i) {
    expected.insert(
        world.tree().shares().AddReceivedFile("offer" + std::to_string(i) + ".txt", "x"));
  }
  std::set<std::string> ids;
  std::string cursor;
  int pages = 0;
  do {
    auto page = world.loop.Await(ListReceivedFiles(world.client(), cursor));
    REQUIRE_MESSAGE(page, page.error().message);
    for (const ReceivedFile& file : page->files) {
      CHECK(ids.insert(file.id).second);
      CHECK(file.name.substr(0, 5) == "offer");
      CHECK_FALSE(file.preview_url.empty());
    }
    cursor = page->cursor;
    ++pages;
  } while (!cursor.empty());
  CHECK(ids == expected);
  CHECK(pages == 3);
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("a received file has a path only where it is mounted") {
  DropboxWorld world;
  world.intercept = [](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.target != "/2/sharing/list_received_files") return std::nullopt;
    return FakeAnswer::Json(200, R"({"entries":[
        {"id":"id:1","name":"one","preview_url":"https://1","path_lower":"/one",
         "path_display":"/One","policy":{"id":"id:bait"}},
        {"id":"id:2","name":"two","preview_url":"https://2","path_lower":null},
        {"id":"id:3","name":"three","preview_url":"https://3"}],"cursor":null})");
  };
  const auto page = world.loop.Await(ListReceivedFiles(world.client(), ""));
  REQUIRE(page);
  REQUIRE(page->files.size() == 3);
  CHECK(page->files[0].id == "id:1");
  CHECK(page->files[0].name == "one");
  CHECK(page->files[0].preview_url == "https://1");
  CHECK(page->files[0].path_lower == "/one");
  CHECK(page->files[1].path_lower.empty());
  CHECK(page->files[2].path_lower.empty());
  CHECK(page->cursor.empty());
}

TEST_CASE("a damaged page of received files is requested again") {
  DropboxWorld world;
  world.tree().shares().AddReceivedFile("offer.txt", "x");
  world.simulator.Inject(
      sim::Fault::Simple("sharing/list_received_files", sim::Fault::Kind::kHalfJson));
  world.simulator.Inject(
      sim::Fault::Status("sharing/list_received_files", 200, R"({"entries":7})"));
  const auto page = world.loop.Await(ListReceivedFiles(world.client(), ""));
  REQUIRE_MESSAGE(page, page.error().message);
  CHECK(page->files.size() == 1);
  CHECK(world.retries.size() == 2);
}

TEST_CASE("an error of listing received files says what was tried") {
  DropboxWorld world;
  world.simulator.tokens().SetScopes(0, "account_info.read files.metadata.read");
  const auto page = world.loop.Await(ListReceivedFiles(world.client(), ""));
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == ErrorKind::kPermission);
  CHECK(page.error().message.substr(0, 24) == "listing received files: ");
  CHECK(page.error().message.find("sharing.read") != std::string::npos);
}

}  // namespace dbxes::dropbox
