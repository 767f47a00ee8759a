// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failure_list.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::checkpoint {
namespace {

constexpr char kTime[] = "2026-08-05T10:00:00Z";

report::FailedDocument Failure(const std::string& id, const std::string& reason = "why") {
  return {id, "/a/" + id, "index", 400, reason};
}

}  // namespace

TEST_CASE("a line is read back as the failure that it was written for") {
  FailureList list;
  const auto line = list.Add(Failure("id:\"1\"\n", "a \xff reason"), kTime);
  REQUIRE(line);
  CHECK(line->find('\n') == line->size() - 1);
  const auto record = ParseFailureLine(*line);
  REQUIRE(record);
  CHECK(record->failure.id == "id:\"1\"\n");
  CHECK(record->failure.path == "/a/id:\"1\"\n");
  CHECK(record->failure.operation == "index");
  CHECK(record->failure.status == 400);
  CHECK(record->attempts == 1);
}

TEST_CASE("a line that is not a record is an error") {
  FailureList list;
  std::string other = *list.Add(Failure("id:1"), kTime);
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
  CHECK(ParseFailureLine(*list.Add(Failure("id:1"), kTime))->attempts == 6);
  CHECK(ParseFailureLine(*list.Add(Failure("id:1"), kTime))->attempts == 6);
  CHECK(list.count() == 1);
}

TEST_CASE("of several failures of a document the last one counts") {
  FailureList list;
  list.Add(Failure("id:1", "first"), kTime);
  list.Add(Failure("id:2"), kTime);
  const auto last = list.Add(Failure("id:1", "second"), kTime);
  CHECK(list.Text().find("first") == std::string::npos);
  CHECK(list.Text().find(*last) == 0);
  REQUIRE(list.first().size() == 2);
  CHECK(list.first()[0].reason == "second");
}

TEST_CASE("failures beyond the most are counted, and have no line") {
  FailureList list;
  for (std::uint64_t i = 0; i < FailureList::kMost; ++i) {
    REQUIRE(list.Add(Failure(std::to_string(i)), kTime));
  }
  CHECK_FALSE(list.Add(Failure("more"), kTime));
  CHECK(list.count() == FailureList::kMost + 1);
  CHECK(list.first().size() == 20);
}

}  // namespace dbxes::checkpoint
