// SPDX-License-Identifier: Apache-2.0
#include "base/http/tracing_http.h"

#include <doctest/doctest.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/http/request_sender.h"
#include "base/json/json.h"
#include "base/os/temp_folder.h"
#include "support/fake_clock.h"
#include "support/fake_network.h"

namespace dbxes {
namespace {

constexpr char kHost[] = "http://service.test";
constexpr Milliseconds kLatency{10};

class TraceWorld {
 public:
  TraceWorld() {
    network.Route(
        kHost,
        [this](const FakeRequest&) {
          FakeAnswer answer = answers.empty() ? FakeAnswer::Json(200, "answer") : answers.front();
          if (!answers.empty()) answers.erase(answers.begin());
          answer.headers.emplace_back("x-dropbox-request-id", "id-1");
          return answer;
        },
        kLatency);
    http.TraceTo(file);
  }

  Result<HttpResponse> Ask(HttpRequest request) {
    EventLoop loop(http, clock);
    SenderPolicy policy;
    policy.service = "Service";
    policy.judge = [](const Result<HttpResponse>& answer) {
      Verdict verdict;
      if (answer && answer->status == 200) return verdict;
      verdict.kind = Verdict::kRetry;
      verdict.error = answer ? Error{ErrorKind::kTemporary, "busy"} : answer.error();
      return verdict;
    };
    policy.authorize = [](const std::string&, const SenderPolicy::AuthorizeDone& done) {
      done("Authorization: Bearer sl.secret");
    };
    RequestSender sender(loop, std::move(policy), 1);
    SendOptions options;
    options.max_retries = 1;
    return loop.Await(sender.Send(std::move(request), std::move(options)));
  }
  std::vector<std::string> Lines() const {
    std::ifstream file_(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file_, line);) lines.push_back(line);
    return lines;
  }
  rapidjson::Document Record(std::size_t at) const {
    auto document = ParseJson(Lines().at(at), "record");
    REQUIRE(document);
    return *std::move(document);
  }

  TempFolder folder;
  std::string path = folder / "trace";
  TraceFile file = TraceFile::Open(path).value();
  FakeClock clock;
  FakeNetwork network{clock};
  TracingHttp http{network, clock};
  std::vector<FakeAnswer> answers;
};

HttpRequest Post(std::string body) {
  HttpRequest request;
  request.url = std::string(kHost) + "/a?b=c";
  request.headers = {"Dropbox-API-Arg: {\"path\":\"/x\"}"};
  request.body = std::make_shared<const std::string>(std::move(body));
  return request;
}

}  // namespace

TEST_CASE("each exchange is a record") {
  TraceWorld world;
  world.answers = {FakeAnswer::Json(503, "later")};
  REQUIRE(world.Ask(Post("question")));
  REQUIRE(world.Lines().size() == 2);
  const auto first = world.Record(0);
  const std::string_view time = StringMember(first, "time");
  CHECK(time.size() == 24);
  CHECK(time.substr(23) == "Z");
  CHECK(StringMember(first, "service") == "Service");
  CHECK(StringMember(first, "method") == "POST");
  CHECK(StringMember(first, "url") == "http://service.test/a?b=c");
  CHECK(FindMember(first, "retry") == nullptr);
  CHECK(UintMember(first, "status") == 503);
  CHECK(UintMember(first, "duration_ms") == kLatency.count());
  CHECK(UintMember(first, "bytes_sent") == 8);
  CHECK(UintMember(first, "bytes_received").value_or(0) > 0);
  CHECK(StringMember(first, "request_id") == "id-1");
  CHECK(StringMember(first, "argument") == R"({"path":"/x"})");
  CHECK(StringMember(first, "request") == "question");
  CHECK(StringMember(first, "answer") == "later");
  const auto second = world.Record(1);
  CHECK(UintMember(second, "retry") == 1);
  CHECK(UintMember(second, "delay_ms").value_or(0) > 0);
  CHECK(UintMember(second, "status") == 200);
}

TEST_CASE("an exchange without an answer is a record with an error") {
  TraceWorld world;
  FakeAnswer refused;
  refused.transport = FakeAnswer::Transport::kRefused;
  world.answers = {refused};
  REQUIRE(world.Ask(Post("question")));
  const auto record = world.Record(0);
  CHECK(FindMember(record, "status") == nullptr);
  CHECK(StringMember(record, "error") != "");
}

// People look at a trace with grep and a terminal.
TEST_CASE("a record is harmless to a terminal, whatever an answer contains") {
  TraceWorld world;
  const std::string name = "gnp.\u202eexe\u2028\u009b2J\x7f";
  world.answers = {FakeAnswer::Json(200, name)};
  world.answers.front().headers.emplace_back("x-dropbox-request-id", "\x9b\xff");
  REQUIRE(world.Ask(Post(name)));
  const std::string line = world.Lines().at(0);
  for (const char* raw : {"\u202e", "\u2028", "\u009b", "\x7f", "\x9b\xff"}) {
    CHECK(line.find(raw) == std::string::npos);
  }
  const auto record = world.Record(0);
  CHECK(StringMember(record, "answer") == name);
  CHECK(StringMember(record, "request") == name);
  CHECK(StringMember(record, "request_id") == "\ufffd\ufffd");
}

TEST_CASE("credentials and secret bodies are not in the trace") {
  TraceWorld world;
  world.answers = {FakeAnswer::Json(200, "sl.secret is fine")};
  REQUIRE(world.Ask(Post("open question")));
  HttpRequest token = Post("hidden question");
  token.secrecy = Secrecy::kBodies;
  world.answers = {FakeAnswer::Json(200, "hidden answer")};
  REQUIRE(world.Ask(std::move(token)));
  HttpRequest ping = Post("hidden question");
  ping.url = std::string(kHost) + "/hidden/path?hidden=1";
  ping.secrecy = Secrecy::kAll;
  REQUIRE(world.Ask(std::move(ping)));
  const auto lines = world.Lines();
  REQUIRE(lines.size() == 3);
  for (const std::string& line : lines) {
    CHECK(line.find("sl.secret") == std::string::npos);
    CHECK(line.find("hidden") == std::string::npos);
  }
  CHECK(StringMember(world.Record(0), "answer") == "*** is fine");
  CHECK(StringMember(world.Record(2), "url") == "http://service.test/***");
  CHECK(UintMember(world.Record(1), "bytes_sent") == 15);
}

TEST_CASE("nothing is written without a file") {
  TraceWorld world;
  TracingHttp silent(world.network, world.clock);
  EventLoop loop(silent, world.clock);
  bool done = false;
  silent.Start(Post("question"), [&](const Result<HttpResponse>&) { done = true; });
  while (!done) loop.RunOnce();
  CHECK(world.Lines().empty());
}

}  // namespace dbxes
