// SPDX-License-Identifier: Apache-2.0
#include "delta/one_entry.h"

#include <doctest/doctest.h>

#include <string>

#include "dropbox/dropbox_world.h"

namespace dbxes::delta {

TEST_CASE("one entry is requested by its id or its path") {
  dropbox::DropboxWorld world;
  const std::string id = world.tree().AddFile("/A.txt", "x");
  for (const std::string& name : {id, std::string("/a.txt")}) {
    const OneEntry asked = AskEntry(world.client(), name);
    REQUIRE(world.loop.Await(asked.answer));
    CHECK(asked.entry().kind == EntryKind::kFile);
    CHECK(asked.entry().id == id);
    CHECK(asked.entry().path_lower == "/a.txt");
  }
  const OneEntry absent = AskEntry(world.client(), "/absent");
  CHECK(world.loop.Await(absent.answer).error().kind == ErrorKind::kNotFound);
}

TEST_CASE("an item that is not mounted is an entry without a path") {
  dropbox::DropboxWorld world;
  world.simulator.Inject(
      sim::Fault::Status("files/get_metadata", 200, R"({".tag":"file","name":"f","id":"id:1"})"));
  const OneEntry asked = AskEntry(world.client(), "id:1");
  REQUIRE(world.loop.Await(asked.answer));
  CHECK(asked.entry().id == "id:1");
  CHECK(asked.entry().path_lower.empty());
}

TEST_CASE("a damaged answer about one entry is requested again") {
  dropbox::DropboxWorld world;
  world.tree().AddFile("/a.txt", "x");
  world.simulator.Inject(
      sim::Fault::Simple("files/get_metadata", sim::Fault::Kind::kHalfJson).Times(2));
  const OneEntry asked = AskEntry(world.client(), "/a.txt");
  REQUIRE(world.loop.Await(asked.answer));
  CHECK(asked.entry().path_lower == "/a.txt");
  CHECK(world.retries.size() == 2);
}

TEST_CASE("an id that is not of Dropbox names nothing, without a request") {
  dropbox::DropboxWorld world;
  for (const char* id : {"stranger-1", "42", "ID:1", " id:1"}) {
    CAPTURE(id);
    const auto answer = world.loop.Await(AskEntry(world.client(), id).answer);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kNotFound);
  }
  CHECK(world.retries.empty());
}

}  // namespace dbxes::delta
