// SPDX-License-Identifier: Apache-2.0
#include "base/os/file_probe.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "base/clock.h"
#include "base/os/file_advice.h"
#include "base/os/posix_file_system.h"
#include "base/os/temp_folder.h"

namespace dbxes {

TEST_CASE("the holder of a lock is found without taking the lock") {
  const TempFolder folder;
  const FileProbe probe = SystemFileProbe();
  const std::string path = folder / "x.lock";
  REQUIRE(probe.lock_holder(path));
  CHECK_FALSE(*probe.lock_holder(path));
  CHECK_FALSE(std::filesystem::exists(path));
  PosixFileSystem files;
  {
    const auto lock = files.Lock(path, "pid 7");
    REQUIRE(lock);
    CHECK(*probe.lock_holder(path) == "pid 7");
    CHECK_FALSE(files.Lock(path, "pid 8"));
  }
  CHECK_FALSE(*probe.lock_holder(path));
  CHECK(files.Lock(path, "pid 9"));
}

TEST_CASE("reading the holder of a lock makes no run fail") {
  const TempFolder folder;
  const std::string path = folder / "x.lock";
  PosixFileSystem files;
  CHECK(files.Lock(path, "made"));
  // On a busy machine the reader may take longer, but not every time.
  bool locked = false;
  for (int i = 0; i < 5 && !locked; ++i) {
    const int looking = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(looking >= 0);
    REQUIRE(::flock(looking, LOCK_SH | LOCK_NB) == 0);
    std::thread looker([&] {
      std::this_thread::sleep_for(Milliseconds(5));
      ::close(looking);
    });
    locked = files.Lock(path, "run").has_value();
    looker.join();
  }
  CHECK(locked);
}

TEST_CASE("whether a file can be written is found without leaving one") {
  const TempFolder folder;
  const FileProbe probe = SystemFileProbe();
  const auto problem = [&probe](const std::string& path) {
    const auto written = probe.check_writing(path);
    return written ? std::string() : written.error().message;
  };
  CHECK(problem(folder.path()) == "");
  CHECK(problem(folder / "new/and/below") == "");
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK(problem("dbx-es-no-such-folder") == problem("."));
  std::ofstream(folder / "file") << "x";
  CHECK(problem(folder / "file") == (folder / "file") + " is not a folder");
  CHECK(problem(folder / "file/below") == (folder / "file") + " is not a folder");
  if (::geteuid() == 0) return;  // root may write anywhere
  std::filesystem::create_directory(folder / "closed");
  std::filesystem::permissions(folder / "closed", std::filesystem::perms::owner_read);
  const auto closed = probe.check_writing(folder / "closed");
  REQUIRE_FALSE(closed);
  CHECK(closed.error().message ==
        "cannot create files in " + (folder / "closed") + ": Permission denied");
  CHECK(closed.error().tag == kForbiddenTag);
}

TEST_CASE("a file that can be made but takes no bytes is a problem") {
  const TempFolder folder;
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit none = before;
  none.rlim_cur = 0;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &none) == 0);
  const auto written = SystemFileProbe().check_writing(folder.path());
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::kConfig);
  CHECK(written.error().message == "cannot write a file in " + folder.path() + ": File too large");
}

TEST_CASE("a secret is one as long as other users cannot read its file") {
  const TempFolder folder;
  const FileProbe probe = SystemFileProbe();
  const std::string path = folder / "token";
  using Perms = std::filesystem::perms;
  CHECK(probe.exposed(path) == "");
  std::ofstream(path) << "x";
  for (const unsigned mode : {0600U, 0660U, 0640U, 0604U, 0602U, 0644U}) {
    CAPTURE(mode);
    std::filesystem::permissions(path, Perms(mode));
    CHECK((probe.exposed(path) != "") == ((mode & 0007U) != 0));
  }
  CHECK(probe.exposed(path) ==
        path + " is open to other users (mode 0644); run: chmod 600 " + path);
  std::filesystem::permissions(path, Perms(0600U));
  // What it leads to may be anything.
  std::filesystem::create_symlink(path, folder / "link");
  CHECK(probe.exposed(folder / "link") ==
        (folder / "link") + " is not a file; run: rm " + (folder / "link"));
  if (::geteuid() != 0) return;
  REQUIRE(::chown(path.c_str(), 65534, 65534) == 0);
  CHECK(probe.exposed(path) == path + " belongs to another user (uid 65534); run: rm " + path);
}

TEST_CASE("when a file was changed") {
  const TempFolder folder;
  const FileProbe probe = SystemFileProbe();
  CHECK_FALSE(probe.modified(folder / "file"));
  const std::int64_t before = SystemClock().WallMicros();
  std::ofstream(folder / "file") << "x";
  const auto changed = probe.modified(folder / "file");
  REQUIRE(changed);
  CHECK(*changed > before - 2'000'000);
  CHECK(*changed < SystemClock().WallMicros() + 2'000'000);
}

}  // namespace dbxes
