// SPDX-License-Identifier: Apache-2.0
// The one place that sends requests again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/callback_scope.h"
#include "base/http/backoff.h"
#include "base/http/event_loop.h"
#include "base/http/rate_limit.h"

namespace dbxes {

// What an answer means to the sender.
struct Verdict {
  enum Kind { kDone, kRetry, kFail };
  Kind kind = kDone;
  Error error;                       // kRetry and kFail: what went wrong
  std::optional<Milliseconds> wait;  // kRetry: the service named a wait; at least this long
  bool gate = false;                 // the wait holds for every request of this sender
  bool reauthorize = false;          // kRetry: get a new credential first, at once the first time
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
  // Pure: what does this answer mean? Called once for each answer. A Retry-After that the service
  // sends with an answer to be retried needs no mention in the verdict.
  std::function<Verdict(const Result<HttpResponse>&)> judge;
  // Provides the credential of a try. It may need the network itself, hence the callback.
  // `rejected` is the credential of the last try if the service refused it, "" otherwise.
  using AuthorizeDone = std::function<void(Result<std::string>)>;  // a complete header line
  std::function<void(const std::string& rejected, AuthorizeDone)> authorize;
  // Called with the reason and the delay of each retry, for progress messages.
  std::function<void(const Error&, Milliseconds delay)> on_retry;
  Milliseconds give_up_after{900'000};
  // For the answers of all requests together; null for none.
  std::shared_ptr<RateLimit> rate_limit = nullptr;
};

struct SendOptions {
  // Retries of 5xx and broken connections; rate limits (Verdict::gate) do not count.
  // Negative: bounded by time alone (give_up_after since the first failure).
  int max_retries = -1;
  // Rate limits are an error after this time instead of give_up_after: for callers that can retry
  // with a smaller request.
  std::optional<Milliseconds> gate_patience = std::nullopt;
  // Changes the request of each try, for example to continue a download that broke off.
  std::function<void(HttpRequest&)> prepare;
  // Checks an answer that was judged kDone: a body can be cut short or garbled although the status
  // is good. kTemporary is retried, any other error is final.
  std::function<Result<void>(HttpResponse&)> accept;
};

// Sends requests to one service with one credential. One object owns the pace of all of them: a 429
// for one pauses every other, since Dropbox counts refused requests, too.
class RequestSender {
 public:
  RequestSender(EventLoop& loop, SenderPolicy policy, std::uint64_t seed);
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
  bool IsSpent(const Exchange& exchange, const Verdict& verdict) const;
  void GiveUp(const Exchange& exchange, Verdict verdict, std::string_view why);

  EventLoop& loop_;
  SenderPolicy policy_;
  Backoff backoff_;
  SenderCounters counters_;
  Milliseconds not_before_{0};
  std::optional<Milliseconds> last_done_;  // when the last answer was good
  CallbackScope callbacks_;                // answers may outlive us on shutdown
};

}  // namespace dbxes
