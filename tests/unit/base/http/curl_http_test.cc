// SPDX-License-Identifier: Apache-2.0
// The network client against real servers on the loopback.
#include "base/http/curl_http.h"

#include <doctest/doctest.h>
#include <httplib.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/gzip.h"
#include "base/http/event_loop.h"
#include "base/http/rate_limit.h"
#include "base/http/raw_server.h"
#include "base/http/running_server.h"
#include "base/os/temp_folder.h"

namespace dbxes {
namespace {

// What a server saw of a request.
void Echo(const httplib::Request& request, httplib::Response& response) {
  std::string text = request.method + "\n";
  for (const auto& [name, value] : request.headers) text += name + ": " + value + "\n";
  response.set_content(text + "\n" + request.body, "text/plain");
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// httplib's queue of five connections that wait to be accepted is too short for a crowd.
class CrowdServer : public httplib::Server {
 public:
  void WidenQueue() { REQUIRE(::listen(svr_sock_, 512) == 0); }
};

}  // namespace

TEST_CASE("a request arrives as it was made") {
  Running<httplib::Server> running;
  running.server.Post("/echo", Echo);
  running.Start();
  Client client;
  HttpRequest request = Request("POST", running.Url("/echo"));
  request.headers = {"Content-Type: application/json", "X-One: 1"};
  request.body = std::make_shared<const std::string>(std::string("{\"a\":\"\0\"}", 9));
  const auto answer = client.Ask(std::move(request));
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(Contains(answer->body, "POST\n"));
  CHECK(Contains(answer->body, "Content-Type: application/json\n"));
  CHECK(Contains(answer->body, "Content-Length: 9\n"));
  CHECK(Contains(answer->body, "X-One: 1\n"));
  CHECK(Contains(answer->body, "User-Agent: dbx-es/test\n"));
  CHECK_FALSE(Contains(answer->body, "Expect:"));
  CHECK(Contains(answer->body, std::string("\n\n{\"a\":\"\0\"}", 11)));
  CHECK(answer->wire_bytes_received > 0);
}

TEST_CASE("a header of the library's own can be suppressed") {
  Running<httplib::Server> running;
  running.server.Post("/echo", Echo);
  running.Start();
  Client client;
  HttpRequest plain = Request("POST", running.Url("/echo"));
  const auto with = client.Ask(plain);
  REQUIRE(with);
  CHECK(Contains(with->body, "Content-Type: application/x-www-form-urlencoded\n"));
  CHECK(Contains(with->body, "Content-Length: 0\n"));
  plain.headers = {"Content-Type:"};
  const auto without = client.Ask(plain);
  REQUIRE(without);
  CHECK_FALSE(Contains(without->body, "Content-Type"));
}

// A value from elsewhere must not become a header of its own.
TEST_CASE("a header with a line break is never sent, nor repeated") {
  Running<httplib::Server> running;
  std::atomic<int> seen = 0;
  running.server.Get("/echo", [&seen](const httplib::Request&, httplib::Response&) { ++seen; });
  running.Start();
  Client client;
  for (const std::string_view value : {"a\r\nX-Two: 2", "a\nb", "a\r", "\n"}) {
    HttpRequest request = Request("GET", running.Url("/echo"));
    request.headers = {"X-One: " + std::string(value)};
    const auto answer = client.Ask(std::move(request));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kInternal);
    CHECK(answer.error().message == "the header X-One of a request has a line break in it");
  }
  HttpRequest request = Request("GET", running.Url("/echo"));
  request.headers = {std::string("X-One: a\0b", 10)};
  CHECK_FALSE(client.Ask(std::move(request)));
  CHECK(seen == 0);
  CHECK(client.Ask(Request("GET", running.Url("/echo"))));
  CHECK(seen == 1);
}

TEST_CASE("a method is not affected by the one before on the same connection") {
  Running<httplib::Server> running;
  std::set<std::string> ports;
  std::mutex mutex;
  running.server.set_pre_routing_handler(
      [&](const httplib::Request& request, httplib::Response& response) {
        const std::lock_guard<std::mutex> guard(mutex);
        ports.insert(std::to_string(request.remote_port));
        response.set_header("X-Method", request.method);
        response.set_header("X-Length", std::to_string(request.body.size()));
        response.status = request.method == "DELETE" ? 204 : 200;
        if (request.method == "GET") response.set_content("hello", "text/plain");
        if (request.method == "HEAD") response.set_header("Content-Type", "text/plain");
        return httplib::Server::HandlerResponse::Handled;
      });
  running.Start();
  Client client;
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE", "HEAD", "GET", "DELETE"}) {
    CAPTURE(method);
    HttpRequest request = Request(method, running.Url("/a"));
    const auto answer = client.Ask(std::move(request));
    REQUIRE(answer);
    CHECK(answer->Header("x-method") == method);
    CHECK(answer->status == (std::string(method) == "DELETE" ? 204 : 200));
    CHECK(answer->body == (std::string(method) == "GET" ? "hello" : ""));
  }
  CHECK(ports.size() == 1);
}

TEST_CASE("any method may have a body") {
  Running<httplib::Server> running;
  running.server.Put("/echo", Echo);
  running.server.Delete("/echo", Echo);
  running.Start();
  Client client;
  for (const char* method : {"PUT", "DELETE"}) {
    HttpRequest request = Request(method, running.Url("/echo"));
    request.headers = {"Content-Type: application/json"};
    request.body = std::make_shared<const std::string>("{}");
    const auto answer = client.Ask(std::move(request));
    REQUIRE(answer);
    CHECK(Contains(answer->body, std::string(method) + "\n"));
    CHECK(Contains(answer->body, "\n\n{}"));
  }
}

TEST_CASE("names of headers are in lower case, and a redirect is an ordinary answer") {
  Running<httplib::Server> running;
  running.server.Get("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_header("X-Dropbox-Request-Id", "AbC");
    response.set_redirect("/elsewhere");
  });
  running.Start();
  Client client;
  const auto answer = client.Ask(Request("GET", running.Url("/")));
  REQUIRE(answer);
  CHECK(answer->status == 302);
  CHECK(answer->Header("x-dropbox-request-id") == "AbC");
  CHECK(answer->Header("location") == "/elsewhere");
  CHECK(answer->Header("absent").empty());
}

TEST_CASE("an interim answer leaves nothing behind") {
  RawServer server(
      "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n"
      "HTTP/1.1 200 OK\r\nX-Final:\t 2\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
  Client client;
  const auto answer = client.Ask(Request("GET", server.url()));
  REQUIRE(answer);
  CHECK(answer->body == "ok");
  CHECK(answer->Header("x-interim").empty());
  CHECK(answer->Header("x-final") == "2");
}

TEST_CASE("a compressed answer is requested where it helps, and arrives decompressed") {
  const std::string text(100'000, 'x');
  std::string compressed;
  GzipCompressor().Compress(text, compressed);
  Running<httplib::Server> running;
  running.server.Get("/", [&](const httplib::Request& request, httplib::Response& response) {
    const bool wanted = Contains(request.get_header_value("Accept-Encoding"), "gzip");
    if (wanted) response.set_header("Content-Encoding", "gzip");
    response.set_content(wanted ? compressed : text, "application/octet-stream");
  });
  running.Start();
  Client client;
  HttpRequest request = Request("GET", running.Url("/"));
  const auto small = client.Ask(request);
  REQUIRE(small);
  CHECK(small->body == text);
  CHECK(small->wire_bytes_received >= compressed.size());
  CHECK(small->wire_bytes_received < 5000);

  request.accept_compressed = false;
  const auto large = client.Ask(request);
  REQUIRE(large);
  CHECK(large->body == text);
  CHECK(large->wire_bytes_received > text.size());

  // The limit counts decompressed bytes.
  request.accept_compressed = true;
  request.max_response_bytes = 50'000;
  CHECK(client.Ask(request).error().kind == ErrorKind::kInternal);
}

TEST_CASE("an answer that is compressed although nobody asked for it is decoded") {
  std::string compressed;
  GzipCompressor().Compress(R"({"took":1})", compressed);
  Running<httplib::Server> running;
  std::string asked;
  running.server.Get("/", [&](const httplib::Request& request, httplib::Response& response) {
    asked = request.get_header_value("Accept-Encoding");
    response.set_header("Content-Encoding", "gzip");
    response.set_content(compressed, "application/json");
  });
  running.Start();
  HttpRequest request = Request("GET", running.Url("/"));
  request.headers.emplace_back("Accept-Encoding: identity");
  const auto answer = Client().Ask(std::move(request));
  REQUIRE(answer);
  CHECK(asked == "identity");
  CHECK(answer->body == R"({"took":1})");
}

TEST_CASE("an answer is received into the buffer of the request") {
  RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
  Client client;
  HttpRequest request = Request("GET", server.url());
  request.response_buffer = "the page before";
  request.response_buffer.reserve(100'000);
  const char* memory = request.response_buffer.data();
  const auto answer = client.Ask(std::move(request));
  REQUIRE(answer);
  CHECK(answer->body == "hello");
  CHECK(answer->body.data() == memory);
}

TEST_CASE("memory for an answer of known length is reserved at once") {
  constexpr std::size_t kLength = 1 << 20;
  Running<httplib::Server> running;
  running.server.Get("/page", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(std::string(kLength, 'x'), "text/plain");
  });
  running.Start();
  HttpRequest request = Request("GET", running.Url("/page"));
  request.accept_compressed = false;
  const auto answer = Client().Ask(std::move(request));
  REQUIRE(answer);
  REQUIRE(answer->body.size() == kLength);
  // And the block that JsonScanner appends, but not twice as much.
  CHECK(answer->body.capacity() >= kLength + 16);
  CHECK(answer->body.capacity() < kLength + kLength / 2);
}

TEST_CASE("an answer that is too long is refused instead of filling the memory") {
  RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: close\r\n\r\nhello world");
  Client client;
  HttpRequest request = Request("GET", server.url());
  request.max_response_bytes = 10;
  const auto answer = client.Ask(request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kInternal);
  CHECK(Contains(answer.error().message, "sent more than 10 bytes in one answer"));
  request.max_response_bytes = 11;
  REQUIRE(client.Ask(request));
}

TEST_CASE("of an answer that is no success, no more is read than its bound") {
  RawServer server(
      "HTTP/1.1 503 Busy\r\nContent-Length: 11\r\nConnection: close\r\n\r\nhello world");
  Client client;
  HttpRequest request = Request("GET", server.url() + "some/path?secret=1");
  request.max_error_bytes = 5;
  auto answer = client.Ask(request);
  REQUIRE(answer);
  CHECK(answer->status == 503);
  CHECK(answer->body == "hello");
  request.max_error_bytes = 11;
  answer = client.Ask(request);
  REQUIRE(answer);
  CHECK(answer->body == "hello world");
  request.max_response_bytes = 10;  // the lower of both
  answer = client.Ask(request);
  REQUIRE(answer);
  CHECK(answer->body == "hello worl");
}

TEST_CASE("an answer that is too long is named without what may be secret") {
  RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: close\r\n\r\nhello world");
  Client client;
  HttpRequest request = Request("GET", server.url() + "some/path?secret=1");
  request.max_response_bytes = 10;
  const auto answer = client.Ask(request);
  REQUIRE_FALSE(answer);
  CHECK(
      answer.error().message.ends_with("sent more than 10 bytes in one answer to GET /some/path"));
  request.secrecy = Secrecy::kAll;
  CHECK(client.Ask(request).error().message.ends_with("sent more than 10 bytes in one answer"));
}

// Remembers its input, up to a limit.
struct RecordingSink : BodySink {
  void Begin(const HttpResponse& head) override {
    statuses.push_back(head.status);
    length = head.Header("content-length");
  }
  bool Write(std::string_view bytes) override {
    text += bytes;
    return text.size() <= most;
  }

  std::vector<int> statuses;
  std::string length;
  std::string text;
  std::size_t most = 1'000'000;
};

TEST_CASE("a sink receives the body of a successful answer, even one that breaks off") {
  Running<httplib::Server> running;
  const std::string file(300'000, 'f');
  running.server.Get("/file", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(file, "application/octet-stream");
  });
  running.server.Get("/empty", [](const httplib::Request&, httplib::Response&) {});
  running.server.Get("/gone", [](const httplib::Request&, httplib::Response& response) {
    response.status = 409;
    response.set_content("no such file", "text/plain");
  });
  running.Start();
  Client client;
  const auto sink = std::make_shared<RecordingSink>();
  HttpRequest request = Request("GET", running.Url("/file"));
  request.body_sink = sink;
  request.max_response_bytes = 1000;  // of what does not go to the sink

  SUBCASE("the whole of it") {
    const auto answer = client.Ask(request);
    REQUIRE_MESSAGE(answer, answer.error().message);
    CHECK(answer->status == 200);
    CHECK(answer->body.empty());
    CHECK(answer->wire_bytes_received >= file.size());
    CHECK(sink->text == file);
    CHECK(sink->length == "300000");
    CHECK(sink->statuses == std::vector<int>{200});
  }
  SUBCASE("none, but the headers") {
    request.url = running.Url("/empty");
    REQUIRE(client.Ask(request));
    CHECK(sink->statuses == std::vector<int>{200});
    CHECK(sink->text.empty());
  }
  SUBCASE("an answer that is no success is not its business") {
    request.url = running.Url("/gone");
    const auto answer = client.Ask(request);
    REQUIRE(answer);
    CHECK(answer->status == 409);
    CHECK(answer->body == "no such file");
    CHECK(sink->statuses.empty());
  }
  SUBCASE("it may have had enough") {
    sink->most = 1000;
    const auto answer = client.Ask(request);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kInternal);
  }
  SUBCASE("half of it") {
    RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
    request.url = server.url();
    const auto answer = client.Ask(request);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kTemporary);
    CHECK(sink->text == "hello");
  }
}

// Only lower bounds of time: a busy machine takes longer.
TEST_CASE("answers that share a limit arrive no faster together") {
  Running<httplib::Server> running;
  const std::string file(60'000, 'f');
  running.server.Get("/file", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(file, "application/octet-stream");
  });
  running.Start();
  Client client;
  const auto limit = std::make_shared<RateLimit>(client.clock, 400'000);
  const Milliseconds start = client.clock.Now();
  std::vector<Pending<HttpResponse>> answers(8);
  std::vector<std::shared_ptr<RecordingSink>> sinks;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    HttpRequest request = Request("GET", running.Url("/file"));
    request.rate_limit = limit;
    // Half of them as files, half as pages.
    if (i % 2 == 0) request.body_sink = sinks.emplace_back(std::make_shared<RecordingSink>());
    client.http.Start(std::move(request), [pending = answers[i]](Result<HttpResponse> answer) {
      pending.Fulfil(std::move(answer));
    });
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto answer = client.loop.Await(answers[i]);
    REQUIRE_MESSAGE(answer, answer.error().message);
    CHECK((i % 2 == 0 ? sinks[i / 2]->text : answer->body) == file);
  }
  // 480,000 bytes, of which a tenth of a second's may be credit.
  CHECK(client.clock.Now() - start >= Milliseconds(1'100));
  // Everything was charged, headers included.
  CHECK(limit->Charge(400'000) > Milliseconds(900));
}

TEST_CASE("a compressed answer is limited by its bytes on the wire") {
  Running<httplib::Server> running;
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += std::to_string(i * 7919 % 10'007) + "\n";
  std::string packed;
  GzipCompressor().Compress(text, packed);
  running.server.Get("/page", [&](const httplib::Request&, httplib::Response& response) {
    response.set_header("Content-Encoding", "gzip");
    response.set_content(packed, "application/octet-stream");
  });
  running.Start();
  Client client;
  HttpRequest request = Request("GET", running.Url("/page"));
  request.rate_limit = std::make_shared<RateLimit>(client.clock, packed.size());
  const Milliseconds start = client.clock.Now();
  const auto answer = client.Ask(request);
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(answer->body == text);
  // A tenth of a second is credit, and some of the last bytes are charged after the end.
  CHECK(client.clock.Now() - start >= Milliseconds(750));
}

TEST_CASE("a transfer that the limit holds up does not stall") {
  Running<httplib::Server> running;
  const std::string file(2'600, 'f');
  running.server.Get("/file", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(file, "application/octet-stream");
  });
  running.Start();
  Client client;
  HttpRequest request = Request("GET", running.Url("/file"));
  request.timeouts.stall = Milliseconds(1000);
  request.timeouts.total = Milliseconds(0);
  request.rate_limit = std::make_shared<RateLimit>(client.clock, 800);  // below kFloorRate
  const auto answer = client.Ask(request);
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(answer->body == file);

  // Silence of the server still is one.
  RawServer silent("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", true);
  request.url = silent.url();
  const auto none = client.Ask(request);
  REQUIRE_FALSE(none);
  CHECK(none.error().tag == kTimeoutTag);
}

// libcurl 7.88 forgets such a transfer, and its stall timer may have passed in the pause.
TEST_CASE("a sink that refuses what a pause has kept ends the transfer") {
  RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + std::string(3000, 'f'),
                   true);
  Client client;
  const auto sink = std::make_shared<RecordingSink>();
  sink->most = 0;
  HttpRequest request = Request("GET", server.url());
  request.body_sink = sink;
  request.timeouts.stall = Milliseconds(1000);
  request.timeouts.total = Milliseconds(60'000);
  request.rate_limit = std::make_shared<RateLimit>(client.clock, 1500);
  const auto answer = client.Ask(request);
  REQUIRE_FALSE(answer);
  CHECK(Contains(answer.error().message, "sent more bytes than requested"));
}

TEST_CASE("a signal ends the wait for a limit at once, and the paused transfer may be dropped") {
  Running<httplib::Server> running;
  running.server.Get("/file", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(std::string(100'000, 'f'), "application/octet-stream");
  });
  running.Start();
  CurlHttp http("dbx-es/test");
  SystemClock clock;
  int turns = 0;
  EventLoop loop(http, clock, [&turns] { return ++turns > 20 ? 15 : 0; });
  HttpRequest request = Request("GET", running.Url("/file"));
  request.rate_limit = std::make_shared<RateLimit>(clock, 1);
  const Pending<HttpResponse> pending;
  http.Start(std::move(request),
             [pending](Result<HttpResponse> answer) { pending.Fulfil(std::move(answer)); });
  const auto answer = loop.Await(pending);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kInterrupted);
}

TEST_CASE("errors of the network are temporary") {
  DeafPort deaf;
  Client client;
  HttpRequest request = Request("GET", "");

  SUBCASE("nobody listens") { request.url = deaf.url(); }
  SUBCASE("no such host") { request.url = "http://no-such-host.invalid/"; }
  const auto answer = client.Ask(request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kTemporary);
  CHECK(Contains(answer.error().message, request.url.substr(0, request.url.size() - 1) + ": "));
}

TEST_CASE("an answer that breaks off is temporary, never a shorter answer") {
  const std::string answers[] = {
      "",
      "HTTP/1.1 200 OK\r\nContent-Le",
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"entries\":[]}",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnogz",
  };
  for (const std::string& bytes : answers) {
    CAPTURE(bytes);
    RawServer server(bytes);
    Client client;
    const auto answer = client.Ask(Request("GET", server.url()));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kTemporary);
  }
}

TEST_CASE("silence breaks a connection, before the answer and within it") {
  for (const std::string bytes : {"", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"}) {
    CAPTURE(bytes);
    RawServer server(bytes, true);
    Client client;
    HttpRequest request = Request("GET", server.url());
    request.timeouts.stall = Milliseconds(1000);
    request.timeouts.total = Milliseconds(0);
    const Milliseconds start = client.clock.Now();
    const auto answer = client.Ask(std::move(request));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kTemporary);
    CHECK(client.clock.Now() - start >= Milliseconds(900));
    CHECK(client.clock.Now() - start < Milliseconds(10'000));
  }
}

TEST_CASE("a body that drips is broken off, for it would never end") {
  Running<httplib::Server> drip;
  drip.server.Get("/drip", [](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider("text/plain", [](std::size_t, httplib::DataSink& sink) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      return sink.write("x", 1);
    });
  });
  drip.Start();
  Client client;
  HttpRequest request = Request("GET", drip.Url("/drip"));
  request.timeouts.stall = Milliseconds(2000);
  request.timeouts.total = Milliseconds(0);
  const Milliseconds start = client.clock.Now();
  const auto answer = client.Ask(std::move(request));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kTemporary);
  CHECK(client.clock.Now() - start < Milliseconds(15'000));
}

TEST_CASE("the whole exchange is bounded, too") {
  RawServer server("", true);
  Client client;
  HttpRequest request = Request("GET", server.url());
  request.timeouts.total = Milliseconds(300);
  const Milliseconds start = client.clock.Now();
  const auto answer = client.Ask(std::move(request));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kTemporary);
  CHECK(client.clock.Now() - start < Milliseconds(10'000));
}

TEST_CASE("a malformed URL is an error of the configuration") {
  Client client;
  for (const std::string url :
       {"http://[::1", "ftp://127.0.0.1/", "file:///etc/passwd", "http://"}) {
    CAPTURE(url);
    const auto answer = client.Ask(Request("GET", url));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kConfig);
  }
}

TEST_CASE("a server that does not speak HTTP") {
  RawServer server("220 mail.example.org ESMTP\r\n\r\n");
  Client client;
  const auto answer = client.Ask(Request("GET", server.url()));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kConfig);
}

TEST_CASE("no message repeats a password in a URL") {
  DeafPort deaf;
  Client client;
  std::string url = deaf.url();
  url.insert(url.find("127"), "elastic:swordfish@");
  const auto answer = client.Ask(Request("GET", url));
  REQUIRE_FALSE(answer);
  CHECK_FALSE(Contains(answer.error().message, "swordfish"));
}

TEST_CASE("the certificate of the server is checked") {
  TempFolder folder;
  const std::string key = folder / "key.pem";
  const std::string certificate = folder / "certificate.pem";
  const std::string command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
      "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout " +
      key + " -out " + certificate + " 2>/dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  Running<httplib::SSLServer> running(certificate.c_str(), key.c_str());
  running.server.Get("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("secret", "text/plain");
  });
  running.Start();
  Client client;
  HttpRequest request = Request("GET", running.Url("/", "https"));

  SUBCASE("one that nobody vouches for needs a person") {
    const auto answer = client.Ask(request);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kConfig);
    CHECK(Contains(answer.error().message, "certificate"));
  }
  SUBCASE("one that the given file vouches for is good") {
    request.transport.ca_file = certificate;
    const auto answer = client.Ask(request);
    REQUIRE(answer);
    CHECK(answer->body == "secret");
  }
  SUBCASE("one for another name is not") {
    request.transport.ca_file = certificate;
    request.url.replace(request.url.find("127.0.0.1"), 9, "localhost");
    const auto answer = client.Ask(request);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kConfig);
  }
  SUBCASE("a file of certificates that is not there needs a person") {
    request.transport.ca_file = folder / "absent.pem";
    CHECK(client.Ask(request).error().kind == ErrorKind::kConfig);
  }
  SUBCASE("the check can be turned off, for one request and no other") {
    request.transport.verify_tls = false;
    REQUIRE(client.Ask(request));
    request.transport.verify_tls = true;
    CHECK(client.Ask(request).error().kind == ErrorKind::kConfig);
  }
}

TEST_CASE("many requests at once are answered each with its own answer") {
  Running<CrowdServer> running;
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  running.server.Get(R"(/(\d+))",
                     [&](const httplib::Request& request, httplib::Response& response) {
                       const int here = ++now;
                       int before = most;
                       while (here > before && !most.compare_exchange_weak(before, here)) continue;
                       std::this_thread::sleep_for(std::chrono::milliseconds(2));
                       --now;
                       response.set_content("answer " + request.matches[1].str(), "text/plain");
                     });
  running.Start();
  running.server.WidenQueue();
  Client client;
  constexpr int kRequests = 500;
  std::vector<Pending<HttpResponse>> pending(kRequests);
  for (int i = 0; i < kRequests; ++i) {
    client.http.Start(Request("GET", running.Url("/" + std::to_string(i))),
                      [slot = pending[static_cast<std::size_t>(i)]](Result<HttpResponse> answer) {
                        slot.Fulfil(std::move(answer));
                      });
  }
  for (int i = 0; i < kRequests; ++i) {
    const auto answer = client.loop.Await(pending[static_cast<std::size_t>(i)]);
    REQUIRE(answer);
    CHECK(answer->body == "answer " + std::to_string(i));
  }
  CHECK(most > 1);
}

TEST_CASE("an answer may start the next request, and those under way may be dropped") {
  RawServer silent("", true);
  Running<httplib::Server> running;
  running.server.Get("/", Echo);
  running.Start();
  int answers = 0;
  {
    Client client;
    std::function<void(Result<HttpResponse>)> next = [&](Result<HttpResponse> answer) {
      REQUIRE(answer);
      if (++answers < 5) client.http.Start(Request("GET", running.Url("/")), next);
    };
    client.http.Start(Request("GET", silent.url()), [&](Result<HttpResponse>) { answers = 1000; });
    client.http.Start(Request("GET", running.Url("/")), next);
    while (answers < 5) client.loop.RunOnce();
  }
  CHECK(answers == 5);
}

}  // namespace dbxes
