// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/change_notes.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/json.h"
#include "elastic/bulk_writer.h"
#include "unit/elastic/world.h"

namespace dbxes::sync {
namespace {

using elastic::BulkAction;
using report::ChangeAction;
using Strings = std::vector<std::string>;

constexpr std::string_view kStored =
    R"({"name":"a.txt","file_path":"/A.txt","size":1,"body":"old","body_fingerprint":"01",)"
    R"("sync_seq":5,"title":"T"})";

report::Change Of(const BulkAction& action, std::string_view stored = kStored) {
  const auto json = ParseJson(stored, "a document");
  REQUIRE(json);
  auto change = ChangeOf(action, json->IsObject() ? &*json : nullptr);
  REQUIRE(change);
  return std::move(*change);
}

BulkAction Action(BulkAction::Kind kind, std::string_view source, std::string_view tail = "") {
  BulkAction action;
  action.kind = kind;
  action.id = "id:1";
  action.path = "/a.txt";
  action.source = source;
  action.tail = tail;
  return action;
}

}  // namespace

TEST_CASE("a new document has a path, as Dropbox displays it, and no fields that differ") {
  const auto created =
      Of(Action(BulkAction::kCreate, R"({"file_path":"/A.txt","size":1)", "}"), "null");
  CHECK(created.action == ChangeAction::kCreated);
  CHECK(created.path == "/A.txt");
  CHECK(created.fields.empty());
  const auto received =
      Of(Action(BulkAction::kCreate, R"({"name":"B.txt","received":true})"), "null");
  CHECK(received.path == "B.txt");
}

TEST_CASE("an update names the fields that differ, without those of dbx-es") {
  const auto update = [](std::string_view source) {
    return Of(Action(BulkAction::kUpdate, source));
  };
  const auto changed =
      update(R"({"file_path":"/A.txt","size":2,"rev":"r","body":"new","body_fingerprint":"02",)"
             R"("title":null,"author":null,"sync_seq":6,"sync_version":7,"sync_fingerprint":"8"})");
  CHECK(changed.action == ChangeAction::kUpdated);
  CHECK(changed.fields == Strings{"size", "rev", "body", "title"});
  CHECK(update(R"({"sync_seq":6,"size":1})").fields.empty());
  const auto readers = update(R"({"_allow_access_control":["a"],"permissions_fingerprint":"3"})");
  CHECK(readers.fields == Strings{"_allow_access_control"});
  CHECK(readers.path == "/A.txt");
  // The index does not have it: the action will be a conflict.
  CHECK(Of(Action(BulkAction::kUpdate, R"({"size":2})"), "null").path == "/a.txt");
}

TEST_CASE("another path is a move") {
  const auto moved = Of(Action(BulkAction::kUpdate, R"({"file_path":"/B.txt","size":1})"));
  CHECK(moved.action == ChangeAction::kMoved);
  CHECK(moved.from == "/A.txt");
  CHECK(moved.path == "/B.txt");
  CHECK(moved.fields == Strings{"file_path"});
  // What was received and is mounted now has no path before.
  const auto mounted =
      Of(Action(BulkAction::kUpdate, R"({"file_path":"/B.txt"})"), R"({"name":"b"})");
  CHECK(mounted.action == ChangeAction::kUpdated);
}

TEST_CASE("a replacement also names what the document has no more") {
  const auto replaced =
      Of(Action(BulkAction::kIndex, R"({"file_path":"/A.txt","size":1,"name":"a.txt"})"));
  CHECK(replaced.action == ChangeAction::kUpdated);
  CHECK(replaced.fields == Strings{"body", "title"});
  // Those of a pipeline's making are not known.
  const auto file =
      Of(Action(BulkAction::kIndex, R"({"file_path":"/A.txt","size":1,"_attachment":"eA=="})"));
  CHECK(file.fields == Strings{"body"});
}

TEST_CASE("a text that nobody fetches in this run differs by its fingerprint") {
  BulkAction action = Action(BulkAction::kUpdate, R"({"size":2})");
  action.text_to_come = 2;
  CHECK(Of(action).fields == Strings{"size", "body"});
  action.text_to_come = 1;
  CHECK(Of(action).fields == Strings{"size"});
}

TEST_CASE("a change is listed once it has taken effect, and only then") {
  elastic::World world;
  world.elastic.CreateIndex("docs");
  world.elastic.Put("docs", "id:1", std::string(kStored));
  world.elastic.Put("docs", "id:2", std::string(kStored));
  Strings listed;
  elastic::BulkSettings settings;
  settings.index = "docs";
  auto writer = std::make_unique<elastic::BulkWriter>(
      world.client, settings, [](report::FailedDocument) {}, [](report::FailedDocument) {},
      [&](const report::Change& change) { listed.push_back(ChangeLine(change)); });
  ChangeNotes notes(std::move(writer), world.client, "docs", ChangeNotes::Kind::kDocuments);
  world.elastic.dropped_ids = {"id:4"};
  BulkAction update = Action(BulkAction::kUpdate, R"({"size":2})");
  update.version = {0, 1};
  REQUIRE(notes.Add(update));
  BulkAction conflict = Action(BulkAction::kDelete, "");
  conflict.id = "id:2";
  conflict.version = {7, 1};
  REQUIRE(notes.Add(conflict));
  BulkAction create = Action(BulkAction::kCreate, R"({"file_path":"/New"})");
  create.id = "id:3";
  REQUIRE(notes.Add(create));
  BulkAction refused = create;
  refused.id = "id:2";
  REQUIRE(notes.Add(refused));
  BulkAction dropped = create;
  dropped.id = "id:4";
  REQUIRE(notes.Add(dropped));
  CHECK(listed.empty());
  REQUIRE(notes.Drain());
  CHECK(listed ==
        Strings{"updated /A.txt (size)", "created /New", "dropped /New (by an ingest pipeline)"});
}

}  // namespace dbxes::sync
