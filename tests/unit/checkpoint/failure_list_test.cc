// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failure_list.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dbxes::checkpoint {
namespace {

constexpr std::int64_t kNow = 1'785'924'000'000'000;  // 2026-08-05T10:00:00Z

report::FailedDocument Failure(const std::string& id, const std::string& reason = "why") {
  return {id, "/a/" + id, "index", 400, reason};
}

}  // namespace

TEST_CASE("a line is read back as the failure that it was written for") {
  FailureList list;
  const std::string line = list.Add(Failure("id:\"1\"\n", "a \xff reason"), kNow);
  CHECK(line.find('\n') == line.size() - 1);
  const auto record = ParseFailureLine(line);
  REQUIRE(record);
  CHECK(record->failure.id == "id:\"1\"\n");
  CHECK(record->failure.path == "/a/id:\"1\"\n");
  CHECK(record->failure.operation == "index");
  CHECK(record->failure.status == 400);
  CHECK(record->attempts == 1);
}

TEST_CASE("a line that is not a record is an error") {
  FailureList list;
  std::string other = list.Add(Failure("id:1"), kNow);
  other.replace(other.find("id:1"), 4, "id:2");
  for (const std::string& line : {std::string(), std::string("{}"), std::string("[]"), other}) {
    CAPTURE(line);
    CHECK_FALSE(ParseFailureLine(line));
  }
}

TEST_CASE("attempts are counted over runs, once in each") {
  FailureList list;
  CHECK(list.NoteAttempts("id:1", 4));
  CHECK_FALSE(list.NoteAttempts("id:1", 5));
  CHECK(ParseFailureLine(list.Add(Failure("id:1"), kNow))->attempts == 6);
  CHECK(ParseFailureLine(list.Add(Failure("id:1"), kNow))->attempts == 6);
  CHECK(list.count() == 1);
}

TEST_CASE("of several failures of a document the last one counts") {
  FailureList list;
  list.Add(Failure("id:1", "first"), kNow);
  list.Add(Failure("id:2"), kNow);
  const auto last = list.Add(Failure("id:1", "second"), kNow);
  CHECK(list.Text().find("first") == std::string::npos);
  CHECK(list.Text().find(last) == 0);
  REQUIRE(list.first().size() == 2);
  CHECK(list.first()[0].reason == "second");
}

TEST_CASE("any number of failures, the first by name and all by what went wrong") {
  FailureList list;
  for (int i = 0; i < 50'000; ++i) list.Add(Failure(std::to_string(i)), kNow);
  report::FailedDocument other = Failure("other");
  other.operation = "download";
  other.status = 0;
  list.Add(other, kNow);
  CHECK(list.count() == 50'001);
  CHECK(list.first().size() == 20);
  using Groups = std::vector<std::pair<std::string, std::uint64_t>>;
  CHECK(list.Groups() == Groups{{"index, HTTP 400", 50'000}, {"download", 1}});
  other.id = "0";
  list.Add(other, kNow);
  CHECK(list.Groups() == Groups{{"index, HTTP 400", 49'999}, {"download", 2}});
}

TEST_CASE("a document that fails again and again is tried less and less often") {
  for (std::uint64_t attempts = 1; attempts <= 3; ++attempts) CHECK(NextTry(attempts, kNow) == "");
  CHECK(NextTry(4, kNow) == "2026-08-05T10:15:00Z");
  CHECK(NextTry(5, kNow) == "2026-08-05T10:30:00Z");
  CHECK(NextTry(8, kNow) == "2026-08-05T14:00:00Z");
  CHECK(NextTry(11, kNow) == "2026-08-06T10:00:00Z");
  CHECK(NextTry(1'000'000, kNow) == "2026-08-06T10:00:00Z");
  FailureList list;
  list.NoteAttempts("id:1", 3);
  const auto record = ParseFailureLine(list.Add(Failure("id:1"), kNow));
  REQUIRE(record);
  CHECK(record->attempts == 4);
  CHECK(record->next == "2026-08-05T10:15:00Z");
}

TEST_CASE("what was kept is as it was, and what was withdrawn is gone") {
  FailureList list;
  list.Keep({Failure("id:1"), 7, "2026-08-06T10:00:00Z"}, "2026-08-05T10:00:00Z");
  const auto kept = ParseFailureLine(list.Text());
  REQUIRE(kept);
  CHECK(kept->attempts == 7);
  CHECK(kept->next == "2026-08-06T10:00:00Z");
  list.Add(Failure("id:2"), kNow);
  list.Withdraw("id:2");
  list.Withdraw("id:3");
  CHECK(list.count() == 1);
  CHECK(list.first().size() == 1);
  CHECK_FALSE(list.Contains("id:2"));
  CHECK(list.Text().find("id:2") == std::string::npos);
  list.Withdraw("id:1");
  CHECK(list.empty());
  CHECK(list.Groups().empty());
}

}  // namespace dbxes::checkpoint
