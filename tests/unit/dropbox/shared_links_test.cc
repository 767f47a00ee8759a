// SPDX-License-Identifier: Apache-2.0
#include "dropbox/shared_links.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "dropbox/dropbox_world.h"

namespace dbxes::dropbox {
namespace {

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("the metadata of a link describe its file") {
  DropboxWorld world;
  const std::string id = world.tree().shares().AddReceivedFile("offer.txt", "12345");
  const std::string url = world.tree().shares().received_file(id).url;
  const auto file = world.loop.Await(GetSharedLinkMetadata(world.client(), url));
  REQUIRE_MESSAGE(file, file.error().message);
  CHECK(file->name == "offer.txt");
  CHECK(file->size == 5);
  CHECK_FALSE(file->rev.empty());
  CHECK_FALSE(file->client_modified.empty());
  CHECK_FALSE(file->server_modified.empty());
  CHECK_FALSE(file->url.empty());
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("a link that fails is one file's failure, reported after few tries") {
  DropboxWorld world;
  const std::string id = world.tree().shares().AddReceivedFile("offer.txt", "12345");
  const std::string url = world.tree().shares().received_file(id).url;
  const std::string route = "sharing/get_shared_link_metadata";
  const auto ask = [&] { return world.loop.Await(GetSharedLinkMetadata(world.client(), url)); };

  SUBCASE("gone or closed") {
    for (const std::string tag :
         {"shared_link_not_found", "shared_link_access_denied", "unsupported_link_type", "other"}) {
      world.simulator.Inject(sim::Fault::EndpointError(route, tag));
      const auto file = ask();
      REQUIRE_FALSE(file);
      CHECK(file.error().kind == ErrorKind::kRejectedDocument);
      CHECK(file.error().tag == tag);
      CHECK(file.error().message.substr(0, 30) == "reading a received file's link");
    }
    CHECK(world.retries.empty());
  }
  SUBCASE("broken at every try") {
    world.config.dropbox.retry_count = 2;
    world.simulator.Inject(sim::Fault::Status(route, 500).Times(0));
    const auto file = ask();
    REQUIRE_FALSE(file);
    CHECK(file.error().kind == ErrorKind::kTemporary);
    CHECK(world.Requests(route).size() == 3);
  }
  SUBCASE("an answer without content") {
    world.config.dropbox.retry_count = 2;
    world.simulator.Inject(sim::Fault::Status(route, 200, "{}").Times(0));
    const auto file = ask();
    REQUIRE_FALSE(file);
    CHECK(file.error().kind == ErrorKind::kTemporary);
    CHECK(world.Requests(route).size() == 3);
  }
}

}  // namespace dbxes::dropbox
