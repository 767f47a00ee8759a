// SPDX-License-Identifier: Apache-2.0
#include "elastic/ndjson_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/json/json.h"
#include "base/os/posix_file_system.h"
#include "base/os/temp_folder.h"

namespace dbxes::elastic {
namespace {

unsigned ModeOf(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

void WriteOne(const std::string& path) {
  auto file = NdjsonFile::Open(path);
  REQUIRE_MESSAGE(file, file.error().message);
  BulkAction action;
  action.id = "id:1";
  action.source = R"({"body":"secret"})";
  REQUIRE((*file)->Add(action));
  REQUIRE((*file)->Drain());
}

}  // namespace

TEST_CASE("a file with the text of all documents is private to the user") {
  const TempFolder folder;
  const std::string path = folder / "all.ndjson";
  WriteOne(path);
  CHECK(ModeOf(path) == 0600);
  const std::string text = PosixFileSystem().ReadFile(path).value();
  CHECK(text.find("secret") != std::string::npos);

  // So is one that was there, and nothing of it is left.
  std::ofstream(path) << std::string(10'000, 'x');
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  WriteOne(path);
  CHECK(ModeOf(path) == 0600);
  CHECK(PosixFileSystem().ReadFile(path).value() == text);
}

TEST_CASE("names stay what they are, and neither drive a terminal nor end a line") {
  const TempFolder folder;
  const std::string path = folder / "all.ndjson";
  const std::string name = "gnp.\u202eexe\u2028\u0085\u009b2J\x7f\u00fc";
  const std::string source = "{\"name\":\"" + name + "\"}";
  {
    auto file = NdjsonFile::Open(path);
    REQUIRE(file);
    BulkAction action;
    action.id = "id:1";
    action.source = source;
    REQUIRE((*file)->Add(action));
    REQUIRE((*file)->Drain());
  }
  const std::string text = PosixFileSystem().ReadFile(path).value();
  for (const char* raw : {"\u202e", "\u2028", "\u0085", "\u009b", "\x7f"}) {
    CHECK(text.find(raw) == std::string::npos);
  }
  const std::size_t line = text.find('\n') + 1;
  const auto document = ParseJson(text.substr(line), "the document");
  REQUIRE(document);
  CHECK(StringMember(*document, "name") == name);
  CHECK(text.find("\u00fc") != std::string::npos);
}

TEST_CASE("documents are not written where others have prepared the file") {
  const TempFolder folder;
  std::ofstream(folder / "other") << "kept";
  std::filesystem::create_symlink(folder / "other", folder / "link");
  const auto link = NdjsonFile::Open(folder / "link");
  REQUIRE_FALSE(link);
  CHECK(link.error().kind == ErrorKind::kConfig);
  CHECK(link.error().message ==
        "cannot write --output " + (folder / "link") + ": it is a symbolic link");
  CHECK(PosixFileSystem().ReadFile(folder / "other").value() == "kept");
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can give a file to another user");
    return;
  }
  REQUIRE(::chown((folder / "other").c_str(), 65534, 65534) == 0);
  CHECK(NdjsonFile::Open(folder / "other").error().message ==
        "cannot write --output " + (folder / "other") + ": it belongs to another user");
  CHECK(PosixFileSystem().ReadFile(folder / "other").value() == "kept");
}

}  // namespace dbxes::elastic
