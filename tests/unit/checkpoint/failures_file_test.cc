// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failures_file.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/json/json.h"
#include "checkpoint/failure_edit.h"
#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace dbxes::checkpoint {
namespace {

using Strings = std::vector<std::string>;

constexpr char kPath[] = "/state/docs.failures.ndjson";

report::FailedDocument Failure(const std::string& id,
                               const std::string& reason = "mapper_parsing") {
  return {id, "/path of " + id, "index", 400, reason};
}

struct Disk {
  // One run: reads what earlier ones left, fails at `ids`.
  FailuresFile Run(const Strings& ids) {
    FailuresFile failures(files, clock, kPath);
    const auto loaded = failures.Load();
    REQUIRE_MESSAGE(loaded, loaded.error().message);
    for (const std::string& id : ids) failures.Add(Failure(id));
    REQUIRE(failures.Sync());
    return failures;
  }
  // "id attempts" of each line, which must be JSON.
  Strings Lines() {
    Strings lines;
    const auto found = files.files().find(kPath);
    if (found == files.files().end()) return lines;
    std::string_view text = found->second;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      REQUIRE(end != std::string_view::npos);
      const auto json = ParseJson(text.substr(0, end), "a line");
      REQUIRE(json);
      lines.push_back(fmt::format("{} {}", StringMember(*json, "id"),
                                  UintMember(*json, "attempts").value_or(0)));
      text.remove_prefix(end + 1);
    }
    return lines;
  }

  FakeClock clock;
  MemoryFileSystem files;
};

Strings Ids(const std::vector<report::FailedDocument>& failures) {
  Strings ids;
  for (const auto& failure : failures) ids.push_back(failure.id);
  return ids;
}

Strings Ids(const std::vector<FailureRecord>& records) {
  Strings ids;
  for (const auto& record : records) ids.push_back(record.failure.id);
  return ids;
}

}  // namespace

TEST_CASE("a run without failures makes no file") {
  Disk disk;
  FailuresFile failures = disk.Run({});
  CHECK(failures.count() == 0);
  CHECK(failures.earlier().empty());
  REQUIRE(failures.Replace());
  CHECK(disk.files.files().empty());
}

TEST_CASE("a line says which document, when and why, whatever the reason holds") {
  Disk disk;
  FailuresFile failures(disk.files, disk.clock, kPath);
  failures.Add({"id:1", "/a\n\"b\"", "update", 413, "line\nbreak \"quote\" \xc3\xa9 \x01"});
  REQUIRE(failures.Sync());
  const std::string text = disk.files.files().at(kPath);
  CHECK(text.find('\n') == text.size() - 1);
  const auto json = ParseJson(text, "the line");
  REQUIRE(json);
  CHECK(StringMember(*json, "time") == "2026-08-05T10:00:01Z");
  CHECK(StringMember(*json, "id") == "id:1");
  CHECK(StringMember(*json, "path") == "/a\n\"b\"");
  CHECK(StringMember(*json, "operation") == "update");
  CHECK(UintMember(*json, "status") == 413);
  CHECK(StringMember(*json, "reason") == "line\nbreak \"quote\" \xc3\xa9 \x01");
  CHECK(UintMember(*json, "attempts") == 1);
}

TEST_CASE("runs append to what earlier ones left, and count the attempts") {
  Disk disk;
  disk.Run({"id:1", "id:2"});
  FailuresFile second = disk.Run({"id:2", "id:3"});
  CHECK(second.count() == 2);
  CHECK(Ids(second.earlier()) == Strings{"id:1", "id:2"});
  CHECK(second.earlier()[0].failure.path == "/path of id:1");
  CHECK(second.earlier()[0].failure.operation == "index");
  CHECK(second.earlier()[0].failure.status == 400);
  CHECK(second.earlier()[0].failure.reason == "mapper_parsing");
  CHECK(disk.Lines() == Strings{"id:1 1", "id:2 1", "id:2 2", "id:3 1"});
  // Each once, however often it failed.
  FailuresFile third = disk.Run({"id:2"});
  CHECK(Ids(third.earlier()) == Strings{"id:1", "id:2", "id:3"});
  CHECK(disk.Lines().back() == "id:2 3");
}

TEST_CASE("a run that tried all of them again leaves only its own") {
  Disk disk;
  disk.Run({"id:1", "id:2", "id:3"});
  FailuresFile second = disk.Run({"id:2"});
  REQUIRE(second.Replace());
  CHECK(disk.Lines() == Strings{"id:2 2"});
  FailuresFile third = disk.Run({});
  REQUIRE(third.Replace());
  CHECK(disk.files.files().empty());
}

TEST_CASE("failures that are synced one after the other all stay") {
  Disk disk;
  FailuresFile failures(disk.files, disk.clock, kPath);
  failures.Add(Failure("id:1"));
  REQUIRE(failures.Sync());
  failures.Add(Failure("id:2"));
  REQUIRE(failures.Sync());
  REQUIRE(failures.Sync());
  disk.files.Crash();
  CHECK(disk.Lines() == Strings{"id:1 1", "id:2 1"});
}

TEST_CASE("what the administrator accepts is not counted until its file has another revision") {
  Disk disk;
  disk.Run({"id:1", "id:2"});
  REQUIRE(EditFailures(disk.files, disk.clock, kPath, {"id:1", "id:2"}, FailureAction::kAccept));
  FailuresFile failures(disk.files, disk.clock, kPath);
  REQUIRE(failures.Load());
  CHECK(failures.CountAccepted() == 2);
  CHECK(failures.CountEarlierFailures() == 2);
  CHECK_FALSE(failures.HasWork());
  CHECK(failures.HasDeferred());
  CHECK_FALSE(failures.IsDue(failures.earlier()[0]));
  // Something happened to it, such as a move, but the file is what it was.
  failures.Touch("id:1", "/elsewhere");
  failures.NoteRevision("id:1", "2026-08-05T10:00:00Z");
  failures.NoteRevision("id:1", "");
  failures.NoteRevision("id:unknown", "2027-01-01T00:00:00Z");
  CHECK_FALSE(failures.IsDue(failures.earlier()[0]));

  SUBCASE("it stays accepted when it fails in the same way") {
    failures.Add(Failure("id:1", "another reason"));
    failures.Keep(failures.earlier()[1]);
    CHECK(failures.count() == 0);
    CHECK(failures.first().empty());
    CHECK(failures.current()->empty());
    REQUIRE(failures.Replace());
    CHECK(disk.Lines() == Strings{"id:1 1", "id:2 1"});
    FailuresFile next = disk.Run({});
    CHECK(next.CountAccepted() == 2);
  }
  SUBCASE("a revision that came before the acceptance, after the failure, was not accepted") {
    // The acceptance was an hour later than the revision.
    disk.clock.Advance(Milliseconds(3'600'000));
    REQUIRE(EditFailures(disk.files, disk.clock, kPath, {"id:1"}, FailureAction::kAccept));
    FailuresFile later(disk.files, disk.clock, kPath);
    REQUIRE(later.Load());
    later.NoteRevision("id:1", "2026-08-05T10:30:00Z");
    CHECK(later.IsDue(later.earlier()[0]));
  }
  SUBCASE("another revision is judged as any file") {
    failures.NoteRevision("id:1", "2026-08-05T10:00:02Z");
    CHECK(failures.HasWork());
    CHECK(failures.IsDue(failures.earlier()[0]));
    failures.Add(Failure("id:1"));
    CHECK(failures.count() == 1);
    CHECK(failures.current()->size() == 1);
    REQUIRE(failures.Replace());
    CHECK(disk.Lines() == Strings{"id:1 2"});
    CHECK(disk.Run({}).CountAccepted() == 0);
  }
  SUBCASE("another operation that fails is news, although the first one is kept") {
    failures.Add(Failure("id:1"));
    failures.Add({"id:1", "/path of id:1", "permissions", 500, "unreadable"});
    CHECK(failures.count() == 1);
    CHECK(failures.current()->size() == 1);
    REQUIRE(failures.Replace());
    CHECK(disk.Lines() == Strings{"id:1 2"});
  }
}

TEST_CASE("a document is doubtful only while nothing else of it failed") {
  Disk disk;
  FailuresFile failures = disk.Run({});
  failures.AddDoubtful(Failure("id:gone", "not found"));
  failures.AddDoubtful(Failure("id:gone", "not found"));
  failures.AddDoubtful(Failure("id:undeleted", "not found"));
  failures.Add(Failure("id:undeleted", "its deletion is too large"));
  failures.Add(Failure("id:rejected", "mapper_parsing"));
  failures.AddDoubtful(Failure("id:rejected", "not found"));
  CHECK(Ids(failures.TakeDoubtful()) == Strings{"id:gone"});
  CHECK(failures.TakeDoubtful().empty());
  for (const char* id : {"id:gone", "id:undeleted", "id:rejected"}) CHECK(failures.HasFailed(id));
  const auto current = failures.current();
  REQUIRE(current);
  REQUIRE(current->size() == 3);
  CHECK((*current)[1].reason == "its deletion is too large");
  CHECK((*current)[2].reason == "mapper_parsing");
}

TEST_CASE("conflicts are recorded for a run that does not get to them, and are no failures") {
  Disk disk;
  FailuresFile failures(disk.files, disk.clock, kPath);
  REQUIRE(failures.Load());
  const auto any = [](const report::FailedDocument&) { return true; };
  const auto is_b = [](const report::FailedDocument& one) { return one.id == "id:b"; };
  for (const char* id : {"id:a", "id:b", "id:c"}) failures.AddConflict(Failure(id));
  CHECK(Ids(failures.TakeConflicts(is_b, /*durable=*/false)) == Strings{"id:b"});
  REQUIRE(failures.Sync());
  CHECK(disk.Lines() == Strings{"id:a 0", "id:c 0"});
  CHECK(failures.count() == 0);
  failures.AddConflict(Failure("id:b"));
  CHECK(Ids(failures.TakeConflicts(any, /*durable=*/true)) == Strings{"id:a", "id:c", "id:b"});
  REQUIRE(failures.Sync());
  CHECK(disk.Lines() == Strings{"id:a 0", "id:c 0", "id:b 0"});
  SUBCASE("killed") { CHECK(Ids(disk.Run({}).earlier()) == Strings{"id:a", "id:c", "id:b"}); }
  SUBCASE("resolved") {
    REQUIRE(failures.Replace());
    CHECK(disk.Lines().empty());
    CHECK(disk.files.files().count(kPath) == 0);
  }
  SUBCASE("left over") {
    failures.AddConflict(Failure("id:a"));
    REQUIRE(failures.Replace());
    CHECK(failures.count() == 1);
    CHECK(disk.Lines() == Strings{"id:a 1"});
  }
}

TEST_CASE("conflicts survive what is kept and withdrawn, and what is kept is no failure of a run") {
  Disk disk;
  REQUIRE(disk.Run({"id:kept"}).Replace());
  FailuresFile failures = disk.Run({});
  REQUIRE(failures.earlier().size() == 1);
  failures.AddConflict(Failure("id:a"));
  failures.Keep(failures.earlier()[0]);
  failures.Add(Failure("id:b"));
  failures.Add(Failure("id:a"));
  failures.Withdraw("id:a");
  const auto current = failures.current();
  REQUIRE(current);
  CHECK(Ids(*current) == Strings{"id:b"});
  CHECK(failures.count() == 2);
  REQUIRE(failures.Replace());
  CHECK(disk.Lines() == Strings{"id:kept 1", "id:b 1", "id:a 1"});
}

TEST_CASE("the line that a crash cut short is dropped, and its neighbours stay whole") {
  Disk disk;
  disk.Run({"id:1", "id:2"});
  const std::string whole = disk.files.files().at(kPath);
  const std::size_t second = whole.find('\n') + 1;
  for (std::size_t length = second; length < whole.size(); ++length) {
    CAPTURE(length);
    disk.files.files()[kPath] = whole.substr(0, length);
    FailuresFile next = disk.Run({"id:3"});
    REQUIRE(Ids(next.earlier()) == Strings{"id:1"});
    REQUIRE(disk.Lines() == Strings{"id:1 1", "id:3 1"});
  }
}

TEST_CASE("a refused file is tried again, and is no failure") {
  Disk disk;
  FailuresFile failures = disk.Run({"id:1"});
  failures.AddRefused({"id:2", "/b", "", 403, "Dropbox refuses access"});
  CHECK(failures.count() == 1);
  CHECK(Ids(failures.first()) == Strings{"id:1"});
  CHECK(failures.Groups().size() == 1);
  CHECK(Ids(failures.current().value()) == Strings{"id:1"});
  REQUIRE(failures.Replace());
  FailuresFile next = disk.Run({});
  CHECK(Ids(next.earlier()) == Strings{"id:1", "id:2"});
  CHECK(next.CountEarlierFailures() == 1);
  CHECK(next.HasWork());
  next.AddRefused({"id:2", "/b", "", 403, "Dropbox refuses access"});
  CHECK(next.count() == 0);
  CHECK(next.Groups().empty());
  CHECK(next.first().empty());
  // What fails in another way as well is a failure, whatever comes first.
  next.Add(Failure("id:2"));
  next.AddRefused({"id:2", "/b", "", 403, "Dropbox refuses access"});
  CHECK(next.count() == 1);
  CHECK(Ids(next.first()) == Strings{"id:2"});
  next.Withdraw("id:2");
  CHECK(next.count() == 0);
  next.AddRefused({"id:2", "/b", "", 403, "Dropbox refuses access"});
  REQUIRE(next.Replace());
  CHECK(disk.Lines() == Strings{"id:2 2"});
  // The last failure of a run may be gone while a refused file is not.
  FailuresFile third = disk.Run({});
  CHECK(third.CountEarlierFailures() == 0);
  CHECK(third.HasWork());
  CHECK(third.HasRecords());
  third.Keep(third.earlier()[0]);
  CHECK(third.count() == 0);
  REQUIRE(third.Replace());
  CHECK(disk.Lines() == Strings{"id:2 2"});
}

TEST_CASE("a refused file waits longer and longer, and meanwhile there is no work") {
  Disk disk;
  for (int run = 0; run < 5; ++run) {
    FailuresFile failures = disk.Run({});
    failures.AddRefused({"id:1", "/a", "", 403, "refused"});
    REQUIRE(failures.Replace());
  }
  CHECK_FALSE(disk.Run({}).HasWork());
  FailuresFile touched = disk.Run({});
  touched.Touch("id:1", "/a");
  CHECK(touched.HasWork());
  disk.clock.Advance(Milliseconds(24ll * 3600 * 1000));
  CHECK(disk.Run({}).HasWork());
}

TEST_CASE("a line that is no record is a damaged file") {
  Disk disk;
  disk.Run({"id:1"});
  const std::string whole = disk.files.files().at(kPath);
  std::string other_id = whole;
  other_id.replace(other_id.find("id:1"), 4, "id:2");
  std::string other_operation = whole;
  other_operation.replace(other_operation.find("\"index\""), 7, "\"erase\"");
  for (const std::string& text : {std::string("\n"), std::string("{}\n"), std::string("[]\n"),
                                  std::string("no JSON\n"), "\n" + whole, whole + "x\n", other_id,
                                  other_operation, std::string(R"({"id":"id:1"})") + "\n"}) {
    CAPTURE(text);
    disk.files.files()[kPath] = text;
    FailuresFile failures(disk.files, disk.clock, kPath);
    const auto loaded = failures.Load();
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().kind == ErrorKind::kConfig);
    CHECK(loaded.error().message.find(kPath) != std::string::npos);
    CHECK(disk.files.files().at(kPath) == text);
  }
}

TEST_CASE("the summary gets the first few") {
  Disk disk;
  Strings ids;
  for (int i = 0; i < 50; ++i) ids.push_back("id:" + std::to_string(i));
  FailuresFile failures = disk.Run(ids);
  CHECK(failures.count() == 50);
  CHECK(Ids(failures.first()) == Strings(ids.begin(), ids.begin() + 20));
  CHECK(disk.Lines().size() == 50);
}

TEST_CASE("a run that keeps no file still counts") {
  Disk disk;
  FailuresFile failures(disk.files, disk.clock, "");
  REQUIRE(failures.Load());
  failures.Add(Failure("id:1"));
  REQUIRE(failures.Sync());
  REQUIRE(failures.Replace());
  CHECK(failures.count() == 1);
  CHECK(Ids(failures.first()) == Strings{"id:1"});
  CHECK(disk.files.files().empty());
}

TEST_CASE("any number of failures is kept") {
  Disk disk;
  FailuresFile failures(disk.files, disk.clock, kPath);
  for (int i = 0; i < 20'000; ++i) failures.Add(Failure("id:" + std::to_string(i)));
  REQUIRE(failures.Sync());
  REQUIRE(failures.Replace());
  CHECK(disk.Lines().size() == 20'000);
}

TEST_CASE("a document that failed often waits for its time, or for a change") {
  Disk disk;
  for (int run = 0; run < 4; ++run) REQUIRE(disk.Run({"id:1"}).Replace());
  FailuresFile failures = disk.Run({});
  REQUIRE(failures.earlier().size() == 1);
  CHECK(failures.HasDeferred());
  const FailureRecord& record = failures.earlier()[0];
  CHECK_FALSE(failures.IsDue(record));
  SUBCASE("its time comes") {
    disk.clock.Advance(Milliseconds(15 * 60'000));
    CHECK(failures.IsDue(record));
  }
  SUBCASE("it changed") {
    failures.Touch("id:1", "/elsewhere");
    CHECK(failures.IsDue(record));
  }
  SUBCASE("something happened at its path") {
    failures.Touch("", "/path of id:1");
    CHECK(failures.IsDue(record));
  }
  SUBCASE("something happened elsewhere") {
    failures.Touch("id:2", "/path of");
    CHECK_FALSE(failures.IsDue(record));
    failures.Keep(record);
    REQUIRE(failures.Replace());
    CHECK(disk.Lines() == Strings{"id:1 4"});
  }
}

TEST_CASE("what a run repaired is recorded no longer, and all else stays") {
  Disk disk;
  disk.Run({"id:1", "id:2", "id:3"});
  FailuresFile failures(disk.files, disk.clock, kPath);
  REQUIRE(failures.Load());
  failures.NoteRepaired("id:1", "index");
  failures.NoteRepaired("id:2", "permissions");
  failures.NoteRepaired("id:3", "index");
  failures.NoteRepaired("id:4", "index");
  failures.Add(Failure("id:3"));
  REQUIRE(failures.SyncRepaired());
  CHECK(disk.Lines() == Strings{"id:2 1", "id:3 1", "id:3 2"});
  failures.Add(Failure("id:5"));
  REQUIRE(failures.SyncRepaired());
  CHECK(disk.Lines() == Strings{"id:2 1", "id:3 1", "id:3 2", "id:5 1"});
}

TEST_CASE("the last record that is repaired leaves no file") {
  Disk disk;
  disk.Run({"id:1"});
  disk.files.files()[kPath] += R"({"id":"id:cut)";
  FailuresFile failures(disk.files, disk.clock, kPath);
  REQUIRE(failures.Load());
  failures.NoteRepaired("id:1", "index");
  REQUIRE(failures.SyncRepaired());
  CHECK_FALSE(disk.files.ReadFile(kPath));
}

TEST_CASE("a full disk is an error, and so is a file that cannot be read") {
  Disk disk;
  FailuresFile failures(disk.files, disk.clock, kPath);
  failures.Add(Failure("id:1"));
  disk.files.FailAfter(disk.files.changes());
  const auto synced = failures.Sync();
  REQUIRE_FALSE(synced);
  CHECK(synced.error().message.find("No space left on device") != std::string::npos);
}

TEST_CASE("the failures of this run can be read, the last one of each document") {
  Disk disk;
  disk.Run({"id:old"});
  FailuresFile failures = disk.Run({"id:a", "id:b"});
  failures.Add(Failure("id:a", "again \"quoted\""));
  const auto current = failures.current();
  REQUIRE(current);
  REQUIRE(current->size() == 2);
  CHECK((*current)[0].id == "id:a");
  CHECK((*current)[0].path == "/path of id:a");
  CHECK((*current)[0].operation == "index");
  CHECK((*current)[0].reason == "again \"quoted\"");
  CHECK((*current)[1].id == "id:b");
}

}  // namespace dbxes::checkpoint
