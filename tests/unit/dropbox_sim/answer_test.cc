// SPDX-License-Identifier: Apache-2.0
// Answers on their way: compressed ones, and longpolls that wait.

#include <doctest/doctest.h>
#include <libdeflate.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "dropbox_sim/client.h"
#include "dropbox_sim/gzip.h"

namespace dbxes::sim {
namespace {

std::string Gunzip(const std::string& bytes) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  std::string text(1 << 20, '\0');
  std::size_t length = 0;
  REQUIRE(libdeflate_gzip_decompress(decompressor.get(), bytes.data(), bytes.size(), text.data(),
                                     text.size(), &length) == LIBDEFLATE_SUCCESS);
  text.resize(length);
  return text;
}

TEST_CASE("what an Accept-Encoding header allows") {
  for (const char* yes : {"gzip", "deflate, gzip", "GZIP;q=0.5", "br;q=1.0, gzip ; q=0.8", "*"}) {
    CAPTURE(yes);
    CHECK(AcceptsGzip(yes));
  }
  for (const char* no :
       {"", "identity", "deflate,br", "gzip;q=0", "gzip;q=0.000", "x-gzip2", "*;q=0"}) {
    CAPTURE(no);
    CHECK(!AcceptsGzip(no));
  }
}

TEST_CASE("JSON is compressed for those who ask, content never") {
  Options options;
  options.style.gzip = true;
  Client client(options);
  client.tree().AddFile("/a.txt", "hello");
  const Headers accepts = {{"Accept-Encoding", "deflate, gzip"}};
  int compressed = 0;
  for (int i = 0; i < 40; ++i) {
    const Answer answer = client.Call("files/list_folder", R"({"path":""})", accepts);
    const std::string* coding = FindHeader(answer.headers, "Content-Encoding");
    if (coding == nullptr) {
      CHECK(answer.json["entries"].Size() == 1);
      continue;
    }
    ++compressed;
    CHECK(*coding == "gzip");
    CHECK(Gunzip(answer.text).find(R"("name":"a.txt")") != std::string::npos);
    const Answer plain = client.Call("files/list_folder", R"({"path":""})");
    CHECK(FindHeader(plain.headers, "Content-Encoding") == nullptr);
    const Answer bytes = client.Download("files/download", R"({"path":"/a.txt"})", accepts);
    CHECK(bytes.text == "hello");
  }
  CHECK(compressed > 10);
  CHECK(compressed < 40);
  SUBCASE("errors too") {
    bool seen = false;
    for (int i = 0; i < 10; ++i) {
      const std::string argument = R"({"path":"/nowhere)" + std::to_string(i) + "\"}";
      const Answer error = client.Call("files/get_metadata", argument, accepts);
      CHECK(error.status == 409);
      if (FindHeader(error.headers, "Content-Encoding") == nullptr) continue;
      seen = true;
      CHECK(Gunzip(error.text).find("not_found") != std::string::npos);
    }
    CHECK(seen);
  }
}

TEST_CASE("no style compresses by itself") {
  for (const Style& style : {Style::Plain(), Style::Mild(), Style::Nasty()}) CHECK(!style.gzip);
}

struct Poll {
  explicit Poll(Options options = {}) : client(std::move(options)) {
    client.tree().AddFile("/in/a.txt", "x");
    std::string cursor;
    client.List(&cursor, R"({"path":"/in","recursive":true})");
    request.target = "/2/files/list_folder/longpoll";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = R"({"cursor":")" + cursor + R"(","timeout":60})";
  }
  Response Ask() { return client.sim().Handle(request); }
  Client client;
  Request request;
};

TEST_CASE("a longpoll waits, and is over as soon as its folder changes") {
  Poll poll;
  const Response waiting = poll.Ask();
  CHECK(waiting.waits_for_news);
  CHECK(waiting.fault.kind == TransportFault::Kind::kStallBeforeHeaders);
  CHECK(waiting.fault.delay_ms == 60000);
  CHECK(waiting.body->find(R"("changes":false)") != std::string::npos);
  CHECK(!poll.client.sim().Wake(poll.request, waiting.ticket));
  poll.client.tree().AddFile("/elsewhere.txt", "x");
  CHECK(!poll.client.sim().Wake(poll.request, waiting.ticket));
  poll.client.tree().Delete("/in/a.txt");
  const std::optional<Response> news = poll.client.sim().Wake(poll.request, waiting.ticket);
  REQUIRE(news.has_value());
  CHECK(news->status == 200);
  CHECK(!news->waits_for_news);
  CHECK(news->fault.kind == TransportFault::Kind::kNone);
  CHECK(news->ticket == waiting.ticket);
  CHECK(news->body->find(R"("changes":true)") != std::string::npos);
  CHECK_MESSAGE(poll.client.sim().Count("files/list_folder/longpoll") == 1, "asked once");
  CHECK(!poll.Ask().waits_for_news);
}

TEST_CASE("a reset ends a longpoll as well") {
  Poll poll;
  const Response waiting = poll.Ask();
  poll.client.sim().ResetCursors();
  const std::optional<Response> reset = poll.client.sim().Wake(poll.request, waiting.ticket);
  REQUIRE(reset.has_value());
  CHECK(reset->status == 409);
  CHECK(reset->body->find(R"(".tag":"reset")") != std::string::npos);
}

TEST_CASE("jitter makes a longpoll longer, by no more than allowed") {
  Options options;
  options.longpoll_wait_ms = 500;
  options.longpoll_jitter_ms = 90;
  Poll poll(options);
  std::int64_t longest = 0;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t delay_ms = poll.Ask().fault.delay_ms;
    CHECK(delay_ms >= 500);
    CHECK(delay_ms <= 590);
    longest = std::max(longest, delay_ms);
  }
  CHECK(longest > 500);
}

TEST_CASE("a stall that a test asked for is no longpoll") {
  Poll poll;
  TransportFault stall;
  stall.kind = TransportFault::Kind::kStallBeforeHeaders;
  stall.delay_ms = 10;
  poll.client.sim().Inject(Fault::Transport("*", stall));
  CHECK(!poll.Ask().waits_for_news);
}

}  // namespace
}  // namespace dbxes::sim
