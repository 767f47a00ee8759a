// SPDX-License-Identifier: Apache-2.0
#include "base/os/output_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

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

// Without a program behind it.
struct Terminal {
  Terminal() : master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    REQUIRE(master.is_open());
    REQUIRE(::grantpt(master.get()) == 0);
    REQUIRE(::unlockpt(master.get()) == 0);
    path = ::ptsname(master.get());
  }
  Descriptor master;
  std::string path;
};

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
  // Nobody else's reader may stop a run.
  CHECK(Refusal(folder / "pipe") == "it belongs to another user (uid 65534): remove it");
}

TEST_CASE("no link and no terminal of another user gets output") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can act as another user");
    return;
  }
  const TempFolder folder;
  REQUIRE(::chmod(folder.path().c_str(), 0777) == 0);
  const Terminal terminal;
  const Terminal ours;
  REQUIRE(::chown(terminal.path.c_str(), kNobody, kNobody) == 0);
  std::ofstream(folder / "file") << "kept";
  AsNobody([&] {
    fs::create_symlink(terminal.path, folder / "terminal");
    fs::create_symlink(ours.path, folder / "ours");
    fs::create_symlink("/dev/null", folder / "null");
    fs::create_symlink("/dev/full", folder / "full");
    fs::create_symlink("/dev/stdout", folder / "stdout");
    fs::create_symlink(folder / "file", folder / "link");
  });
  fs::create_symlink(folder / "ours", folder / "twice");
  fs::create_symlink(terminal.path, folder / "own-link");
  for (const char* name : {"terminal", "ours", "null", "full", "stdout", "link", "twice"}) {
    CAPTURE(name);
    CHECK(Refusal(folder / name) == "it is a symbolic link of another user (uid 65534): remove it");
  }
  for (const std::string& path : {terminal.path, folder / "own-link"}) {
    CHECK(Refusal(path) ==
          "it is a device or terminal of another user (uid 65534); /dev/stdout is your own");
  }
  CHECK(Refusal(ours.path).empty());
}

TEST_CASE("a device outside of /dev and a disk get no output") {
  const TempFolder folder;
  const bool made = ::mknod((folder / "null").c_str(), S_IFCHR | 0600, ::makedev(1, 3)) == 0 &&
                    ::mknod((folder / "disk").c_str(), S_IFBLK | 0600, ::makedev(7, 250)) == 0;
  if (!made) {
    MESSAGE("skipped: this user cannot make devices");
    return;
  }
  CHECK(Refusal(folder / "null") == "it is a device outside of /dev");
  CHECK(Refusal(folder / "disk") == "it is a block device");
  fs::create_symlink(folder / "disk", folder / "link");
  CHECK(Refusal(folder / "link") == "it is a block device");
}

TEST_CASE("a terminal that gets output does not become the controlling one") {
  const Terminal terminal;
  const pid_t pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) {
    if (::setsid() < 0) ::_exit(2);
    const auto file = OpenOutputFile(terminal.path, 0);
    ::_exit(file && ::open("/dev/tty", O_RDWR) < 0 ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  CHECK(status == 0);
}

TEST_CASE("the reader of an own pipe is waited for, and writing waits for it, too") {
  const TempFolder folder;
  const std::string path = folder / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::string text;
  std::thread reader([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    std::ifstream pipe(path);
    std::getline(pipe, text);
  });
  {
    const auto file = OpenOutputFile(path, 0);
    REQUIRE(file);
    CHECK((::fcntl(file->get(), F_GETFL) & O_NONBLOCK) == 0);
    CHECK(::write(file->get(), "line\n", 5) == 5);
  }
  reader.join();
  CHECK(text == "line");
}

// As cron in a container writes to the output of its first process: /proc/1/fd/1.
TEST_CASE("output goes to what another process has open, if it is ours") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  const std::string path =
      "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(writer.get());
  const auto file = OpenOutputFile(path, 0);
  REQUIRE_MESSAGE(file, file.error().message);
  REQUIRE(::write(file->get(), "x", 1) == 1);
  char got = 0;
  CHECK(::read(reader.get(), &got, 1) == 1);
}

TEST_CASE("output goes to devices and to descriptors") {
  const TempFolder folder;
  CHECK(OpenOutputFile("/dev/null", 0));
  fs::create_symlink("/dev/null", folder / "null");
  CHECK(OpenOutputFile(folder / "null", 0));
  fs::create_symlink("null", folder / "relative");
  CHECK(OpenOutputFile(folder / "relative", 0));
  fs::create_symlink("loop", folder / "loop");
  CHECK(Refusal(folder / "loop") == "Too many levels of symbolic links");
  const auto file = OpenOutputFile(folder / "file", 0);
  REQUIRE(file);
  CHECK(OpenOutputFile("/dev/fd/" + std::to_string(file->get()), 0));
}

}  // namespace dbxes
