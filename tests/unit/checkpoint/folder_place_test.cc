// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/folder_place.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>

#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace dbxes::checkpoint {
namespace {

struct Folder {
  FolderPlace Place(const std::string& index = "docs") {
    return {files, probe, clock, "/state", TargetFileName("https://es.example.org", index)};
  }

  FakeClock clock;
  MemoryFileSystem files;
  FileProbe probe;
};

}  // namespace

TEST_CASE("a target has a unique name that contains the index") {
  const std::string name = TargetFileName("https://es.example.org", "docs");
  CHECK(name.substr(0, 5) == "docs-");
  CHECK(name.size() == 5 + 8);
  CHECK(name == TargetFileName("https://es.example.org", "docs"));
  std::set<std::string> names{name};
  for (const auto& [host, index] :
       {std::pair<std::string, std::string>{"https://es.example.org", "docs2"},
        {"https://es.example.com", "docs"},
        {"http://es.example.org", "docs"},
        {"https://es.example.org:9200", "docs"},
        {"", ""}}) {
    CHECK(names.insert(TargetFileName(host, index)).second);
  }
}

TEST_CASE("a name is one that any file system takes") {
  const std::string slashes = TargetFileName("h", "a/b c\n../d");
  CHECK(slashes.find_first_of("/ \n") == std::string::npos);
  CHECK(slashes != TargetFileName("h", "a_b_c_.._d"));
  const std::string long_name = TargetFileName("h", std::string(300, 'x'));
  CHECK(long_name.size() <= 120);
  CHECK(long_name != TargetFileName("h", std::string(301, 'x')));
}

TEST_CASE("the error of a second run names the process that holds the target, and since when") {
  Folder world;
  FolderPlace first = world.Place();
  CHECK_FALSE(first.IsHeld());
  REQUIRE(first.Take(4711));
  CHECK(first.IsHeld());
  FolderPlace second = world.Place();
  const auto taken = second.Take(4712);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::kLocked);
  CHECK(taken.error().message ==
        "another run holds this target (pid 4711, since 2026-08-05T10:00:01Z); nothing was done");
  CHECK_FALSE(second.IsHeld());
  FolderPlace other = world.Place("other");
  CHECK(other.Take(4713));
  REQUIRE(first.GiveBack());
  CHECK(second.Take(4714));
  CHECK(second.LastHolder() == "pid 4714, since 2026-08-05T10:00:01Z");
}

TEST_CASE("a lock without a note is held, too") {
  Folder world;
  FolderPlace first = world.Place();
  REQUIRE(first.Take(1));
  for (auto& [path, content] : world.files.files()) content.clear();
  FolderPlace second = world.Place();
  CHECK(second.Take(2).error().message ==
        "another run holds this target (unknown process); nothing was done");
}

TEST_CASE("a folder that cannot be written is a matter of configuration") {
  Folder world;
  world.files.FailAfter(0);
  FolderPlace place = world.Place();
  const auto taken = place.Take(1);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::kConfig);
}

TEST_CASE("nobody waits for a folder") {
  Folder world;
  FolderPlace place = world.Place();
  REQUIRE(place.Take(1));
  bool asked = false;
  place.WhenHeld([&](const Result<void>& held) { asked = held.has_value(); });
  CHECK(asked);
}

}  // namespace dbxes::checkpoint
