// SPDX-License-Identifier: Apache-2.0
#include "base/os/file_trust.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/os/nobody.h"
#include "base/os/temp_folder.h"

namespace dbxes {
namespace {

namespace fs = std::filesystem;

struct Disk {
  Disk() {
    fs::create_directory(inner);
    std::ofstream(file) << "x";
    Mode(inner, 0700);
    Mode(file, 0600);
  }
  static void Mode(const std::string& path, unsigned mode) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
  }
  TempFolder folder;  // in a sticky folder, as a rule
  std::string inner = folder / "inner";
  std::string file = inner + "/dbx-es.toml";
};

}  // namespace

TEST_CASE("a file that only its user can change is trusted") {
  const Disk disk;
  CHECK(ChangeableBecause(disk.file) == "");
  Disk::Mode(disk.file, 0644);
  CHECK(ChangeableBecause(disk.file) == "");
  CHECK(ChangeableBecause("/etc/passwd") == "");
  CHECK(ChangeableBecause(disk.folder / "absent") == "");
}

TEST_CASE("a file or folder that others may write is not trusted") {
  const Disk disk;
  Disk::Mode(disk.file, 0666);
  CHECK(ChangeableBecause(disk.file) == disk.file +
                                            " is writable by everybody (mode 0666); run: chmod "
                                            "go-w " +
                                            disk.file);
  CHECK(ChangeableByAnybodyBecause(disk.file) == ChangeableBecause(disk.file));
  const std::string roundabout = disk.inner + "//./../inner/" + "../../../../../.." + disk.file;
  CHECK(ChangeableBecause(roundabout) == ChangeableBecause(disk.file));
  fs::create_symlink("/", disk.folder / "root");
  CHECK(ChangeableBecause(disk.folder / "root" + disk.file) == ChangeableBecause(disk.file));
  Disk::Mode(disk.file, 0600);
  CHECK(ChangeableByAnybodyBecause(disk.file) == "");
  Disk::Mode(disk.inner, 0777);
  CHECK(ChangeableBecause(disk.file).starts_with(disk.inner + " is writable by everybody"));
  Disk::Mode(disk.inner, 01777);
  CHECK(ChangeableBecause(disk.file) == "");
  Disk::Mode(disk.inner, 0700);
  Disk::Mode(disk.folder.path(), 0722);
  CHECK(ChangeableBecause(disk.file).starts_with(disk.folder.path() + " is writable by everybody"));
}

TEST_CASE("a folder in which others may make files is not trusted, sticky or not") {
  const Disk disk;
  CHECK(FillableByAnybodyBecause(disk.inner) == "");
  CHECK(FillableByAnybodyBecause(disk.folder / "absent") == "");
  Disk::Mode(disk.inner, 01777);
  CHECK(ChangeableByAnybodyBecause(disk.inner) == "");
  CHECK(FillableByAnybodyBecause(disk.inner) ==
        "everybody may make files in " + disk.inner +
            " (mode 1777); name a folder of your own, such as one below it");
  fs::create_symlink(disk.inner, disk.folder / "link");
  CHECK(FillableByAnybodyBecause(disk.folder / "link").starts_with("everybody may make files in "));
  Disk::Mode(disk.inner, 0777);
  CHECK(FillableByAnybodyBecause(disk.inner) == ChangeableByAnybodyBecause(disk.inner));
  // Volumes of Kubernetes belong to a group. A folder above may be sticky, as /tmp is.
  Disk::Mode(disk.inner, 02770);
  CHECK(FillableByAnybodyBecause(disk.inner) == "");
  Disk::Mode(disk.folder.path(), 01777);
  CHECK(FillableByAnybodyBecause(disk.inner) == "");
}

TEST_CASE("a group that others are in may not write") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can give a file to another group");
    return;
  }
  const Disk disk;
  REQUIRE(::chown(disk.file.c_str(), 0, 12) == 0);
  Disk::Mode(disk.file, 0660);
  CHECK(ChangeableBecause(disk.file).starts_with(disk.file + " is writable by its group"));
  CHECK(ChangeableByAnybodyBecause(disk.file) == "");
  // The private group of the user.
  REQUIRE(::chown(disk.file.c_str(), 0, 0) == 0);
  CHECK(ChangeableBecause(disk.file) == "");
}

TEST_CASE("a file, folder or link of another user is not trusted") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can act as another user");
    return;
  }
  const Disk disk;
  const std::string link = disk.folder / "link";
  Disk::Mode(disk.folder.path(), 01777);
  AsNobody([&] { fs::create_symlink(disk.file, link); });
  CHECK(ChangeableBecause(link) == link + " belongs to nobody; run: chown root " + link);
  fs::create_symlink("inner/../inner/dbx-es.toml", disk.folder / "ours");
  CHECK(ChangeableBecause(disk.folder / "ours") == "");
  fs::create_symlink("loop", disk.folder / "loop");
  CHECK(ChangeableBecause(disk.folder / "loop") == "");
  REQUIRE(::chown(disk.file.c_str(), kNobody, kNobody) == 0);
  CHECK(ChangeableBecause(disk.file).starts_with(disk.file + " belongs to nobody"));
  CHECK(ChangeableBecause(disk.folder / "ours").starts_with(disk.file + " belongs to nobody"));
  REQUIRE(::chown(disk.inner.c_str(), kNobody, kNobody) == 0);
  CHECK(ChangeableBecause(disk.file).starts_with(disk.inner + " belongs to nobody"));
}

TEST_CASE("a descriptor of the caller is trusted unless others may write its file") {
  const Disk disk;
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  CHECK(ChangeableBecause("/dev/fd/" + std::to_string(ends[0])) == "");
  ::close(ends[0]);
  ::close(ends[1]);
  const int fd = ::open(disk.file.c_str(), O_RDONLY);
  const std::string path = "/dev/fd/" + std::to_string(fd);
  Disk::Mode(disk.inner, 0777);
  CHECK(ChangeableBecause(path) == "");
  Disk::Mode(disk.file, 0666);
  CHECK(ChangeableBecause(path).starts_with(path + " is writable by everybody"));
  ::close(fd);
}

}  // namespace dbxes
