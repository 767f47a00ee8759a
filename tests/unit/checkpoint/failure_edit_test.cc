// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failure_edit.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "checkpoint/failures_file.h"
#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace dbxes::checkpoint {
namespace {

using Strings = std::vector<std::string>;

constexpr char kPath[] = "/state/docs.failures.ndjson";

struct Disk {
  Disk() {
    FailuresFile failures(files, clock, kPath);
    failures.Add({"id:1", "/team/plan.docx", "index", 400, "too long"});
    failures.Add({"id:2", "/team/old/a.txt", "download", 0, "stalled"});
    failures.Add({"id:3", "/teams.txt", "index", 400, "too long"});
    failures.AddRefused({"id:4", "/team/odd.pdf", "download", 409, "restricted"});
    REQUIRE(failures.Sync());
    clock.Advance(Milliseconds(3'600'000));
  }
  Result<std::uint64_t> Edit(const Strings& names, FailureAction action) {
    return EditFailures(files, clock, kPath, names, action);
  }
  std::vector<FailureRecord> Read() { return ReadFailures(files, clock, kPath).value(); }
  // Ids of those that are accepted.
  Strings Accepted() {
    Strings ids;
    const std::vector<FailureRecord> records = Read();
    for (const FailureRecord& record : records) {
      if (!record.accepted.empty()) ids.push_back(record.failure.id);
    }
    return ids;
  }

  FakeClock clock;
  MemoryFileSystem files;
};

}  // namespace

TEST_CASE("failures are named by id, path or folder") {
  Disk disk;
  CHECK(disk.Edit({"id:3"}, FailureAction::kAccept) == 1);
  CHECK(disk.Accepted() == Strings{"id:3"});
  CHECK(disk.Edit({"/team/old/a.txt"}, FailureAction::kAccept) == 1);
  CHECK(disk.Accepted() == Strings{"id:2", "id:3"});
  // What Dropbox refuses is no failure; and /teams.txt is not in /team.
  CHECK(disk.Edit({}, FailureAction::kRetry) == 4);
  CHECK(disk.Accepted() == Strings{});
  CHECK(disk.Edit({"/team"}, FailureAction::kAccept) == 2);
  CHECK(disk.Accepted() == Strings{"id:1", "id:2"});
  CHECK(disk.Edit({""}, FailureAction::kAccept) == 3);
}

TEST_CASE("without names, all are meant") {
  Disk disk;
  CHECK(disk.Edit({}, FailureAction::kAccept) == 3);
  CHECK(disk.Accepted() == Strings{"id:1", "id:2", "id:3"});
}

TEST_CASE("the rest of a record stays as it is") {
  Disk disk;
  const auto before = disk.Read();
  REQUIRE(disk.Edit({"id:1"}, FailureAction::kAccept));
  const auto after = disk.Read();
  REQUIRE(after.size() == 4);
  CHECK(after[0].accepted == "2026-08-05T11:00:01Z");
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(after[i].failure.id == before[i].failure.id);
    CHECK(after[i].failure.reason == before[i].failure.reason);
    CHECK(after[i].attempts == before[i].attempts);
    CHECK(after[i].time == before[i].time);
  }
}

TEST_CASE("a retry ends a wait") {
  Disk disk;
  for (int run = 0; run < 5; ++run) {
    FailuresFile failures(disk.files, disk.clock, kPath);
    REQUIRE(failures.Load());
    failures.Add({"id:1", "/team/plan.docx", "index", 400, "too long"});
    REQUIRE(failures.Replace());
  }
  CHECK(disk.Read()[0].next != "");
  CHECK(disk.Edit({"/team/plan.docx"}, FailureAction::kRetry) == 1);
  CHECK(disk.Read()[0].next == "");
}

TEST_CASE("a name that fits nothing changes nothing") {
  Disk disk;
  const auto before = disk.files.files();
  const auto edited = disk.Edit({"id:1", "/nowhere"}, FailureAction::kAccept);
  REQUIRE_FALSE(edited);
  CHECK(edited.error().kind == ErrorKind::kNotFound);
  CHECK(edited.error().message.find("/nowhere") != std::string::npos);
  CHECK(disk.files.files() == before);
}

TEST_CASE("a damaged file is refused, and none is none") {
  Disk disk;
  disk.files.files().at(kPath).insert(0, "x\n");
  CHECK(disk.Edit({}, FailureAction::kRetry).error().kind == ErrorKind::kConfig);
  disk.files.files().clear();
  CHECK(disk.Edit({}, FailureAction::kRetry) == 0);
  CHECK(disk.files.files().empty());
}

}  // namespace dbxes::checkpoint
