// SPDX-License-Identifier: Apache-2.0
#include "base/http/request_sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/http/gave_up.h"
#include "base/http/retry_after.h"

namespace dbxes {
namespace {

bool IsSpentAt(int max_retries, int failures) {
  return max_retries >= 0 && failures >= max_retries;
}

}  // namespace

struct RequestSender::Exchange {
  HttpRequest request;
  SendOptions options;
  Pending<HttpResponse> result;
  int tries = 0;
  int failures = 0;     // 5xx, broken connections, garbled bodies: what max_retries bounds
  int rate_limits = 0;  // they lengthen the backoff but are no failures
  int reauthorizations = 0;
  std::string credential;  // of the last try
  bool rejected = false;   // the service refused it
  Milliseconds delay{0};   // before the next try
  std::optional<Milliseconds> failing_since;
};

RequestSender::RequestSender(EventLoop& loop, SenderPolicy policy, std::uint64_t seed)
    : loop_(loop), policy_(std::move(policy)), backoff_(seed) {}

Pending<HttpResponse> RequestSender::Send(HttpRequest request, SendOptions options) {
  auto exchange = std::make_shared<Exchange>();
  exchange->request = std::move(request);
  exchange->options = std::move(options);
  Try(exchange);
  return exchange->result;
}

void RequestSender::Try(const std::shared_ptr<Exchange>& exchange) {
  if (const Milliseconds now = loop_.clock().Now(); now < not_before_) {
    loop_.After(not_before_ - now, callbacks_.Bind([this, exchange] { Try(exchange); }));
    return;
  }
  if (!policy_.authorize) return StartExchange(exchange, "");
  const std::string rejected = std::exchange(exchange->rejected, false) ? exchange->credential : "";
  policy_.authorize(rejected, callbacks_.Bind([this, exchange](Result<std::string> credential) {
    if (!credential) return exchange->result.Fulfil(Fail(std::move(credential.error())));
    // The gate may have closed while the credential was fetched.
    if (loop_.clock().Now() < not_before_) return Try(exchange);
    StartExchange(exchange, *credential);
  }));
}

void RequestSender::StartExchange(const std::shared_ptr<Exchange>& exchange,
                                  const std::string& credential) {
  // Moved out first: the copy of the request must not copy a page that is about to be overwritten.
  std::string buffer = std::move(exchange->request.response_buffer);
  HttpRequest attempt = exchange->request;
  attempt.response_buffer = std::move(buffer);
  if (!credential.empty()) attempt.headers.push_back(credential);
  if (exchange->options.prepare) exchange->options.prepare(attempt);
  exchange->credential = credential;
  attempt.rate_limit = policy_.rate_limit;
  attempt.trace = {policy_.service, exchange->tries, exchange->delay};
  ++exchange->tries;
  ++counters_.requests;
  ++counters_.in_flight;
  if (attempt.body) counters_.bytes_sent += attempt.body->size();
  loop_.Start(std::move(attempt), callbacks_.Bind([this, exchange](Result<HttpResponse> answer) {
    OnAnswer(exchange, std::move(answer));
  }));
}

void RequestSender::OnAnswer(std::shared_ptr<Exchange> exchange, Result<HttpResponse> answer) {
  --counters_.in_flight;
  if (answer) counters_.bytes_received += answer->wire_bytes_received;
  Verdict verdict = Judge(*exchange, answer);
  if (verdict.kind == Verdict::kRetry && answer && !verdict.wait) {
    verdict.wait = RetryAfter(*answer, loop_.clock().WallMicros());
  }
  if (verdict.kind != Verdict::kDone) {
    const std::string& url = exchange->request.url;
    verdict.error.url = url.substr(0, url.find('?'));
  }
  switch (verdict.kind) {
    case Verdict::kDone:
      last_done_ = loop_.clock().Now();
      return exchange->result.Fulfil(std::move(answer));
    case Verdict::kFail:
      return exchange->result.Fulfil(Fail(std::move(verdict.error)));
    case Verdict::kRetry:
      return Retry(std::move(exchange), std::move(verdict));
  }
}

Verdict RequestSender::Judge(const Exchange& exchange, Result<HttpResponse>& answer) {
  Verdict verdict = policy_.judge(answer);
  if (verdict.kind != Verdict::kDone || !exchange.options.accept) return verdict;
  Result<void> accepted = exchange.options.accept(*answer);
  if (accepted) return verdict;
  verdict.kind = accepted.error().kind == ErrorKind::kTemporary ? Verdict::kRetry : Verdict::kFail;
  verdict.error = std::move(accepted.error());
  return verdict;
}

Milliseconds RequestSender::RetryDelay(const Exchange& exchange, const Verdict& verdict) {
  if (verdict.reauthorize) {
    // A credential may end at any time. One that ends again and again is renewed with patience.
    const int again = exchange.reauthorizations;
    return again == 0 ? Milliseconds(0) : backoff_.Delay(again - 1);
  }
  // Up to a second more than the named wait, so that waiting requests do not all return at once.
  if (verdict.wait && verdict.wait->count() > 0) {
    return *verdict.wait + std::min(backoff_.Delay(0), Milliseconds(1000));
  }
  return backoff_.Delay(exchange.failures + exchange.rate_limits);
}

bool RequestSender::IsSpent(const Exchange& exchange, const Verdict& verdict) const {
  if (verdict.reauthorize || verdict.gate) return false;
  return IsSpentAt(exchange.options.max_retries, exchange.failures) ||
         IsSpentAt(verdict.max_retries.value_or(-1), exchange.failures);
}

void RequestSender::GiveUp(const Exchange& exchange, Verdict verdict, std::string_view why) {
  // Where other requests got good answers meanwhile, neither rate nor credential is the reason.
  const bool alone = exchange.failing_since && last_done_ && *last_done_ > *exchange.failing_since;
  if (alone && (verdict.gate || verdict.reauthorize)) verdict.error.kind = ErrorKind::kTemporary;
  // Its own patience is at an end, but the service has named a wait for all. A longer one is more
  // than any request waits.
  if (verdict.gate && verdict.wait && *verdict.wait <= policy_.give_up_after) {
    not_before_ = std::max(not_before_, loop_.clock().Now() + *verdict.wait);
  }
  verdict.error.message += why;
  exchange.result.Fulfil(Fail(std::move(verdict.error)));
}

void RequestSender::Retry(std::shared_ptr<Exchange> exchange, Verdict verdict) {
  const Milliseconds now = loop_.clock().Now();
  if (!exchange->failing_since) exchange->failing_since = now;
  if (IsSpent(*exchange, verdict)) {
    return GiveUp(
        *exchange, std::move(verdict),
        exchange->tries == 1 ? "; tried once" : fmt::format("; tried {} times", exchange->tries));
  }
  const Milliseconds delay = RetryDelay(*exchange, verdict);
  const Milliseconds since = *exchange->failing_since;
  const auto& gate_patience = exchange->options.gate_patience;
  if (verdict.gate && gate_patience && now + delay - since > *gate_patience) {
    return GiveUp(*exchange, std::move(verdict), "");
  }
  // Before the gate closes for longer than was promised: what gives up must not make others wait.
  if (now + delay - since > policy_.give_up_after) {
    return GiveUp(*exchange, std::move(verdict), GaveUp(now - since, delay, policy_.give_up_after));
  }
  if (verdict.gate) not_before_ = std::max(not_before_, now + delay);
  if (verdict.gate) {
    ++exchange->rate_limits;
  } else if (verdict.reauthorize) {
    ++exchange->reauthorizations;
    exchange->rejected = true;
  } else {
    ++exchange->failures;
  }
  ++counters_.retries;
  if (policy_.on_retry) policy_.on_retry(verdict.error, delay);
  exchange->delay = delay;
  loop_.After(delay, callbacks_.Bind([this, exchange] { Try(exchange); }));
}

}  // namespace dbxes
