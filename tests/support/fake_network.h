// SPDX-License-Identifier: Apache-2.0
// An Http without sockets: handlers answer in-process, on a fake clock that jumps to the next
// event, so that latency and minutes of back-off cost nothing. Handlers say what the transport does
// to their answer: refuse, reset, cut, stall.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http/http.h"
#include "support/fake_clock.h"

namespace dbxes {

struct FakeRequest {
  std::string method;
  std::string url;
  std::string target;                                        // path and query
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;                                          // decompressed
  HttpTransport transport;

  // First value of a header (name in lower case), or "".
  std::string_view Header(std::string_view name) const;
};

struct FakeAnswer {
  enum class Transport {
    kWhole,      // the answer as it is
    kRefused,    // no connection
    kReset,      // the connection breaks, before or within the answer
    kTruncated,  // `at_byte` bytes of the body arrive as if that were all
    kCut,        // `at_byte` bytes of those that Content-Length promised: a broken transfer
    kUntrusted,  // the certificate does not verify, for the reason of `certificate_tag`
  };
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<const std::string> body;  // null for an empty one
  Transport transport = Transport::kWhole;
  std::uint64_t at_byte = 0;
  std::string_view certificate_tag = kCertificateTag;
  // On top of the network's latency. Silence of more than the client's stall time-out breaks the
  // transfer, and so do bytes that trickle below kFloorRate for as long.
  Milliseconds silence{0};
  Milliseconds trickle{0};

  static FakeAnswer Json(int status, std::string body);
  static FakeAnswer Broken(Transport transport);
};

class FakeNetwork final : public Http {
 public:
  using Handler = std::function<FakeAnswer(const FakeRequest&)>;

  explicit FakeNetwork(FakeClock& clock);
  ~FakeNetwork() override;

  // Requests whose URL starts with `prefix` go to `handler` (the longest prefix wins), half of
  // `latency` after they start; the answer takes the other half.
  void Route(std::string prefix, Handler handler, Milliseconds latency = Milliseconds(10));
  // Added to the latency of each request; lets answers overtake each other.
  void SetJitter(std::function<Milliseconds(const FakeRequest&)> jitter) {
    jitter_ = std::move(jitter);
  }

  void Start(HttpRequest request, HttpCallback done) override;
  // Delivers what is due; else moves the clock to the next event, at most by `max_wait`.
  void Poll(Milliseconds max_wait) override;
  // A descriptor knows no simulated time: it is looked at between polls, and ends none.
  void WakeOn(int) override {}

  std::uint64_t started() const { return next_number_; }
  std::size_t in_flight() const { return exchanges_.size(); }
  std::size_t max_in_flight() const { return max_in_flight_; }
  // Drops what is under way without calling back, as destroying an Http does.
  void DropAll() { exchanges_.clear(); }

 private:
  struct RouteRow {
    std::string prefix;
    Handler handler;
    Milliseconds latency;
  };
  struct Exchange;

  const RouteRow* FindRoute(std::string_view url) const;
  void Arrive(Exchange& exchange);
  void BreakWhenTooSlow(Exchange& exchange, Milliseconds silence);
  bool RunDue();

  FakeClock& clock_;
  std::deque<RouteRow> routes_;  // exchanges point into it
  std::function<Milliseconds(const FakeRequest&)> jitter_;
  std::vector<std::shared_ptr<Exchange>> exchanges_;
  std::uint64_t next_number_ = 0;
  std::size_t max_in_flight_ = 0;
};

}  // namespace dbxes
