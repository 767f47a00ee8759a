// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_flight.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
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
// Of a large request whose connection breaks, before a tiny one is tried.
constexpr int kRetriesOfLarge = 3;

// `target` is "/INDEX/_bulk?...".
Error ErrorOf(const BulkOutcome& outcome, std::string_view target) {
  const std::string_view index = target.substr(1, target.find('/', 1) - 1);
  return MakeElasticError(outcome.status, outcome.type, outcome.reason, index);
}

// The version in the reason of a conflict, whose words are those of Elasticsearch and OpenSearch
// alike: "version conflict, current version [3] is higher or equal to the one provided [1]". 0 in
// other words.
std::uint64_t CurrentVersion(std::string_view reason) {
  constexpr std::string_view kBefore = "current version [";
  const std::size_t found = reason.find(kBefore);
  if (found == std::string_view::npos) return 0;
  const std::string_view digits = reason.substr(found + kBefore.size());
  std::uint64_t version = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  const bool whole = error == std::errc() && end != digits.data() + digits.size() && *end == ']';
  return whole ? version : 0;
}

report::Change DroppedOf(const report::Change& wanted) {
  report::Change change;
  change.action = report::ChangeAction::kDropped;
  change.id = wanted.id;
  change.path = wanted.path;
  change.reason = "by an ingest pipeline";
  return change;
}

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
  if (!under_way_ || !under_way_->second.Ready()) return {};
  const Question question = under_way_->first;
  Result<HttpResponse> answer = under_way_->second.Take();
  under_way_.reset();
  switch (question) {
    case Question::kProbe:
      return OnProbe(std::move(answer));
    case Question::kConflicts:
      return OnConflicts(std::move(answer));
    case Question::kWrite:
      break;
  }
  return OnAnswer(std::move(answer));
}

void BulkFlight::Ask(Question question, ElasticRequest request) {
  request.target = route_.target;
  request.content_type = "application/x-ndjson";
  request.max_answer_bytes = kMostOfOutcomes;
  under_way_.emplace(question, route_.client.Send(std::move(request)));
}

void BulkFlight::Send() {
  ElasticRequest request;
  const BulkPlan::Items& items = plan_.current();
  const bool recreates = std::any_of(
      items.begin(), items.end(), [this](std::uint32_t item) { return batch_.IsRecreation(item); });
  request.body = items.size() == batch_.size() && !recreates
                     ? batch_.body()
                     : std::make_shared<const std::string>(batch_.BodyOf(items));
  sent_bytes_ = request.body->size();
  request.options.gate_patience = suspicion_.GatePatience(sent_bytes_);
  // Broken more often, it may be too large for something on its way: see OnProbe.
  if (suspicion_.Suspects(sent_bytes_)) request.options.max_retries = kRetriesOfLarge;
  request.options.prepare = [first = true, lost = lost_answers_](HttpRequest&) mutable {
    if (!std::exchange(first, false)) ++*lost;
  };
  Ask(Question::kWrite, std::move(request));
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
  if (MayBeForSize(error) && suspicion_.Suspects(sent_bytes_)) return OnOverload(std::move(error));
  if (IsMalformed(status) || IsRefusedByProxy(error))
    return OnRefusal(std::move(error), /*certain=*/true);
  return Fail(WithContext(std::move(error), "writing documents"));
}

Result<void> BulkFlight::OnItems() {
  Conflicts conflicts;
  std::optional<Error> fatal;
  progressed_ = false;
  bool all_overload = true;
  for (std::size_t i = 0; i < route_.outcomes.size(); ++i) {
    const BulkOutcome& outcome = route_.outcomes[i];
    all_overload = all_overload && IsOverload(outcome.status);
    if (outcome.kind == BulkOutcome::kFatal) {
      fatal = ErrorOf(outcome, route_.target);
    } else {
      OnItem(plan_.current()[i], outcome, conflicts);
    }
  }
  if (fatal) return Fail(WithContext(std::move(*fatal), "writing documents"));
  ++route_.accepted;
  if (progressed_) route_.refused_alone = 0;
  if (suspicion_.IsOverloaded(all_overload, sent_bytes_, Now())) return Probe();
  if (conflicts.items.empty()) return Continue(plan_.Accepted(conflicts.postponed));
  conflicts_ = std::move(conflicts);
  under_way_.emplace(Question::kConflicts, AskForNumbers(route_.client, route_.conflict_target,
                                                         batch_, conflicts_.items));
  return {};
}

void BulkFlight::OnItem(std::uint32_t item, const BulkOutcome& outcome, Conflicts& conflicts) {
  switch (outcome.kind) {
    case BulkOutcome::kRetry:
      conflicts.postponed.push_back(item);
      patience_.Because(ErrorOf(outcome, route_.target));
      return;
    case BulkOutcome::kConflict:
      conflicts.items.push_back(item);
      conflicts.outcomes.push_back(outcome);
      break;
    case BulkOutcome::kRejected:
      Record(item, outcome.status, fmt::format("{}: {}", outcome.type, outcome.reason));
      break;
    default:
      Count(item, outcome.kind);
  }
  progressed_ = true;
}

Result<void> BulkFlight::OnConflicts(Result<HttpResponse> answer) {
  constexpr std::string_view kDoing = "reading documents that somebody else has changed";
  if (!answer) return Fail(WithContext(std::move(answer.error()), kDoing));
  Conflicts conflicts = std::exchange(conflicts_, {});
  TRY_ASSIGN(const auto stored,
             WithContext(ReadNumbers(std::move(answer->body), conflicts.items.size()), kDoing));
  BulkPlan::Items& postponed = conflicts.postponed;
  // Those that create their document anew have nothing to wait for.
  const bool at_once = postponed.empty();
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const std::uint32_t item = conflicts.items[i];
    if (ResolveConflict(item, conflicts.outcomes[i], stored[i])) postponed.push_back(item);
  }
  std::sort(postponed.begin(), postponed.end());
  const auto condemned = plan_.Accepted(postponed);
  if (at_once && plan_.waiting()) plan_.Retry();
  return Continue(condemned);
}

bool BulkFlight::ResolveConflict(std::uint32_t item, const BulkOutcome& outcome,
                                 const StoredNumber& stored) {
  const BulkAction::Kind kind = batch_.kind(item);
  if (!stored.found && kind == BulkAction::kDelete) {
    Count(item, BulkOutcome::kAbsent);
    return false;
  }
  // It was deleted a short time ago, perhaps by us, and is there again in Dropbox. The index was
  // asked for it since, so this is not an attempt that comes late. Once: then it is a conflict.
  if (!stored.found && kind == BulkAction::kCreate && !batch_.IsRecreation(item)) {
    batch_.Recreate(item, CurrentVersion(outcome.reason));
    return true;
  }
  if (stored.found && batch_.sync_seq(item) != 0 && stored.sync_seq == batch_.sync_seq(item)) {
    Count(item, kind == BulkAction::kCreate ? BulkOutcome::kCreated : BulkOutcome::kUpdated);
    return false;
  }
  std::string reason = fmt::format("{}: {}", outcome.type, outcome.reason);
  if (!route_.on_conflict) {
    Record(item, outcome.status, std::move(reason));
  } else {
    CountIfUncertain(item);
    route_.on_conflict(Describe(item, outcome.status, std::move(reason)));
  }
  return false;
}

Result<void> BulkFlight::OnOverload(Error error) {
  patience_.Because(std::move(error));
  return Probe();
}

Result<void> BulkFlight::Probe() {
  progressed_ = false;
  ElasticRequest request;
  request.body = std::make_shared<const std::string>(ProbeBody(batch_.id(plan_.current().front())));
  request.options.gate_patience = Milliseconds(0);
  request.options.max_retries = 0;
  Ask(Question::kProbe, std::move(request));
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
  const bool overload = IsOverload(patience_.reason().http_status);
  // A network that was down for a moment breaks large requests, too.
  if (!overload && !patience_.resumed()) return Continue(plan_.Doubted());
  if (plan_.current().size() > 1) {
    if (!overload) SendLess();
    return Continue(plan_.TooLarge());
  }
  if (!suspicion_.RefusedAlone(plan_.current().front(), sent_bytes_, Now(),
                               route_.smallest_refused)) {
    return Continue(plan_.Doubted());
  }
  refusal_.last = patience_.reason();
  refusal_.last->message += fmt::format(
      "; too large for the cluster: alone in its request of {} bytes it was refused every time, "
      "while a tiny request passed",
      sent_bytes_);
  progressed_ = true;
  return Continue(plan_.TooLarge());
}

void BulkFlight::Count(std::uint32_t item, BulkOutcome::Kind kind) {
  if (!batch_.counts(item)) return;
  BulkCounters& counters = route_.counters;
  if (kind == BulkOutcome::kCreated) ++counters.created;
  if (kind == BulkOutcome::kUpdated) ++counters.updated;
  if (kind == BulkOutcome::kUnchanged) ++counters.unchanged;
  if (kind == BulkOutcome::kDeleted) ++counters.deleted;
  if (kind == BulkOutcome::kAbsent) ++counters.absent;
  if (kind == BulkOutcome::kDropped) ++counters.dropped;
  const report::Change* change = route_.on_change ? batch_.change(item) : nullptr;
  if (change == nullptr) return;
  if (kind == BulkOutcome::kDropped) return route_.on_change(DroppedOf(*change));
  const bool written = kind == BulkOutcome::kCreated || kind == BulkOutcome::kUpdated ||
                       kind == BulkOutcome::kDeleted;
  if (written) route_.on_change(*change);
}

void BulkFlight::CountIfUncertain(std::uint32_t item) {
  const BulkAction::Kind kind = batch_.kind(item);
  const bool counts = kind == BulkAction::kCreate || kind == BulkAction::kDelete;
  if (counts && *lost_answers_ > 0) ++route_.counters.uncertain;
}

report::FailedDocument BulkFlight::Describe(std::uint32_t item, int status,
                                            std::string reason) const {
  return {std::string(batch_.id(item)), std::string(batch_.path(item)),
          std::string(ToString(batch_.kind(item))), status, std::move(reason)};
}

void BulkFlight::Record(std::uint32_t item, int status, std::string reason) {
  ++route_.counters.rejected;
  CountIfUncertain(item);
  route_.on_rejected(Describe(item, status, std::move(reason)));
}

Result<void> BulkFlight::OnRefusal(Error error, bool certain) {
  if (!refusal_.last) refusal_.accepted_before = route_.accepted;
  refusal_.last = std::move(error);
  if (!certain) patience_.Because(*refusal_.last);
  if (!certain) ++*lost_answers_;
  progressed_ = false;
  if (plan_.current().size() > 1) return Continue(plan_.Refused(certain));
  if (++route_.refused_alone >= kMaxRefusedAlone) {
    Error systemic = *refusal_.last;
    systemic.message += fmt::format("; the same for {} documents in a row", kMaxRefusedAlone);
    return Fail(WithContext(std::move(systemic), "writing documents"));
  }
  // An unreadable answer may be the network's fault or the document's. It is the document's when it
  // comes again after a wait, and other requests got good answers in the meantime.
  if (!certain && (!patience_.resumed() || route_.accepted == refusal_.accepted_before)) {
    return Continue(plan_.Doubted());
  }
  return Continue(plan_.Refused(certain));
}

Result<void> BulkFlight::OnTooLarge(Error error) {
  refusal_.last = std::move(error);
  if (plan_.current().size() > 1) SendLess();
  return Continue(plan_.TooLarge());
}

void BulkFlight::SendLess() {
  route_.max_bytes = std::min(route_.max_bytes, std::max(kMinBatchBytes, sent_bytes_ / 2));
}

Result<void> BulkFlight::Continue(std::optional<std::uint32_t> condemned) {
  if (condemned) Record(*condemned, refusal_.last->http_status, refusal_.last->message);
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
