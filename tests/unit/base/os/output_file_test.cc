// SPDX-License-Identifier: Apache-2.0
#include "base/os/output_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/os/descriptor.h"
#include "base/os/nobody.h"
#include "base/os/temp_folder.h"

namespace dbxes {
namespace {

namespace fs = std::filesystem;

std::string Refusal(const std::string& path) {
  const auto file = OpenOutputFile(path, 0);
  return file ? "" : file.error().message;
}

}  // namespace

TEST_CASE("a new output file is private to the user") {
  const TempFolder folder;
  REQUIRE(OpenOutputFile(folder / "new", 0));
  struct stat status {};
  REQUIRE(::stat((folder / "new").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(OpenOutputFile(folder / "new", 0));
}

TEST_CASE("an output file is never another file by a link") {
  const TempFolder folder;
  std::ofstream(folder / "other") << "x";
  fs::create_symlink(folder / "other", folder / "link");
  fs::create_hard_link(folder / "other", folder / "hard");
  fs::create_symlink(folder / "absent", folder / "dangling");
  CHECK(Refusal(folder / "link") == "it is a symbolic link");
  CHECK(Refusal(folder / "hard") == "it has other names (hard links)");
  CHECK(Refusal(folder / "dangling") == "No such file or directory");
  CHECK_FALSE(fs::exists(folder / "absent"));
  CHECK(Refusal(folder.path()) == "Is a directory");
}

TEST_CASE("an output file is not one that another user has prepared to read it") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can act as another user");
    return;
  }
  const TempFolder folder;
  REQUIRE(::chmod(folder.path().c_str(), 01777) == 0);
  AsNobody([&] {
    std::ofstream(folder / "file") << "x";
    if (::mkfifo((folder / "pipe").c_str(), 0666) != 0) ::_exit(3);
  });
  // Somebody waits for what is written to the pipe.
  const Descriptor reader(::open((folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK));
  CHECK(Refusal(folder / "file") == "it belongs to another user (uid 65534): remove it");
  CHECK(Refusal(folder / "pipe") == "it belongs to another user (uid 65534): remove it");
  // In a folder of root's, the administrator has given the file to the user of a service.
  REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);
  CHECK(Refusal(folder / "file").empty());
}

TEST_CASE("output goes to devices and to descriptors") {
  const TempFolder folder;
  CHECK(OpenOutputFile("/dev/null", 0));
  fs::create_symlink("/dev/null", folder / "null");
  CHECK(OpenOutputFile(folder / "null", 0));
  const auto file = OpenOutputFile(folder / "file", 0);
  REQUIRE(file);
  CHECK(OpenOutputFile("/dev/fd/" + std::to_string(file->get()), 0));
}

}  // namespace dbxes
