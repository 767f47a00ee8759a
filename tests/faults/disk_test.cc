// SPDX-License-Identifier: Apache-2.0
// A disk that is full, or that tears a write: the state stays one that the next run can go by.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

#include "checkpoint/failures_file.h"
#include "checkpoint/side_file.h"
#include "support/fake_clock.h"
#include "support/sync_world.h"

namespace dbxes {
namespace {

// Takes `room` more bytes of appended text, and the first part of what does not fit.
class TightDisk final : public FileSystem {
 public:
  explicit TightDisk(std::size_t room_bytes) : room(room_bytes) {}
  std::size_t room;
  MemoryFileSystem disk;

  Result<void> MakeFolders(const std::string& path, unsigned mode) override {
    return disk.MakeFolders(path, mode);
  }
  Result<std::string> ReadFile(const std::string& path) override { return disk.ReadFile(path); }
  Result<std::string> ReadRange(const std::string& path, std::uint64_t offset,
                                std::size_t length) override {
    return disk.ReadRange(path, offset, length);
  }
  Result<void> ReplaceFile(const std::string& path, std::string_view content,
                           unsigned mode) override {
    return disk.ReplaceFile(path, content, mode);
  }
  Result<std::unique_ptr<AppendFile>> OpenAppend(const std::string& path,
                                                 std::uint64_t size) override {
    auto file = disk.OpenAppend(path, size);
    if (!file) return file;
    return std::make_unique<File>(*this, std::move(*file));
  }
  Result<std::string> WriteNew(const std::string& folder, std::string_view prefix,
                               std::string_view content) override {
    return disk.WriteNew(folder, prefix, content);
  }
  Result<void> Remove(const std::string& path) override { return disk.Remove(path); }
  Result<void> RemoveAll(const std::string& folder, std::string_view prefix,
                         std::string_view suffix) override {
    return disk.RemoveAll(folder, prefix, suffix);
  }
  Result<std::unique_ptr<FileLock>> Lock(const std::string& path, std::string_view note) override {
    return disk.Lock(path, note);
  }

 private:
  class File final : public AppendFile {
   public:
    File(TightDisk& owner, std::unique_ptr<AppendFile> file)
        : owner_(owner), file_(std::move(file)) {}
    Result<void> Append(std::string_view bytes) override {
      const std::string_view fits = bytes.substr(0, owner_.room);
      owner_.room -= fits.size();
      if (auto done = file_->Append(fits); !done) return done;
      if (fits.size() < bytes.size()) return Fail(ErrorKind::kInternal, "No space left on device");
      return {};
    }
    Result<void> Sync() override { return file_->Sync(); }
    std::uint64_t Size() const override { return file_->Size(); }

   private:
    TightDisk& owner_;
    std::unique_ptr<AppendFile> file_;
  };
};

void Plant(SyncWorld& world) {
  world.config.elasticsearch.bulk_max_actions = 4;
  for (int i = 0; i < 12; ++i) world.tree().AddFile(fmt::format("/a/{}.txt", i), "x");
  world.tree().shares().AddReceivedFile("offer.docx", "x");
}

void Rearrange(SyncWorld& world) {
  world.tree().Delete("/a/1.txt");
  world.tree().Move("/a/2.txt", "/b/2.txt");
  world.tree().ReplaceFolderByFile("/b", "a file now");
  world.tree().AddFile("/a/new.txt", "x");
}

sim::Options SmallPages() {
  sim::Options options;
  options.default_page_size = 3;
  return options;
}

void FillDiskDuring(sync::SyncMode mode) {
  for (std::uint64_t room = 0;; ++room) {
    CAPTURE(room);
    SyncWorld world(SmallPages());
    Plant(world);
    REQUIRE(world.Full().exit_code == ExitCode::kOk);
    Rearrange(world);
    const auto before = world.elastic.Documents("docs");
    const std::uint64_t changes = world.files.changes();
    world.files.FailAfter(changes + room);
    const report::RunSummary summary = world.Run(mode);
    const bool was_full = world.files.changes() == changes + room;
    world.files.FailAfter(~std::uint64_t{0});
    if (summary.exit_code == ExitCode::kOk) {
      CHECK(world.Difference() == "");
      if (!was_full) return;
    } else {
      CHECK(summary.message != "");
      // Without the lock or the first checkpoint nothing is touched.
      if (room < 2) CHECK(world.elastic.Documents("docs") == before);
    }
    REQUIRE(world.Incremental().message == "");
    CHECK(world.Difference() == "");
  }
}

}  // namespace

TEST_CASE("a disk that is full from any change of an incremental run on") {
  FillDiskDuring(sync::SyncMode::kIncremental);
}

TEST_CASE("a disk that is full from any change of a full sync on") {
  FillDiskDuring(sync::SyncMode::kFull);
}

TEST_CASE("a side file that was torn once is not written to again") {
  TightDisk disk(15);
  checkpoint::SideFile file(disk, "/side");
  const auto ignore = [](std::string_view) -> Result<void> { return {}; };
  REQUIRE(file.Open({}, 1, ignore).has_value());
  file.Append("ten bytes.");
  REQUIRE(file.Sync().has_value());
  const checkpoint::SideFileExtent good = file.extent();
  file.Append("ten bytes!");
  REQUIRE_FALSE(file.Sync().has_value());
  disk.room = 1000;  // somebody made room
  CHECK_FALSE(file.Sync().has_value());
  CHECK_FALSE(file.Flush().has_value());
  // What was counted before is still there.
  checkpoint::SideFile next(disk, "/side");
  CHECK(next.Open(good, 1, ignore).has_value());
}

TEST_CASE("a failures file that was torn once is not written to again") {
  TightDisk disk(20);
  FakeClock clock;
  checkpoint::FailuresFile failures(disk, clock, "/failures");
  REQUIRE(failures.Load().has_value());
  failures.Add({"id:a", "/a", "index", 400, "refused"});
  REQUIRE_FALSE(failures.Sync().has_value());
  disk.room = 1000;
  CHECK_FALSE(failures.Sync().has_value());
  checkpoint::FailuresFile next(disk, clock, "/failures");
  CHECK(next.Load().has_value());
  CHECK(next.earlier().empty());
  // A run without failures takes the torn rest away.
  REQUIRE(next.Replace().has_value());
  CHECK(disk.disk.files().count("/failures") == 0);
}

}  // namespace dbxes
