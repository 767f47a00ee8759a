// SPDX-License-Identifier: Apache-2.0
#include "elastic/client.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "elastic/meaning.h"
#include "unit/elastic/world.h"

namespace dbxes::elastic {
namespace {

HttpResponse Answer(int status, std::string body = "",
                    std::vector<std::pair<std::string, std::string>> headers = {}) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

// What one request looked like on the other side.
struct Recorded {
  explicit Recorded(const config::ElasticsearchConfig& config, const std::string& body = "{}")
      : client(loop, config, config::SyncConfig{}, 1) {
    network.Route(config.host, [this](const FakeRequest& arrived) {
      request = arrived;
      return FakeAnswer::Json(200, "{}");
    });
    ElasticRequest call;
    call.target = "/docs/_count";
    call.body = std::make_shared<const std::string>(body);
    REQUIRE(client.Call(std::move(call)));
  }

  FakeClock clock;
  FakeNetwork network{clock};
  EventLoop loop{network, clock};
  Client client;
  FakeRequest request;
};

}  // namespace

TEST_CASE("what no trace may show is marked in the request") {
  struct Recorder final : Http {
    void Start(HttpRequest request, HttpCallback) override { started.push_back(request.secrecy); }
    void Poll(Milliseconds) override {}
    void WakeOn(int) override {}
    std::vector<Secrecy> started;
  };
  FakeClock clock;
  Recorder http;
  EventLoop loop(http, clock);
  Client client(loop, TestElasticConfig(), config::SyncConfig{}, 1);
  ElasticRequest secret;
  secret.target = "/_security/api_key";
  secret.secrecy = Secrecy::kBodies;
  client.Send(std::move(secret));
  ElasticRequest plain;
  plain.target = "/_count";
  client.Send(std::move(plain));
  CHECK(http.started == std::vector{Secrecy::kBodies, Secrecy::kNone});
}

TEST_CASE("an answer may be as long as its kind needs") {
  World world;
  int status = 200;
  std::string body;
  world.network.Route(kHost, [&](const FakeRequest&) { return FakeAnswer::Json(status, body); });
  const auto kind_of_error = [&](std::size_t most) -> std::optional<ErrorKind> {
    ElasticRequest request;
    request.target = "/docs/_search";
    request.max_answer_bytes = most;
    const auto answer = world.client.Call(std::move(request));
    return answer ? std::nullopt : std::optional(answer.error().kind);
  };
  body.assign(kMostOfAnswer, ' ');
  CHECK(kind_of_error(kMostOfAnswer) == std::nullopt);
  body += ' ';
  CHECK(kind_of_error(kMostOfAnswer) == ErrorKind::kInternal);
  CHECK(kind_of_error(kMostOfOutcomes) == std::nullopt);
  CHECK(world.waits.empty());  // what is too long once is not requested again
  // Of a message, as much is read as a message needs, whatever was asked for.
  status = 403;
  body.assign((std::size_t{1} << 20) + 1, ' ');
  const auto kind = kind_of_error(kMostOfOutcomes);
  body = " ";
  CHECK(kind_of_error(kMostOfOutcomes) == kind);
  CHECK(kind != ErrorKind::kInternal);
}

TEST_CASE("a request goes the way of the settings") {
  config::ElasticsearchConfig config;
  config.host = "https://elastic.test";
  config.ca_fingerprint = "f";
  config.proxy.url = "http://proxy.test:3128";
  const Recorded recorded(config);
  CHECK(recorded.request.transport.ca_fingerprint == "f");
  CHECK(recorded.request.transport.proxy == "http://proxy.test:3128");
}

TEST_CASE("what an answer means for the sender") {
  struct Row {
    int status;
    Verdict::Kind kind;
    bool gate;
    bool few;
  };
  const Row rows[] = {
      {200, Verdict::kDone, false, false},  {201, Verdict::kDone, false, false},
      {302, Verdict::kFail, false, false},  {400, Verdict::kFail, false, false},
      {401, Verdict::kFail, false, false},  {403, Verdict::kFail, false, false},
      {404, Verdict::kFail, false, false},  {408, Verdict::kRetry, false, false},
      {413, Verdict::kFail, false, false},  {421, Verdict::kRetry, false, false},
      {425, Verdict::kRetry, false, false}, {429, Verdict::kRetry, true, false},
      {500, Verdict::kRetry, false, true},  {501, Verdict::kRetry, false, true},
      {502, Verdict::kRetry, false, false}, {503, Verdict::kRetry, false, false},
      {504, Verdict::kRetry, false, false}, {520, Verdict::kRetry, false, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.status);
    const Verdict verdict = JudgeElasticAnswer(Answer(row.status));
    CHECK(verdict.kind == row.kind);
    CHECK(verdict.gate == row.gate);
    CHECK(verdict.max_retries.has_value() == row.few);
  }
}

TEST_CASE("no answer at all is retried unless the user must fix something") {
  const Result<HttpResponse> broken = Fail(ErrorKind::kTemporary, "connection refused");
  CHECK(JudgeElasticAnswer(broken).kind == Verdict::kRetry);
  const Result<HttpResponse> untrusted = Fail(ErrorKind::kConfig, "certificate is not trusted");
  CHECK(JudgeElasticAnswer(untrusted).kind == Verdict::kFail);
  CHECK(JudgeElasticAnswer(untrusted).error.message == "certificate is not trusted");
  Error mismatch{ErrorKind::kConfig, "another one"};
  mismatch.tag = kFingerprintTag;
  CHECK(JudgeElasticAnswer(Fail(mismatch)).error.message ==
        "another one; compare elasticsearch.ca_fingerprint with what Elasticsearch printed when it "
        "was set up");
  Error tagged{ErrorKind::kConfig, "certificate is not trusted"};
  tagged.tag = kCertificateTag;
  CHECK(JudgeElasticAnswer(Fail(tagged)).error.message ==
        "certificate is not trusted; if an authority of your own vouches for the cluster, name the "
        "file with its certificate in elasticsearch.ca_certs");
}

TEST_CASE("advice about a certificate follows its problem") {
  const auto message = [](std::string_view tag) {
    return JudgeElasticAnswer(
               Fail(Error{.kind = ErrorKind::kConfig, .message = "no", .tag = std::string(tag)}))
        .error.message;
  };
  CHECK(message(kCertificateDateTag) ==
        "no; renew the certificate of the cluster or of its authority, or correct the clock of "
        "this computer");
  CHECK(message(kCertificateNameTag) ==
        "no; set elasticsearch.host to a name or an address that the cluster's certificate has");
  CHECK(message("other") == "no");
}

TEST_CASE("each request has the credential") {
  config::ElasticsearchConfig config = TestElasticConfig();
  CHECK(Recorded(config).request.Header("authorization") == "ApiKey a2V5OnNlY3JldA==");
  config.api_key = config::Secret();
  CHECK(Recorded(config).request.Header("authorization").empty());
  config.username = "elastic";
  config.password = config::Secret("grün:pass");
  CHECK(Recorded(config).request.Header("authorization") == "Basic ZWxhc3RpYzpncsO8bjpwYXNz");
}

TEST_CASE("a cluster that wants a credential where none is configured has a message of its own") {
  config::ElasticsearchConfig config = TestElasticConfig();
  const auto refused = [&](const config::ElasticsearchConfig& with) {
    FakeClock clock;
    FakeNetwork network(clock);
    EventLoop loop(network, clock);
    network.Route(with.host, [](const FakeRequest&) {
      return FakeAnswer::Json(401, R"({"error":{"type":"security_exception","reason":"missing"}})");
    });
    Client client(loop, with, config::SyncConfig{}, 1);
    const auto answer = client.Call(ElasticRequest());
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kAuth);
    return answer.error().message;
  };
  CHECK(refused(config).find("Elasticsearch refuses the credential") == 0);
  config.api_key = config::Secret();
  config.username.clear();
  CHECK(refused(config) ==
        "no credential is configured for Elasticsearch: set elasticsearch.api_key");
}

TEST_CASE("bodies are compressed unless the cluster is on this machine") {
  struct Row {
    const char* host;
    config::Compression compression;
    bool compressed;
  };
  const Row rows[] = {
      {"https://search.test:9200", config::Compression::kAuto, true},
      {"https://search.test:9200", config::Compression::kOff, false},
      {"http://localhost:9200", config::Compression::kAuto, false},
      {"http://127.0.0.1:9200", config::Compression::kAuto, false},
      {"http://localhost:9200", config::Compression::kOn, true},
  };
  const std::string body = R"({"text":")" + std::string(5000, 'x') + R"("})";
  for (const Row& row : rows) {
    CAPTURE(row.host);
    config::ElasticsearchConfig config = TestElasticConfig();
    config.host = row.host;
    config.compression = row.compression;
    const Recorded recorded(config, body);
    CHECK(recorded.request.body == body);
    CHECK((recorded.request.Header("content-encoding") == "gzip") == row.compressed);
    // A compressed answer is understood either way, but only asked for with compression.
    CHECK(recorded.request.Header("accept-encoding") == (row.compressed ? "" : "identity"));
    CHECK((recorded.client.counters().bytes_sent < 1000) == row.compressed);
    // A body that fits one packet is sent as it is.
    CHECK(Recorded(config).request.Header("content-encoding").empty());
  }
}

TEST_CASE("requests under a base path stay under it") {
  config::ElasticsearchConfig config = TestElasticConfig();
  config.host = "https://proxy.test/search";
  CHECK(Recorded(config).request.url == "https://proxy.test/search/docs/_count");
}

TEST_CASE("patience ends in the last error seen") {
  config::SyncConfig sync;
  sync.give_up_after = Milliseconds(30'000);
  World world(TestElasticConfig(), sync);
  ElasticFault fault;
  fault.route = "";
  fault.times = -1;
  fault.kind = ElasticFault::Kind::kRefused;
  world.elastic.Inject(fault);
  ElasticRequest request;
  request.target = "/docs/_refresh";
  const auto answer = world.client.Call(std::move(request));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kTemporary);
  CHECK(answer.error().message.find("connection refused") != std::string::npos);
  CHECK(world.clock.Now() < Milliseconds(40'000));
  CHECK(world.waits.size() == world.client.counters().retries);
}

TEST_CASE("a version conflict is decided on by the caller, not sent again") {
  World world;
  world.elastic.Put("docs", "a", R"({"id":"a"})");
  ElasticRequest request;
  request.method = "PUT";
  request.target = "/docs/_doc/a?if_seq_no=7&if_primary_term=1";
  request.body = std::make_shared<const std::string>(R"({"id":"b"})");
  const auto answer = world.client.Call(std::move(request));
  REQUIRE_FALSE(answer);
  CHECK(IsVersionConflict(answer.error()));
  CHECK(world.elastic.requests() == 1);
}

TEST_CASE("a fence is asked before each attempt, and may end the request") {
  World world;
  world.elastic.CreateIndex("docs");
  int asked = 0;
  int open_until = 100;
  world.client.SendBehind([&](std::function<void(Result<void>)> done) {
    ++asked;
    if (asked > open_until) return done(Fail(ErrorKind::kLocked, "closed"));
    // The answer may take its time.
    world.loop.After(Milliseconds(50), [done = std::move(done)] { done({}); });
  });
  const auto call = [&] {
    ElasticRequest request;
    request.target = "/docs/_refresh";
    return world.client.Call(std::move(request));
  };
  world.elastic.Inject({ElasticFault::Kind::kRefused, "", 0, 2, 503, "", {}, {}, "", ""});
  CHECK(call());
  CHECK(asked == 3);
  CHECK(world.elastic.requests() == 3);
  open_until = 4;
  world.elastic.Inject({ElasticFault::Kind::kRefused, "", 0, -1, 503, "", {}, {}, "", ""});
  const auto closed = call();
  REQUIRE_FALSE(closed);
  CHECK(closed.error().kind == ErrorKind::kLocked);
  CHECK(asked == 5);
  CHECK(world.elastic.requests() == 4);
}

}  // namespace dbxes::elastic
