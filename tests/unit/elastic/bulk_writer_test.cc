// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_writer.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "unit/elastic/world.h"

namespace dbxes::elastic {
namespace {

using Kind = ElasticFault::Kind;

BulkSettings Settings() {
  BulkSettings settings;
  settings.index = "docs";
  return settings;
}

struct Writing : World {
  explicit Writing(BulkSettings settings = Settings())
      : writer(
            client, settings,
            [this](report::FailedDocument document) { rejected.push_back(std::move(document)); },
            [this](report::FailedDocument document) { conflicts.push_back(document.id); }) {
    elastic.CreateIndex("docs");
  }

  Result<void> Index(const std::string& id, int value = 1) {
    return writer.Add({BulkAction::kIndex, id, "/path/" + id, fmt::format(R"({{"n":{}}})", value)});
  }
  Result<void> Delete(const std::string& id) {
    return writer.Add({BulkAction::kDelete, id, "/path/" + id, ""});
  }
  void IndexMany(int count) {
    for (int i = 0; i < count; ++i) REQUIRE(Index(fmt::format("id:{}", i)));
  }
  int Stored() { return static_cast<int>(elastic.Documents("docs").size()); }

  // Version 1 of a document that is put into an empty index is the number 0.
  Result<void> Create(const std::string& id, std::int64_t sync_seq) {
    const std::string source = fmt::format(R"({{"sync_seq":{}}})", sync_seq);
    return writer.Add({BulkAction::kCreate, id, "/path/" + id, source, "", {}, sync_seq});
  }
  Result<void> Update(const std::string& id, std::uint64_t seq_no, std::int64_t sync_seq) {
    const std::string source = fmt::format(R"({{"sync_seq":{}}})", sync_seq);
    return writer.Add({BulkAction::kUpdate, id, "/path/" + id, source, "", {seq_no, 1}, sync_seq});
  }

  std::vector<report::FailedDocument> rejected;
  std::vector<std::string> conflicts;  // ids
  BulkWriter writer;
};

ElasticFault ItemFault(int status, std::string type, std::string reason, std::set<std::string> ids,
                       int times) {
  ElasticFault fault;
  fault.kind = Kind::kItemStatus;
  fault.status = status;
  fault.type = std::move(type);
  fault.reason = std::move(reason);
  fault.ids = std::move(ids);
  fault.times = times;
  return fault;
}

ElasticFault RequestFault(Kind kind, int times = 1, int status = 503) {
  ElasticFault fault;
  fault.kind = kind;
  fault.times = times;
  fault.status = status;
  return fault;
}

}  // namespace

TEST_CASE("actions reach the index and are counted") {
  Writing world;
  world.elastic.Put("docs", "old", R"({"n":0,"kept":true})");
  world.elastic.Put("docs", "gone", R"({"n":0})");
  REQUIRE(world.Index("new"));
  REQUIRE(world.writer.Add({BulkAction::kUpdate, "old", "", R"({"n":5})"}));
  REQUIRE(world.Delete("gone"));
  REQUIRE(world.Delete("never was"));
  CHECK(world.elastic.requests() == 0);
  REQUIRE(world.writer.Drain());
  CHECK(world.elastic.requests() == 1);
  CHECK(world.elastic.Source("docs", "old") == R"({"n":5,"kept":true})");
  CHECK_FALSE(world.elastic.Source("docs", "gone"));
  const BulkCounters& counters = world.writer.counters();
  CHECK(counters.created == 1);
  CHECK(counters.updated == 1);
  CHECK(counters.deleted == 1);
  CHECK(counters.rejected == 0);
}

TEST_CASE("what somebody else created, changed or deleted meanwhile is a conflict") {
  Writing world;
  for (const char* id : {"created", "changed", "gone", "deleted", "same"}) {
    world.elastic.Put("docs", id, R"({"sync_seq":1})");
  }
  world.elastic.Put("docs", "changed", R"({"sync_seq":2})");
  world.elastic.Put("docs", "deleted", R"({"sync_seq":2})");
  world.elastic.Delete("docs", "gone");
  REQUIRE(world.Create("created", 9));
  REQUIRE(world.Update("changed", 1, 9));
  REQUIRE(world.Update("gone", 2, 9));
  REQUIRE(world.writer.Add({BulkAction::kDelete, "deleted", "/d", "", "", {3, 1}}));
  REQUIRE(world.Update("same", 4, 9));
  REQUIRE(world.writer.Drain());
  CHECK(world.conflicts == std::vector<std::string>{"created", "changed", "gone", "deleted"});
  CHECK(world.rejected.empty());
  CHECK(world.elastic.Source("docs", "created") == R"({"sync_seq":1})");
  CHECK(world.elastic.Source("docs", "changed") == R"({"sync_seq":2})");
  CHECK_FALSE(world.elastic.Source("docs", "gone"));
  CHECK(world.elastic.Source("docs", "deleted"));
  CHECK(world.elastic.Source("docs", "same") == R"({"sync_seq":9})");
  CHECK(world.writer.counters().updated == 1);
  CHECK(world.elastic.requests() == 2);
}

TEST_CASE("without anybody who decides again, a conflict is a rejection") {
  World world;
  std::vector<report::FailedDocument> rejected;
  BulkWriter writer(world.client, Settings(), [&](report::FailedDocument document) {
    rejected.push_back(std::move(document));
  });
  world.elastic.Put("docs", "a", "{}");
  REQUIRE(writer.Add({BulkAction::kCreate, "a", "/a", R"({"x":1})"}));
  REQUIRE(writer.Drain());
  REQUIRE(rejected.size() == 1);
  CHECK(rejected[0].status == 409);
  CHECK(rejected[0].operation == "index");
}

TEST_CASE("an attempt whose answer was lost is no conflict with the next one") {
  Writing world;
  world.elastic.Put("docs", "old", R"({"sync_seq":1})");
  world.elastic.Put("docs", "left", R"({"sync_seq":1})");
  SUBCASE("timeout") { world.elastic.Inject(RequestFault(Kind::kTimeoutApplied)); }
  SUBCASE("reset") { world.elastic.Inject(RequestFault(Kind::kResetApplied)); }
  REQUIRE(world.Create("new", 8));
  REQUIRE(world.Update("old", 0, 9));
  REQUIRE(world.writer.Add({BulkAction::kDelete, "left", "/l", "", "", {1, 1}}));
  REQUIRE(world.writer.Drain());
  CHECK(world.conflicts.empty());
  CHECK(world.writer.counters().created == 1);
  CHECK(world.writer.counters().updated == 1);
  CHECK(world.elastic.Source("docs", "old") == R"({"sync_seq":9})");
  CHECK_FALSE(world.elastic.Source("docs", "left"));
  CHECK(world.elastic.writes().size() == 3);
}

TEST_CASE("what is rejected after an attempt without an answer may have taken effect") {
  for (const Kind lost : {Kind::kResetApplied, Kind::kInvalidJson, Kind::kReset}) {
    CAPTURE(static_cast<int>(lost));
    Writing world;
    world.elastic.Put("docs", "id:gone", R"({"sync_seq":1})");
    world.elastic.Inject(RequestFault(lost));
    ElasticFault refused = ItemFault(403, "security_exception", "no", {"id:new", "id:gone"}, 1);
    refused.skip = 1;
    world.elastic.Inject(refused);
    REQUIRE(world.Create("id:new", 5));
    REQUIRE(world.Delete("id:gone"));
    REQUIRE(world.Create("id:other", 6));
    (void)world.writer.Drain();
    CHECK(world.writer.counters().uncertain == world.writer.counters().rejected);
  }
  // Of the first attempt, everything is known.
  Writing world;
  world.elastic.unmappable_ids = {"id:new"};
  REQUIRE(world.Create("id:new", 5));
  REQUIRE(world.writer.Drain());
  CHECK(world.writer.counters().rejected == 1);
  CHECK(world.writer.counters().uncertain == 0);
}

TEST_CASE("an attempt that comes late does not bring back what was deleted") {
  Writing world;
  REQUIRE(world.Create("a", 5));
  REQUIRE(world.writer.Drain());
  world.elastic.Delete("docs", "a");
  world.elastic.Handle("POST", "/docs/_bulk",
                       "{\"index\":{\"_id\":\"a\",\"version\":1,\"version_type\":\"external\"}}\n"
                       "{\"sync_seq\":5}\n");
  CHECK_FALSE(world.elastic.Source("docs", "a"));
  // But what is there again is created again, at once and without a failure.
  std::uint64_t recreated = 0;
  world.elastic.before_write = [&](const FakeBulkOperation& operation) {
    recreated = operation.id == "a" ? operation.external_version.value_or(0) : recreated;
  };
  REQUIRE(world.Create("a", 6));
  REQUIRE(world.Create("b", 7));
  REQUIRE(world.writer.Drain());
  // That attempt, too, may come late.
  CHECK(recreated == 3);
  CHECK(world.elastic.Source("docs", "a") == R"({"sync_seq":6})");
  CHECK(world.conflicts.empty());
  CHECK(world.rejected.empty());
  CHECK(world.waits.empty());
  CHECK(world.writer.counters().created == 3);
  world.elastic.Delete("docs", "a");
  world.elastic.Handle("POST", "/docs/_bulk",
                       "{\"index\":{\"_id\":\"a\",\"version\":3,\"version_type\":\"external\"}}\n"
                       "{\"sync_seq\":6}\n");
  CHECK_FALSE(world.elastic.Source("docs", "a"));
}

TEST_CASE("a document that appears while it is created anew is a conflict, once") {
  Writing world;
  world.elastic.Put("docs", "a", R"({"sync_seq":1})");
  world.elastic.Delete("docs", "a");
  int writes = 0;
  world.elastic.before_write = [&](const FakeBulkOperation&) {
    if (++writes == 2) world.elastic.Put("docs", "a", R"({"sync_seq":2})");
  };
  REQUIRE(world.Create("a", 9));
  REQUIRE(world.writer.Drain());
  CHECK(world.conflicts == std::vector<std::string>{"a"});
  CHECK(world.elastic.Source("docs", "a") == R"({"sync_seq":2})");
}

TEST_CASE("documents that a pipeline drops are counted apart") {
  Writing world;
  world.elastic.Put("docs", "old", "{}");
  world.elastic.dropped_ids = {"a", "old"};
  REQUIRE(world.Create("a", 1));
  REQUIRE(world.Create("b", 2));
  REQUIRE(world.writer.Add({BulkAction::kIndex, "old", "", R"({"x":1})", "", {0, 1}}));
  REQUIRE(world.writer.Drain());
  CHECK(world.writer.counters().dropped == 2);
  CHECK(world.writer.counters().created == 1);
  CHECK(world.writer.counters().updated == 0);
}

TEST_CASE("draining nothing asks nothing") {
  Writing world;
  REQUIRE(world.writer.Drain());
  REQUIRE(world.writer.Flush());
  CHECK(world.elastic.requests() == 0);
}

TEST_CASE("the request asks for the answer's least, and names the pipeline") {
  BulkSettings settings = Settings();
  settings.pipeline = "search default/1";
  Writing world(settings);
  world.elastic.AddPipeline("search default/1");
  REQUIRE(world.Index("a"));
  REQUIRE(world.writer.Drain());
  CHECK(world.elastic.requested.front() ==
        "POST /docs/_bulk?filter_path=errors,items.*.result,items.*.status,items.*.error.type,"
        "items.*.error.reason&pipeline=search%20default%2F1");
}

TEST_CASE("batches keep to their limits") {
  BulkSettings settings = Settings();
  SUBCASE("of actions") {
    settings.max_actions = 10;
    Writing world(settings);
    world.IndexMany(95);
    REQUIRE(world.writer.Drain());
    CHECK(world.elastic.requests() == 10);
    CHECK(world.Stored() == 95);
  }
  SUBCASE("of bytes, but for a document that is larger alone") {
    settings.max_bytes = 1000;
    Writing world(settings);
    for (int i = 0; i < 50; ++i) {
      const std::string source =
          fmt::format(R"({{"b":"{}"}})", std::string(i == 20 ? 5000 : 80, 'x'));
      REQUIRE(world.writer.Add({BulkAction::kIndex, fmt::format("id:{}", i), "", source}));
    }
    REQUIRE(world.writer.Drain());
    CHECK(world.Stored() == 50);
    int large = 0;
    for (const std::size_t size : world.elastic.bulk_sizes) large += size > 1000 ? 1 : 0;
    CHECK(large == 1);
  }
}

TEST_CASE("memory and requests in flight are bounded") {
  BulkSettings settings = Settings();
  settings.max_bytes = 2000;
  settings.max_concurrency = 3;
  Writing world(settings);
  world.network.SetJitter([](const FakeRequest&) { return Milliseconds(5000); });
  std::size_t most = 0;
  for (int i = 0; i < 2000; ++i) {
    REQUIRE(world.Index(fmt::format("id:{}", i)));
    most = std::max(most, world.writer.BufferedBytes());
    REQUIRE(world.writer.InFlight() <= 3);
  }
  REQUIRE(world.writer.Drain());
  CHECK(world.network.max_in_flight() == 3);
  CHECK(most <= 4 * 2000);
  CHECK(most > 3 * 1500);
  CHECK(world.Stored() == 2000);
}

TEST_CASE("a full batch leaves before the caller waits for anything") {
  BulkSettings settings = Settings();
  settings.max_actions = 5;
  Writing world(settings);
  world.IndexMany(5);
  CHECK(world.writer.InFlight() == 1);
  CHECK(world.network.in_flight() == 1);
}

TEST_CASE("actions on one id reach the index in order") {
  BulkSettings settings = Settings();
  settings.max_actions = 4;
  settings.max_concurrency = 4;
  Writing world(settings);
  std::mt19937 random(5);
  world.network.SetJitter([&](const FakeRequest&) {
    return Milliseconds(std::uniform_int_distribution(0, 900)(random));
  });
  // Overload on top, so that parts of batches come later.
  world.elastic.Inject(ItemFault(429, "es_rejected_execution_exception", "", {"id:1", "id:3"}, 30));
  std::map<std::string, int> last;
  for (int i = 0; i < 400; ++i) {
    const std::string id = fmt::format("id:{}", std::uniform_int_distribution(0, 11)(random));
    if (i % 7 == 0) {
      REQUIRE(world.Delete(id));
      last.erase(id);
    } else {
      REQUIRE(world.Index(id, i));
      last[id] = i;
    }
  }
  REQUIRE(world.writer.Drain());
  std::map<std::string, int> applied;
  for (const AppliedWrite& write : world.elastic.writes()) {
    if (write.operation != "index") continue;
    const int value = std::stoi(write.source.substr(5));
    REQUIRE(applied[write.id] <= value);
    applied[write.id] = value;
  }
  CHECK(world.Stored() == static_cast<int>(last.size()));
  for (const auto& [id, value] : last) {
    CHECK(world.elastic.Source("docs", id) == fmt::format(R"({{"n":{}}})", value));
  }
}

TEST_CASE("an id is never in one request twice, nor in two at a time") {
  Writing world;
  REQUIRE(world.Index("a", 1));
  REQUIRE(world.Index("b", 1));
  REQUIRE(world.Index("a", 2));
  CHECK(world.elastic.requests() == 1);
  CHECK(world.writer.InFlight() == 0);
  CHECK(world.elastic.Source("docs", "a") == R"({"n":1})");
  REQUIRE(world.writer.Drain());
  CHECK(world.elastic.Source("docs", "a") == R"({"n":2})");
}

TEST_CASE("items that are refused for now are sent again alone") {
  Writing world;
  world.elastic.Inject(
      ItemFault(429, "es_rejected_execution_exception", "queue is full", {"id:3", "id:7"}, 2));
  world.IndexMany(10);
  REQUIRE(world.writer.Drain());
  CHECK(world.elastic.requests() == 3);
  CHECK(world.elastic.bulk_sizes[1] * 4 < world.elastic.bulk_sizes[0]);
  CHECK(world.elastic.bulk_sizes[2] == world.elastic.bulk_sizes[1]);
  CHECK(world.Stored() == 10);
  CHECK(world.writer.counters().created == 10);
  CHECK(world.elastic.writes().size() == 10);
  REQUIRE(world.waits.size() == 2);
  CHECK(world.waits[0].find("queue is full") != std::string::npos);
}

TEST_CASE("a read-only index is waited for") {
  Writing world;
  world.elastic.read_only = true;
  int polls = 0;
  world.loop.After(Milliseconds(300'000), [&] {
    polls = static_cast<int>(world.elastic.requests());
    world.elastic.read_only = false;
  });
  world.IndexMany(3);
  REQUIRE(world.writer.Drain());
  CHECK(world.Stored() == 3);
  CHECK(polls < 40);
  CHECK(world.waits.front().find("a disk of the cluster is full") != std::string::npos);
}

TEST_CASE("items that stay refused stop the run when patience is over") {
  BulkSettings settings = Settings();
  settings.give_up_after = Milliseconds(60'000);
  Writing world(settings);
  world.elastic.read_only = true;
  world.IndexMany(3);
  const Milliseconds before = world.clock.Now();
  const auto drained = world.writer.Drain();
  REQUIRE_FALSE(drained);
  CHECK(drained.error().kind == ErrorKind::kTemporary);
  CHECK(drained.error().message.find("give_up_after = 60 s") != std::string::npos);
  CHECK(world.clock.Now() - before <= Milliseconds(61'000));
  CHECK(world.rejected.empty());
  // The error stands.
  CHECK_FALSE(world.Index("later"));
  CHECK_FALSE(world.writer.Flush());
}

TEST_CASE("patience begins anew with each bit of progress") {
  BulkSettings settings = Settings();
  settings.give_up_after = Milliseconds(60'000);
  Writing world(settings);
  // One document gets through every 40 seconds: 8 in more than five minutes.
  std::set<std::string> held;
  for (int i = 0; i < 8; ++i) held.insert(fmt::format("id:{}", i));
  world.network.Route(kHost, [&](const FakeRequest& request) {
    const auto through = static_cast<std::size_t>(world.clock.Now().count() / 40'000);
    while (held.size() > 8 - std::min<std::size_t>(8, through)) held.erase(held.begin());
    world.elastic.ClearFaults();
    if (!held.empty()) world.elastic.Inject(ItemFault(429, "es_rejected", "", held, 1));
    return world.elastic(request);
  });
  world.IndexMany(8);
  REQUIRE(world.writer.Drain());
  CHECK(world.clock.Now() > Milliseconds(300'000));
  CHECK(world.Stored() == 8);
}

TEST_CASE("a whole request that fails for now is sent again as a whole") {
  Writing world;
  const ElasticFault faults[] = {
      RequestFault(Kind::kRefused, 3),     RequestFault(Kind::kReset),
      RequestFault(Kind::kResetApplied),   RequestFault(Kind::kTimeoutApplied),
      RequestFault(Kind::kStatus, 2, 429), RequestFault(Kind::kStatus, 2, 502),
      RequestFault(Kind::kStatus, 2, 503), RequestFault(Kind::kStatus, 2, 504),
      RequestFault(Kind::kStatus, 2, 500), RequestFault(Kind::kStatus, 1, 408),
  };
  int round = 0;
  for (const ElasticFault& fault : faults) {
    CAPTURE(round);
    world.elastic.ClearFaults();
    world.elastic.Inject(fault);
    REQUIRE(world.Index(fmt::format("id:{}", round), round));
    REQUIRE(world.Delete("nothing"));
    REQUIRE(world.writer.Drain());
    CHECK(world.elastic.Source("docs", fmt::format("id:{}", round)) ==
          fmt::format(R"({{"n":{}}})", round));
    ++round;
  }
  CHECK(world.Stored() == round);
  CHECK(world.rejected.empty());
}

TEST_CASE("a 500 is tried a few times, not for a quarter of an hour") {
  Writing world;
  world.elastic.Inject(RequestFault(Kind::kStatus, -1, 500));
  REQUIRE(world.Index("a"));
  CHECK_FALSE(world.writer.Drain());
  CHECK(world.elastic.requests() == 4);
}

TEST_CASE("a request that is too large is split, and later ones are smaller") {
  BulkSettings settings = Settings();
  settings.max_actions = 100'000;
  settings.max_concurrency = 1;
  settings.max_bytes = 1u << 20;
  Writing world(settings);
  world.elastic.max_body_bytes = 300'000;
  for (int i = 0; i < 8000; ++i) {
    const std::string source = fmt::format(R"({{"b":"{}"}})", std::string(300, 'x'));
    REQUIRE(world.writer.Add({BulkAction::kIndex, fmt::format("id:{}", i), "", source}));
  }
  REQUIRE(world.writer.Drain());
  CHECK(world.Stored() == 8000);
  CHECK(world.rejected.empty());
  int refused = 0;
  for (const std::size_t size : world.elastic.bulk_sizes) refused += size > 300'000 ? 1 : 0;
  // Two batches are under way or filled when the first refusal comes.
  CHECK(refused == 6);
}

TEST_CASE("a single document that is too large is rejected, and its neighbours are not") {
  Writing world;
  world.elastic.max_body_bytes = 4000;
  const std::string source = fmt::format(R"({{"b":"{}"}})", std::string(5000, 'x'));
  REQUIRE(world.Index("a"));
  REQUIRE(world.writer.Add({BulkAction::kUpdate, "large", "/large", source}));
  REQUIRE(world.Index("b"));
  REQUIRE(world.writer.Drain());
  CHECK(world.Stored() == 2);
  REQUIRE(world.rejected.size() == 1);
  CHECK(world.rejected[0].id == "large");
  CHECK(world.rejected[0].path == "/large");
  CHECK(world.rejected[0].operation == "update");
  CHECK(world.rejected[0].status == 413);
}

TEST_CASE("a document that the mapping refuses is reported once, with the reason") {
  Writing world;
  world.elastic.unmappable_ids = {"id:4"};
  world.IndexMany(10);
  REQUIRE(world.writer.Drain());
  CHECK(world.elastic.requests() == 1);
  CHECK(world.Stored() == 9);
  REQUIRE(world.rejected.size() == 1);
  CHECK(world.rejected[0].id == "id:4");
  CHECK(world.rejected[0].path == "/path/id:4");
  CHECK(world.rejected[0].operation == "index");
  CHECK(world.rejected[0].status == 400);
  CHECK(world.rejected[0].reason ==
        "document_parsing_exception: [1:9] failed to parse field [size] of type [long]");
  CHECK(world.writer.counters().rejected == 1);
  CHECK(world.writer.counters().created == 9);
}

TEST_CASE("one poison document among 2,000 costs 12 requests and no neighbour") {
  for (const int poison : {0, 1, 999, 1000, 1537, 1999}) {
    CAPTURE(poison);
    Writing world;
    world.elastic.poison_ids = {fmt::format("id:{}", poison)};
    world.IndexMany(2000);
    REQUIRE(world.writer.Drain());
    CHECK(world.elastic.requests() <= 13);
    CHECK(world.Stored() == 1999);
    REQUIRE(world.rejected.size() == 1);
    CHECK(world.rejected[0].id == fmt::format("id:{}", poison));
    CHECK(world.rejected[0].status == 400);
    CHECK(world.rejected[0].reason.find("Malformed action/metadata line") != std::string::npos);
    CHECK(world.elastic.writes().size() == 1999);
  }
}

TEST_CASE("a document that garbles the answer is found, and its neighbours are written") {
  for (const int garbling : {0, 7, 199}) {
    CAPTURE(garbling);
    Writing world;
    world.elastic.garbling_ids = {fmt::format("id:{}", garbling)};
    world.IndexMany(200);
    REQUIRE(world.writer.Drain());
    CHECK(world.Stored() == 199);
    REQUIRE(world.rejected.size() == 1);
    CHECK(world.rejected[0].id == fmt::format("id:{}", garbling));
    CHECK(world.elastic.requests() <= 12);
  }
}

TEST_CASE("a document that a firewall refuses is found, and its neighbours are written") {
  Writing world;
  world.elastic.forbidden_text = "/path/id:77\"";
  for (int i = 0; i < 200; ++i) {
    const std::string id = fmt::format("id:{}", i);
    REQUIRE(
        world.writer.Add({BulkAction::kIndex, id, "", fmt::format(R"({{"p":"/path/{}"}})", id)}));
  }
  REQUIRE(world.writer.Drain());
  CHECK(world.Stored() == 199);
  REQUIRE(world.rejected.size() == 1);
  CHECK(world.rejected[0].id == "id:77");
  CHECK(world.rejected[0].status == 403);
  CHECK(world.rejected[0].reason.find("as a proxy sends it: 403 Forbidden") != std::string::npos);
  CHECK(world.clock.Now() < Milliseconds(2000));
}

TEST_CASE("a firewall that refuses every request stops the run") {
  Writing world;
  world.elastic.forbidden_text = "id:";
  world.IndexMany(100);
  const auto drained = world.writer.Drain();
  REQUIRE_FALSE(drained);
  CHECK(drained.error().kind == ErrorKind::kPermission);
  CHECK(world.rejected.size() < 20);
}

TEST_CASE("requests become smaller when a gateway resets large ones") {
  BulkSettings settings = Settings();
  settings.max_bytes = std::size_t{4} << 20;
  Writing world(settings);
  world.elastic.max_gateway_bytes = std::size_t{1} << 20;
  const std::string text(1000, 'x');
  for (int i = 0; i < 20'000; ++i) {
    const std::string id = fmt::format("id:{}", i);
    REQUIRE(world.writer.Add({BulkAction::kIndex, id, "", fmt::format(R"({{"t":"{}"}})", text)}));
  }
  REQUIRE(world.writer.Drain());
  CHECK(world.Stored() == 20'000);
  CHECK(world.rejected.empty());
  CHECK(world.elastic.bulk_sizes.back() <= world.elastic.max_gateway_bytes);
}

TEST_CASE("a document that a gateway resets each time is rejected alone") {
  Writing world;
  world.elastic.max_gateway_bytes = std::size_t{1} << 20;
  REQUIRE(world.Index("id:small"));
  const std::string text(std::size_t{2} << 20, 'x');
  REQUIRE(world.writer.Add({BulkAction::kIndex, "id:large", "", R"({"t":")" + text + "\"}"}));
  REQUIRE(world.Index("id:other"));
  REQUIRE(world.writer.Drain());
  CHECK(world.Stored() == 2);
  REQUIRE(world.rejected.size() == 1);
  CHECK(world.rejected[0].id == "id:large");
  CHECK(world.clock.Now() < Milliseconds(900'000));
}

TEST_CASE("a network that fails for a moment makes no request smaller") {
  Writing world;
  world.elastic.Inject(RequestFault(Kind::kReset, 6));
  const std::string text(std::size_t{200} << 10, 'x');
  for (int i = 0; i < 8; ++i) {
    const std::string id = fmt::format("id:{}", i);
    REQUIRE(world.writer.Add({BulkAction::kIndex, id, "", fmt::format(R"({{"t":"{}"}})", text)}));
  }
  REQUIRE(world.writer.Drain());
  CHECK(world.Stored() == 8);
  CHECK(world.rejected.empty());
  CHECK(world.elastic.bulk_sizes.back() > (std::size_t{1} << 20));
}

TEST_CASE("a large request waits for a cluster that restarts as a small one does") {
  Writing world;
  // More tries than a large request makes before a tiny one is sent.
  world.elastic.Inject(RequestFault(Kind::kStatus, 12, 503));
  const std::string text(std::size_t{200} << 10, 'x');
  REQUIRE(world.writer.Add({BulkAction::kIndex, "id:1", "", R"({"t":")" + text + "\"}"}));
  REQUIRE(world.writer.Drain());
  CHECK(world.Stored() == 1);
  CHECK(world.rejected.empty());
}

TEST_CASE("a network that stays away ends the run when patience is over") {
  Writing world;
  world.elastic.Inject(RequestFault(Kind::kReset, -1));
  const std::string text(std::size_t{200} << 10, 'x');
  REQUIRE(world.writer.Add({BulkAction::kIndex, "id:1", "", R"({"t":")" + text + "\"}"}));
  const auto drained = world.writer.Drain();
  REQUIRE_FALSE(drained);
  CHECK(drained.error().kind == ErrorKind::kTemporary);
  CHECK(drained.error().message.find("gave up after") != std::string::npos);
  CHECK(world.clock.Now() < Milliseconds(1'200'000));
}

TEST_CASE("a closed index stops the run at once, with the command that opens it") {
  Writing world;
  world.elastic.Close("docs");
  REQUIRE(world.Index("id:1"));
  const auto drained = world.writer.Drain();
  REQUIRE_FALSE(drained);
  CHECK(drained.error().kind == ErrorKind::kConfig);
  CHECK(drained.error().message ==
        "writing documents: index docs is closed: open it with POST /docs/_open");
  CHECK(world.clock.Now() < Milliseconds(2000));
}

TEST_CASE("an answer that is garbled by accident rejects nobody") {
  for (const Kind kind : {Kind::kFewerItems, Kind::kInvalidJson, Kind::kHtml}) {
    for (const int count : {1, 2, 100}) {
      CAPTURE(count);
      Writing world;
      world.elastic.Inject(RequestFault(kind));
      world.IndexMany(count);
      REQUIRE(world.writer.Drain());
      CHECK(world.Stored() == count);
      CHECK(world.rejected.empty());
      const BulkCounters& counters = world.writer.counters();
      CHECK(counters.created + counters.updated == static_cast<std::uint64_t>(count));
    }
  }
}

TEST_CASE("when every request is refused the run stops, before it blames every document") {
  SUBCASE("with a reason of Elasticsearch") {
    Writing world;
    ElasticFault fault = RequestFault(Kind::kStatus, -1, 400);
    fault.body = R"({"error":{"type":"illegal_argument_exception","reason":"no"},"status":400})";
    world.elastic.Inject(fault);
    world.IndexMany(1000);
    const auto drained = world.writer.Drain();
    REQUIRE_FALSE(drained);
    CHECK(drained.error().kind == ErrorKind::kConfig);
    CHECK(drained.error().message.find("20 documents in a row") != std::string::npos);
    CHECK(world.elastic.requests() < 300);
    CHECK(world.rejected.size() < 20);
  }
  SUBCASE("with a proxy's page") {
    Writing world;
    world.elastic.Inject(RequestFault(Kind::kHtml, -1));
    world.IndexMany(1000);
    const auto drained = world.writer.Drain();
    REQUIRE_FALSE(drained);
    CHECK(drained.error().kind == ErrorKind::kTemporary);
    CHECK(world.elastic.requests() < 300);
    CHECK(world.rejected.empty());
  }
}

TEST_CASE("what is not the documents' fault stops the run") {
  struct Row {
    ElasticFault fault;
    ErrorKind kind;
    const char* says;
  };
  ElasticFault unauthorized = RequestFault(Kind::kStatus, 1, 401);
  ElasticFault forbidden = RequestFault(Kind::kStatus, 1, 403);
  forbidden.body =
      R"({"error":{"type":"security_exception","reason":"action [indices:data/write/bulk] is )"
      R"(unauthorized for user [u], this action is granted by the index privileges [write,all]"}})";
  ElasticFault absent = RequestFault(Kind::kStatus, 1, 404);
  absent.body = R"({"error":{"type":"index_not_found_exception","reason":"no such index [docs]"}})";
  const Row rows[] = {
      {unauthorized, ErrorKind::kAuth, "elasticsearch.api_key"},
      {forbidden, ErrorKind::kPermission, "index privileges write, all"},
      {absent, ErrorKind::kNotFound, "no such index [docs]"},
      {ItemFault(403, "security_exception",
                 "action [indices:data/write/bulk[s]] is unauthorized for user [u] on indices "
                 "[docs], this action is granted by the index privileges [write,all]",
                 {"id:1"}, 1),
       ErrorKind::kPermission, "indices:data/write/bulk[s] on docs; grant it one of"},
      {ItemFault(404, "index_not_found_exception", "no such index [docs]", {}, 1),
       ErrorKind::kNotFound, "no such index [docs]"},
      {ItemFault(400, "index_closed_exception", "closed", {}, 1), ErrorKind::kConfig, "closed"},
  };
  for (const Row& row : rows) {
    Writing world;
    world.elastic.Inject(row.fault);
    world.IndexMany(3);
    world.writer.Mark(1);
    const auto drained = world.writer.Drain();
    REQUIRE_FALSE(drained);
    CAPTURE(drained.error().message);
    CHECK(ToString(drained.error().kind) == ToString(row.kind));
    CHECK(drained.error().message.find(row.says) != std::string::npos);
    CHECK(world.rejected.empty());
    CHECK_FALSE(world.writer.TakeReleasedMark());
    CHECK_FALSE(world.writer.Drain());
  }
}

TEST_CASE("a mark is released when all before it is settled, in order") {
  BulkSettings settings = Settings();
  settings.max_actions = 2;
  settings.max_concurrency = 2;
  Writing world(settings);
  // The first request is slow: the second overtakes it.
  world.network.SetJitter([&](const FakeRequest& request) {
    return request.body.find("id:0") != std::string::npos ? Milliseconds(2000) : Milliseconds(0);
  });
  world.writer.Mark(1);
  CHECK(world.writer.TakeReleasedMark() == 1u);
  CHECK_FALSE(world.writer.TakeReleasedMark());
  REQUIRE(world.Index("id:0"));
  world.writer.Mark(2);
  REQUIRE(world.Index("id:1"));
  world.writer.Mark(3);
  REQUIRE(world.Index("id:2"));
  REQUIRE(world.Index("id:3"));
  world.writer.Mark(4);
  while (world.writer.InFlight() == 2) {
    world.loop.RunOnce();
    CHECK_FALSE(world.writer.TakeReleasedMark());
  }
  CHECK_FALSE(world.writer.TakeReleasedMark());
  REQUIRE(world.writer.Drain());
  CHECK(world.writer.TakeReleasedMark() == 4u);
  world.writer.Mark(5);
  CHECK(world.writer.TakeReleasedMark() == 5u);
}

TEST_CASE("a mark sends a batch that is not full when nothing else is in flight") {
  Writing world;
  REQUIRE(world.Index("a"));
  CHECK(world.writer.InFlight() == 0);
  world.writer.Mark(1);
  CHECK(world.writer.InFlight() == 1);
  CHECK_FALSE(world.writer.TakeReleasedMark());
  while (world.writer.InFlight() > 0) {
    world.loop.RunOnce();
    if (const auto mark = world.writer.TakeReleasedMark()) CHECK(*mark == 1);
  }
  CHECK(world.elastic.writes().size() == 1);
}

TEST_CASE("a rejected document is reported before the mark behind it is released") {
  Writing world;
  world.elastic.unmappable_ids = {"bad"};
  REQUIRE(world.Index("bad"));
  world.writer.Mark(9);
  REQUIRE(world.writer.Drain());
  CHECK(world.rejected.size() == 1);
  CHECK(world.writer.TakeReleasedMark() == 9u);
}

TEST_CASE("a signal ends the wait, not the writer") {
  BulkSettings settings = Settings();
  settings.max_actions = 1;
  settings.max_concurrency = 1;
  Writing world(settings);
  REQUIRE(world.Index("a"));
  world.signal = SIGTERM;
  REQUIRE(world.writer.InFlight() == 1);
  REQUIRE(world.Index("b"));  // fits into the open batch
  const auto added = world.Index("c");
  REQUIRE_FALSE(added);
  CHECK(added.error().kind == ErrorKind::kInterrupted);
  CHECK(added.error().signal == SIGTERM);
  world.loop.FinishInFlight(Milliseconds(60'000));
  REQUIRE(world.writer.Drain());
  CHECK(world.Stored() == 2);
}

TEST_CASE("after any faults the index holds what was written") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto pick = [&](int low, int high) {
      return std::uniform_int_distribution(low, high)(random);
    };
    BulkSettings settings = Settings();
    settings.max_actions = static_cast<std::size_t>(pick(1, 40));
    settings.max_concurrency = pick(1, 5);
    settings.seed = seed;
    Writing world(settings);
    world.elastic.max_body_bytes = static_cast<std::size_t>(pick(200, 3000));
    world.network.SetJitter([&](const FakeRequest&) { return Milliseconds(pick(0, 2000)); });
    const Kind kinds[] = {Kind::kRefused, Kind::kReset, Kind::kResetApplied, Kind::kTimeoutApplied,
                          Kind::kStatus};
    const Kind garbled[] = {Kind::kFewerItems, Kind::kInvalidJson, Kind::kHtml};
    for (int i = 0; i < 12; ++i) {
      ElasticFault fault = RequestFault(kinds[pick(0, 4)], pick(1, 2), pick(0, 1) ? 429 : 503);
      fault.skip = pick(0, 30);
      world.elastic.Inject(fault);
      // Far apart: the same document garbled twice, with good answers between, is taken for guilty.
      ElasticFault garble = RequestFault(garbled[pick(0, 2)]);
      garble.skip = i * 60 + pick(0, 5);
      world.elastic.Inject(garble);
      ElasticFault item = ItemFault(429, "es_rejected", "", {fmt::format("id:{}", pick(0, 30))}, 2);
      item.skip = pick(0, 30);
      world.elastic.Inject(item);
    }
    world.elastic.unmappable_ids = {"id:5"};
    world.elastic.poison_ids = {"id:17"};
    std::map<std::string, std::string> expected;
    for (int i = 0; i < 300; ++i) {
      const std::string id = fmt::format("id:{}", pick(0, 30));
      const bool deletes = pick(0, 4) == 0;
      REQUIRE((deletes ? world.Delete(id) : world.Index(id, i)));
      if (id == "id:17" || id == "id:5") continue;
      if (deletes) {
        expected.erase(id);
      } else {
        expected[id] = fmt::format(R"({{"n":{}}})", i);
      }
      if (i % 10 == 0) world.writer.Mark(static_cast<std::uint64_t>(i));
    }
    REQUIRE(world.writer.Drain());
    REQUIRE(world.elastic.Documents("docs") == expected);
    for (const report::FailedDocument& document : world.rejected) {
      REQUIRE((document.id == "id:17" || document.id == "id:5"));
    }
  }
}

TEST_CASE("a writer that an error has stopped writes again after it has started over") {
  Writing world;
  world.elastic.Inject(
      ItemFault(404, "index_not_found_exception", "no such index [docs]", {}, /*times=*/1));
  world.IndexMany(3);
  world.writer.Mark(1);
  const auto failed = world.writer.Drain();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == ErrorKind::kNotFound);
  CHECK_FALSE(world.Index("id:later"));

  world.writer.StartOver();
  CHECK(world.writer.BufferedBytes() == 0);
  CHECK_FALSE(world.writer.TakeReleasedMark());
  REQUIRE(world.Index("id:later"));
  world.writer.Mark(2);
  REQUIRE(world.writer.Drain());
  CHECK(world.writer.TakeReleasedMark() == 2);
  CHECK(world.Stored() == 1);
}

}  // namespace dbxes::elastic
