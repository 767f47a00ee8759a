// SPDX-License-Identifier: Apache-2.0
// Cursors: resumable, bound to their first call, reset, and never lost between two of them.

#include <doctest/doctest.h>

#include <cstdint>
#include <set>
#include <string>

#include "dropbox_sim/client.h"

namespace dbxes::sim {
namespace {

std::string CursorArg(const std::string& cursor) { return R"({"cursor":")" + cursor + "\"}"; }

TEST_CASE(
    "a cursor can be resumed any number of times, with the same answer, which is rendered once") {
  Options options;
  options.style = Style::Mild();
  Client client(options);
  client.tree().AddSyntheticTree(500, 3);
  const Answer first =
      client.Call("files/list_folder", R"({"path":"","recursive":true,"limit":100})");
  const std::string arg = CursorArg(first.Get("cursor"));
  const Answer once = client.Call("files/list_folder/continue", arg);
  const Answer again = client.Call("files/list_folder/continue", arg);
  CHECK(once.status == 200);
  CHECK(once.text == again.text);
  Request request;
  request.target = "/2/files/list_folder/continue";
  request.headers = {{"Authorization", "Bearer " + client.token},
                     {"Content-Type", "application/json"}};
  request.body = arg;
  CHECK(client.sim().Handle(request).body == client.sim().Handle(request).body);
}

TEST_CASE("options of the first call hold for all that follow") {
  Client client;
  client.tree().AddFile("/a/b/c.txt", "x");
  client.tree().AddPaper("/a/doc.paper", "# T");
  client.tree().AddFile("/a/shared/s.txt", "x");
  client.tree().folders().ShareFolder("/a/shared");
  std::string cursor;
  using Lines = std::vector<std::string>;
  const auto list = [&](const char* arg) { return Client::Short(client.List(&cursor, arg)); };
  CHECK(list(R"({"path":"/a"})") == Lines{"folder /a/b", "file /a/doc.paper", "folder /a/shared"});
  client.tree().AddFile("/a/b/new.txt", "x");
  CHECK(client.Drain(&cursor).empty());
  CHECK(list(R"({"path":"/A/b","recursive":true})") ==
        Lines{"folder /a/b", "file /a/b/c.txt", "file /a/b/new.txt"});
  CHECK(
      list(
          R"({"path":"/a","recursive":true,"include_non_downloadable_files":false,"include_mounted_folders":false})") ==
      Lines{"folder /a", "folder /a/b", "file /a/b/c.txt", "file /a/b/new.txt",
            "folder /a/shared"});
  client.tree().AddFile("/a/shared/more.txt", "x");
  client.tree().AddPaper("/a/other.paper", "# T");
  CHECK(client.Drain(&cursor).empty());
  client.tree().Delete("/a/b/c.txt");
  CHECK(list(R"({"path":"/a/b","include_deleted":true})") ==
        Lines{"file /a/b/new.txt", "deleted /a/b/c.txt"});
}

TEST_CASE("get_latest_cursor begins now") {
  Client client;
  client.tree().AddFile("/old.txt", "x");
  std::string cursor =
      client.Call("files/list_folder/get_latest_cursor", R"({"path":"","recursive":true})")
          .Get("cursor");
  CHECK(client.Drain(&cursor).empty());
  client.tree().AddFile("/new.txt", "x");
  CHECK(client.Drain(&cursor).size() == 1);
}

TEST_CASE("the folder of a cursor is deleted or moved") {
  Client client;
  client.tree().AddFile("/a/b.txt", "x");
  std::string cursor;
  client.List(&cursor, R"({"path":"/a","recursive":true})");
  client.tree().Move("/a", "/z");
  CHECK(client.Call("files/list_folder/continue", CursorArg(cursor)).Error() == "path/not_found");
}

TEST_CASE("reset, and cursors that are foreign or forged") {
  Client client;
  client.tree().AddFile("/a.txt", "x");
  std::string cursor;
  client.List(&cursor);
  std::string forged = cursor;
  forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
  CHECK(client.Call("files/list_folder/continue", CursorArg(forged)).status == 400);
  client.sim().ResetCursors();
  CHECK(client.Call("files/list_folder/continue", CursorArg(cursor)).Error() == "reset");
  client.List(&cursor);
  CHECK(client.Call("files/list_folder/continue", CursorArg(cursor)).status == 200);

  Client other;
  const Answer with_root = client.Call("files/list_folder/continue", CursorArg(cursor),
                                       {{"Dropbox-API-Path-Root", R"({".tag":"home"})"}});
  CHECK(with_root.status == 400);
  CHECK(client.sim().Violations().size() == 1);
}

TEST_CASE("two calls at once with one cursor: one gets 429, and it is a violation") {
  Options options;
  options.track_in_flight = true;
  Client client(options);
  std::string cursor = client.Call("files/list_folder", R"({"path":""})").Get("cursor");
  const Answer first = client.Call("files/list_folder/continue", CursorArg(cursor));
  CHECK(client.Call("files/list_folder/continue", CursorArg(cursor)).status == 429);
  CHECK(client.sim().Violations().size() == 1);
  client.sim().Finish(first.ticket);
  CHECK(client.Call("files/list_folder/continue", CursorArg(cursor)).status == 200);
}

TEST_CASE("nasty listings: empty pages, odd sizes, long cursors, and still every item") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    Options options;
    options.seed = seed;
    options.style = Style::Nasty();
    Client client(options);
    client.tree().AddSyntheticTree(700, seed);
    std::string cursor;
    const auto entries = client.List(&cursor, R"({"path":"","recursive":true,"limit":50})");
    CHECK(cursor.size() > 2000);
    std::set<std::string> ids;
    for (const Entry& entry : entries) ids.insert(entry.id);
    CHECK(ids.size() == client.tree().Snapshot().size());
    CHECK_MESSAGE(entries.size() > ids.size(), "some entries are repeated");
    CHECK(client.sim().Count("files/list_folder/continue") > 14);
  }
}

TEST_CASE("a million items stay small: the walk holds no text of its own") {
  Client client;
  client.tree().AddSyntheticTree(20000, 1);
  std::string cursor;
  const auto entries = client.List(&cursor);
  CHECK(entries.size() == client.tree().Snapshot().size());
  CHECK(client.sim().Count("files/list_folder/continue") + 1 == (entries.size() + 1999) / 2000);
}

}  // namespace
}  // namespace dbxes::sim
