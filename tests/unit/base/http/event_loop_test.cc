// SPDX-License-Identifier: Apache-2.0
#include "base/http/event_loop.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "base/http/curl_http.h"
#include "support/fake_clock.h"
#include "support/fake_network.h"

namespace dbxes {
namespace {

struct LoopWorld {
  FakeClock clock;
  FakeNetwork network{clock};
  int signal = 0;
  EventLoop loop{network, clock, [this] { return signal; }};
};

}  // namespace

TEST_CASE("a value is taken by polling") {
  const Pending<int> producer;
  const Pending<int> consumer = producer;
  CHECK_FALSE(consumer.Ready());
  producer.Fulfil(7);
  REQUIRE(consumer.Ready());
  CHECK(consumer.Take().value() == 7);
  CHECK_FALSE(consumer.Ready());
}

TEST_CASE("an action runs once, whether it is set before the value or after") {
  int calls = 0;
  const auto count = [&](Result<int> value) { calls += value.value(); };
  const Pending<int> early;
  early.Then(count);
  CHECK(calls == 0);
  early.Fulfil(1);
  CHECK(calls == 1);
  CHECK_FALSE(early.Ready());

  const Pending<int> late;
  late.Fulfil(10);
  CHECK(calls == 1);
  late.Then(count);
  CHECK(calls == 11);
}

TEST_CASE("an action may ask for the next value of the same slot") {
  const Pending<int> pending;
  std::vector<int> seen;
  pending.Then([&](Result<int> first) {
    seen.push_back(*first);
    pending.Then([&](Result<int> second) { seen.push_back(*second); });
  });
  pending.Fulfil(1);
  pending.Fulfil(2);
  CHECK(seen == std::vector<int>{1, 2});
}

TEST_CASE("an error is a value, too") {
  const Pending<int> pending;
  pending.Fulfil(Fail(ErrorKind::kTemporary, "no"));
  REQUIRE(pending.Ready());
  CHECK(pending.Take().error().message == "no");
}

TEST_CASE("timers run when they are due, in the order of their times") {
  LoopWorld world;
  const Milliseconds start = world.clock.Now();
  std::vector<std::pair<std::string, Milliseconds>> ran;
  const auto note = [&](const char* name) {
    return [&ran, &world, start, name] { ran.emplace_back(name, world.clock.Now() - start); };
  };
  world.loop.After(Milliseconds(300), note("late"));
  world.loop.After(Milliseconds(100), note("early"));
  world.loop.After(Milliseconds(100), note("early too"));
  world.loop.After(Milliseconds(0), note("now"));
  while (ran.size() < 4) world.loop.RunOnce();
  CHECK(ran == std::vector<std::pair<std::string, Milliseconds>>{{"now", Milliseconds(0)},
                                                                 {"early", Milliseconds(100)},
                                                                 {"early too", Milliseconds(100)},
                                                                 {"late", Milliseconds(300)}});
}

TEST_CASE("an action may set further timers") {
  LoopWorld world;
  int ticks = 0;
  std::function<void()> tick = [&] {
    if (++ticks < 50) world.loop.After(Milliseconds(20), tick);
  };
  const Milliseconds start = world.clock.Now();
  world.loop.After(Milliseconds(20), tick);
  while (ticks < 50) world.loop.RunOnce();
  CHECK(world.clock.Now() - start == Milliseconds(50 * 20));
}

TEST_CASE("one turn waits no longer than its limit") {
  LoopWorld world;
  const Milliseconds start = world.clock.Now();
  world.loop.After(Milliseconds(10'000), [] {});
  world.loop.RunOnce(Milliseconds(70));
  CHECK(world.clock.Now() - start == Milliseconds(70));
}

TEST_CASE("other work continues while a value is awaited") {
  LoopWorld world;
  const Pending<std::string> pending;
  int others = 0;
  world.loop.After(Milliseconds(10), [&] { ++others; });
  world.loop.After(Milliseconds(900), [&] { pending.Fulfil(std::string("here")); });
  CHECK(world.loop.Await(pending).value() == "here");
  CHECK(others == 1);
}

TEST_CASE("a value that has arrived is returned even if a signal asks to stop") {
  LoopWorld world;
  const Pending<int> pending;
  pending.Fulfil(1);
  world.signal = SIGINT;
  CHECK(world.loop.Await(pending).value() == 1);
}

TEST_CASE("a signal ends the wait, and the error has its number") {
  struct Row {
    int signal;
    const char* message;
  };
  for (const Row row : {Row{SIGINT, "stopped by SIGINT"}, Row{SIGTERM, "stopped by SIGTERM"}}) {
    LoopWorld world;
    world.loop.After(Milliseconds(500), [&] { world.signal = row.signal; });
    const Pending<int> never;
    const auto value = world.loop.Await(never);
    REQUIRE_FALSE(value);
    CHECK(value.error().kind == ErrorKind::kInterrupted);
    CHECK(value.error().signal == row.signal);
    CHECK(value.error().message == row.message);
  }
}

TEST_CASE("work in flight may be finished after a signal, within its patience") {
  LoopWorld world;
  world.signal = SIGTERM;
  world.loop.FinishInFlight(Milliseconds(1000));
  CHECK(world.loop.StopSignal() == 0);
  const Pending<int> quick;
  world.loop.After(Milliseconds(900), [&] { quick.Fulfil(1); });
  CHECK(world.loop.Await(quick));
  const Pending<int> never;
  CHECK_FALSE(world.loop.Await(never));
  CHECK(world.loop.StopSignal() == SIGTERM);
}

TEST_CASE("the work after a run ends with its patience, signal or not") {
  LoopWorld world;
  world.loop.FinishInFlight(Milliseconds(1000));
  const Milliseconds start = world.clock.Now();
  const Pending<int> never;
  const auto value = world.loop.Await(never);
  REQUIRE_FALSE(value);
  CHECK(value.error().kind == ErrorKind::kInterrupted);
  CHECK(world.clock.Now() - start >= Milliseconds(1000));
  CHECK(world.clock.Now() - start < Milliseconds(1500));
}

TEST_CASE("a descriptor that is readable ends the wait of a poll") {
  CurlHttp http("test");
  SystemClock clock;
  EventLoop loop(http, clock);
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  std::string seen;
  REQUIRE(loop.OnReadable(ends[0], [&] {
    char byte = 0;
    if (::read(ends[0], &byte, 1) == 1) {
      seen += byte;
    } else {
      loop.Forget(ends[0]);
      seen += '.';
    }
  }));
  CHECK_FALSE(loop.OnReadable(ends[0], [] {}));
  REQUIRE(::write(ends[1], "ab", 2) == 2);
  const Milliseconds hour(3'600'000);
  loop.RunOnce(hour);
  CHECK(seen == "a");
  loop.RunOnce(hour);
  CHECK(seen == "ab");
  ::close(ends[1]);
  loop.RunOnce(hour);
  CHECK(seen == "ab.");
  loop.RunOnce(Milliseconds(1));  // forgotten, though its end is still there
  CHECK(seen == "ab.");
  ::close(ends[0]);
}

}  // namespace dbxes
