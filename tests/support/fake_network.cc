// SPDX-License-Identifier: Apache-2.0
#include "support/fake_network.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include "base/http/rate_limit.h"

namespace dbxes {
namespace {

constexpr std::uint64_t kFrameBytes = 200;  // of headers, roughly

std::string Decompressed(const std::string& bytes) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  std::string text;
  for (std::size_t room = bytes.size() * 4 + 1024;; room *= 2) {
    text.resize(room);
    std::size_t length = 0;
    const libdeflate_result result = libdeflate_gzip_decompress(
        decompressor.get(), bytes.data(), bytes.size(), text.data(), text.size(), &length);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) continue;
    if (result != LIBDEFLATE_SUCCESS) throw std::runtime_error("a request body is not gzip");
    text.resize(length);
    return text;
  }
}

std::pair<std::string, std::string> SplitHeader(const std::string& line) {
  const std::size_t colon = line.find(':');
  std::string name = line.substr(0, colon);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::size_t value = line.find_first_not_of(' ', colon + 1);
  return {name, value == std::string::npos ? "" : line.substr(value)};
}

std::string_view FindHeader(const std::vector<std::pair<std::string, std::string>>& headers,
                            std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

FakeRequest ToFakeRequest(const HttpRequest& request) {
  FakeRequest fake;
  fake.method = request.method;
  fake.url = request.url;
  const std::size_t path = request.url.find('/', request.url.find("://") + 3);
  fake.target = path == std::string::npos ? "/" : request.url.substr(path);
  fake.transport = request.transport;
  for (const std::string& line : request.headers) fake.headers.push_back(SplitHeader(line));
  if (request.body) {
    const bool gzip = FindHeader(fake.headers, "content-encoding") == "gzip";
    fake.body = gzip ? Decompressed(*request.body) : *request.body;
  }
  return fake;
}

// Gives a sink the first `length` bytes of the body, in pieces as a socket would: whether it took
// them all, or nothing when this body is none of its business.
std::optional<bool> FeedSink(const FakeAnswer& answer, const HttpRequest& request,
                             std::size_t length) {
  constexpr std::size_t kPiece = 16'384;
  if (!request.body_sink || answer.status / 100 != 2) return std::nullopt;
  HttpResponse head;
  head.status = answer.status;
  head.headers = answer.headers;
  request.body_sink->Begin(head);
  if (!answer.body) return true;
  const std::string_view bytes = std::string_view(*answer.body).substr(0, length);
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    if (!request.body_sink->Write(bytes.substr(at, kPiece))) return false;
  }
  return true;
}

// What the client sees of the answer, and whether it breaks on the way.
Result<HttpResponse> Transport(const FakeAnswer& answer, const HttpRequest& request) {
  const auto broken = [&](std::string_view why) {
    return Fail(ErrorKind::kTemporary, fmt::format("{}: {}", request.url, why));
  };
  static const std::string kEmpty;
  const std::string& body = answer.body ? *answer.body : kEmpty;
  std::size_t length = body.size();
  switch (answer.transport) {
    case FakeAnswer::Transport::kRefused:
      return broken("connection refused");
    case FakeAnswer::Transport::kReset:
      return broken("connection reset by peer");
    case FakeAnswer::Transport::kCut:
      FeedSink(answer, request, std::min<std::size_t>(length, answer.at_byte));
      return broken("transfer closed with bytes remaining to read");
    case FakeAnswer::Transport::kUntrusted:
      return Fail(Error{.kind = ErrorKind::kConfig,
                        .message = fmt::format("{}: certificate is not trusted", request.url),
                        .tag = std::string(answer.certificate_tag)});
    case FakeAnswer::Transport::kTruncated:
      length = std::min<std::size_t>(length, answer.at_byte);
      break;
    case FakeAnswer::Transport::kWhole:
      break;
  }
  HttpResponse response;
  response.status = answer.status;
  response.headers = answer.headers;
  if (const auto fed = FeedSink(answer, request, length)) {
    if (!*fed) return Fail(ErrorKind::kInternal, fmt::format("{}: too much", request.url));
  } else if (answer.status / 100 == 2 && length > request.max_response_bytes) {
    return Fail(ErrorKind::kInternal, fmt::format("{}: the answer is too long", request.url));
  } else {
    response.body = request.response_buffer;
    response.body.assign(body, 0, std::min(length, MostBytesOf(request, answer.status)));
  }
  response.wire_bytes_received = kFrameBytes + length;
  return response;
}

}  // namespace

std::string_view FakeRequest::Header(std::string_view name) const {
  return FindHeader(headers, name);
}

FakeAnswer FakeAnswer::Json(int status, std::string body) {
  FakeAnswer answer;
  answer.status = status;
  answer.headers = {{"content-type", "application/json"}};
  answer.body = std::make_shared<const std::string>(std::move(body));
  return answer;
}

FakeAnswer FakeAnswer::Broken(Transport transport) {
  FakeAnswer answer;
  answer.transport = transport;
  return answer;
}

struct FakeNetwork::Exchange {
  HttpRequest request;
  HttpCallback done;
  const RouteRow* route = nullptr;
  Milliseconds latency{0};
  Milliseconds started{0};
  Milliseconds due{0};
  std::uint64_t number = 0;
  bool arrived = false;
  std::optional<Result<HttpResponse>> outcome;
};

FakeNetwork::FakeNetwork(FakeClock& clock) : clock_(clock) {}
FakeNetwork::~FakeNetwork() = default;

void FakeNetwork::Route(std::string prefix, Handler handler, Milliseconds latency) {
  routes_.push_back({std::move(prefix), std::move(handler), latency});
}

const FakeNetwork::RouteRow* FakeNetwork::FindRoute(std::string_view url) const {
  const RouteRow* best = nullptr;
  for (const RouteRow& row : routes_) {
    if (url.substr(0, row.prefix.size()) != row.prefix) continue;
    if (best == nullptr || row.prefix.size() >= best->prefix.size()) best = &row;
  }
  return best;
}

void FakeNetwork::Start(HttpRequest request, HttpCallback done) {
  auto exchange = std::make_shared<Exchange>();
  exchange->route = FindRoute(request.url);
  if (exchange->route != nullptr) {
    exchange->latency = exchange->route->latency;
    if (jitter_) exchange->latency += jitter_(ToFakeRequest(request));
  }
  exchange->request = std::move(request);
  exchange->done = std::move(done);
  exchange->number = next_number_++;
  exchange->started = clock_.Now();
  exchange->due = clock_.Now() + exchange->latency / 2;
  exchanges_.push_back(std::move(exchange));
  max_in_flight_ = std::max(max_in_flight_, exchanges_.size());
}

// The request reaches its handler; what the client will see is known from here on.
void FakeNetwork::Arrive(Exchange& exchange) {
  const HttpRequest& request = exchange.request;
  exchange.arrived = true;
  if (exchange.route == nullptr) {
    exchange.outcome =
        Fail(ErrorKind::kTemporary, fmt::format("{}: could not resolve host", request.url));
    return;
  }
  const FakeAnswer answer = exchange.route->handler(ToFakeRequest(request));
  exchange.outcome = Transport(answer, request);
  exchange.due =
      clock_.Now() + (exchange.latency - exchange.latency / 2) + answer.silence + answer.trickle;
  const auto bytes = static_cast<std::int64_t>(answer.body ? answer.body->size() : 0);
  if (request.rate_limit) {
    exchange.due += request.rate_limit->Charge(static_cast<std::uint64_t>(bytes));
  }
  const bool drips =
      answer.trickle.count() > 0 && bytes * 1000 / answer.trickle.count() < kFloorRate;
  BreakWhenTooSlow(exchange, answer.silence + (drips ? answer.trickle : Milliseconds(0)));
}

void FakeNetwork::BreakWhenTooSlow(Exchange& exchange, Milliseconds silence) {
  const HttpTimeouts& timeouts = exchange.request.timeouts;
  Milliseconds deadline = Milliseconds::max();
  if (timeouts.total.count() > 0) deadline = exchange.started + timeouts.total;
  if (timeouts.stall.count() > 0 && silence > timeouts.stall) {
    deadline = std::min(deadline, clock_.Now() + timeouts.stall);
  }
  if (exchange.due <= deadline) return;
  exchange.due = deadline;
  Error error{ErrorKind::kTemporary, fmt::format("{}: timed out", exchange.request.url)};
  error.tag = kTimeoutTag;
  exchange.outcome = Fail(std::move(error));
}

void FakeNetwork::Poll(Milliseconds max_wait) {
  if (RunDue()) return;
  Milliseconds next = clock_.Now() + max_wait;
  for (const auto& exchange : exchanges_) next = std::min(next, exchange->due);
  clock_.Advance(next - clock_.Now());
  RunDue();
}

// Handles everything due now, in the order in which it became due; true when a callback ran.
bool FakeNetwork::RunDue() {
  bool called = false;
  while (true) {
    std::shared_ptr<Exchange> first;
    for (const auto& exchange : exchanges_) {
      if (exchange->due > clock_.Now()) continue;
      const bool earlier = !first || exchange->due < first->due ||
                           (exchange->due == first->due && exchange->number < first->number);
      if (earlier) first = exchange;
    }
    if (!first) return called;
    if (!first->arrived) {
      Arrive(*first);
      continue;
    }
    exchanges_.erase(std::find(exchanges_.begin(), exchanges_.end(), first));
    called = true;
    first->done(std::move(*first->outcome));
  }
}

}  // namespace dbxes
