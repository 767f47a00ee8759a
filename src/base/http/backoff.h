// SPDX-License-Identifier: Apache-2.0
// Jittered exponential backoff, and the one place where requests are tried again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "base/http/event_loop.h"

namespace dbxes {

// "Full jitter": a random delay in (0, base * 2^n], capped, so that many clients spread out.
class Backoff {
 public:
  explicit Backoff(std::uint64_t seed, Milliseconds base = Milliseconds(500),
                   Milliseconds cap = Milliseconds(60'000))
      : random_(seed), base_(base), cap_(cap) {}
  Milliseconds Delay(int attempt);  // attempt: 0 for the first retry

 private:
  std::mt19937_64 random_;
  Milliseconds base_;
  Milliseconds cap_;
};

// What an answer means to the one who asked.
struct Verdict {
  enum Kind { kDone, kRetry, kFail };
  Kind kind = kDone;
  Error error;                       // kRetry and kFail: what went wrong
  std::optional<Milliseconds> wait;  // kRetry: the service named a wait; at least this long
  bool gate = false;                 // the wait holds for every request of this sender
  bool reauthorize = false;          // kRetry: ask the authorizer for a new credential first
  std::optional<int> max_retries;    // kRetry: fewer than the request's own bound, for this answer
};

struct SenderCounters {
  std::uint64_t requests = 0;  // exchanges started, retries included
  std::uint64_t retries = 0;
  std::uint64_t bytes_sent = 0;      // request bodies
  std::uint64_t bytes_received = 0;  // on the wire
  std::uint64_t in_flight = 0;       // exchanges that wait for their answer now
};

struct SenderPolicy {
  std::string service;  // "Dropbox", for messages
  // Pure: what does this answer mean? Called once per exchange.
  std::function<Verdict(const Result<HttpResponse>&)> judge;
  // Gives the credential of a try; may go to the network itself, hence the callback. `rejected` is
  // the credential that the last try was refused with, "" otherwise.
  using AuthorizeDone = std::function<void(Result<std::string>)>;  // a complete header line
  std::function<void(const std::string& rejected, AuthorizeDone)> authorize;
  // Tells a person why nothing seems to happen: reason and delay of a retry.
  std::function<void(const Error&, Milliseconds delay)> on_retry;
  Milliseconds give_up_after{900'000};
};

struct SendOptions {
  // Retries of 5xx and broken connections; rate limits (Verdict::gate) do not count.
  // Negative: bounded by time alone (give_up_after since the first failure).
  int max_retries = -1;
  // Rate limits are an error after so long, instead of after give_up_after: for who can ask for
  // less.
  std::optional<Milliseconds> gate_patience = std::nullopt;
  // A last touch to the request of each try: where to go on within a body that broke off.
  std::function<void(HttpRequest&)> prepare;
  // A last look at an answer that was judged kDone, for bodies that can be cut short or garbled
  // behind a good status: kTemporary is retried, any other error is final.
  std::function<Result<void>(HttpResponse&)> accept;
};

// Sends requests to one service under one credential: one object owns the pace of all of them, so
// that a 429 on any pauses every other (Dropbox counts refused requests too).
class RequestSender {
 public:
  RequestSender(EventLoop& loop, SenderPolicy policy, std::uint64_t seed);
  ~RequestSender();
  RequestSender(const RequestSender&) = delete;
  RequestSender& operator=(const RequestSender&) = delete;

  // The answer's status was judged kDone; everything else arrives as an Error, the last one seen.
  Pending<HttpResponse> Send(HttpRequest request, SendOptions options = {});
  const SenderCounters& counters() const { return counters_; }

 private:
  struct Exchange;
  void Try(const std::shared_ptr<Exchange>& exchange);
  void StartExchange(const std::shared_ptr<Exchange>& exchange, const std::string& credential);
  void OnAnswer(std::shared_ptr<Exchange> exchange, Result<HttpResponse> answer);
  void Retry(std::shared_ptr<Exchange> exchange, Verdict verdict);
  Verdict Judge(const Exchange& exchange, Result<HttpResponse>& answer);
  Milliseconds RetryDelay(const Exchange& exchange, const Verdict& verdict);

  EventLoop& loop_;
  SenderPolicy policy_;
  Backoff backoff_;
  SenderCounters counters_;
  Milliseconds not_before_{0};
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // callbacks outlive us on shutdown
};

}  // namespace dbxes
