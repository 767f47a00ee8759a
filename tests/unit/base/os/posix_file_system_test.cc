// SPDX-License-Identifier: Apache-2.0
#include "base/os/posix_file_system.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/os/descriptor.h"
#include "base/os/file_probe.h"
#include "base/os/nobody.h"
#include "base/os/temp_folder.h"

namespace dbxes {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

unsigned ModeOf(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

void Write(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

// While it lives, no file of this process grows beyond `bytes`: a full disk without a disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit limit{bytes, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

struct Disk {
  TempFolder folder;
  PosixFileSystem files;
  std::string path = folder / "file";
};

}  // namespace

TEST_CASE("folders are made with all folders above them, with the mode given") {
  Disk disk;
  const std::string deep = disk.folder / "a/b/c";
  REQUIRE(disk.files.MakeFolders(deep, 0700));
  CHECK(fs::is_directory(deep));
  CHECK(ModeOf(deep) == 0700);
  CHECK(ModeOf(disk.folder / "a") == 0700);
  fs::permissions(disk.folder / "a", fs::perms(0755));
  CHECK(disk.files.MakeFolders(deep, 0700));
  CHECK(disk.files.MakeFolders(deep + "/", 0700));
  CHECK(ModeOf(disk.folder / "a") == 0755);
}

TEST_CASE("a file in place of a folder is an error") {
  Disk disk;
  Write(disk.path, "x");
  for (const std::string& path : {disk.path, disk.path + "/below"}) {
    const auto made = disk.files.MakeFolders(path, 0700);
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == ErrorKind::kInternal);
    CHECK(made.error().message == "cannot make folder " + disk.path + ": Not a directory");
  }
}

TEST_CASE("a file is read whole and in parts") {
  Disk disk;
  const std::string content("0123\0\n6789", 10);
  Write(disk.path, content);
  CHECK(disk.files.ReadFile(disk.path).value() == content);
  CHECK(disk.files.ReadRange(disk.path, 0, 4).value() == "0123");
  CHECK(disk.files.ReadRange(disk.path, 6, 4).value() == "6789");
  CHECK(disk.files.ReadRange(disk.path, 8, 100).value() == "89");
  CHECK(disk.files.ReadRange(disk.path, 10, 1).value().empty());
  CHECK(disk.files.ReadRange(disk.path, 1000, 1).value().empty());
  // Room for what is there, not for what there could be.
  CHECK(disk.files.ReadRange(disk.path, 0, std::size_t{1} << 30).value().capacity() < 1000);
  // A file that names no size.
  CHECK(disk.files.ReadRange("/proc/self/status", 0, 1 << 20).value().find("VmRSS") !=
        std::string::npos);
}

TEST_CASE("a pipe is read to its end, and so is a file of the kernel") {
  Disk disk;
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  const std::string content(50'000, 'x');
  REQUIRE(::write(ends[1], content.data(), content.size()) == 50'000);
  ::close(ends[1]);
  CHECK(disk.files.ReadFile("/dev/fd/" + std::to_string(ends[0])).value() == content);
  ::close(ends[0]);
  CHECK(disk.files.ReadFile("/proc/self/status").value().find("Name:") == 0);

  REQUIRE(::mkfifo(disk.path.c_str(), 0600) == 0);
  std::thread writer([&] {
    std::ofstream pipe(disk.path);
    for (int i = 0; i < 3; ++i) pipe << "part\n" << std::flush;
  });
  CHECK(disk.files.ReadFile(disk.path).value() == "part\npart\npart\n");
  writer.join();
  CHECK(disk.files.ReadFile("/dev/zero").error().message ==
        "cannot read /dev/zero: it is longer than 16 MiB");
  CHECK(disk.files.ReadFile("/dev/null").value().empty());
}

TEST_CASE("a file has a bound, however little of a disk it takes") {
  Disk disk;
  Write(disk.path, "x");
  REQUIRE(::truncate(disk.path.c_str(), off_t{1} << 40) == 0);
  const auto whole = disk.files.ReadFile(disk.path);
  REQUIRE_FALSE(whole);
  CHECK(whole.error().kind == ErrorKind::kInternal);
  CHECK(whole.error().message == "cannot read " + disk.path + ": it is longer than 1024 MiB");
  CHECK(disk.files.ReadRange(disk.path, 0, 3).value() == std::string("x\0\0", 3));
  PosixFileSystem settings(PosixFileSystem::kMostOfSetting);
  REQUIRE(::truncate(disk.path.c_str(), (16 << 20) + 1) == 0);
  CHECK(settings.ReadFile(disk.path).error().message ==
        "cannot read " + disk.path + ": it is longer than 16 MiB");
  REQUIRE(::truncate(disk.path.c_str(), 16 << 20) == 0);
  CHECK(settings.ReadFile(disk.path).value().size() == 16 << 20);
}

TEST_CASE("what cannot be read says why") {
  Disk disk;
  const auto absent = disk.files.ReadFile(disk.path);
  REQUIRE_FALSE(absent);
  CHECK(absent.error().kind == ErrorKind::kNotFound);
  CHECK(absent.error().message == "cannot open " + disk.path + ": No such file or directory");
  CHECK(disk.files.ReadRange(disk.path, 0, 1).error().kind == ErrorKind::kNotFound);
  const auto folder = disk.files.ReadFile(disk.folder.path());
  REQUIRE_FALSE(folder);
  CHECK(folder.error().kind == ErrorKind::kInternal);
  CHECK(folder.error().message == "cannot read " + disk.folder.path() + ": Is a directory");
}

TEST_CASE("a file is replaced in one step and nothing else is left") {
  Disk disk;
  REQUIRE(disk.files.ReplaceFile(disk.path, "first", 0600));
  CHECK(disk.files.ReadFile(disk.path).value() == "first");
  CHECK(ModeOf(disk.path) == 0600);
  const std::string large(3'000'000, 'y');
  REQUIRE(disk.files.ReplaceFile(disk.path, large, 0600));
  CHECK(disk.files.ReadFile(disk.path).value() == large);
  REQUIRE(disk.files.ReplaceFile(disk.path, "", 0600));
  CHECK(disk.files.ReadFile(disk.path).value().empty());
  CHECK(NamesIn(disk.folder.path()) == std::vector<std::string>{"file"});
}

TEST_CASE("a reader never sees half of a replaced file") {
  Disk disk;
  REQUIRE(disk.files.ReplaceFile(disk.path, "first", 0600));
  std::ifstream open_before(disk.path);
  REQUIRE(disk.files.ReplaceFile(disk.path, "second", 0600));
  std::string seen;
  open_before >> seen;
  CHECK(seen == "first");
}

TEST_CASE("nobody can prepare the temporary file of one that is replaced") {
  Disk disk;
  Write(disk.folder / "secret", "secret");
  fs::create_symlink(disk.folder / "secret", disk.path + ".tmp");
  fs::create_symlink(disk.folder / "secret", disk.path);
  REQUIRE(disk.files.ReplaceFile(disk.path, "new", 0600));
  CHECK(disk.files.ReadFile(disk.path).value() == "new");
  CHECK(disk.files.ReadFile(disk.folder / "secret").value() == "secret");
  CHECK_FALSE(fs::is_symlink(disk.path));
}

TEST_CASE("temporary files that killed runs left are removed by their ending") {
  Disk disk;
  Write(disk.path + ".0123.tmp", "x");
  Write(disk.path + ".json", "x");
  REQUIRE(disk.files.RemoveAll(disk.folder.path(), "file.", ".tmp"));
  CHECK(NamesIn(disk.folder.path()) == std::vector<std::string>{"file.json"});
}

TEST_CASE("a new file gets a name that nobody can predict") {
  Disk disk;
  const std::string first = disk.files.WriteNew(disk.folder.path(), "docs-", "one").value();
  const std::string second = disk.files.WriteNew(disk.folder.path(), "docs-", "two").value();
  CHECK(first != second);
  CHECK(first.size() == disk.folder.path().size() + 1 + 5 + 16);
  CHECK(disk.files.ReadFile(first).value() == "one");
  CHECK(ModeOf(second) == 0600);
}

TEST_CASE("what another user prepares in a folder is never opened") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can act as another user");
    return;
  }
  Disk disk;
  const std::string shared = disk.folder / "shared";
  const std::string secret = disk.folder / "secret";
  Write(secret, "secret");
  fs::permissions(disk.folder.path(), fs::perms(0755));
  fs::create_directory(shared);
  fs::permissions(shared, fs::perms(0777));
  const std::string planted = shared + "/x";
  AsNobody([&] {
    fs::create_symlink(secret, planted + ".link");
    fs::create_symlink(shared + "/nowhere", planted + ".dangling");
    Write(planted + ".file", "theirs");
    ::chmod((planted + ".file").c_str(), 0666);
    REQUIRE(::mkfifo((planted + ".pipe").c_str(), 0666) == 0);
    fs::create_directory(planted + ".folder");
  });
  REQUIRE(::link(secret.c_str(), (planted + ".hard").c_str()) == 0);
  for (const std::string kind : {".link", ".dangling", ".file", ".pipe", ".folder", ".hard"}) {
    CAPTURE(kind);
    CHECK_FALSE(disk.files.OpenAppend(planted + kind, 0));
    CHECK_FALSE(disk.files.Lock(planted + kind, "pid 1"));
  }
  CHECK(disk.files.ReadFile(secret).value() == "secret");
  CHECK(disk.files.ReadFile(planted + ".file").value() == "theirs");
  // Nobody ever writes to it.
  CHECK(disk.files.ReadFile(planted + ".pipe").error().message ==
        "cannot read " + planted + ".pipe: it is a pipe of another user (uid 65534)");
  CHECK_FALSE(fs::exists(shared + "/nowhere"));
  CHECK(disk.files.OpenAppend(planted + ".file", 0).error().message ==
        "cannot open " + planted +
            ".file: it belongs to another user (uid 65534): run as that user, or remove it");
  CHECK(disk.files.OpenAppend(planted + ".link", 0).error().message ==
        "cannot open " + planted + ".link: it is a symbolic link");
  CHECK(disk.files.OpenAppend(planted + ".pipe", 0).error().message ==
        "cannot open " + planted + ".pipe: it is not a regular file");
}

TEST_CASE("a pipe or a terminal that another user has chosen stops no reader") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can act as another user");
    return;
  }
  Disk disk;
  const std::string theirs = disk.folder / "theirs";
  const std::string ours = disk.folder / "ours";
  const Descriptor terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  REQUIRE(terminal.is_open());
  REQUIRE(::grantpt(terminal.get()) == 0);
  REQUIRE(::unlockpt(terminal.get()) == 0);
  REQUIRE(::mkfifo(ours.c_str(), 0600) == 0);
  fs::create_directory(theirs);
  REQUIRE(::chown(theirs.c_str(), kNobody, kNobody) == 0);
  fs::permissions(disk.folder.path(), fs::perms(0755));
  AsNobody([&] {
    REQUIRE(::mkfifo((theirs + "/pipe").c_str(), 0666) == 0);
    fs::create_symlink(ours, theirs + "/link");
    fs::create_symlink(::ptsname(terminal.get()), theirs + "/terminal");
  });
  for (const std::string name : {"/pipe", "/link", "/terminal"}) {
    CAPTURE(name);
    const std::string path = theirs + name;
    const std::string kind = name == "/terminal" ? "device" : "pipe";
    const std::string why = name == "/pipe"
                                ? "it is a pipe of another user (uid 65534)"
                                : "it is a " + kind + " that other users can exchange: " + theirs +
                                      " belongs to nobody; run: chown root " + theirs;
    CHECK(disk.files.ReadFile(path).error().message == "cannot read " + path + ": " + why);
    CHECK(disk.files.ReadRange(path, 0, 10).error().message == "cannot read " + path + ": " + why);
    CHECK_FALSE(SystemFileProbe().lock_holder(path).value());
  }
}

TEST_CASE("a part of a pipe is not waited for") {
  Disk disk;
  REQUIRE(::mkfifo(disk.path.c_str(), 0600) == 0);
  CHECK(disk.files.ReadRange(disk.path, 0, 10).error().message ==
        "cannot read " + disk.path + ": Illegal seek");
}

TEST_CASE("a folder, or a link to one, that another user has made is refused") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can act as another user");
    return;
  }
  Disk disk;
  fs::permissions(disk.folder.path(), fs::perms(0777));
  const std::string theirs = disk.folder / "theirs";
  const std::string link = disk.folder / "link";
  fs::create_directory(disk.folder / "ours");
  AsNobody([&] {
    fs::create_directory(theirs);
    fs::create_directory_symlink(disk.folder / "ours", link);
  });
  CHECK(disk.files.MakeFolders(theirs, 0700).error().message ==
        "cannot use folder " + theirs +
            ": it belongs to another user (uid 65534); run as that user");
  CHECK(disk.files.MakeFolders(link, 0700).error().message ==
        "cannot use folder " + link + ": it is a symbolic link of another user (uid 65534)");
  CHECK(disk.files.MakeFolders(link + "/", 0700).error().kind == ErrorKind::kInternal);
  fs::create_directory_symlink(disk.folder / "ours", disk.folder / "our-link");
  CHECK(disk.files.MakeFolders(disk.folder / "our-link", 0700));
}

TEST_CASE("a file that cannot be replaced stays as it was, and no temporary file is left") {
  Disk disk;
  const auto message = [&] {
    const auto replaced = disk.files.ReplaceFile(disk.path, "new", 0600);
    REQUIRE_FALSE(replaced);
    return replaced.error().message;
  };

  SUBCASE("when the disk is full") {
    Write(disk.path, "old");
    Result<void> replaced;
    {
      const FileSizeLimit limit(1000);
      replaced = disk.files.ReplaceFile(disk.path, std::string(5000, 'x'), 0600);
    }
    REQUIRE_FALSE(replaced);
    CHECK(replaced.error().message == "cannot write " + disk.path + ": File too large");
    CHECK(disk.files.ReadFile(disk.path).value() == "old");
    CHECK(NamesIn(disk.folder.path()) == std::vector<std::string>{"file"});
  }
  SUBCASE("when a folder is in its place") {
    fs::create_directory(disk.path);
    CHECK(message() == "cannot replace " + disk.path + ": Is a directory");
    CHECK(NamesIn(disk.folder.path()) == std::vector<std::string>{"file"});
  }
  SUBCASE("when its folder is not there") {
    disk.path = disk.folder / "absent/file";
    CHECK(message() ==
          "cannot open folder " + (disk.folder / "absent") + ": No such file or directory");
  }
  SUBCASE("when its folder may not be written") {
    if (::geteuid() == 0) return;  // who may do everything cannot be refused
    fs::permissions(disk.folder.path(), fs::perms(0500));
    CHECK(message() == "cannot create a file in " + disk.folder.path() + ": Permission denied");
    fs::permissions(disk.folder.path(), fs::perms(0700));
  }
}

TEST_CASE("a file that only grows") {
  Disk disk;
  {
    auto file = disk.files.OpenAppend(disk.path, 0);
    REQUIRE(file);
    CHECK((*file)->Size() == 0);
    REQUIRE((*file)->Append("one\n"));
    REQUIRE((*file)->Append("two\n"));
    CHECK((*file)->Size() == 8);
    REQUIRE((*file)->Sync());
  }
  CHECK(ModeOf(disk.path) == 0600);
  CHECK(disk.files.ReadFile(disk.path).value() == "one\ntwo\n");

  SUBCASE("is taken up where it ended") {
    auto file = disk.files.OpenAppend(disk.path, 8);
    REQUIRE(file);
    CHECK((*file)->Size() == 8);
    REQUIRE((*file)->Append("three\n"));
    CHECK(disk.files.ReadFile(disk.path).value() == "one\ntwo\nthree\n");
  }
  SUBCASE("loses what its checkpoint does not cover") {
    auto file = disk.files.OpenAppend(disk.path, 4);
    REQUIRE(file);
    REQUIRE((*file)->Append("2\n"));
    CHECK((*file)->Size() == 6);
    CHECK(disk.files.ReadFile(disk.path).value() == "one\n2\n");
  }
  SUBCASE("must not be shorter than its checkpoint says") {
    const auto file = disk.files.OpenAppend(disk.path, 9);
    REQUIRE_FALSE(file);
    CHECK(file.error().kind == ErrorKind::kInternal);
    CHECK(file.error().message == disk.path + " is shorter than its checkpoint says (8 < 9)");
    CHECK(disk.files.ReadFile(disk.path).value() == "one\ntwo\n");
  }
  SUBCASE("cannot be a folder") {
    CHECK(disk.files.OpenAppend(disk.folder.path(), 0).error().message ==
          "cannot open " + disk.folder.path() + ": Is a directory");
  }
}

TEST_CASE("a disk that fills up while a file grows is an error, not a shorter file") {
  Disk disk;
  auto file = disk.files.OpenAppend(disk.path, 0);
  REQUIRE(file);
  REQUIRE((*file)->Append("kept"));
  Result<void> written;
  {
    const FileSizeLimit limit(1000);
    written = (*file)->Append(std::string(5000, 'x'));
  }
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::kInternal);
  CHECK(written.error().message == "cannot write " + disk.path + ": File too large");
  CHECK((*file)->Size() == 4);
  // The partial write is cut off when the file is opened again.
  REQUIRE(disk.files.OpenAppend(disk.path, 4));
  CHECK(disk.files.ReadFile(disk.path).value() == "kept");
}

TEST_CASE("removing a file, whether it is there or not") {
  Disk disk;
  Write(disk.path, "x");
  CHECK(disk.files.Remove(disk.path));
  CHECK_FALSE(fs::exists(disk.path));
  CHECK(disk.files.Remove(disk.path));
  fs::create_directory(disk.path);
  CHECK(disk.files.Remove(disk.path).error().message ==
        "cannot remove " + disk.path + ": Is a directory");
}

TEST_CASE("a lock has one holder, who is named to everybody else") {
  Disk disk;
  auto held = disk.files.Lock(disk.path, "pid 1, since noon");
  REQUIRE(held);
  const auto refused = disk.files.Lock(disk.path, "pid 2");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::kLocked);
  CHECK(refused.error().message == "pid 1, since noon");

  held->reset();
  const auto next = disk.files.Lock(disk.path, "pid 3");
  REQUIRE(next);
  CHECK(disk.files.ReadFile(disk.path).value() == "pid 3");
}

TEST_CASE("a lock that a dead process left is free") {
  Disk disk;
  Write(disk.path, "pid 4711, since long ago");
  auto held = disk.files.Lock(disk.path, "pid 1");
  REQUIRE(held);
  CHECK(disk.files.ReadFile(disk.path).value() == "pid 1");
  held->reset();
  CHECK(disk.files.ReadFile(disk.path).value().empty());
}

TEST_CASE("a lock that cannot be taken says why") {
  Disk disk;
  const std::string path = disk.folder / "absent/lock";
  const auto lock = disk.files.Lock(path, "pid 1");
  REQUIRE_FALSE(lock);
  CHECK(lock.error().message ==
        "cannot open folder " + (disk.folder / "absent") + ": No such file or directory");
}

}  // namespace dbxes
