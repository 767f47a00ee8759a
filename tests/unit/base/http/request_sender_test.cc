// SPDX-License-Identifier: Apache-2.0
#include "base/http/request_sender.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/fake_clock.h"
#include "support/fake_network.h"

namespace dbxes {
namespace {

constexpr char kHost[] = "http://service.test";
constexpr Milliseconds kLatency{10};

FakeAnswer Status(int status, std::string retry_after = "") {
  FakeAnswer answer = FakeAnswer::Json(status, "answer");
  if (!retry_after.empty()) answer.headers.emplace_back("retry-after", std::move(retry_after));
  return answer;
}

// A service with the usual habits: 429 pauses all requests, 401 asks for a new credential, 503 is
// tried again, 504 once only, 403 is final.
Verdict Judge(const Result<HttpResponse>& answer) {
  Verdict verdict;
  if (!answer) {
    verdict.kind = Verdict::kRetry;
    verdict.error = answer.error();
    return verdict;
  }
  if (answer->status == 200) return verdict;
  verdict.kind = answer->status == 403 ? Verdict::kFail : Verdict::kRetry;
  verdict.error = Error{ErrorKind::kTemporary, "status " + std::to_string(answer->status)};
  verdict.error.http_status = answer->status;
  verdict.gate = answer->status == 429;
  verdict.reauthorize = answer->status == 401;
  if (answer->status == 504) verdict.max_retries = 1;
  return verdict;
}

HttpRequest Post(std::string path, std::string body = "") {
  HttpRequest request;
  request.url = kHost + std::move(path);
  request.body = std::make_shared<const std::string>(std::move(body));
  return request;
}

// A sender, the service that it talks to (answers in the order given, 200 when there are none
// left), and the times at which each request arrived.
struct SenderWorld {
  explicit SenderWorld(std::uint64_t seed = 1) : seed_(seed) {
    network.Route(
        kHost,
        [this](const FakeRequest& request) {
          arrivals.emplace_back(clock.Now(), request.target);
          credentials.emplace_back(request.Header("authorization"));
          if (answers.empty()) return Status(200);
          FakeAnswer answer = answers.front();
          answers.erase(answers.begin());
          return answer;
        },
        kLatency);
    policy.service = "Service";
    policy.judge = Judge;
    policy.on_retry = [this](const Error& error, Milliseconds delay) {
      retries.emplace_back(error.message, delay);
    };
  }

  RequestSender& sender() {
    if (!sender_) sender_ = std::make_unique<RequestSender>(loop, policy, seed_);
    return *sender_;
  }
  Result<HttpResponse> Ask(HttpRequest request, SendOptions options = {}) {
    return loop.Await(sender().Send(std::move(request), std::move(options)));
  }
  void Destroy() { sender_.reset(); }
  Milliseconds RetryDelays() const {
    Milliseconds sum{0};
    for (const auto& [message, delay] : retries) sum += delay;
    return sum;
  }
  std::vector<std::string> RetryMessages() const {
    std::vector<std::string> messages;
    for (const auto& [message, delay] : retries) messages.push_back(message);
    return messages;
  }

  FakeClock clock;
  FakeNetwork network{clock};
  int signal = 0;
  EventLoop loop{network, clock, [this] { return signal; }};
  SenderPolicy policy;
  std::vector<FakeAnswer> answers;
  std::vector<std::pair<Milliseconds, std::string>> arrivals;
  std::vector<std::string> credentials;
  std::vector<std::pair<std::string, Milliseconds>> retries;

 private:
  std::uint64_t seed_;
  std::unique_ptr<RequestSender> sender_;
};

}  // namespace

TEST_CASE("a request is tried until it is answered, and everything is counted") {
  SenderWorld world;
  world.answers = {Status(503), FakeAnswer::Broken(FakeAnswer::Transport::kReset), Status(503)};
  const Milliseconds start = world.clock.Now();
  const auto answer = world.Ask(Post("/a", "12345"));
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body == "answer");

  const SenderCounters& counters = world.sender().counters();
  CHECK(counters.requests == 4);
  CHECK(counters.retries == 3);
  CHECK(counters.bytes_sent == 4 * 5);
  CHECK(counters.bytes_received == 3 * answer->wire_bytes_received);
  CHECK(world.RetryMessages() ==
        std::vector<std::string>{"status 503", "http://service.test/a: connection reset by peer",
                                 "status 503"});
  CHECK(world.clock.Now() - start == world.RetryDelays() + 4 * kLatency);
}

TEST_CASE("the window of the backoff grows from failure to failure") {
  Milliseconds most[4] = {};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SenderWorld world(seed);
    world.answers = {Status(503), Status(503), Status(503), Status(503)};
    REQUIRE(world.Ask(Post("/a")));
    REQUIRE(world.retries.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      const Milliseconds delay = world.retries[i].second;
      CHECK(delay >= Milliseconds(1));
      CHECK(delay <= Milliseconds(500 << i));
      most[i] = std::max(most[i], delay);
    }
  }
  for (std::size_t i = 0; i < 4; ++i) CHECK(most[i] > Milliseconds(450 << i));
}

TEST_CASE("a final answer is final") {
  SenderWorld world;
  world.answers = {Status(403)};
  const auto answer = world.Ask(Post("/a"));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().message == "status 403");
  CHECK(answer.error().http_status == 403);
  CHECK(world.sender().counters().requests == 1);
  CHECK(world.sender().counters().retries == 0);
  CHECK(world.retries.empty());
}

TEST_CASE("a wait that the service names is kept, and spread by less than a second") {
  Milliseconds least{100'000};
  Milliseconds most{0};
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SenderWorld world(seed);
    world.answers = {Status(503, "7")};
    REQUIRE(world.Ask(Post("/a")));
    const Milliseconds delay = world.retries.at(0).second;
    CHECK(delay > Milliseconds(7000));
    CHECK(delay <= Milliseconds(8000));
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  CHECK(most - least > Milliseconds(200));
}

TEST_CASE("a named wait of zero falls back to the backoff") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SenderWorld world(seed);
    world.answers = {Status(429, "0")};
    REQUIRE(world.Ask(Post("/a")));
    CHECK(world.retries.at(0).second >= Milliseconds(1));
    CHECK(world.retries.at(0).second <= Milliseconds(500));
  }
}

TEST_CASE("a rate limit holds every request of the sender, and no other sender") {
  SenderWorld world;
  world.answers = {Status(429, "30")};
  RequestSender other(world.loop, world.policy, 9);
  const auto limited = world.sender().Send(Post("/limited"), {});
  while (world.retries.empty()) world.loop.RunOnce();
  const Milliseconds begin = world.clock.Now();
  const Milliseconds until = begin + world.retries[0].second;

  std::vector<Pending<HttpResponse>> waiting;
  for (int i = 0; i < 5; ++i) waiting.push_back(world.sender().Send(Post("/held"), {}));
  REQUIRE(world.loop.Await(other.Send(Post("/free"), {})));
  CHECK(world.clock.Now() - begin == kLatency);
  REQUIRE(world.loop.Await(limited));
  for (const auto& pending : waiting) REQUIRE(world.loop.Await(pending));

  REQUIRE(world.arrivals.size() == 8);
  for (std::size_t i = 2; i < world.arrivals.size(); ++i) CHECK(world.arrivals[i].first >= until);
}

TEST_CASE("a later and shorter wait does not open the gate early") {
  SenderWorld world;
  world.answers = {Status(429, "60"), Status(429, "1")};
  const auto first = world.sender().Send(Post("/1"), {});
  const auto second = world.sender().Send(Post("/2"), {});
  while (world.retries.size() < 2) world.loop.RunOnce();
  const Milliseconds until = world.clock.Now() + world.retries[0].second;
  REQUIRE(world.loop.Await(first));
  REQUIRE(world.loop.Await(second));
  REQUIRE(world.arrivals.size() == 4);
  CHECK(world.arrivals[2].first >= until - kLatency);
  CHECK(world.arrivals[3].first >= until - kLatency);
}

TEST_CASE("the gate holds what was waiting for its credential when it closed") {
  SenderWorld world;
  std::function<void()> hand_out;
  world.policy.authorize = [&](const std::string&, auto done) {
    if (world.arrivals.empty() || hand_out) return done(std::string("A: b"));
    hand_out = [done] { done(std::string("A: b")); };
  };
  world.answers = {Status(429, "60")};
  const auto limited = world.sender().Send(Post("/1"), {});
  while (world.arrivals.empty()) world.loop.RunOnce();
  const auto unauthorized = world.sender().Send(Post("/2"), {});
  while (world.retries.empty()) world.loop.RunOnce();
  const Milliseconds until = world.clock.Now() + world.retries[0].second;
  REQUIRE(hand_out);
  hand_out();
  REQUIRE(world.loop.Await(limited));
  REQUIRE(world.loop.Await(unauthorized));
  REQUIRE(world.arrivals.size() == 3);
  CHECK(world.arrivals[1].first >= until);
  CHECK(world.arrivals[2].first >= until);
}

TEST_CASE("a wait without a gate holds nobody else") {
  SenderWorld world;
  world.answers = {Status(503, "30")};
  const auto slow = world.sender().Send(Post("/slow"), {});
  while (world.retries.empty()) world.loop.RunOnce();
  const Milliseconds before = world.clock.Now();
  REQUIRE(world.Ask(Post("/quick")));
  CHECK(world.clock.Now() - before == kLatency);
  REQUIRE(world.loop.Await(slow));
  CHECK(world.clock.Now() - before >= Milliseconds(30'000) - kLatency);
}

TEST_CASE("the number of retries can be bounded") {
  for (const int bound : {0, 1, 3}) {
    CAPTURE(bound);
    SenderWorld world;
    world.answers.assign(20, Status(503));
    SendOptions options;
    options.max_retries = bound;
    const auto answer = world.Ask(Post("/a"), options);
    REQUIRE_FALSE(answer);
    const auto tries = static_cast<std::uint64_t>(bound) + 1;
    CHECK(world.sender().counters().requests == tries);
    CHECK(world.sender().counters().retries == tries - 1);
    const std::string times = bound == 0 ? "once" : std::to_string(tries) + " times";
    CHECK(answer.error().message == "status 503; tried " + times);
  }
}

TEST_CASE("an answer may bound its retries further than the request does") {
  SenderWorld world;
  world.answers.assign(20, Status(504));
  SendOptions options;
  options.max_retries = 5;
  const auto answer = world.Ask(Post("/a"), options);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().message == "status 504; tried 2 times");
}

TEST_CASE("rate limits and new credentials do not use up the bound on failures") {
  SenderWorld world;
  world.policy.authorize = [](const std::string&, auto done) { done(std::string("A: b")); };
  world.answers = {Status(429, "1"), Status(429, "1"), Status(401), Status(429),
                   Status(503),      Status(503),      Status(503)};
  SendOptions options;
  options.max_retries = 2;
  const auto answer = world.Ask(Post("/a"), options);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().message == "status 503; tried 7 times");
  CHECK(world.sender().counters().requests == 7);
}

TEST_CASE("retries end when the time for them is spent") {
  SenderWorld world;
  world.policy.give_up_after = Milliseconds(120'000);
  world.answers.assign(1000, Status(503));
  const Milliseconds start = world.clock.Now();
  const auto answer = world.Ask(Post("/a"));
  REQUIRE_FALSE(answer);
  const Milliseconds spent = world.clock.Now() - start;
  CHECK(spent <= Milliseconds(120'000) + kLatency);
  CHECK(spent >= Milliseconds(60'000));  // less than one whole window of the backoff is left over
  const double seconds = static_cast<double>((spent - kLatency).count()) / 1000;
  CHECK(answer.error().message.starts_with(
      fmt::format("status 503; gave up after {:.1f} s: the next try, in ", seconds)));
  CHECK(answer.error().message.ends_with(" s, would exceed sync.give_up_after = 120 s"));
  CHECK(answer.error().kind == ErrorKind::kTemporary);
  CHECK(world.sender().counters().requests == world.arrivals.size());
  CHECK(world.sender().counters().retries + 1 == world.sender().counters().requests);
}

TEST_CASE("a named wait that is longer than the patience is an error") {
  SenderWorld world;
  world.policy.give_up_after = Milliseconds(60'000);
  world.answers = {Status(429, "300")};
  const Milliseconds start = world.clock.Now();
  const auto answer = world.Ask(Post("/a"));
  REQUIRE_FALSE(answer);
  CHECK(
      answer.error().message.starts_with("status 429; gave up after 0.0 s: the next try, in 300."));
  CHECK(world.clock.Now() - start == kLatency);
}

TEST_CASE("what gives up closes no gate for others") {
  SenderWorld world;
  world.policy.give_up_after = Milliseconds(60'000);
  world.answers = {Status(429, "4000000000")};
  const Milliseconds start = world.clock.Now();
  REQUIRE_FALSE(world.Ask(Post("/a")));
  REQUIRE(world.Ask(Post("/b")));
  CHECK(world.clock.Now() - start < Milliseconds(1'000));
}

TEST_CASE("a wait that the service has named is kept by all, also after its request gave up") {
  SenderWorld world;
  SendOptions options;
  SUBCASE("at the end of its time") {
    world.policy.give_up_after = Milliseconds(60'000);
    world.answers = {Status(429, "40"), Status(429, "40")};
  }
  SUBCASE("at the end of its own patience") {
    options.gate_patience = Milliseconds(0);
    world.answers = {Status(429, "40")};
  }
  const std::size_t refused = world.answers.size();
  REQUIRE_FALSE(world.Ask(Post("/a"), options));
  const Milliseconds promised = world.clock.Now() + Milliseconds(40'000);
  REQUIRE(world.Ask(Post("/b")));
  REQUIRE(world.arrivals.size() == refused + 1);
  CHECK(world.arrivals.back().first >= promised - kLatency);
}

TEST_CASE("a rate limit that only one request meets is its own trouble") {
  SenderWorld world;
  world.policy.give_up_after = Milliseconds(60'000);
  world.answers = {Status(429, "5"), Status(200)};
  for (int i = 0; i < 20; ++i) world.answers.push_back(Status(429, "5"));
  const auto refused = world.sender().Send(Post("/a"));
  const auto other = world.sender().Send(Post("/b"));
  const auto answer = world.loop.Await(refused);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kTemporary);
}

TEST_CASE("a wait is kept whatever the status that names it, as a date or a fraction, too") {
  SenderWorld world;
  FakeAnswer dated = Status(503);
  dated.headers.emplace_back("date", "Wed, 21 Oct 2026 07:28:00 GMT");
  dated.headers.emplace_back("retry-after", "Wed, 21 Oct 2026 07:28:03 GMT");
  world.answers = {Status(503, "3"), Status(503, "1.5"), dated};
  REQUIRE(world.Ask(Post("/a")));
  REQUIRE(world.retries.size() == 3);
  CHECK(world.retries[0].second >= Milliseconds(3'000));
  CHECK(world.retries[1].second >= Milliseconds(1'500));
  CHECK(world.retries[1].second < Milliseconds(3'000));
  CHECK(world.retries[2].second >= Milliseconds(3'000));
}

TEST_CASE("a refused credential is replaced, as often as it takes within the patience") {
  SenderWorld world;
  std::vector<std::string> rejected;
  world.policy.authorize = [&](const std::string& refused, auto done) {
    rejected.push_back(refused);
    done("Authorization: token" + std::to_string(rejected.size()));
  };

  SUBCASE("and the new one is good") {
    world.answers = {Status(401)};
    REQUIRE(world.Ask(Post("/a")));
    CHECK(world.credentials == std::vector<std::string>{"token1", "token2"});
    CHECK(rejected == std::vector<std::string>{"", "Authorization: token1"});
    CHECK(world.retries.at(0).second == Milliseconds(0));
  }
  SUBCASE("and another one, with patience, when it dies early as well") {
    world.answers.assign(12, Status(401));
    REQUIRE(world.Ask(Post("/a")));
    CHECK(world.sender().counters().requests == 13);
    CHECK(world.retries.at(0).second == Milliseconds(0));
    CHECK(world.retries.at(1).second > Milliseconds(0));
    CHECK(rejected.back() == "Authorization: token12");
  }
  SUBCASE("and no more once the patience is spent") {
    world.policy.give_up_after = Milliseconds(60'000);
    world.answers.assign(1000, Status(401));
    const Milliseconds start = world.clock.Now();
    const auto answer = world.Ask(Post("/a"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().message.find("status 401; gave up after ") == 0);
    CHECK(world.clock.Now() - start <= Milliseconds(60'000) + kLatency);
    CHECK(world.sender().counters().requests < 100);
  }
  SUBCASE("and a failure after it does not call the new one refused") {
    world.answers = {Status(401), Status(503)};
    REQUIRE(world.Ask(Post("/a")));
    CHECK(rejected == std::vector<std::string>{"", "Authorization: token1", ""});
  }
}

TEST_CASE("without a credential nothing is sent") {
  SenderWorld world;
  world.policy.authorize = [](const std::string&, auto done) {
    done(Fail(ErrorKind::kAuth, "no credential"));
  };
  const auto answer = world.Ask(Post("/a"));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kAuth);
  CHECK(answer.error().message == "no credential");
  CHECK(world.arrivals.empty());
  CHECK(world.sender().counters().requests == 0);
}

TEST_CASE("a good status whose body is not accepted") {
  SenderWorld world;
  SendOptions options;
  int asked = 0;

  SUBCASE("is retried when the reason is temporary") {
    options.accept = [&](HttpResponse&) -> Result<void> {
      if (++asked < 3) return Fail(ErrorKind::kTemporary, "cut short");
      return {};
    };
    REQUIRE(world.Ask(Post("/a"), options));
    CHECK(world.RetryMessages() == std::vector<std::string>{"cut short", "cut short"});
    CHECK(world.sender().counters().requests == 3);
  }
  SUBCASE("is final otherwise") {
    options.accept = [](HttpResponse&) -> Result<void> {
      return Fail(ErrorKind::kInternal, "nonsense");
    };
    const auto answer = world.Ask(Post("/a"), options);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kInternal);
    CHECK(answer.error().message == "nonsense");
    CHECK(world.sender().counters().requests == 1);
  }
  SUBCASE("counts as a failure") {
    options.max_retries = 1;
    options.accept = [](HttpResponse&) -> Result<void> {
      return Fail(ErrorKind::kTemporary, "cut short");
    };
    const auto answer = world.Ask(Post("/a"), options);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().message == "cut short; tried 2 times");
  }
  SUBCASE("and a bad status is not even looked at") {
    world.answers = {Status(503)};
    options.accept = [&](HttpResponse& response) -> Result<void> {
      ++asked;
      CHECK(response.status == 200);
      response.body = "changed";
      return {};
    };
    const auto answer = world.Ask(Post("/a"), options);
    REQUIRE(answer);
    CHECK(asked == 1);
    CHECK(answer->body == "changed");
  }
}

TEST_CASE("a sender may be destroyed while its requests are under way") {
  SenderWorld world;
  SenderPolicy::AuthorizeDone late;
  int asked = 0;
  world.policy.authorize = [&](const std::string&, auto done) {
    if (++asked == 3) {
      late = std::move(done);
    } else {
      done(std::string("A: b"));
    }
  };
  world.answers = {Status(503, "5")};
  const auto backing_off = world.sender().Send(Post("/1"), {});
  while (world.retries.empty()) world.loop.RunOnce();
  const auto in_flight = world.sender().Send(Post("/2"), {});
  const auto unauthorized = world.sender().Send(Post("/3"), {});
  REQUIRE(late);
  world.Destroy();

  late(std::string("A: b"));
  for (int i = 0; i < 100; ++i) world.loop.RunOnce();
  CHECK_FALSE(backing_off.Ready());
  CHECK_FALSE(in_flight.Ready());
  CHECK_FALSE(unauthorized.Ready());
  CHECK(world.arrivals.size() == 2);
  CHECK(world.network.in_flight() == 0);
}

TEST_CASE("each try may be changed, starting from the original request") {
  SenderWorld world;
  world.answers = {Status(503), Status(503)};
  std::vector<std::size_t> headers;
  SendOptions options;
  options.prepare = [&](HttpRequest& request) {
    headers.push_back(request.headers.size());
    request.url += "?try=" + std::to_string(headers.size());
    request.headers.emplace_back("X-Try: 1");
  };
  REQUIRE(world.Ask(Post("/a"), options));
  std::vector<std::string> targets;
  for (const auto& [time, target] : world.arrivals) targets.push_back(target);
  CHECK(targets == std::vector<std::string>{"/a?try=1", "/a?try=2", "/a?try=3"});
  CHECK(headers == std::vector<std::size_t>{0, 0, 0});
}

TEST_CASE("a signal ends a long wait at once") {
  SenderWorld world;
  world.answers = {Status(429, "300")};
  const auto pending = world.sender().Send(Post("/a"), {});
  while (world.retries.empty()) world.loop.RunOnce();
  world.signal = SIGTERM;
  const Milliseconds before = world.clock.Now();
  const auto answer = world.loop.Await(pending);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kInterrupted);
  CHECK(answer.error().signal == SIGTERM);
  CHECK(world.clock.Now() - before <= Milliseconds(250));

  // The request itself continues: another caller may wait for its answer.
  world.signal = 0;
  CHECK(world.loop.Await(pending));
}

}  // namespace dbxes
