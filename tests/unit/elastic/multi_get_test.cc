// SPDX-License-Identifier: Apache-2.0
#include "elastic/multi_get.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "elastic/search.h"
#include "unit/elastic/world.h"

namespace dbxes::elastic {

TEST_CASE("an answer is read in the order of its documents") {
  auto read = ReadMultiGet(
      R"({"docs":[{"_index":"docs","_id":"a","_seq_no":17,"_primary_term":3,"found":true,"_source":{"path_lower":"/a/\u00fc",)"
      R"("sync_fingerprint":"f00","received":true,"content_hash":"c0","_timestamp":"2026-01-01T00:00:00Z",)"
      R"("url":"https://x","shared_folder_id":"84","mime_type":"text/plain","extension":"txt",)"
      R"("other":{"path_lower":"/no"},"list":["x",{"url":"no"}],"n":1}},{"_id":"b","found":false},)"
      R"({"found":true,"_source":{"content_hash":null,"url":7}},{"found":true}]})",
      4);
  REQUIRE(read);
  // Views stay valid when the page moves.
  const StoredDocuments documents = std::move(*read);
  REQUIRE(documents.size() == 4);
  const StoredDocument& a = documents[0];
  CHECK(a.found);
  CHECK(a.version.seq_no == 17);
  CHECK(a.version.primary_term == 3);
  CHECK_FALSE(documents[1].version.IsKnown());
  CHECK(a.path_lower == "/a/\xc3\xbc");
  CHECK(a.fingerprint == "f00");
  CHECK(a.received);
  CHECK_FALSE(documents[2].received);
  CHECK(a.content_hash == "c0");
  CHECK(a.timestamp == "2026-01-01T00:00:00Z");
  CHECK(a.url == "https://x");
  CHECK(a.shared_folder_id == "84");
  CHECK(a.mime_type == "text/plain");
  CHECK(a.extension == "txt");
  CHECK_FALSE(documents[1].found);
  CHECK(documents[2].found);
  CHECK(documents[2].content_hash.empty());
  CHECK(documents[2].url.empty());
  CHECK(documents[3].found);
}

TEST_CASE("a document is ours while its version is the one that our write gave it") {
  const VersionStamps stamps("uuid");
  const auto answer = [&](std::uint64_t version, std::int64_t stamp) {
    return fmt::format(R"({{"docs":[{{"_version":{},"_seq_no":5,"_primary_term":1,"found":true,)"
                       R"("_source":{{"sync_seq":9,"sync_version":{}}}}}]}})",
                       version, stamp);
  };
  const auto ours = ReadMultiGet(answer(3, stamps.Of(3)), 1, stamps);
  REQUIRE(ours);
  CHECK((*ours)[0].version.is_ours);
  CHECK((*ours)[0].list_is_ours);
  CHECK_FALSE((*ours)[0].was_ours);
  CHECK((*ours)[0].version.next_stamp == stamps.Of(4));
  CHECK((*ours)[0].sync_seq == 9);
  // Written by somebody else since, or in another index.
  for (const std::string& body : {answer(4, stamps.Of(3)), answer(3, VersionStamps("x").Of(3)),
                                  std::string(R"({"docs":[{"found":true,"_source":{}}]})")}) {
    const auto changed = ReadMultiGet(body, 1, stamps);
    REQUIRE(changed);
    CHECK_FALSE((*changed)[0].version.is_ours);
    CHECK_FALSE((*changed)[0].list_is_ours);
    CHECK((*changed)[0].was_ours == (body == answer(4, stamps.Of(3))));
  }
}

TEST_CASE("single fields are read on demand") {
  World world;
  world.elastic.Put("docs", "id:1", R"({"a":["x"],"b":2,"c":3})");
  MultiGet multi_get(world.client, "docs");
  const auto sources = multi_get.ReadFields({"id:1", "absent"}, "a,c");
  REQUIRE(sources);
  CHECK(JsonText((*sources)[0]) == R"({"a":["x"],"c":3})");
  CHECK((*sources)[1].IsNull());
}

TEST_CASE("of doubted documents nothing is believed that their versions say") {
  World world;
  world.elastic.CreateIndex("docs");
  const VersionStamps stamps("uuid");
  world.client.UseStamps(stamps);
  world.elastic.Put("docs", "id:1", fmt::format(R"({{"sync_version":{}}})", stamps.Of(1)));
  MultiGet multi_get(world.client, "docs");
  const auto believed = multi_get.Start({"id:1"}).Await();
  REQUIRE(believed);
  CHECK((*believed)[0].version.is_ours);
  CHECK((*believed)[0].list_is_ours);

  multi_get.DoubtDocuments(Doubt::kAllButText, "id");
  const auto doubted = multi_get.Start({"id:1"}).Await();
  REQUIRE(doubted);
  CHECK_FALSE((*doubted)[0].version.is_ours);
  CHECK_FALSE((*doubted)[0].list_is_ours);
  CHECK((*doubted)[0].was_ours);
}

TEST_CASE("a search finds which documents have a value in a field") {
  World world;
  world.elastic.CreateIndex("docs");
  for (const auto& [id, source] :
       {std::pair("id:2", R"({"id":"id:2","body":"b"})"),
        std::pair("id:1", R"({"id":"id:1","body":"a"})"), std::pair("id:3", R"({"id":"id:3"})"),
        std::pair("id:4", R"({"id":"id:4","body":"not asked for"})")}) {
    world.elastic.Put("docs", id, source);
  }
  REQUIRE(Refresh(world.client, "docs"));
  MultiGet multi_get(world.client, "docs");
  multi_get.DoubtDocuments(Doubt::kAll, "id");
  const auto found = multi_get.FindWith("body", {"id:1", "id:2", "id:3", "absent"});
  REQUIRE(found);
  CHECK(*found == std::vector<std::string>{"id:1", "id:2"});
  world.elastic.ClearBooks();
  CHECK(multi_get.FindWith("body", {})->empty());
  CHECK(world.elastic.Requests("_search") == 0);
}

TEST_CASE("an unusable answer is a temporary error") {
  for (const char* body :
       {"", "{}", "[]", "null", "<html>", R"({"docs":[]})", R"({"docs":[{"found":true}]})",
        R"({"docs":[{"found":true},{"found":false},{"found":false}]})",
        R"({"docs":[{"found":true},{"found":true,"_source":{"url":"x)"}) {
    CAPTURE(body);
    const auto read = ReadMultiGet(body, 2);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::kTemporary);
  }
}

TEST_CASE("an answer ends where it ends, not at a zero byte") {
  CHECK_FALSE(ReadMultiGet(std::string(R"({"docs":[{"found":true}]})") + '\0' + "more", 1));
  CHECK(ReadMultiGet(R"({"docs":[{"found":true}]})", 1));
}

TEST_CASE("an error for one document is an error for the page") {
  struct Row {
    const char* type;
    ErrorKind kind;
  };
  const Row rows[] = {{"index_not_found_exception", ErrorKind::kNotFound},
                      {"security_exception", ErrorKind::kPermission},
                      {"no_shard_available_action_exception", ErrorKind::kTemporary}};
  for (const Row& row : rows) {
    const auto read = ReadMultiGet(std::string(R"({"docs":[{"found":true},{"_index":"docs",)") +
                                       R"("error":{"root_cause":[{"type":"x"}],"type":")" +
                                       row.type + R"(","reason":"no such index [docs]"}}]})",
                                   2);
    REQUIRE_FALSE(read);
    CHECK(ToString(read.error().kind) == ToString(row.kind));
    CHECK(read.error().message.find("no such index [docs]") != std::string::npos);
  }
}

TEST_CASE("a page is fetched while the caller does other things") {
  World world;
  world.elastic.Put("docs", "id:1", R"({"content_hash":"c1","path_lower":"/x","body":"long"})");
  MultiGet multi_get(world.client, "docs");
  std::vector<std::string> ids{"id:2", "id:1", "id:\"quoted\""};
  MultiGet::Page page = multi_get.Start({ids.begin(), ids.end()});
  ids.clear();
  CHECK_FALSE(page.Ready());
  while (!page.Ready()) world.loop.RunOnce();
  const auto documents = page.Await();
  REQUIRE(documents);
  REQUIRE(documents->size() == 3);
  CHECK_FALSE((*documents)[0].found);
  CHECK((*documents)[1].content_hash == "c1");
  CHECK((*documents)[1].path_lower == "/x");
  CHECK_FALSE((*documents)[2].found);
  CHECK(world.elastic.requests() == 1);
}

TEST_CASE("no ids, no request") {
  World world;
  MultiGet::Page page = MultiGet(world.client, "docs").Start({});
  CHECK(page.Ready());
  const auto documents = page.Await();
  REQUIRE(documents);
  CHECK(documents->size() == 0);
  CHECK(world.elastic.requests() == 0);
}

TEST_CASE("a missing index is kNotFound") {
  World world;
  const std::vector<std::string_view> ids{"id:1"};
  const auto documents = MultiGet(world.client, "absent").Start(ids).Await();
  REQUIRE_FALSE(documents);
  CHECK(documents.error().kind == ErrorKind::kNotFound);
  CHECK(world.elastic.requests() == 1);
}

TEST_CASE("an unreadable answer with a good status is requested again") {
  World world;
  world.elastic.Put("docs", "id:1", R"({"content_hash":"c1"})");
  for (const auto kind :
       {ElasticFault::Kind::kInvalidJson, ElasticFault::Kind::kHtml, ElasticFault::Kind::kReset}) {
    ElasticFault fault;
    fault.kind = kind;
    fault.route = "_mget";
    world.elastic.Inject(fault);
    const auto documents = MultiGet(world.client, "docs").Start({"id:1"}).Await();
    REQUIRE(documents);
    CHECK((*documents)[0].content_hash == "c1");
  }
  CHECK(world.elastic.requests() == 6);
}

TEST_CASE("multi-get sees documents that are not searchable yet") {
  World world;
  world.elastic.CreateIndex("docs");
  world.elastic.Handle("POST", "/docs/_bulk", "{\"index\":{\"_id\":\"n\"}}\n{\"url\":\"u\"}\n");
  const auto documents = MultiGet(world.client, "docs").Start({"n"}).Await();
  REQUIRE(documents);
  CHECK((*documents)[0].found);
}

TEST_CASE("whole documents are read in the order of their ids, null for one that is not there") {
  World world;
  world.elastic.Put("docs", "id:1", R"({"query":{"terms":[1]},"body":"long"})");
  const auto sources = ReadSources(world.client, "docs", {"absent", "id:1"});
  REQUIRE(sources);
  REQUIRE(sources->Size() == 2);
  CHECK((*sources)[0].IsNull());
  CHECK(StringMember((*sources)[1], "body") == "long");
  CHECK(FindPath((*sources)[1], {"query", "terms"}) != nullptr);
}

TEST_CASE("an answer without every whole document is an error") {
  World world;
  for (const char* body : {"{}", R"({"docs":[]})", R"({"docs":7})"}) {
    ElasticFault fault;
    fault.kind = ElasticFault::Kind::kStatus;
    fault.status = 200;
    fault.body = body;
    fault.route = "_mget";
    world.elastic.Inject(fault);
    const auto sources = ReadSources(world.client, "docs", {"id:1"});
    REQUIRE_FALSE(sources);
    CHECK(sources.error().kind == ErrorKind::kTemporary);
  }
}

}  // namespace dbxes::elastic
