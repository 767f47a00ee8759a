// SPDX-License-Identifier: Apache-2.0
// One suite against the Elasticsearch in memory and, where DBX_ES_TEST_ELASTIC_URL names one, a
// real one (with DBX_ES_TEST_ELASTIC_KEY, an API key, if it wants one): what the fake promises to
// the tests of whole syncs must be what the engines do.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/http/curl_http.h"
#include "base/json/json.h"
#include "elastic/bulk_writer.h"
#include "elastic/index_identity.h"
#include "elastic/index_setup.h"
#include "elastic/multi_get.h"
#include "elastic/search.h"
#include "elastic/writes_since.h"
#include "unit/elastic/world.h"

namespace dbxes::elastic {
namespace {

constexpr const char* kAll = R"({"match_all":{}})";

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

config::ElasticsearchConfig EngineConfig() {
  config::ElasticsearchConfig config = TestElasticConfig();
  const std::string url = Environment("DBX_ES_TEST_ELASTIC_URL");
  if (url.empty()) return config;
  config.host = url;
  config.api_key = config::Secret(Environment("DBX_ES_TEST_ELASTIC_KEY"));
  config.compression = config::Compression::kOn;
  return config;
}

// A client of the engine under test, and an index of its own that goes away again.
struct Engine {
  Engine() : index(fmt::format("dbx-es-contract-{}", NextNumber())) {
    if (!IsReal()) {
      network.Route(kHost, [this](const FakeRequest& request) { return elastic(request); });
    }
    settings.index = index;
    RemoveIndices();
  }
  ~Engine() { RemoveIndices(); }

  static bool IsReal() { return !Environment("DBX_ES_TEST_ELASTIC_URL").empty(); }
  static int NextNumber() {
    static int number = 0;
    return ++number;
  }

  Result<HttpResponse> Call(std::string method, std::string target, std::string body = "") {
    ElasticRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    if (!body.empty()) request.body = std::make_shared<const std::string>(std::move(body));
    return client.Call(std::move(request));
  }
  void RemoveIndices() {
    for (const std::string& name : {index, index + "-2", AccessControlIndexName(index)}) {
      const auto removed = Call("DELETE", "/" + name);
      CHECK((removed || removed.error().kind == ErrorKind::kNotFound));
    }
  }
  Result<IndexTarget> Prepare() {
    IndexRequest request;
    request.index = index;
    request.document_level_security = true;
    return PrepareIndex(client, request);
  }

  FakeClock fake_clock;
  SystemClock system_clock;
  FakeNetwork network{fake_clock};
  CurlHttp curl{"dbx-es-contract"};
  FakeElastic elastic;
  EventLoop loop{IsReal() ? static_cast<Http&>(curl) : network,
                 IsReal() ? static_cast<Clock&>(system_clock) : fake_clock};
  Client client{loop, EngineConfig(), config::SyncConfig{}, 3};
  std::string index;
  BulkSettings settings;
  std::vector<report::FailedDocument> rejected;

  BulkWriter Writer() {
    return BulkWriter(client, settings, [this](report::FailedDocument document) {
      rejected.push_back(std::move(document));
    });
  }
};

std::string Source(int i) {
  return fmt::format(
      R"({{"id":"id:{0:04}","type":"File","name":"{0}.txt","path_lower":"/a/{0}.txt",)"
      R"("ancestors":["/","/a"],"sync_seq":{1},"size":{0},"_timestamp":"2026-08-05T10:00:00Z",)"
      R"("content_hash":"c{0}","sync_fingerprint":"f{0}","extension":"txt","body":"words",)"
      R"("_allow_access_control":["user_id:dbid:x"]}})",
      i, 1785924000000000 + i / 2);
}

void WriteMany(Engine& engine, int count) {
  BulkWriter writer = engine.Writer();
  for (int i = 0; i < count; ++i) {
    REQUIRE(writer.Add({BulkAction::kIndex, fmt::format("id:{:04}", i), "", Source(i)}));
  }
  REQUIRE(writer.Drain());
  CHECK(writer.counters().created == static_cast<std::uint64_t>(count));
}

std::vector<std::string> AllIds(Engine& engine, const std::string& index,
                                const std::string& id_field, const std::string& query,
                                SearchOptions options = {}) {
  HitReader reader(engine.client, index, id_field, query, options);
  std::vector<std::string> ids;
  while (true) {
    auto page = reader.Next();
    if (!page) FAIL(page.error().message);
    if (page->hits.empty()) return ids;
    for (const Hit& hit : page->hits) ids.emplace_back(hit.id);
  }
}

}  // namespace

TEST_CASE("contract: an index is created once, and looks right afterwards") {
  Engine engine;
  const auto created = engine.Prepare();
  if (!created) FAIL(created.error().message);
  CHECK(created->created);
  const auto again = engine.Prepare();
  if (!again) FAIL(again.error().message);
  CHECK(again->existed);
  CHECK(again->added_fields.empty());
  CHECK(again->id_field == created->id_field);
}

TEST_CASE("contract: an older index gets the fields that it lacks") {
  Engine engine;
  REQUIRE(engine.Call("PUT", "/" + engine.index,
                      R"({"mappings":{"properties":{"id":{"type":"text","fields":{"keyword":)"
                      R"({"type":"keyword","ignore_above":256}}},"_allow_access_control":)"
                      R"({"type":"text","fields":{"keyword":{"type":"keyword"}}}}}})"));
  const auto target = engine.Prepare();
  if (!target) FAIL(target.error().message);
  CHECK(target->existed);
  CHECK_FALSE(target->added_fields.empty());
  CHECK(engine.Prepare()->added_fields.empty());
}

TEST_CASE("contract: writes are counted by what they did") {
  Engine engine;
  REQUIRE(engine.Prepare());
  BulkWriter writer = engine.Writer();
  const std::string odd = "id:\"q\\\" \xc3\xbc \x01";
  REQUIRE(writer.Add({BulkAction::kIndex, "id:1", "", R"({"id":"id:1","size":1})"}));
  REQUIRE(writer.Add({BulkAction::kCreate, odd, "", R"({"id":"odd","size":1})"}));
  REQUIRE(writer.Drain());
  CHECK(writer.counters().created == 2);
  REQUIRE(writer.Add({BulkAction::kUpdate, "id:1", "", R"({"name":"n"})"}));
  REQUIRE(writer.Add({BulkAction::kIndex, odd, "", R"({"id":"odd","url":"u"})"}));
  REQUIRE(writer.Add({BulkAction::kDelete, "absent", "", ""}));
  REQUIRE(writer.Drain());
  CHECK(writer.counters().updated == 2);
  CHECK(writer.counters().deleted == 0);
  MultiGet multi_get(engine.client, engine.index);
  const auto stored = multi_get.Start({odd, "absent"}).Await();
  REQUIRE(stored);
  CHECK((*stored)[0].url == "u");
  CHECK_FALSE((*stored)[1].found);
  REQUIRE(writer.Add({BulkAction::kDelete, "id:1", "", ""}));
  REQUIRE(writer.Add({BulkAction::kDelete, odd, "", ""}));
  REQUIRE(writer.Drain());
  CHECK(writer.counters().deleted == 2);
  CHECK(engine.rejected.empty());
}

TEST_CASE("contract: writes on condition of what was read") {
  Engine engine;
  REQUIRE(engine.Prepare());
  std::vector<report::FailedDocument> conflicts;
  BulkWriter writer(
      engine.client, engine.settings, [&](report::FailedDocument) { FAIL("rejected"); },
      [&](report::FailedDocument document) { conflicts.push_back(std::move(document)); });
  const auto version_of = [&](const char* id) {
    MultiGet lookup(engine.client, engine.index);
    const auto stored = lookup.Start({id}).Await();
    REQUIRE(stored);
    return (*stored)[0].version;
  };
  const auto add = [&](BulkAction::Kind kind, const char* id, DocumentVersion version,
                       std::int64_t seq) {
    const std::string source =
        kind == BulkAction::kDelete ? "" : fmt::format(R"({{"id":"{}","sync_seq":{}}})", id, seq);
    REQUIRE(writer.Add({kind, id, "/p", source, "", version, seq}));
    REQUIRE(writer.Drain());
  };
  add(BulkAction::kCreate, "a", {}, 1);
  const DocumentVersion first = version_of("a");
  CHECK(first.IsKnown());
  add(BulkAction::kUpdate, "a", first, 2);
  const DocumentVersion second = version_of("a");
  CHECK(writer.counters().updated == 1);
  // The version of before, in every kind of action; and a creation of what is there.
  add(BulkAction::kUpdate, "a", first, 3);
  add(BulkAction::kIndex, "a", first, 4);
  add(BulkAction::kDelete, "a", first, 0);
  add(BulkAction::kCreate, "a", {}, 5);
  CHECK(conflicts.size() == 4);
  // The answer of the action that wrote it was lost.
  add(BulkAction::kUpdate, "a", first, 2);
  CHECK(conflicts.size() == 4);
  add(BulkAction::kIndex, "a", second, 6);
  add(BulkAction::kDelete, "a", version_of("a"), 0);
  CHECK(writer.counters().deleted == 1);
  CHECK(conflicts.size() == 4);
  // Gone: nothing to delete, nothing to update, and to be created anew.
  add(BulkAction::kDelete, "a", second, 0);
  CHECK(conflicts.size() == 4);
  add(BulkAction::kUpdate, "a", second, 7);
  CHECK(conflicts.size() == 5);
  const auto late = engine.Call(
      "POST", "/" + engine.index + "/_bulk",
      "{\"index\":{\"_id\":\"a\",\"version\":1,\"version_type\":\"external\"}}\n{\"id\":\"a\"}\n");
  REQUIRE(late);
  CHECK_FALSE(version_of("a").IsKnown());
  add(BulkAction::kCreate, "a", {}, 8);
  CHECK(conflicts.size() == 5);
  CHECK(version_of("a").IsKnown());
  REQUIRE(Refresh(engine.client, engine.index));
  SearchOptions options;
  options.versions = true;
  HitReader reader(engine.client, engine.index, "id.keyword", kAll, options);
  const auto page = reader.Next();
  REQUIRE(page);
  REQUIRE(page->hits.size() == 1);
  CHECK(page->hits[0].version.seq_no == version_of("a").seq_no);
  CHECK(page->hits[0].version.primary_term == version_of("a").primary_term);
}

TEST_CASE("contract: an update that has nothing to change is no update") {
  Engine engine;
  REQUIRE(engine.Prepare());
  BulkWriter writer = engine.Writer();
  REQUIRE(writer.Add({BulkAction::kCreate, "a", "", R"({"id":"a","size":1})"}));
  REQUIRE(writer.Add({BulkAction::kUpdate, "a", "", R"({"size":1})"}));
  REQUIRE(writer.Drain());
  CHECK(writer.counters().updated == 0);
  CHECK(writer.counters().unchanged == 1);
  CHECK(writer.counters().dropped == 0);
}

TEST_CASE("contract: an update that must not create a document reports that there is none") {
  Engine engine;
  REQUIRE(engine.Prepare());
  BulkWriter writer = engine.Writer();
  REQUIRE(writer.Add({BulkAction::kIndex, "id:1", "", R"({"id":"id:1","size":1})"}));
  REQUIRE(writer.Add({BulkAction::kUpdate, "id:1", "", R"({"name":"n"})"}));
  REQUIRE(writer.Add({BulkAction::kUpdate, "absent", "/a", R"({"name":"n"})"}));
  REQUIRE(writer.Drain());
  CHECK(writer.counters().created == 1);
  CHECK(writer.counters().updated == 1);
  REQUIRE(engine.rejected.size() == 1);
  CHECK(engine.rejected[0].id == "absent");
  CHECK(engine.rejected[0].status == 404);
  MultiGet multi_get(engine.client, engine.index);
  const auto stored = multi_get.Start({"id:1", "absent"}).Await();
  REQUIRE(stored);
  CHECK((*stored)[0].found);
  CHECK_FALSE((*stored)[1].found);
}

TEST_CASE("contract: a document that the mapping refuses leaves its neighbours alone") {
  Engine engine;
  REQUIRE(engine.Prepare());
  engine.elastic.unmappable_ids = {"id:bad"};
  BulkWriter writer = engine.Writer();
  REQUIRE(writer.Add({BulkAction::kIndex, "id:1", "", R"({"id":"id:1"})"}));
  REQUIRE(writer.Add({BulkAction::kIndex, "id:bad", "/bad", R"({"size":"many"})"}));
  REQUIRE(writer.Add({BulkAction::kIndex, "id:2", "", R"({"id":"id:2"})"}));
  REQUIRE(writer.Drain());
  CHECK(writer.counters().created == 2);
  REQUIRE(engine.rejected.size() == 1);
  CHECK(engine.rejected[0].id == "id:bad");
  CHECK(engine.rejected[0].status == 400);
  CHECK(engine.rejected[0].reason.find("failed to parse field [size]") != std::string::npos);
}

TEST_CASE("contract: a whole request that is refused is bisected") {
  Engine engine;
  REQUIRE(engine.Prepare());
  // Too long for an id: the engines refuse the whole request.
  const std::string poison(600, 'x');
  BulkWriter writer = engine.Writer();
  for (int i = 0; i < 100; ++i) {
    const std::string id = i == 77 ? poison : fmt::format("id:{}", i);
    REQUIRE(writer.Add({BulkAction::kIndex, id, "", R"({"id":"x"})"}));
  }
  REQUIRE(writer.Drain());
  CHECK(writer.counters().created == 99);
  REQUIRE(engine.rejected.size() == 1);
  CHECK(engine.rejected[0].id == poison);
  CHECK(engine.rejected[0].reason.find("action_request_validation_exception") != std::string::npos);
  CHECK(engine.client.counters().requests < 15);
}

TEST_CASE("contract: multi-get sees what is written, in the order asked for") {
  Engine engine;
  REQUIRE(engine.Prepare());
  WriteMany(engine, 10);
  MultiGet multi_get(engine.client, engine.index);
  const auto stored = multi_get.Start({"id:0007", "none", "id:0003"}).Await();
  if (!stored) FAIL(stored.error().message);
  CHECK((*stored)[0].found);
  CHECK((*stored)[0].content_hash == "c7");
  CHECK((*stored)[0].fingerprint == "f7");
  CHECK((*stored)[0].path_lower == "/a/7.txt");
  CHECK((*stored)[0].timestamp == "2026-08-05T10:00:00Z");
  CHECK((*stored)[0].extension == "txt");
  CHECK((*stored)[0].mime_type.empty());
  CHECK_FALSE((*stored)[1].found);
  CHECK((*stored)[2].content_hash == "c3");
}

TEST_CASE("contract: a missing index is not found, everywhere") {
  Engine engine;
  const auto stored = MultiGet(engine.client, engine.index).Start({"id:1"}).Await();
  REQUIRE_FALSE(stored);
  CHECK(ToString(stored.error().kind) == "not_found");
  HitReader reader(engine.client, engine.index, "id.keyword", kAll);
  CHECK(ToString(reader.Next().error().kind) == "not_found");
  CHECK(ToString(Refresh(engine.client, engine.index).error().kind) == "not_found");
  CHECK(ToString(Count(engine.client, engine.index).error().kind) == "not_found");
}

TEST_CASE("contract: search finds what was refreshed, page by page") {
  Engine engine;
  const auto target = engine.Prepare();
  REQUIRE(target);
  WriteMany(engine, 57);
  BulkWriter writer = engine.Writer();
  for (int i = 0; i < 9; ++i) {
    const std::string id = fmt::format("old:{}", i);
    REQUIRE(writer.Add({BulkAction::kIndex, id, "", fmt::format(R"({{"id":"{}"}})", id)}));
  }
  REQUIRE(writer.Drain());
  REQUIRE(Refresh(engine.client, engine.index));
  CHECK(Count(engine.client, engine.index) == 66u);
  CHECK(Count(engine.client, engine.index, R"({"range":{"sync_seq":{"lt":1785924000000005}}})") ==
        10u);
  for (const std::size_t page_size : {4, 5, 66, 5000}) {
    CAPTURE(page_size);
    SearchOptions options;
    options.page_size = page_size;
    const auto ids = AllIds(engine, engine.index, target->id_field, kAll, options);
    CHECK(ids.size() == 66);
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 66);
    CHECK(ids[0] == "old:0");
    CHECK(ids[8] == "old:8");
    CHECK(ids[9] == "id:0000");
    CHECK(ids[65] == "id:0056");
  }
}

TEST_CASE("contract: ids are read from doc values, in no order") {
  Engine engine;
  const auto target = engine.Prepare();
  REQUIRE(target);
  WriteMany(engine, 57);
  REQUIRE(Refresh(engine.client, engine.index));
  SearchOptions options;
  options.page_size = 10;
  options.fingerprints = true;
  options.sync_seq = false;
  options.id_values = target->id_field;
  HitReader reader(engine.client, engine.index, "", kAll, options);
  std::set<std::string> found;
  for (auto page = reader.Next();; page = reader.Next()) {
    if (!page) FAIL(page.error().message);
    if (page->hits.empty()) break;
    if (found.empty()) CHECK(page->total == 57);
    for (const Hit& hit : page->hits) {
      found.insert(fmt::format("{} {}", hit.id, hit.fingerprint));
      CHECK_FALSE(hit.sync_seq);
    }
  }
  CHECK(found.size() == 57);
  CHECK(found.count("id:0007 f7") == 1);
}

TEST_CASE("contract: the queries of deletions select what they say") {
  Engine engine;
  const auto target = engine.Prepare();
  REQUIRE(target);
  WriteMany(engine, 20);
  REQUIRE(Refresh(engine.client, engine.index));
  const auto ids = AllIds(
      engine, engine.index, target->id_field,
      R"({"bool":{"filter":[{"bool":{"should":[{"terms":{"path_lower":["/a/4.txt","/a/5.txt"]}},)"
      R"({"terms":{"ancestors":["/b"]}}]}},{"range":{"sync_seq":{"lt":1785924000000003}}}]}})");
  CHECK(ids == std::vector<std::string>{"id:0004", "id:0005"});
  CHECK(
      AllIds(engine, engine.index, target->id_field, R"({"terms":{"ancestors":["/a"]}})").size() ==
      20);
  SearchOptions options;
  options.path_lower = true;
  options.ancestors = true;
  HitReader reader(engine.client, engine.index, target->id_field,
                   R"({"term":{"path_lower":"/a/6.txt"}})", options);
  const auto page = reader.Next();
  REQUIRE(page);
  REQUIRE(page->hits.size() == 1);
  CHECK(page->hits[0].path_lower == "/a/6.txt");
  CHECK(page->hits[0].ancestors == std::vector<std::string_view>{"/", "/a"});
  CHECK(page->hits[0].sync_seq == 1785924000000003);
}

TEST_CASE("contract: identities are enumerated with and without an id") {
  Engine engine;
  const auto target = PrepareAccessControlIndex(engine.client, engine.index);
  if (!target) FAIL(target.error().message);
  engine.settings.index = AccessControlIndexName(engine.index);
  BulkWriter writer = engine.Writer();
  for (int i = 0; i < 7; ++i) {
    const std::string id = fmt::format("user{}@example.org", i);
    REQUIRE(writer.Add({BulkAction::kIndex, id, "",
                        fmt::format(R"({{"id":"{}","created_at":"2026-08-05T10:00:00Z",)"
                                    R"("query":{{"template":{{"params":{{"access_control":["x"]}},)"
                                    R"("source":"{{}}"}}}}}})",
                                    id)}));
  }
  REQUIRE(writer.Drain());
  REQUIRE(Refresh(engine.client, engine.settings.index));
  SearchOptions options;
  options.page_size = 3;
  for (const std::string& field : {target->id_field, std::string()}) {
    const auto ids = AllIds(engine, engine.settings.index, field, kAll, options);
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 7);
    CHECK(ids.size() == 7);
  }
}

TEST_CASE("contract: each shard numbers its own writes, and a search finds them by these") {
  for (const std::size_t shards : {1, 3}) {
    CAPTURE(shards);
    Engine engine;
    REQUIRE(engine.Call(
        "PUT", "/" + engine.index,
        fmt::format(R"({{"settings":{{"index":{{"number_of_shards":{}}}}}}})", shards)));
    REQUIRE(engine.Prepare());
    const auto reading = ReadIdentity(engine.client, engine.index);
    REQUIRE(reading);
    REQUIRE(reading->shards == shards);
    CHECK(ReadShardMarks(engine.client, engine.index, shards) == ShardMarks(shards, -1));
    WriteMany(engine, 30);
    REQUIRE(Refresh(engine.client, engine.index));
    const auto marks = ReadShardMarks(engine.client, engine.index, shards);
    REQUIRE(marks);
    std::int64_t writes = 0;
    for (const std::int64_t mark : *marks) writes += mark + 1;
    CHECK(writes == 30);
    const SearchableIndex index{engine.client, engine.index, "id"};
    CHECK(FindWritesSince(index, *marks, 10)->of_others.empty());
    // One of somebody else, one of ours, one without an id.
    BulkWriter writer = engine.Writer();
    REQUIRE(writer.Add({BulkAction::kIndex, "id:0007", "", Source(7)}));
    REQUIRE(
        writer.Add({BulkAction::kIndex, "id:ours", "", R"({"id":"id:ours","sync_version":1})"}));
    REQUIRE(writer.Add({BulkAction::kIndex, "note", "", R"({"name":"note"})"}));
    REQUIRE(writer.Drain());
    REQUIRE(Refresh(engine.client, engine.index));
    const auto found = FindWritesSince(index, *marks, 10);
    REQUIRE(found);
    REQUIRE(found->of_others.size() == 1);
    CHECK(found->of_others[0].id == "id:0007");
    CHECK(found->of_others[0].path == "/a/7.txt");
    CHECK_FALSE(found->of_others[0].received);
    CHECK(FindWritesSince(index, found->marks, 10)->of_others.empty());
    CHECK(FindWritesSince(index, *marks, 0)->too_many);
    const auto last = ReadLastWrites(index, 100);
    REQUIRE(last);
    CHECK(last->count == 31);
    CHECK(last->of_others.size() == 30);
  }
}

TEST_CASE("contract: an alias of several indices is refused, of one is followed") {
  Engine engine;
  const std::string alias = engine.index;
  if (!Engine::IsReal()) {
    engine.elastic.CreateIndex(alias + "-2");
    engine.elastic.AddAlias(alias, alias + "-2");
  } else {
    REQUIRE(engine.Call("PUT", "/" + alias + "-2",
                        fmt::format(R"({{"aliases":{{"{}":{{}}}}}})", alias)));
  }
  const auto target = engine.Prepare();
  if (!target) FAIL(target.error().message);
  CHECK(target->index == alias + "-2");
  WriteMany(engine, 3);
  REQUIRE(Refresh(engine.client, alias));
  CHECK(AllIds(engine, alias, target->id_field, kAll).size() == 3);
  if (Engine::IsReal()) REQUIRE(engine.Call("DELETE", "/" + alias + "-2"));
}

TEST_CASE("contract: a pipeline that does not exist is a matter of configuration") {
  Engine engine;
  IndexRequest request;
  request.index = engine.index;
  request.pipeline = "dbx-es-no-such-pipeline";
  const auto target = PrepareIndex(engine.client, request);
  // A key without the privilege to look cannot know; then the first write says it.
  if (!target) {
    CHECK(ToString(target.error().kind) == "config");
    CHECK(target.error().message.find("does not exist") != std::string::npos);
    return;
  }
  engine.settings.pipeline = request.pipeline;
  BulkWriter writer = engine.Writer();
  REQUIRE(writer.Add({BulkAction::kIndex, "a", "", "{}"}));
  const auto drained = writer.Drain();
  REQUIRE_FALSE(drained);
  CHECK(ToString(drained.error().kind) == "config");
  CHECK(engine.rejected.empty());
}

TEST_CASE("contract: a blocked index is waited for") {
  Engine engine;
  REQUIRE(engine.Prepare());
  const auto block = [&](bool on) {
    if (!Engine::IsReal()) {
      engine.elastic.read_only = on;
      return;
    }
    const char* body = on ? R"({"index.blocks.write":true})" : R"({"index.blocks.write":null})";
    REQUIRE(engine.Call("PUT", "/" + engine.index + "/_settings", body));
  };
  block(true);
  BulkWriter writer = engine.Writer();
  REQUIRE(writer.Add({BulkAction::kIndex, "a", "", R"({"id":"a"})"}));
  REQUIRE(writer.Flush());
  for (int i = 0; i < 10 && engine.client.counters().requests < 5; ++i) {
    engine.loop.RunOnce();
    writer.TakeReleasedMark();
  }
  CHECK(writer.InFlight() == 1);
  block(false);
  REQUIRE(writer.Drain());
  CHECK(writer.counters().created == 1);
  CHECK(engine.rejected.empty());
}

}  // namespace dbxes::elastic
