// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_flight.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "elastic/error_reader.h"
#include "elastic/meaning.h"

namespace dbxes::elastic {
namespace {

// After this many single actions refused in a row, and none accepted, it is not the documents'
// fault.
constexpr int kMaxRefusedAlone = 20;
// A limit on requests is never below the size of a usual document.
constexpr std::size_t kMinBatchBytes = 64u << 10;

}  // namespace

BulkFlight::BulkFlight(BulkRoute& route, BulkBatch batch, std::uint64_t number)
    : route_(route),
      batch_(std::move(batch)),
      number_(number),
      plan_(static_cast<std::uint32_t>(batch_.size())),
      patience_(route.give_up_after, route.backoff),
      suspicion_(route.give_up_after) {
  Send();
}

Result<void> BulkFlight::Advance() {
  if (plan_.waiting()) {
    if (!patience_.IsOver(Now())) return {};
    plan_.Retry();
    patience_.Resume();
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
  request.options.gate_patience = suspicion_.GatePatience(sent_bytes_);
  answer_ = route_.client.Send(std::move(request));
}

Result<void> BulkFlight::OnAnswer(Result<HttpResponse> answer) {
  if (!answer) return OnError(std::move(answer.error()));
  route_.kinds.clear();
  for (const std::uint32_t item : plan_.current()) route_.kinds.push_back(batch_.kind(item));
  Result<void> read = ReadBulkResponse(std::move(answer->body), route_.kinds, route_.outcomes);
  if (!read) return OnRefusal(std::move(read.error()), /*certain=*/false);
  return OnItems();
}

Result<void> BulkFlight::OnError(Error error) {
  const int status = error.http_status;
  if (IsTooLarge(status)) return OnTooLarge(std::move(error));
  if (IsOverload(status) && suspicion_.Suspects(sent_bytes_)) return OnOverload(std::move(error));
  if (IsMalformed(status)) return OnRefusal(std::move(error), /*certain=*/true);
  return Fail(WithContext(std::move(error), "writing documents"));
}

Result<void> BulkFlight::OnItems() {
  BulkPlan::Items postponed;
  std::optional<Error> fatal;
  progressed_ = false;
  bool all_overload = true;
  for (std::size_t i = 0; i < route_.outcomes.size(); ++i) {
    const BulkOutcome& outcome = route_.outcomes[i];
    const std::uint32_t item = plan_.current()[i];
    all_overload = all_overload && IsOverload(outcome.status);
    switch (outcome.kind) {
      case BulkOutcome::kRetry:
        postponed.push_back(item);
        patience_.Because(MakeElasticError(outcome.status, outcome.type, outcome.reason));
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
  if (suspicion_.IsOverloaded(all_overload, sent_bytes_, Now())) return Probe();
  return Continue(plan_.Accepted(postponed));
}

Result<void> BulkFlight::OnOverload(Error error) {
  patience_.Because(std::move(error));
  return Probe();
}

Result<void> BulkFlight::Probe() {
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
  if (!suspicion_.RefusedAlone(plan_.current().front(), sent_bytes_, Now(),
                               route_.smallest_refused)) {
    return Continue(plan_.Doubted());
  }
  refusal_ = patience_.reason();
  refusal_->message += fmt::format(
      "; too large for the cluster: alone in its request of {} bytes it was refused every time, "
      "while a tiny request passed",
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
  if (!certain) patience_.Because(*refusal_);
  progressed_ = false;
  if (plan_.current().size() > 1) return Continue(plan_.Refused(certain));
  if (++route_.refused_alone >= kMaxRefusedAlone) {
    Error systemic = *refusal_;
    systemic.message += fmt::format("; the same for {} documents in a row", kMaxRefusedAlone);
    return Fail(WithContext(std::move(systemic), "writing documents"));
  }
  // An unreadable answer may be the network's fault or the document's. It is the document's when it
  // comes again after a wait, and other requests got good answers in the meantime.
  if (!certain && (!patience_.resumed() || route_.accepted == accepted_before_)) {
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
  const Milliseconds longest = suspicion_.LongestDelay(sent_bytes_);
  TRY_ASSIGN(const Milliseconds delay,
             WithContext(patience_.Wait(Now(), progressed_, longest), "writing documents"));
  // The timer has nothing to do: it only ends the wait of the event loop.
  route_.client.loop().After(delay, [] {});
  route_.client.ReportWait(patience_.reason(), delay);
  return {};
}

}  // namespace dbxes::elastic
