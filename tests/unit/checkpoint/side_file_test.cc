// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/side_file.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "base/hash.h"
#include "support/memory_file_system.h"

namespace dbxes::checkpoint {
namespace {

constexpr char kPath[] = "/state/docs.side";

struct Side {
  Side() { REQUIRE(file.Open({}, 1, Collect())); }
  // Gathers what is shown in `shown`, and how it was cut in `sizes`.
  std::function<Result<void>(std::string_view)> Collect() {
    shown.clear();
    sizes.clear();
    return [this](std::string_view chunk) -> Result<void> {
      shown += chunk;
      sizes.push_back(chunk.size());
      return {};
    };
  }
  std::string Read(std::size_t unit = 1) {
    const auto read = file.Read(unit, Collect());
    return read ? shown : "error: " + read.error().message;
  }

  MemoryFileSystem files;
  SideFile file{files, kPath};
  std::string shown;
  std::vector<std::size_t> sizes;
};

}  // namespace

TEST_CASE("a side file that nothing is put into is no file") {
  Side side;
  CHECK(side.file.extent().bytes == 0);
  CHECK(side.file.extent().hash == 0);
  CHECK(side.file.Sync());
  CHECK(side.Read() == "");
  CHECK(side.sizes.empty());
  CHECK(side.files.files().count(kPath) == 0);
}

TEST_CASE("the extent counts what was appended, synced or not") {
  Side side;
  side.file.Append("one\n");
  CHECK(side.file.extent().bytes == 4);
  CHECK(side.file.extent().hash == Hash64("one\n"));
  CHECK(side.files.files().count(kPath) == 0);
  REQUIRE(side.file.Sync());
  CHECK(side.files.files().at(kPath) == "one\n");
  side.file.Append("two\n");
  CHECK(side.file.extent().bytes == 8);
  CHECK(side.file.extent().hash == Hash64("one\ntwo\n"));
  CHECK(side.Read() == "one\ntwo\n");
}

TEST_CASE("what was synced survives a loss of power, and what was flushed may not") {
  Side side;
  side.file.Append("one\n");
  REQUIRE(side.file.Sync());
  const SideFileExtent synced = side.file.extent();
  side.file.Append("two\n");
  REQUIRE(side.file.Flush());
  CHECK(side.files.files().at(kPath) == "one\ntwo\n");
  side.files.Crash();
  CHECK(side.files.files().at(kPath) == "one\n");
  SideFile next(side.files, kPath);
  REQUIRE(next.Open(synced, 1, side.Collect()));
  CHECK(side.shown == "one\n");

  // Flushed first and synced later is durable, too.
  next.Append("three\n");
  REQUIRE(next.Flush());
  REQUIRE(next.Sync());
  side.files.Crash();
  CHECK(side.files.files().at(kPath) == "one\nthree\n");
}

TEST_CASE("bytes behind the extent are dropped, and the file continues there") {
  Side side;
  side.file.Append("one\n");
  const SideFileExtent first = side.file.extent();
  side.file.Append("two\n");
  REQUIRE(side.file.Sync());

  SideFile next(side.files, kPath);
  REQUIRE(next.Open(first, 1, side.Collect()));
  CHECK(side.shown == "one\n");
  next.Append("2\n");
  CHECK(next.extent().hash == Hash64("one\n2\n"));
  REQUIRE(next.Sync());
  CHECK(side.files.files().at(kPath) == "one\n2\n");
}

TEST_CASE("an extent of nothing leaves the file of an earlier run until something is written") {
  Side side;
  side.files.files()[kPath] = "left over";
  const auto ignore = [](std::string_view) { return Result<void>(); };
  REQUIRE(side.file.Open({}, 1, ignore));
  CHECK(side.files.files().at(kPath) == "left over");
  side.file.Append("new");
  REQUIRE(side.file.Flush());
  CHECK(side.files.files().at(kPath) == "new");
}

TEST_CASE("a file may be emptied and filled again") {
  Side side;
  side.file.Append("one");
  REQUIRE(side.file.Sync());
  REQUIRE(side.file.Remove());
  CHECK(side.file.extent().bytes == 0);
  CHECK(side.files.files().count(kPath) == 0);
  side.file.Append("two");
  CHECK(side.file.extent().hash == Hash64("two"));
  CHECK(side.Read() == "two");
}

TEST_CASE("every lost byte and every flipped bit is noticed") {
  Side side;
  side.file.Append("[\"/a\",1,true,\"\"]\n[\"/b\",2,false,\"id:1\"]\n");
  REQUIRE(side.file.Sync());
  const SideFileExtent extent = side.file.extent();
  const std::string whole = side.files.files().at(kPath);
  const auto refused = [&](const std::string& content) {
    side.files.files()[kPath] = content;
    SideFile next(side.files, kPath);
    const auto opened = next.Open(extent, 1, side.Collect());
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::kConfig);
    return opened.error().message;
  };
  const auto damaged = [](const std::string& why) {
    return std::string("state file ") + kPath + " is damaged (" + why +
           "): move it and the .json file beside it away and run dbx-es full-sync, which rewrites "
           "only what differs";
  };
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK(refused(whole.substr(0, length)) == damaged("its end is missing"));
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      REQUIRE(refused(flipped) == damaged("its content has changed"));
    }
  }
  side.files.files().erase(kPath);
  SideFile next(side.files, kPath);
  CHECK(next.Open(extent, 1, side.Collect()).error().message == damaged("its end is missing"));
}

TEST_CASE("a large file is shown in chunks of whole records") {
  constexpr std::size_t kRecord = 48;  // no divisor of the size of a chunk
  Side side;
  std::string content;
  for (std::size_t i = 0; i < 60'000; ++i) {
    std::string record = std::to_string(i);
    record.resize(kRecord, '.');
    side.file.Append(record);
    content += record;
  }
  CHECK(side.Read(kRecord) == content);
  CHECK(side.sizes.size() >= 3);
  for (const std::size_t size : side.sizes) CHECK(size % kRecord == 0);
}

TEST_CASE("the visitor may stop the reading") {
  Side side;
  side.file.Append("one");
  const auto read = side.file.Read(
      1, [](std::string_view) -> Result<void> { return Fail(ErrorKind::kInternal, "enough"); });
  REQUIRE_FALSE(read);
  CHECK(read.error().message == "enough");
}

TEST_CASE("a file that a full disk broke is not written to again") {
  Side side;
  side.file.Append("one");
  SUBCASE("when it is written") { side.files.FailAfter(side.files.changes() + 1); }
  SUBCASE("when it is synced") { side.files.FailAfter(side.files.changes() + 2); }
  for (int i = 0; i < 3; ++i) {
    const auto synced = side.file.Sync();
    REQUIRE_FALSE(synced);
    CHECK(synced.error().message ==
          std::string("cannot write ") + kPath + ": No space left on device");
    // Free space does not repair a part of a write in the file.
    if (i == 1) side.files.FailAfter(~std::uint64_t{0});
  }
}

TEST_CASE("a file that a full disk kept from being made is made once there is room") {
  Side side;
  side.file.Append("one");
  side.files.FailAfter(side.files.changes());
  REQUIRE_FALSE(side.file.Sync());
  side.files.FailAfter(~std::uint64_t{0});
  REQUIRE(side.file.Sync());
  side.files.Crash();
  CHECK(side.files.files().at(kPath) == "one");
}

}  // namespace dbxes::checkpoint
