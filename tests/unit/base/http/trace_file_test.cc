// SPDX-License-Identifier: Apache-2.0
#include "base/http/trace_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/os/temp_folder.h"

namespace dbxes {
namespace {

std::string Content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

unsigned ModeOf(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

// Why it is not opened.
std::string Refusal(const std::string& path) {
  const auto file = TraceFile::Open(path);
  if (file) return "opened";
  CHECK(file.error().kind == ErrorKind::kConfig);
  CHECK(file.error().message.find(path) != std::string::npos);
  return file.error().message;
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a new trace file is private, and continued by the next run") {
  const TempFolder folder;
  const std::string path = folder / "trace";
  const mode_t mask = ::umask(0);
  for (const char* record : {"one", "two"}) {
    auto file = TraceFile::Open(path);
    REQUIRE(file);
    file->Write(record);
    CHECK(file->problem() == "");
  }
  ::umask(mask);
  CHECK(ModeOf(path) == 0600);
  CHECK(Content(path) == "one\ntwo\n");
}

TEST_CASE("a file that others can read, or that is none, is refused") {
  const TempFolder folder;
  const std::string open = folder / "open";
  std::ofstream(open) << "before";
  REQUIRE(::chmod(open.c_str(), 0640) == 0);
  CHECK(Contains(Refusal(open), "mode 0600"));
  CHECK(Content(open) == "before");

  const std::string own = folder / "own";
  std::ofstream(own) << "before";
  REQUIRE(::chmod(own.c_str(), 0600) == 0);
  const std::string link = folder / "link";
  REQUIRE(::symlink(own.c_str(), link.c_str()) == 0);
  CHECK(Contains(Refusal(link), "symbolic link"));
  const std::string dangling = folder / "dangling";
  REQUIRE(::symlink((folder / "nowhere").c_str(), dangling.c_str()) == 0);
  CHECK(Contains(Refusal(dangling), "symbolic link"));
  CHECK(::access((folder / "nowhere").c_str(), F_OK) != 0);
  REQUIRE(::link(own.c_str(), (folder / "second").c_str()) == 0);
  CHECK(Contains(Refusal(own), "one name"));

  CHECK(Contains(Refusal(folder.path()), "Is a directory"));
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(Refusal(pipe) != "opened");
  CHECK(Contains(Refusal("/dev/null"), "regular file"));
  CHECK(Contains(Refusal(folder / "no/trace"), "No such file"));
}

}  // namespace dbxes
