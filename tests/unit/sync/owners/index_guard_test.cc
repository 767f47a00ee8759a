// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/index_guard.h"

#include <doctest/doctest.h>

#include "checkpoint/folder_place.h"
#include "support/memory_file_system.h"
#include "sync/owners/guarded_writer.h"
#include "unit/elastic/world.h"
#include "unit/sync/recording_sink.h"

namespace dbxes::sync {
namespace {

constexpr Milliseconds kHour{3'600'000};

dropbox::Account Ana() {
  dropbox::Account account;
  account.account_id = "dbid:AAA";
  account.email = "ana@example.org";
  return account;
}

dropbox::Account Bob() {
  dropbox::Account account;
  account.account_id = "dbid:BBB";
  account.email = "bob@example.org";
  return account;
}

// One state folder with its runs, in a world that others share.
struct State {
  State(elastic::World& world, std::string folder)
      : place(files, probe, world.clock, std::move(folder), "docs"),
        ledger(world.clock, {place, files, true, "server"}),
        guard(world.client, "docs", {"/Team"}, ledger) {
    REQUIRE(ledger.Open(1, /*reads_checkpoint=*/true));
  }
  MemoryFileSystem files;
  FileProbe probe;
  checkpoint::FolderPlace place;
  Ledger ledger;
  IndexGuard guard;
};

struct GuardWorld : elastic::World {
  GuardWorld() { elastic.CreateIndex("docs"); }
  std::optional<elastic::Keeper> Keeper() { return elastic::ReadIdentity(client, "docs")->keeper; }
};

void CheckFailure(const Result<void>& result, ErrorKind kind, std::string_view says) {
  REQUIRE_FALSE(result);
  CAPTURE(result.error().message);
  CHECK(ToString(result.error().kind) == ToString(kind));
  CHECK(result.error().message.find(says) != std::string::npos);
}

Result<void> Outcome(const Result<bool>& taken) {
  return taken ? Result<void>() : Fail(taken.error());
}

}  // namespace

TEST_CASE("a full sync names the keeper, and others are refused") {
  GuardWorld world;
  State first(world, "/state");
  CHECK(first.guard.Take(Ana(), {}) == true);
  REQUIRE(world.Keeper());
  CHECK(world.Keeper()->account == "dbid:AAA");
  CHECK(world.Keeper()->path == "/Team");
  CHECK(world.Keeper()->host == "server");
  CHECK(world.Keeper()->state == first.ledger.state_id());

  State second(world, "/elsewhere");
  CHECK(second.ledger.state_id() != first.ledger.state_id());
  CheckFailure(Outcome(second.guard.Take(Ana(), {})), ErrorKind::kKeptElsewhere, "--take-over");
  CheckFailure(second.guard.ConfirmUnkept(), ErrorKind::kKeptElsewhere, "on host server since");
  CHECK(world.Keeper()->state == first.ledger.state_id());

  CHECK(second.guard.Take(Ana(), {.take_over = true}));
  CHECK(world.Keeper()->state == second.ledger.state_id());
  CheckFailure(first.guard.Confirm(), ErrorKind::kKeptElsewhere, "kept by another state, on host");
}

TEST_CASE("what a mapping says of its keeper begins no line of a message") {
  GuardWorld world;
  State first(world, "/state");
  first.ledger.checkpoint().account = Ana();
  dropbox::Account forged = Ana();
  forged.email = "a\ndbx-es: done";
  REQUIRE(first.guard.Take(forged, {}));
  State second(world, "/elsewhere");
  const auto refused = Outcome(second.guard.Take(Bob(), {}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("a dbx-es: done (dbid:AAA)") != std::string::npos);
  CHECK(refused.error().message.find('\n') == std::string::npos);
}

TEST_CASE("an index of another account is refused, whatever the flags") {
  GuardWorld world;
  State first(world, "/state");
  REQUIRE(first.guard.Take(Ana(), {}));
  State second(world, "/elsewhere");
  CheckFailure(Outcome(second.guard.Take(Bob(), {.take_over = true})), ErrorKind::kConfig,
               "belongs to the Dropbox of ana@example.org (dbid:AAA), but the token is of "
               "bob@example.org (dbid:BBB)");
  // Nor with the state folder of the first one.
  CheckFailure(Outcome(first.guard.Take(Bob(), {})), ErrorKind::kConfig, "belongs to the Dropbox");
}

TEST_CASE("a token of another account writes nothing") {
  GuardWorld world;
  State state(world, "/state");
  state.ledger.checkpoint().account = Ana();
  REQUIRE(state.guard.Take(Ana(), {}));
  IndexGuard next(world.client, "docs", {"/Team"}, state.ledger);
  next.AskAccount([] { return Result<dropbox::Account>(Bob()); });
  RecordingSink sink;
  CheckFailure(next.BeforeWrite(), ErrorKind::kConfig, "but the token is of bob@example.org");
}

TEST_CASE("the keeper is written when it changes, and not by each run") {
  GuardWorld world;
  State state(world, "/state");
  REQUIRE(state.guard.Take(Ana(), {}));
  const std::string since = world.Keeper()->since;
  world.clock.Advance(kHour);
  world.elastic.ClearBooks();
  REQUIRE(state.guard.Take(Ana(), {}));
  REQUIRE(state.guard.Confirm());
  CHECK(world.elastic.Requests("_mapping") == 0);
  IndexGuard moved(world.client, "docs", {"/Other"}, state.ledger);
  CheckFailure(Outcome(moved.Take(Ana(), {})), ErrorKind::kSafetyStop, "--change-path");
  REQUIRE(moved.Take(Ana(), {.change_path = true}));
  CHECK(world.Keeper()->path == "/Other");
  CHECK(world.Keeper()->since == since);
}

TEST_CASE("the keeper names all folders, and none of them goes unasked") {
  GuardWorld world;
  State state(world, "/state");
  IndexGuard both(world.client, "docs", {"/Other", "/Team"}, state.ledger);
  REQUIRE(both.Take(Ana(), {}));
  CHECK(world.Keeper()->path == "/Other\n/Team");
  CheckFailure(Outcome(state.guard.Take(Ana(), {})), ErrorKind::kSafetyStop,
               "holds the Dropbox folders /Other, /Team, and this run is for /Team");
  IndexGuard more(world.client, "docs", {"/Other", "/Team", "/Third"}, state.ledger);
  CHECK(more.Take(Ana(), {}));
}

TEST_CASE("a run that only looks names no keeper") {
  GuardWorld world;
  State state(world, "/state");
  REQUIRE(state.guard.Take(Ana(), {.may_write = false}));
  CHECK_FALSE(world.Keeper());
}

TEST_CASE("a run that writes nothing may look at an index that another state keeps") {
  GuardWorld world;
  State other(world, "/state");
  REQUIRE(other.guard.Take(Ana(), {}));
  State state(world, "/elsewhere");
  Ledger looking(world.clock, {state.place, state.files, /*keeps=*/false, "server"});
  REQUIRE(looking.Open(1, /*reads_checkpoint=*/true));
  IndexGuard guard(world.client, "docs", {"/Team"}, looking);
  CheckFailure(guard.Confirm(), ErrorKind::kKeptElsewhere, "--take-over");
  REQUIRE(guard.Take(Ana(), {.take_over = true, .may_write = false}));
  CHECK(guard.Confirm());
  CHECK(world.Keeper()->state == other.ledger.state_id());
}

TEST_CASE("a credential that may not write the keeper is reported, and works") {
  GuardWorld world;
  State state(world, "/state");
  ElasticFault fault;
  fault.route = "_mapping";
  fault.status = 403;
  fault.body = R"({"error":{"type":"security_exception","reason":"action is unauthorized"}})";
  fault.times = -1;
  world.elastic.Inject(fault);
  REQUIRE(state.guard.Take(Ana(), {}));
  CHECK(state.guard.problem().find("action is unauthorized") != std::string::npos);
  world.elastic.ClearBooks();
  REQUIRE(state.guard.Confirm());
  CHECK(world.elastic.Requests("_mapping") == 0);
}

TEST_CASE("another index under the name is noticed in each way that it can come about") {
  GuardWorld world;
  State state(world, "/state");
  REQUIRE(state.guard.Take(Ana(), {}));
  const FakeIndex snapshot = world.elastic.Snapshot("docs");
  std::string says = "is not the one that dbx-es left";
  SUBCASE("deleted") {
    world.elastic.DeleteIndex("docs");
    says = "is gone";
  }
  SUBCASE("made again") {
    world.elastic.DeleteIndex("docs");
    world.elastic.CreateIndex("docs");
  }
  SUBCASE("restored after it was deleted") { world.elastic.RestoreDeleted("docs", snapshot); }
  SUBCASE("restored in place") { world.elastic.RestoreInPlace("docs", snapshot); }
  SUBCASE("an alias in its place") {
    world.elastic.DeleteIndex("docs");
    world.elastic.CreateIndex("blue");
    world.elastic.AddAlias("docs", "blue");
  }
  CheckFailure(state.guard.Confirm(), ErrorKind::kIndexReplaced, says);
  // And by a later run, from the checkpoint.
  IndexGuard later(world.client, "docs", {"/Team"}, state.ledger);
  CheckFailure(later.BeforeWrite(), ErrorKind::kIndexReplaced, says);
}

TEST_CASE("the checkpoint of an index is not taken for that of another before it starts anew") {
  GuardWorld world;
  State state(world, "/state");
  REQUIRE(state.guard.Take(Ana(), {}));
  const std::string left = state.ledger.checkpoint().index.uuid;
  world.elastic.DeleteIndex("docs");
  world.elastic.CreateIndex("docs");
  IndexGuard next(world.client, "docs", {"/Team"}, state.ledger);
  CHECK(next.Take(Ana(), {}) == false);
  // A stop here saves the old cursor: with the new index, a later run would believe it.
  CHECK(state.ledger.checkpoint().index.uuid == left);
  REQUIRE(next.Confirm());
  CHECK(state.ledger.checkpoint().index.uuid == left);
  next.Adopt();
  CHECK(state.ledger.checkpoint().index.uuid != left);
}

TEST_CASE("a quiet run asks once an hour, and at once when the clock was set back") {
  GuardWorld world;
  State state(world, "/state");
  REQUIRE(state.guard.Take(Ana(), {}));
  const auto asks = [&] {
    IndexGuard next(world.client, "docs", {"/Team"}, state.ledger);
    world.elastic.ClearBooks();
    REQUIRE(next.ConfirmIfDue());
    return world.elastic.requests() > 0;
  };
  CHECK_FALSE(asks());
  world.clock.Advance(kHour - Milliseconds(1));
  CHECK_FALSE(asks());
  world.clock.Advance(Milliseconds(1));
  CHECK(asks());
  CHECK_FALSE(asks());
  state.ledger.checkpoint().index.confirmed_at += 1'000'000;
  CHECK(asks());
}

TEST_CASE("a run asks before its first write, and before a checkpoint counts its writes") {
  GuardWorld world;
  State state(world, "/state");
  REQUIRE(state.guard.Take(Ana(), {}));
  IndexGuard guard(world.client, "docs", {"/Team"}, state.ledger);
  auto recording = std::make_unique<RecordingSink>();
  GuardedWriter writer(std::move(recording), guard);
  state.ledger.ConfirmSavesWith([&] { return guard.BeforeSave(); });
  elastic::BulkAction action;
  action.id = "id:1";
  world.elastic.ClearBooks();
  REQUIRE(state.ledger.Save());
  CHECK(world.elastic.requests() == 0);
  REQUIRE(writer.Add(action));
  CHECK(world.elastic.requests() == 1);
  REQUIRE(writer.Add(action));
  CHECK(world.elastic.requests() == 1);
  REQUIRE(state.ledger.Save());
  CHECK(world.elastic.requests() == 2);
  REQUIRE(state.ledger.Save());
  CHECK(world.elastic.requests() == 2);

  REQUIRE(writer.Add(action));
  world.elastic.DeleteIndex("docs");
  CheckFailure(state.ledger.Save(), ErrorKind::kIndexReplaced, "is gone");
}

TEST_CASE("a state without a checkpoint may run where nobody keeps the index") {
  GuardWorld world;
  State state(world, "/state");
  CHECK(state.guard.ConfirmUnkept());
  world.elastic.DeleteIndex("docs");
  CHECK(state.guard.ConfirmUnkept());
}

}  // namespace dbxes::sync
