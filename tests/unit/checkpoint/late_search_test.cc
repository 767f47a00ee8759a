// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/late_search.h"

#include <doctest/doctest.h>

#include "checkpoint/checkpoint.h"

namespace dbxes::checkpoint {

constexpr std::int64_t kNow = 1'780'000'000;

TEST_CASE("search is asked again at once, after a minute, ten minutes and an hour") {
  LateSearch late;
  CHECK_FALSE(late.IsDue(kNow));
  late.Note(7, "/a", kNow, 0);
  CHECK(late.IsDue(kNow));
  for (const std::int64_t wait : {60, 600, 3600}) {
    late.Looked();
    CHECK(late.Waits());
    CHECK_FALSE(late.IsDue(kNow + wait - 1));
    CHECK(late.IsDue(kNow + wait));
  }
  late.Looked();
  CHECK_FALSE(late.Waits());
  CHECK_FALSE(late.IsDue(kNow + 100'000));
}

TEST_CASE("what waits is held by one folder, and the looks start anew") {
  LateSearch late;
  late.Note(7, "/a/b/c", kNow, 0);
  late.Looked();
  late.Note(7, "/a/b/d", kNow + 50, 0);
  CHECK(late.folder == "/a/b");
  CHECK(late.IsDue(kNow + 50));
  late.Looked();
  CHECK_FALSE(late.IsDue(kNow + 60));
  CHECK(late.IsDue(kNow + 110));
  late.Note(7, "/x", kNow + 110, 1);
  CHECK(late.folder == "");
}

TEST_CASE("a first look may come later, but not for what waits already") {
  LateSearch late;
  late.Note(7, "/a", kNow, 1);
  CHECK_FALSE(late.IsDue(kNow));
  CHECK(late.IsDue(kNow + 60));
  late.Note(7, "/a", kNow, 0);
  late.Note(7, "/a", kNow, 1);
  CHECK(late.IsDue(kNow));
}

TEST_CASE("ids are remembered, up to a number") {
  LateSearch late;
  CHECK_FALSE(late.MayHold(7));
  late.Note(7, "/a", kNow, 0);
  CHECK(late.MayHold(7));
  CHECK_FALSE(late.MayHold(8));
  for (std::uint64_t id = 100; id < 5000; ++id) late.Note(id, "/a", kNow, 0);
  CHECK(late.MayHold(8));
  CHECK(late.ids.size() == LateSearch::kMostIds + 1);
}

TEST_CASE("a clock that is set back does not cause an endless wait") {
  LateSearch late;
  late.Note(7, "/a", kNow, 1);
  CHECK(late.IsDue(kNow - 1));
}

TEST_CASE("a checkpoint keeps what waits") {
  Checkpoint before;
  CHECK(SerializeCheckpoint(before).find("late") == std::string::npos);
  before.late = {"/a", kNow, 2, {1, ~std::uint64_t{0}}};
  const auto after = ParseCheckpoint(SerializeCheckpoint(before), "state.json");
  REQUIRE(after);
  CHECK(after->late.folder == "/a");
  CHECK(after->late.since == kNow);
  CHECK(after->late.looks == 2);
  CHECK(after->late.ids == before.late.ids);
}

}  // namespace dbxes::checkpoint
