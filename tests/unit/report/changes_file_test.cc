// SPDX-License-Identifier: Apache-2.0
#include "report/changes_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/os/posix_file_system.h"
#include "base/os/temp_folder.h"
#include "hand_clock.h"

namespace dbxes::report {
namespace {

Change Created() {
  Change change;
  change.id = "id:1";
  change.path = "/a";
  return change;
}

std::string TextOf(const std::string& path) { return PosixFileSystem().ReadFile(path).value(); }

unsigned ModeOf(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

}  // namespace

TEST_CASE("each change is in the file at once, and nobody else reads it") {
  const TempFolder folder;
  const std::string path = folder / "changes.ndjson";
  std::ofstream(path) << "of the last run\n";
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  HandClock clock;
  auto file = ChangesFile::Open(path);
  REQUIRE(file);
  CHECK(ModeOf(path) == 0600);
  ChangesFile changes(file->get(), clock);
  // A run that finds another one at work does not begin.
  CHECK(TextOf(path) == "of the last run\n");
  changes.Begin();
  CHECK(TextOf(path).empty());
  changes.Changed(Created());
  CHECK(TextOf(path) == ChangeJson(Created(), clock.WallMicros()) + "\n");
  changes.Changed(Created());
  CHECK(std::ranges::count(TextOf(path), '\n') == 2);
  CHECK(changes.problem().empty());
}

TEST_CASE("a file that others have prepared is refused, and a folder is none") {
  const TempFolder folder;
  std::ofstream(folder / "other") << "kept";
  std::filesystem::create_symlink(folder / "other", folder / "link");
  const auto link = ChangesFile::Open(folder / "link");
  REQUIRE_FALSE(link);
  CHECK(link.error().kind == ErrorKind::kConfig);
  CHECK(link.error().message ==
        "cannot write --changes " + (folder / "link") + ": it is a symbolic link");
  CHECK(TextOf(folder / "other") == "kept");
  CHECK_FALSE(ChangesFile::Open(folder / "."));
}

TEST_CASE("a full disk is a problem, a reader that has ended is none") {
  HandClock clock;
  auto full = ChangesFile::Open("/dev/full");
  REQUIRE(full);
  ChangesFile changes(full->get(), clock);
  changes.Begin();
  changes.Changed(Created());
  CHECK(changes.problem() == "No space left on device");

  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  auto* const before = std::signal(SIGPIPE, SIG_IGN);
  std::FILE* const writer = ::fdopen(ends[1], "w");
  ::close(ends[0]);
  ChangesFile piped(writer, clock);
  piped.Begin();
  piped.Changed(Created());
  piped.Changed(Created());
  CHECK(piped.problem().empty());
  CHECK(std::ferror(writer) == 0);
  std::fclose(writer);
  std::signal(SIGPIPE, before);
}

}  // namespace dbxes::report
