// SPDX-License-Identifier: Apache-2.0
#include "delta/find_folders.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>

#include "dropbox/dropbox_world.h"

namespace dbxes::delta {

TEST_CASE("folders are known by the lower case that Dropbox has for them") {
  dropbox::DropboxWorld world;
  FolderList paths;
  for (int i = 0; i < 40; ++i) {
    paths.push_back(fmt::format("/Team/{}", i));
    world.tree().AddFolder(paths.back());
  }
  paths.emplace_back("/TEAM");
  const auto found = FindAllFolders(world.client(), paths);
  REQUIRE(found);
  CHECK(found->size() == 41);
  CHECK(found->front() == "/team/0");
  CHECK(found->back() == "/team");
  CHECK(world.network.max_in_flight() == 16);
}

TEST_CASE("one letter may have two in lower case") {
  dropbox::DropboxWorld world;
  world.intercept = [](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.url.find("get_metadata") == std::string::npos) return std::nullopt;
    FakeAnswer answer;
    answer.body = std::make_shared<const std::string>(
        R"({".tag":"folder","id":"id:1","name":"x","path_lower":"/i\u0307zmir"})");
    return answer;
  };
  CHECK(FindAllFolders(world.client(), {"/\u0130zmir", "/\u0130ZMIR"}) ==
        FolderList{"/i\u0307zmir", "/i\u0307zmir"});
}

TEST_CASE("one folder alone is not asked for") {
  dropbox::DropboxWorld world;
  for (const char* path : {"", "/ABSENT"}) {
    CHECK(FindAllFolders(world.client(), {path}) == FolderList{path});
  }
  CHECK(world.Requests("files/get_metadata").empty());
}

TEST_CASE("a folder that is not there is named, and so is a file") {
  dropbox::DropboxWorld world;
  world.tree().AddFile("/Team/b.txt", "x");
  const auto is_file = FindAllFolders(world.client(), {"/Team", "/Team/b.txt"});
  REQUIRE_FALSE(is_file);
  CHECK(is_file.error().kind == ErrorKind::kConfig);
  CHECK(is_file.error().message ==
        "/Team/b.txt (dropbox.path) is a file in Dropbox, not a folder; nothing was deleted");
  const auto absent = FindAllFolders(world.client(), {"/Gone", "/Team"});
  REQUIRE_FALSE(absent);
  CHECK(absent.error().kind == ErrorKind::kConfig);
  CHECK(absent.error().message.starts_with("Dropbox has no folder /Gone (dropbox.path)"));
  const auto others = FindFolders(world.client(), {"/Gone", "/Team"});
  REQUIRE(others);
  CHECK(others->folders == FolderList{"", "/team"});
  REQUIRE(others->missing);
  CHECK(others->missing->message == absent.error().message);
}

TEST_CASE("a folder without a path is not mounted, and so is not there") {
  dropbox::DropboxWorld world;
  world.intercept = [](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.url.find("get_metadata") == std::string::npos) return std::nullopt;
    FakeAnswer answer;
    answer.body =
        std::make_shared<const std::string>(R"({".tag":"folder","id":"id:1","name":"x"})");
    return answer;
  };
  const auto found = FindAllFolders(world.client(), {"/One", "/Two"});
  REQUIRE_FALSE(found);
  CHECK(found.error().message.starts_with("Dropbox has no folder /One (dropbox.path)"));
}

TEST_CASE("an error says which folder it is about") {
  dropbox::DropboxWorld world;
  int status = 409;
  world.intercept = [&](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.url.find("get_metadata") == std::string::npos) return std::nullopt;
    FakeAnswer answer;
    answer.status = status;
    answer.body = std::make_shared<const std::string>(
        R"({"error_summary":"path/malformed_path/..","error":{".tag":"path","path":{".tag":)"
        R"("malformed_path"}}})");
    return answer;
  };
  const auto malformed = FindAllFolders(world.client(), {"/Team", "/a//b"});
  REQUIRE_FALSE(malformed);
  CHECK(malformed.error().kind == ErrorKind::kConfig);
  CHECK(malformed.error().message.starts_with("/Team (dropbox.path): "));
  status = 403;
  const auto refused = FindAllFolders(world.client(), {"/Team", "/a//b"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind != ErrorKind::kConfig);
  CHECK(refused.error().message.starts_with("/Team (dropbox.path): "));
}

}  // namespace dbxes::delta
