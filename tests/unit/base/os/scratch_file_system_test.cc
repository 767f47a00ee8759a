// SPDX-License-Identifier: Apache-2.0
#include "base/os/scratch_file_system.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/os/temp_folder.h"

namespace dbxes {
namespace {

struct Disk {
  TempFolder folder;
  ScratchFileSystem files{folder.path()};
};

}  // namespace

TEST_CASE("scratch files have no names that another user could prepare or open") {
  Disk disk;
  auto file = disk.files.OpenAppend("/scratch.seen", 0);
  REQUIRE(file);
  REQUIRE((*file)->Append("0123456789"));
  REQUIRE((*file)->Sync());
  CHECK((*file)->Size() == 10);
  CHECK(disk.files.ReadFile("/scratch.seen").value() == "0123456789");
  CHECK(disk.files.ReadRange("/scratch.seen", 8, 10).value() == "89");
  CHECK(std::filesystem::is_empty(disk.folder.path()));
}

TEST_CASE("scratch files are kept by their paths until they are removed") {
  Disk disk;
  REQUIRE((*disk.files.OpenAppend("/a", 0))->Append("old text"));
  REQUIRE((*disk.files.OpenAppend("/a", 4))->Append("new"));
  CHECK(disk.files.ReadFile("/a").value() == "old new");
  CHECK(disk.files.OpenAppend("/a", 8).error().message ==
        "/a is shorter than its checkpoint says (7 < 8)");
  REQUIRE(disk.files.ReplaceFile("/a", "other", 0600));
  CHECK(disk.files.ReadFile("/a").value() == "other");
  REQUIRE(disk.files.Remove("/a"));
  CHECK(disk.files.ReadFile("/a").error().kind == ErrorKind::kNotFound);
}

TEST_CASE("scratch files of one folder are removed together") {
  Disk disk;
  const std::string made = disk.files.WriteNew("/f", "a-", "x").value();
  REQUIRE(disk.files.ReplaceFile("/f/b", "y", 0600));
  REQUIRE(disk.files.RemoveAll("/f", "a-", ""));
  CHECK_FALSE(disk.files.ReadFile(made));
  CHECK(disk.files.ReadFile("/f/b").value() == "y");
}

TEST_CASE("a folder that cannot hold scratch files is named") {
  ScratchFileSystem files("/nowhere");
  CHECK(files.OpenAppend("/a", 0).error().message ==
        "cannot open folder /nowhere: No such file or directory");
}

}  // namespace dbxes
