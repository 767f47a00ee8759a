// SPDX-License-Identifier: Apache-2.0
#include "state/lease.h"

#include <doctest/doctest.h>

#include <optional>
#include <utility>

#include "unit/state/state_world.h"

namespace dbxes::state {
namespace {

constexpr Milliseconds kLease{60'000};

}  // namespace

TEST_CASE("the state is taken, and returned with what was changed") {
  Cluster cluster;
  Machine one(cluster);
  REQUIRE(one.place->Take(12));
  CHECK(one.place->IsHeld());
  REQUIRE(one.Put(".json", "checkpoint"));
  // Nothing of it is durable before.
  CHECK(cluster.State().find("checkpoint") == std::string::npos);
  REQUIRE(one.place->GiveBack());
  CHECK_FALSE(one.place->IsHeld());
  Machine two(cluster, "two");
  REQUIRE(two.place->Take(13));
  CHECK(two.Get(".json") == "checkpoint");
  CHECK(two.waits.empty());
}

TEST_CASE("what was flushed survives a machine that goes down") {
  Cluster cluster;
  {
    Machine one(cluster);
    REQUIRE(one.place->Take(12));
    REQUIRE(one.Put(".json", "flushed"));
    REQUIRE(one.place->Flush());
    REQUIRE(one.Put(".json", "lost"));
  }
  Machine two(cluster, "two");
  REQUIRE(two.place->Take(13));
  CHECK(two.Get(".json") == "flushed");
}

TEST_CASE("a holder that shows a sign of life is named, and keeps the state") {
  Cluster cluster;
  Machine one(cluster);
  REQUIRE(one.place->Take(12));
  Machine two(cluster, "two");
  // Both live at the same time: the second machine's events let the first one's network move on.
  two.network.SetJitter([&one](const FakeRequest&) {
    one.loop.RunOnce(Milliseconds(0));
    return Milliseconds(0);
  });
  const auto taken = two.place->Take(13);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::kLocked);
  CHECK(taken.error().message ==
        "another run holds this target (pid 12 on host one, since 2026-08-05T10:00:01Z); nothing "
        "was done");
  CHECK_FALSE(two.place->IsHeld());
  REQUIRE(two.waits.size() == 1);
  CHECK(two.waits.front().find("waiting for a sign of life") != std::string::npos);
  CHECK(one.AskHeld());
  // One that tries again says so once.
  CHECK_FALSE(two.place->Take(13));
  CHECK(two.waits.size() == 1);
  REQUIRE(one.place->GiveBack());
  CHECK(two.place->Take(13));
}

TEST_CASE("that a holder was killed is known until a run has noted what it means") {
  Cluster cluster;
  {
    Machine killed(cluster);
    REQUIRE(killed.place->Take(1));
    REQUIRE(killed.Put(".json", "a"));
  }
  // Such as the command failures, which notes nothing.
  {
    Machine other(cluster, "two");
    REQUIRE(other.place->Take(2));
    CHECK(other.place->HasTakenOver());
    REQUIRE(other.place->GiveBack());
  }
  {
    Machine noting(cluster, "three");
    REQUIRE(noting.place->Take(3));
    CHECK(noting.place->HasTakenOver());
    noting.place->NoteTakenOver();
    REQUIRE(noting.Put(".json", "b"));
    CHECK(noting.place->HasTakenOver());
    REQUIRE(noting.place->GiveBack());
  }
  Machine next(cluster, "four");
  REQUIRE(next.place->Take(4));
  CHECK_FALSE(next.place->HasTakenOver());
}

TEST_CASE("a holder that is silent for its whole lease has lost the state for ever") {
  Cluster cluster;
  Machine one(cluster);
  REQUIRE(one.place->Take(12));
  const Milliseconds before = cluster.clock.Now();
  Machine two(cluster, "two");
  REQUIRE(two.place->Take(13));
  CHECK(cluster.clock.Now() - before >= kLease);
  CHECK(cluster.clock.Now() - before < kLease + Milliseconds(6'000));
  REQUIRE(one.Put(".json", "late"));
  const auto late = one.place->Flush();
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::kKeptElsewhere);
  CHECK(late.error().message.find("pid 13 on host two") != std::string::npos);
  CHECK_FALSE(one.place->IsHeld());
  CHECK_FALSE(one.AskHeld());
  CHECK(cluster.State().find("late") == std::string::npos);
  REQUIRE(two.place->Flush());
  CHECK(two.AskHeld());
}

TEST_CASE("clocks of machines do not count") {
  Cluster cluster;
  Machine one(cluster);
  REQUIRE(one.place->Take(12));
  cluster.clock.JumpWall(std::int64_t{365} * 24 * 3600 * 1'000'000);
  Machine two(cluster, "two");
  const Milliseconds before = cluster.clock.Now();
  REQUIRE(two.place->Take(13));
  CHECK(cluster.clock.Now() - before >= kLease);
}

TEST_CASE("signs of life are written from the loop, also while a run waits") {
  Cluster cluster;
  Machine one(cluster);
  REQUIRE(one.place->Take(12));
  cluster.elastic.ClearBooks();
  one.Live(Milliseconds(151'000));
  CHECK(cluster.elastic.requests() == 10);
  CHECK(one.AskHeld());
  CHECK(cluster.elastic.requests() == 10);
}

TEST_CASE("nothing is let through once the lease may be over, before it is renewed") {
  Cluster cluster;
  Machine one(cluster);
  REQUIRE(one.place->Take(12));
  cluster.elastic.ClearBooks();
  CHECK(one.AskHeld());
  CHECK(cluster.elastic.requests() == 0);
  // A process that was stopped, and nobody came.
  cluster.clock.Advance(Milliseconds(55'000));
  CHECK(one.AskHeld());
  CHECK(cluster.elastic.requests() == 1);
  CHECK(one.AskHeld());
  CHECK(cluster.elastic.requests() == 1);
}

TEST_CASE("a write whose answer is lost is decided by reading it back") {
  using Kind = ElasticFault::Kind;
  for (const auto kind : {Kind::kResetApplied, Kind::kTimeoutApplied, Kind::kInvalidJson,
                          Kind::kReset, Kind::kRefused, Kind::kHtml}) {
    CAPTURE(static_cast<int>(kind));
    Cluster cluster;
    Machine one(cluster);
    REQUIRE(one.place->Take(12));
    REQUIRE(one.Put(".json", "checkpoint"));
    cluster.elastic.Inject({kind, "_doc/state", 0, 1, 503, "", {}, {}, "", ""});
    CHECK(one.place->Flush());
    CHECK(cluster.State().find("checkpoint") != std::string::npos);
    CHECK(one.place->Flush());
    CHECK(one.place->GiveBack());
  }
}

TEST_CASE("a cluster that is away is an error, and the state is still held when it is back") {
  Cluster cluster;
  Machine one(cluster);
  REQUIRE(one.place->Take(12));
  REQUIRE(one.Put(".json", "checkpoint"));
  cluster.elastic.Inject({ElasticFault::Kind::kRefused, "", 0, -1, 503, "", {}, {}, "", ""});
  const auto away = one.place->Flush();
  REQUIRE_FALSE(away);
  CHECK(away.error().kind == ErrorKind::kTemporary);
  cluster.elastic.ClearFaults();
  CHECK(one.place->Flush());
  CHECK(cluster.State().find("checkpoint") != std::string::npos);
}

TEST_CASE("a credential without the privileges is an error of its own") {
  Cluster cluster;
  Machine one(cluster);
  ElasticFault forbidden{
      ElasticFault::Kind::kStatus, "dbx-es-docs", 0, -1, 403, "", {}, {}, "", ""};
  forbidden.body =
      R"({"error":{"type":"security_exception","reason":"action [indices:data/read/get] is )"
      R"(unauthorized for API key on indices [dbx-es-docs], this action is granted by the index )"
      R"(privileges [read,all]"},"status":403})";
  cluster.elastic.Inject(forbidden);
  const auto taken = one.place->Take(12);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::kPermission);
  CHECK(taken.error().message.find("dbx-es-docs") != std::string::npos);
}

TEST_CASE("of two machines that take a free state at once, one gets it") {
  Cluster cluster;
  Machine one(cluster);
  REQUIRE(one.place->Take(12));
  REQUIRE(one.place->GiveBack());
  Machine two(cluster, "two");
  bool raced = false;
  cluster.elastic.before_write = [&](const FakeBulkOperation&) {
    if (std::exchange(raced, true)) return;
    Machine faster(cluster, "three");
    REQUIRE(faster.place->Take(14));
    REQUIRE(faster.Put(".json", "of three"));
    REQUIRE(faster.place->GiveBack());
  };
  REQUIRE(two.place->Take(13));
  CHECK(raced);
  CHECK(two.Get(".json") == "of three");
}

TEST_CASE("a state of a newer dbx-es is left alone") {
  Cluster cluster;
  cluster.elastic.Put(kStateIndex, "state", R"({"format":2,"parts":{}})");
  Machine one(cluster);
  const auto taken = one.place->Take(12);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::kConfig);
  CHECK(taken.error().message.find("newer dbx-es") != std::string::npos);
}

TEST_CASE("an index that the cluster made by itself gets its mapping") {
  Cluster cluster;
  cluster.elastic.CreateIndex(kStateIndex);
  Machine one(cluster);
  REQUIRE(one.place->Take(12));
  CHECK(cluster.elastic.Mappings(kStateIndex).find("strict") != std::string::npos);
}

TEST_CASE("a run that was interrupted while it took the state gives it back") {
  Cluster cluster;
  Machine one(cluster);
  cluster.elastic.before_write = [&](const FakeBulkOperation&) { one.signal = 15; };
  const auto taken = one.place->Take(12);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::kInterrupted);
  one.loop.FinishInFlight(Milliseconds(10'000));
  CHECK(one.place->GiveBack());
  Machine two(cluster, "two");
  const Milliseconds before = cluster.clock.Now();
  cluster.elastic.before_write = nullptr;
  CHECK(two.place->Take(13));
  CHECK(cluster.clock.Now() - before < Milliseconds(5'000));
}

}  // namespace dbxes::state
