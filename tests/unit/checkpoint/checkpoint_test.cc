// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/checkpoint.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <string>

#include "base/hash.h"

namespace dbxes::checkpoint {
namespace {

constexpr char kFile[] = "/state/docs.json";

Checkpoint Sample() {
  Checkpoint checkpoint;
  checkpoint.target = "https://es.example.org docs";
  checkpoint.id_field = "id";
  checkpoint.index.uuid = "uuid-1";
  checkpoint.index.history = "history-1";
  checkpoint.index.confirmed_at = 1'785'924'000'000'007;
  checkpoint.index.documents = 23'456;
  checkpoint.index.looked_at = 1'785'924'000'000'008;
  checkpoint.index.marks = {23'460, -1};
  checkpoint.index.marks_before = {23'400, -1};
  checkpoint.settings = {{"dropbox.path", "/Contracts"}, {"elasticsearch.index", "docs"}};
  checkpoint.account = {"dbid:1", "ana@example.org", "dbmid:1", "789", "456", "/Ana Diaz"};
  checkpoint.root = {"789", "AAF-cursor"};
  checkpoint.full_sync = FullSyncProgress{
      "2026-08-05T10:00:00Z", true, true, 12, 23'456, {375'296, 77}, 1'785'924'000'000'001};
  checkpoint.pending = {1234, 0xFEDCBA9876543210};
  checkpoint.received = {3, std::numeric_limits<std::uint64_t>::max()};
  checkpoint.sync_seq_reserved = 1'785'924'000'000'001;
  checkpoint.last_full_sync_at = "2026-08-04T10:00:00Z";
  return checkpoint;
}

// Returns the message of the error, which must be kConfig.
std::string Refusal(const std::string& text) {
  const auto checkpoint = ParseCheckpoint(text, kFile);
  REQUIRE_FALSE(checkpoint);
  CHECK(checkpoint.error().kind == ErrorKind::kConfig);
  return checkpoint.error().message;
}

std::string DamagedFor(const std::string& why) {
  return std::string("state file ") + kFile + " is damaged (" + why +
         "): move it away and run dbx-es full-sync, which rewrites only what differs";
}

}  // namespace

TEST_CASE("what is written is read back, field by field") {
  const Checkpoint before = Sample();
  const std::string text = SerializeCheckpoint(before);
  const auto after = ParseCheckpoint(text, kFile);
  REQUIRE_MESSAGE(after, after.error().message);
  CHECK(after->target == before.target);
  CHECK(after->id_field == before.id_field);
  CHECK(after->index.uuid == before.index.uuid);
  CHECK(after->index.history == before.index.history);
  CHECK(after->index.confirmed_at == before.index.confirmed_at);
  CHECK(after->index.documents == before.index.documents);
  CHECK(after->index.looked_at == before.index.looked_at);
  CHECK(after->index.marks == before.index.marks);
  CHECK(after->index.marks_before == before.index.marks_before);
  CHECK(after->settings == before.settings);
  CHECK(after->account.account_id == before.account.account_id);
  CHECK(after->account.email == before.account.email);
  CHECK(after->account.team_member_id == before.account.team_member_id);
  CHECK(after->account.root_namespace_id == before.account.root_namespace_id);
  CHECK(after->account.home_namespace_id == before.account.home_namespace_id);
  CHECK(after->account.home_path == before.account.home_path);
  CHECK(after->root.namespace_id == before.root.namespace_id);
  CHECK(after->root.cursor == before.root.cursor);
  CHECK(text.find(R"("roots":[{"namespace_id":"789","cursor":"AAF-cursor"}])") !=
        std::string::npos);
  REQUIRE(after->full_sync);
  CHECK(after->full_sync->started_at == before.full_sync->started_at);
  CHECK(after->full_sync->force == before.full_sync->force);
  CHECK(after->full_sync->rewrite == before.full_sync->rewrite);
  CHECK(after->full_sync->pages == before.full_sync->pages);
  CHECK(after->full_sync->entries == before.full_sync->entries);
  CHECK(after->full_sync->seen.bytes == before.full_sync->seen.bytes);
  CHECK(after->full_sync->begin_seq == before.full_sync->begin_seq);
  CHECK(after->full_sync->seen.hash == before.full_sync->seen.hash);
  CHECK(after->pending.bytes == before.pending.bytes);
  CHECK(after->pending.hash == before.pending.hash);
  CHECK(after->received.count == before.received.count);
  CHECK(after->received.hash == before.received.hash);
  CHECK(after->sync_seq_reserved == before.sync_seq_reserved);
  CHECK(after->last_full_sync_at == before.last_full_sync_at);
  CHECK(SerializeCheckpoint(*after) == text);
}

TEST_CASE("a checkpoint of nothing is read back, too") {
  const std::string text = SerializeCheckpoint(Checkpoint());
  const auto after = ParseCheckpoint(text, kFile);
  REQUIRE(after);
  CHECK_FALSE(after->full_sync);
  CHECK(after->root.namespace_id.empty());
  CHECK(after->root.cursor.empty());
  CHECK(text.find(R"("roots":[])") != std::string::npos);
  CHECK(SerializeCheckpoint(*after) == text);
}

TEST_CASE("several folders are kept as Dropbox has them") {
  Checkpoint checkpoint = Sample();
  checkpoint.root.folders = {"/a b", "/\u00e9"};
  const std::string text = SerializeCheckpoint(checkpoint);
  CHECK(text.find("\"cursor\":\"AAF-cursor\",\"folders\":[\"/a b\",\"/\u00e9\"]}]") !=
        std::string::npos);
  const auto after = ParseCheckpoint(text, kFile);
  REQUIRE(after);
  CHECK(after->root.folders == checkpoint.root.folders);
}

TEST_CASE("a checkpoint is one line of JSON, whatever its values hold") {
  Checkpoint checkpoint = Sample();
  checkpoint.target = "line\nbreak \"quote\" \\ \xc3\xa9 \x01 </script>";
  checkpoint.root.cursor = std::string(5000, 'x') + "\"}}\n";
  checkpoint.settings = {{"a.b", "\"},\"checkpoint\":{"}, {"c.d", ""}};
  const std::string text = SerializeCheckpoint(checkpoint);
  CHECK(text.find('\n') == text.size() - 1);
  const auto after = ParseCheckpoint(text, kFile);
  REQUIRE(after);
  CHECK(after->target == checkpoint.target);
  CHECK(after->root.cursor == checkpoint.root.cursor);
  CHECK(after->settings == checkpoint.settings);
}

TEST_CASE("every checkpoint that was cut short is an error for a person") {
  const std::string text = SerializeCheckpoint(Sample());
  for (std::size_t length = 0; length < text.size(); ++length) {
    CAPTURE(length);
    const std::string message = Refusal(text.substr(0, length));
    REQUIRE(message.find(kFile) != std::string::npos);
    REQUIRE(message.find("full-sync") != std::string::npos);
  }
}

TEST_CASE("every flipped bit is noticed") {
  const std::string text = SerializeCheckpoint(Sample());
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      CAPTURE(at);
      CAPTURE(bit);
      std::string flipped = text;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      const std::string message = Refusal(flipped);
      REQUIRE(message.find(kFile) != std::string::npos);
      REQUIRE(message.find("full-sync") != std::string::npos);
    }
  }
}

TEST_CASE("the message names the damage") {
  const std::string text = SerializeCheckpoint(Sample());
  CHECK(Refusal("") == DamagedFor("it is no checkpoint"));
  CHECK(Refusal("{}") == DamagedFor("it is no checkpoint"));
  CHECK(Refusal(" " + text) == DamagedFor("it is no checkpoint"));
  CHECK(Refusal(text.substr(0, text.size() - 1)) == DamagedFor("its end is missing"));
  CHECK(Refusal(text + "\n") == DamagedFor("its end is missing"));
  CHECK(Refusal(text + text) == DamagedFor("its checksum does not match"));
  std::string changed = text;
  changed.replace(changed.find("AAF-cursor"), 10, "AAF-CURSOR");
  CHECK(Refusal(changed) == DamagedFor("its checksum does not match"));
}

TEST_CASE("values of the wrong type read as absent ones") {
  for (const std::string body :
       {R"({"target":1,"settings":[],"account":"a","roots":5,"full_sync":7,"pending":[],)"
        R"("received":"r","late":{"since":1,"ids":{}},"permissions":7,"sync_seq_reserved":"x"})",
        R"({"settings":{"a":1},"roots":[7],"late":5,"permissions":[],)"
        R"("sync_seq_reserved":18446744073709551615})"}) {
    CAPTURE(body);
    const auto checkpoint = ParseCheckpoint(
        fmt::format(R"({{"format":"dbx-es checkpoint","version":1,"xxh3":"{}","checkpoint":{}}})"
                    "\n",
                    ToHex64(Hash64(body)), body),
        kFile);
    REQUIRE(checkpoint);
    CHECK(checkpoint->target.empty());
    CHECK(checkpoint->settings.empty());
    CHECK(checkpoint->late.ids.empty());
    CHECK(checkpoint->permissions.rows().empty());
    CHECK(checkpoint->sync_seq_reserved == 0);
  }
}

// Sums with them must not overflow.
TEST_CASE("numbers that no clock shows read as absent ones") {
  for (const char* number : {"9223372036854775807", "-9223372036854775808", "-1"}) {
    CAPTURE(number);
    const std::string body = fmt::format(
        R"({{"index":{{"uuid":"u","confirmed_at":{0},"counted_at":{0}}},"late":{{"since":{0}}},)"
        R"("full_sync":{{"begin_seq":{0}}},"sync_seq_reserved":{0},"sync_seq_saved":{0},)"
        R"("late_writes":[{0},{0}]}})",
        number);
    const auto checkpoint = ParseCheckpoint(
        fmt::format(R"({{"format":"dbx-es checkpoint","version":1,"xxh3":"{}","checkpoint":{}}})"
                    "\n",
                    ToHex64(Hash64(body)), body),
        kFile);
    REQUIRE(checkpoint);
    CHECK(checkpoint->index.confirmed_at == 0);
    CHECK(checkpoint->index.looked_at == 0);
    CHECK(checkpoint->late.since == 0);
    CHECK(checkpoint->full_sync->begin_seq == 0);
    CHECK(checkpoint->sync_seq_reserved == 0);
    CHECK(checkpoint->sync_seq_saved == 0);
    CHECK_FALSE(checkpoint->late_writes.Are());
  }
}

TEST_CASE("a checkpoint of a newer version is not called damaged") {
  std::string text = SerializeCheckpoint(Sample());
  const std::string current = R"("version":1,)";
  for (const char* newer : {"2", "17"}) {
    std::string changed = text;
    changed.replace(changed.find(current), current.size(),
                    R"("version":)" + std::string(newer) + ",");
    CHECK(Refusal(changed) == std::string("state file ") + kFile +
                                  " was written by a newer dbx-es (format " + newer +
                                  ", this one reads 1): use that version, or move it away "
                                  "and run full-sync");
  }
  for (const char* never : {"0", "-1"}) {
    std::string changed = text;
    changed.replace(changed.find(current), current.size(),
                    R"("version":)" + std::string(never) + ",");
    CHECK(Refusal(changed) == DamagedFor("unknown version"));
  }
}

}  // namespace dbxes::checkpoint
