// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/document_writer.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/hash.h"
#include "unit/sync/recording_sink.h"

namespace dbxes::sync {
namespace {

struct WriterWorld {
  WriterWorld() {
    entry.kind = delta::EntryKind::kFile;
    entry.id = "id:a";
    entry.name = "a.txt";
    entry.path_lower = "/a.txt";
    entry.path_display = "/A.txt";
    entry.content_hash = "c0";
    extraction.mode = config::ExtractionMode::kOff;
  }
  Candidate Make() {
    Candidate candidate;
    candidate.draft = builder.Build(entry);
    candidate.seq = 5;
    return candidate;
  }
  // As the index has it after the candidate was written.
  elastic::StoredDocument Stored(const Candidate& candidate) {
    fingerprint = ToHex64(candidate.draft.fingerprint);
    elastic::StoredDocument stored;
    stored.found = true;
    stored.fingerprint = fingerprint;
    stored.path_lower = "/a.txt";
    stored.version = {17, 3, /*is_ours=*/true, /*next_stamp=*/8};
    stored.list_is_ours = true;
    return stored;
  }

  delta::Entry entry;
  std::string fingerprint;
  config::ExtractionConfig extraction;
  std::unique_ptr<RecordingSink> owned = std::make_unique<RecordingSink>();
  RecordingSink& written = *owned;
  Outlet outlet{Destination::kCluster, std::move(owned), content::ContentPlanner(extraction), 10};
  report::Counters counters;
  documents::DocumentBuilder builder{{"https://www.dropbox.test", "1", false}};
  DocumentWriter writer{builder, outlet, elastic::VersionStamps(), counters};
};

permissions::Permission Readable() {
  permissions::AccessList list;
  list.json = "[\"user:a\"]";
  list.fingerprint = 0xab;
  permissions::Permission permission;
  permission.list = std::make_shared<const permissions::AccessList>(list);
  return permission;
}

}  // namespace

TEST_CASE("what is not there is indexed, and what is there unchanged is left alone") {
  WriterWorld world;
  const Candidate candidate = world.Make();
  REQUIRE(world.writer.Write(candidate, nullptr, nullptr, "now"));
  REQUIRE(world.written.lines.size() == 1);
  CHECK(world.written.lines[0].starts_with("index id:a {"));
  CHECK(world.written.actions[0].kind == elastic::BulkAction::kCreate);
  CHECK(world.written.actions[0].sync_seq == 5);
  const auto stored = world.Stored(candidate);
  REQUIRE(world.writer.Write(candidate, &stored, nullptr, "now"));
  CHECK(world.written.lines.size() == 1);
  CHECK(world.counters.unchanged == 1);
}

TEST_CASE("what differs, or is forced, is updated in part") {
  WriterWorld world;
  Candidate candidate = world.Make();
  auto stored = world.Stored(candidate);
  SUBCASE("differs") { stored.fingerprint = "00000000000000aa"; }
  SUBCASE("forced") { candidate.forced = true; }
  REQUIRE(world.writer.Write(candidate, &stored, nullptr, "now"));
  REQUIRE(world.written.lines.size() == 1);
  CHECK(world.written.lines[0].starts_with("update id:a {"));
  CHECK(world.written.actions[0].version.seq_no == 17);
  CHECK(world.written.actions[0].version.primary_term == 3);
}

TEST_CASE("a document that somebody else has changed is written whole, and ours again") {
  WriterWorld world;
  const Candidate candidate = world.Make();
  auto stored = world.Stored(candidate);
  stored.version.is_ours = false;
  REQUIRE(world.writer.Write(candidate, &stored, nullptr, "now"));
  REQUIRE(world.written.lines.size() == 1);
  const std::string& line = world.written.lines[0];
  CHECK(line.starts_with(R"(update id:a {"id":"id:a")"));
  CHECK(line.find(R"("sync_version":8)") != std::string::npos);
  // What it must not have may have been added.
  for (const char* field : {"received", "shared_folder_id", "rev"}) {
    CHECK(line.find(fmt::format(R"("{}":null)", field)) != std::string::npos);
  }
  CHECK(line.find(R"("path_lower":null)") == std::string::npos);
}

TEST_CASE("a document of another kind is replaced as a whole, in the version that was read") {
  WriterWorld world;
  Candidate candidate = world.Make();
  candidate.replaced = {17, 3};
  REQUIRE(world.writer.Write(candidate, nullptr, nullptr, "now"));
  CHECK(world.written.actions[0].kind == elastic::BulkAction::kIndex);
  CHECK(world.written.actions[0].version.seq_no == 17);
}

TEST_CASE("a list of readers that changed is written alone, and creates nothing") {
  WriterWorld world;
  const Candidate candidate = world.Make();
  const auto stored = world.Stored(candidate);
  const permissions::Permission permission = Readable();
  REQUIRE(world.writer.Write(candidate, &stored, &permission, "now"));
  REQUIRE(world.written.lines.size() == 1);
  CHECK(
      world.written.lines[0] ==
      R"(update id:a {"_allow_access_control":["user:a"],"permissions_fingerprint":"00000000000000ab","sync_version":8})");
  CHECK(world.written.actions[0].kind == elastic::BulkAction::kUpdate);
  CHECK(world.written.actions[0].version.seq_no == 17);
}

TEST_CASE("a new document whose readers are unknown is closed, not opened") {
  WriterWorld world;
  const permissions::Permission unreadable;
  REQUIRE(world.writer.Write(world.Make(), nullptr, &unreadable, "now"));
  CHECK(world.written.lines[0].find("nobody") != std::string::npos);
}

}  // namespace dbxes::sync
