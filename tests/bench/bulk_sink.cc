// SPDX-License-Identifier: Apache-2.0
//
// An Elasticsearch that accepts bulk requests at the speed of memory and keeps nothing: it prints
// its address, serves until SIGTERM, and counts. The tests' Elasticsearch in memory answers all
// other requests.

#include <fmt/format.h>
#include <libdeflate.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "dropbox_sim/http_server.h"
#include "support/fake_elastic.h"

namespace dbxes {
namespace {

constexpr std::size_t kLargestBody = std::size_t{256} << 20;

sim::HttpServer* g_server = nullptr;

std::string Inflate(const std::string& body) {
  std::string text(kLargestBody, '\0');
  std::size_t size = 0;
  libdeflate_decompressor* inflater = libdeflate_alloc_decompressor();
  const libdeflate_result result = libdeflate_gzip_decompress(inflater, body.data(), body.size(),
                                                              text.data(), text.size(), &size);
  libdeflate_free_decompressor(inflater);
  text.resize(result == LIBDEFLATE_SUCCESS ? size : 0);
  return text;
}

// The answer that a cluster gives with the filter_path that dbx-es asks for.
std::string AnswerToBulk(std::string_view body, std::uint64_t& actions) {
  std::string answer = R"({"errors":false,"items":[)";
  std::size_t at = 0;
  while (at < body.size()) {
    std::size_t end = body.find('\n', at);
    const std::string_view line = body.substr(at, end - at);
    const bool deletes = line.starts_with(R"({"delete")");
    const bool updates = line.starts_with(R"({"update")");
    if (!deletes) end = body.find('\n', end + 1);
    answer += deletes   ? R"({"delete":{"result":"deleted","status":200}},)"
              : updates ? R"({"update":{"result":"updated","status":200}},)"
                        : R"({"index":{"result":"created","status":201}},)";
    ++actions;
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  if (answer.back() == ',') answer.pop_back();
  return answer + "]}";
}

class Sink {
 public:
  sim::Response Answer(const sim::Request& request) {
    if (request.target == "/control/counters") return Json(200, Counters());
    ++requests_;
    if (request.target.find("/_bulk") != std::string::npos) return TakeBulk(request);
    const std::lock_guard<std::mutex> lock(mutex_);
    const FakeAnswer answer = elastic_.Handle(request.method, request.target, request.body);
    return Json(answer.status, answer.body == nullptr ? "" : *answer.body);
  }

 private:
  static sim::Response Json(int status, std::string body) {
    sim::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"},
                        {"X-elastic-product", "Elasticsearch"}};
    response.body = std::make_shared<const std::string>(std::move(body));
    return response;
  }

  sim::Response TakeBulk(const sim::Request& request) {
    const bool packed = sim::FindHeader(request.headers, "content-encoding") != nullptr;
    std::uint64_t actions = 0;
    std::string answer = AnswerToBulk(packed ? Inflate(request.body) : request.body, actions);
    actions_ += actions;
    bytes_received_ += request.body.size();
    bytes_answered_ += answer.size();
    return Json(200, std::move(answer));
  }

  std::string Counters() const {
    return fmt::format(
        R"({{"requests":{},"actions":{},"bulk_bytes_received":{},"bulk_bytes_answered":{}}})",
        requests_.load(), actions_.load(), bytes_received_.load(), bytes_answered_.load());
  }

  std::mutex mutex_;
  FakeElastic elastic_;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> actions_{0};
  std::atomic<std::uint64_t> bytes_received_{0};
  std::atomic<std::uint64_t> bytes_answered_{0};
};

int Serve() {
  Sink sink;
  sim::HttpServer server([&](const sim::Request& request) { return sink.Answer(request); },
                         [](std::uint64_t) {},
                         [](const sim::Request&, std::uint64_t) { return std::nullopt; });
  if (const std::string problem = server.Listen(0, "", ""); !problem.empty()) {
    std::fprintf(stderr, "bulk-sink: %s\n", problem.c_str());
    return 1;
  }
  g_server = &server;
  std::signal(SIGTERM, [](int) { g_server->Stop(); });
  std::printf("listening on http://127.0.0.1:%d\n", server.port());
  std::fflush(stdout);
  server.Run();
  return 0;
}

}  // namespace
}  // namespace dbxes

int main() { return dbxes::Serve(); }
