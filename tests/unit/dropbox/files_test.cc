// SPDX-License-Identifier: Apache-2.0
#include "dropbox/files.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "base/json/json.h"
#include "dropbox/dropbox_world.h"

namespace dbxes::dropbox {
namespace {

using Strings = std::vector<std::string>;

Result<void> AcceptAll(HttpResponse&) { return {}; }

Result<HttpResponse> List(DropboxWorld& world, const std::string& path = "") {
  return world.loop.Await(ListFolder(world.client(), path, "", AcceptAll));
}
Result<HttpResponse> Continue(DropboxWorld& world, const std::string& cursor) {
  return world.loop.Await(ListFolderContinue(world.client(), cursor, "", AcceptAll));
}
std::string CursorOf(const Result<HttpResponse>& answer) {
  REQUIRE(answer);
  return std::string(StringMember(*ParseJson(answer->body, "a page"), "cursor"));
}

std::string PathOf(const Result<HttpResponse>& answer) {
  REQUIRE(answer);
  return std::string(StringMember(*ParseJson(answer->body, "metadata"), "path_lower"));
}

}  // namespace

TEST_CASE("one entry by its path or its id") {
  DropboxWorld world;
  const std::string id = world.tree().AddFile("/A.txt", "x");
  const auto get = [&](const std::string& path_or_id) {
    return world.loop.Await(GetMetadata(world.client(), path_or_id, AcceptAll));
  };
  CHECK(PathOf(get("/a.txt")) == "/a.txt");
  CHECK(PathOf(get(id)) == "/a.txt");
  CHECK(world.Requests("files/get_metadata").at(0).body ==
        R"({"path":"/a.txt","include_has_explicit_shared_members":true})");
  const auto absent = get("/absent");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().kind == ErrorKind::kNotFound);
  world.simulator.Inject(sim::Fault::Status(
      "files/get_metadata", 403, R"({"error_summary":"x/","error":{".tag":"access_error"}})"));
  const auto refused = get("/a.txt");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::kInternal);
  CHECK(refused.error().concern == Concern::kDocument);
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("a listing requests everything below, and nothing else") {
  DropboxWorld world;
  world.tree().AddFile("/Q\"uote\\/\xf0\x9f\x98\x80.txt", "x");
  REQUIRE(List(world, "/q\"uote\\"));
  const FakeRequest request = world.Requests("files/list_folder").at(0);
  CHECK(request.method == "POST");
  CHECK(request.Header("content-type") == "application/json");
  CHECK(request.Header("authorization").substr(0, 7) == "Bearer ");
  CHECK(request.body ==
        R"({"path":"/q\"uote\\","recursive":true,"include_has_explicit_shared_members":true,)"
        R"("limit":2000})");
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("a folder that cannot be listed says why, and that nothing was deleted") {
  DropboxWorld world;
  world.tree().AddFile("/file.txt", "x");
  const auto absent = List(world, "/absent");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().kind == ErrorKind::kNotFound);
  CHECK(absent.error().message ==
        "Dropbox has no folder /absent (dropbox.path); nothing was deleted. Correct the path");
  const auto file = List(world, "/file.txt");
  REQUIRE_FALSE(file);
  CHECK(file.error().kind == ErrorKind::kConfig);
  CHECK(file.error().message ==
        "/file.txt (dropbox.path) is a file in Dropbox, not a folder; nothing was deleted");
  for (const std::string tag : {"path/restricted_content", "path/malformed_path", "path/other"}) {
    world.simulator.Inject(sim::Fault::EndpointError("files/list_folder", tag));
    const auto refused = List(world);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::kConfig);
    CHECK(refused.error().message == "Dropbox cannot list / (dropbox.path): " + tag);
  }
}

TEST_CASE("every error of a cursor asks for a fresh listing") {
  DropboxWorld world;
  world.tree().AddFile("/a.txt", "x");
  const std::string cursor = CursorOf(List(world));
  for (const std::string tag : {"reset", "path/not_found", "path/other", "other", "brand_new"}) {
    CAPTURE(tag);
    world.simulator.Inject(sim::Fault::EndpointError("files/list_folder/continue", tag));
    const auto continued = Continue(world, cursor);
    REQUIRE_FALSE(continued);
    CHECK(continued.error().kind == ErrorKind::kCursorReset);
    CHECK(continued.error().tag == tag);
  }
  const auto malformed = Continue(world, "no cursor");
  REQUIRE_FALSE(malformed);
  CHECK(malformed.error().kind == ErrorKind::kCursorReset);
  CHECK(malformed.error().http_status == 400);

  // Other errors leave the cursor alone.
  world.simulator.Inject(sim::Fault::Status("files/list_folder/continue", 400, "Bad day"));
  CHECK(Continue(world, cursor).error().kind == ErrorKind::kInternal);
  world.simulator.Inject(
      sim::Fault::Status("files/list_folder/continue", 403,
                         R"({"error_summary":"x/","error":{".tag":"access_error"}})"));
  CHECK(Continue(world, cursor).error().kind == ErrorKind::kPermission);
  CHECK(Continue(world, cursor));
}

TEST_CASE("the children of a folder are listed, one level deep") {
  sim::Options options;
  options.style = sim::Style::Nasty();
  DropboxWorld world(options);
  world.tree().AddFile("/a/b/c.txt", "");
  for (int i = 0; i < 20; ++i) world.tree().AddFile("/a/" + std::to_string(i), "");
  std::set<std::string> files;
  std::set<std::string> folders;
  std::string cursor;
  do {
    const auto page = world.loop.Await(ListChildren(world.client(), "/a", cursor));
    REQUIRE(page);
    for (const Child& child : page->children) {
      (child.is_folder ? folders : files).insert(child.path_lower);
      CHECK(child.path_lower == "/a/" + child.name);
    }
    cursor = page->cursor;
  } while (!cursor.empty());
  CHECK(files.size() == 20);
  CHECK(folders == std::set<std::string>{"/a/b"});
  CHECK(world.loop.Await(ListChildren(world.client(), "/nowhere", "")).error().kind ==
        ErrorKind::kNotFound);
}

TEST_CASE("a folder that changes while its children are listed is a temporary error") {
  DropboxWorld world;
  world.tree().AddFile("/a", "x");
  const auto list = [&](const std::string& cursor) {
    return world.loop.Await(ListChildren(world.client(), "/a", cursor)).error().kind;
  };
  CHECK(list("") == ErrorKind::kTemporary);
  world.simulator.Inject(sim::Fault::EndpointError("files/list_folder/continue", "reset"));
  CHECK(list("cursor") == ErrorKind::kTemporary);
}

TEST_CASE("a list of children that has more, but no cursor, is requested again") {
  DropboxWorld world;
  world.tree().AddFile("/a/b", "x");
  world.simulator.Inject(
      sim::Fault::Status("files/list_folder", 200, R"({"entries":[],"has_more":true})"));
  const auto page = world.loop.Await(ListChildren(world.client(), "/a", ""));
  REQUIRE(page);
  CHECK(page->children.size() == 1);
  CHECK(page->cursor.empty());
}

}  // namespace dbxes::dropbox
