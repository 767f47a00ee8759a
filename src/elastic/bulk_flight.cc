// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_flight.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "elastic/error_reader.h"

namespace dbxes::elastic {
namespace {

// So many single actions refused in a row, and not one accepted: it is not the documents' fault.
constexpr int kMaxRefusedAlone = 20;
// No document of ours is far smaller than this, so no limit on requests can be meant.
constexpr std::size_t kMinBatchBytes = 64u << 10;
constexpr int kTooManyRequests = 429;

}  // namespace

BulkFlight::BulkFlight(BulkRoute& route, BulkBatch batch, std::uint64_t number)
    : route_(route),
      batch_(std::move(batch)),
      number_(number),
      plan_(static_cast<std::uint32_t>(batch_.size())),
      suspicion_(route.give_up_after) {
  Send();
}

Result<void> BulkFlight::Advance() {
  if (plan_.waiting()) {
    if (route_.client.loop().clock().Now() < ready_at_) return {};
    plan_.Retry();
    ++round_;
    Send();
  }
  if (!answer_ || !answer_->Ready()) return {};
  Result<HttpResponse> answer = answer_->Take();
  answer_.reset();
  if (std::exchange(probing_, false)) return OnProbe(std::move(answer));
  return OnAnswer(std::move(answer));
}

void BulkFlight::Send() {
  ElasticRequest request;
  request.target = route_.target;
  request.content_type = "application/x-ndjson";
  const BulkPlan::Items& items = plan_.current();
  request.body = items.size() == batch_.size()
                     ? batch_.body()
                     : std::make_shared<const std::string>(batch_.BodyOf(items));
  sent_bytes_ = request.body->size();
  if (IsSuspicious()) {
    request.options.gate_patience = suspicion_.InDoubt() ? Milliseconds(0) : kBeforeProbe;
  }
  answer_ = route_.client.Send(std::move(request));
}

Result<void> BulkFlight::OnAnswer(Result<HttpResponse> answer) {
  if (!answer && answer.error().http_status == 413) return OnTooLarge(std::move(answer.error()));
  if (!answer && IsSuspicious() && answer.error().http_status == kTooManyRequests) {
    return OnOverload(std::move(answer.error()));
  }
  if (!answer && answer.error().http_status == 400) {
    return OnRefusal(std::move(answer.error()), /*certain=*/true);
  }
  if (!answer) return Fail(WithContext(std::move(answer.error()), "writing documents"));
  route_.kinds.clear();
  for (const std::uint32_t item : plan_.current()) route_.kinds.push_back(batch_.kind(item));
  Result<void> read = ReadBulkResponse(std::move(answer->body), route_.kinds, route_.outcomes);
  if (!read) return OnRefusal(std::move(read.error()), /*certain=*/false);
  return OnItems();
}

Result<void> BulkFlight::OnItems() {
  BulkPlan::Items postponed;
  std::optional<Error> fatal;
  progressed_ = false;
  bool all_refused = true;  // with 429
  for (std::size_t i = 0; i < route_.outcomes.size(); ++i) {
    const BulkOutcome& outcome = route_.outcomes[i];
    const std::uint32_t item = plan_.current()[i];
    all_refused = all_refused && outcome.status == kTooManyRequests;
    switch (outcome.kind) {
      case BulkOutcome::kRetry:
        postponed.push_back(item);
        postponed_for_ = MakeElasticError(outcome.status, outcome.type, outcome.reason);
        break;
      case BulkOutcome::kFatal:
        fatal = MakeElasticError(outcome.status, outcome.type, outcome.reason);
        break;
      case BulkOutcome::kRejected:
        progressed_ = true;
        Record(item, outcome.status, fmt::format("{}: {}", outcome.type, outcome.reason));
        break;
      default:
        progressed_ = true;
        Count(outcome.kind);
    }
  }
  if (fatal) return Fail(WithContext(std::move(*fatal), "writing documents"));
  ++route_.accepted;
  if (progressed_) route_.refused_alone = 0;
  if (IsOverloaded(all_refused)) return OnOverload(std::move(*postponed_for_));
  return Continue(plan_.Accepted(postponed));
}

bool BulkFlight::IsOverloaded(bool all_refused) {
  if (!all_refused || !IsSuspicious()) {
    overloaded_since_.reset();
    return false;
  }
  const Milliseconds now = route_.client.loop().clock().Now();
  if (!overloaded_since_) overloaded_since_ = now;
  return now - *overloaded_since_ >= kBeforeProbe;
}

Result<void> BulkFlight::OnOverload(Error error) {
  postponed_for_ = std::move(error);
  progressed_ = false;
  ElasticRequest request;
  request.target = route_.target;
  request.content_type = "application/x-ndjson";
  request.body = std::make_shared<const std::string>(ProbeBody(batch_.id(plan_.current().front())));
  request.options.gate_patience = Milliseconds(0);
  request.options.max_retries = 0;
  probing_ = true;
  answer_ = route_.client.Send(std::move(request));
  return {};
}

bool BulkFlight::ProbePassed(Result<HttpResponse> answer) {
  if (!answer) return false;
  route_.kinds.assign(1, BulkAction::kUpdate);
  if (!ReadBulkResponse(std::move(answer->body), route_.kinds, route_.outcomes)) return false;
  const BulkOutcome::Kind outcome = route_.outcomes.front().kind;
  return outcome != BulkOutcome::kRetry && outcome != BulkOutcome::kFatal;
}

Result<void> BulkFlight::OnProbe(Result<HttpResponse> answer) {
  if (!ProbePassed(std::move(answer))) {
    suspicion_.ClusterIsBusy();
    return Continue(plan_.Doubted());
  }
  if (plan_.current().size() > 1) return Continue(plan_.TooLarge());
  const Milliseconds now = route_.client.loop().clock().Now();
  if (!suspicion_.RefusedAlone(plan_.current().front(), sent_bytes_, now,
                               route_.smallest_refused)) {
    return Continue(plan_.Doubted());
  }
  refusal_ = postponed_for_;
  refusal_->message += fmt::format(
      "; too large for the cluster: alone in its request of {} bytes it was refused all the time, "
      "while something tiny passed",
      sent_bytes_);
  progressed_ = true;
  return Continue(plan_.TooLarge());
}

void BulkFlight::Count(BulkOutcome::Kind kind) {
  BulkCounters& counters = route_.counters;
  if (kind == BulkOutcome::kCreated) ++counters.created;
  if (kind == BulkOutcome::kUpdated) ++counters.updated;
  if (kind == BulkOutcome::kDeleted) ++counters.deleted;
}

void BulkFlight::Record(std::uint32_t item, int status, std::string reason) {
  ++route_.counters.rejected;
  route_.on_rejected({std::string(batch_.id(item)), std::string(batch_.path(item)),
                      std::string(ToString(batch_.kind(item))), status, std::move(reason)});
}

Result<void> BulkFlight::OnRefusal(Error error, bool certain) {
  if (!refusal_) accepted_before_ = route_.accepted;
  refusal_ = std::move(error);
  if (!certain) postponed_for_ = refusal_;
  progressed_ = false;
  if (plan_.current().size() > 1) return Continue(plan_.Refused(certain));
  if (++route_.refused_alone >= kMaxRefusedAlone) {
    Error systemic = *refusal_;
    systemic.message += fmt::format("; so it was for {} documents in a row", kMaxRefusedAlone);
    return Fail(WithContext(std::move(systemic), "writing documents"));
  }
  // Garbage for an answer may be the network's fault as well as the document's. It is the
  // document's when it comes again after a wait, and others got good answers meanwhile.
  if (!certain && (round_ == 0 || route_.accepted == accepted_before_)) {
    return Continue(plan_.Doubted());
  }
  return Continue(plan_.Refused(certain));
}

Result<void> BulkFlight::OnTooLarge(Error error) {
  refusal_ = std::move(error);
  if (plan_.current().size() > 1) {
    route_.max_bytes = std::min(route_.max_bytes, std::max(kMinBatchBytes, sent_bytes_ / 2));
  }
  return Continue(plan_.TooLarge());
}

Result<void> BulkFlight::Continue(std::optional<std::uint32_t> condemned) {
  if (condemned) Record(*condemned, refusal_->http_status, refusal_->message);
  if (!plan_.current().empty()) {
    Send();
    return {};
  }
  if (plan_.waiting()) return Postpone();
  return {};
}

Result<void> BulkFlight::Postpone() {
  EventLoop& loop = route_.client.loop();
  const Milliseconds now = loop.clock().Now();
  if (progressed_ || !failing_since_) {
    failing_since_ = now;
    attempt_ = 0;
  }
  const Milliseconds patience = *failing_since_ + route_.give_up_after - now;
  if (patience <= Milliseconds(0)) {
    postponed_for_->message +=
        fmt::format("; gave up after {} s without progress (sync.give_up_after = {} s)",
                    (now - *failing_since_).count() / 1000, route_.give_up_after.count() / 1000);
    return Fail(WithContext(*postponed_for_, "writing documents"));
  }
  Milliseconds delay = std::min(patience, route_.backoff.Delay(attempt_++));
  if (IsSuspicious()) delay = std::min(delay, LongestDelayBeforeProof(route_.give_up_after));
  ready_at_ = now + delay;
  // Nothing but this timer may be due: it ends the wait of whoever runs the loop.
  loop.After(delay, [] {});
  route_.client.ReportWait(*postponed_for_, delay);
  return {};
}

}  // namespace dbxes::elastic
