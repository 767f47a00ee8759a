// SPDX-License-Identifier: Apache-2.0
// One batch on its way: from the first request until each of its actions is acknowledged or
// reported as rejected. It counts as one of the requests in flight until then, waits included, so
// that an overloaded cluster slows the writer down.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/http/backoff.h"
#include "base/http/event_loop.h"
#include "base/result.h"
#include "elastic/action_sink.h"
#include "elastic/bulk_batch.h"
#include "elastic/bulk_plan.h"
#include "elastic/bulk_response.h"
#include "elastic/client.h"
#include "elastic/conflict_check.h"
#include "elastic/patience.h"
#include "elastic/size_suspicion.h"
#include "report/change.h"
#include "report/failed_document.h"

namespace dbxes::elastic {

// What all flights of one writer share.
struct BulkRoute {
  Client& client;
  std::string target;           // path and query
  std::string conflict_target;  // ConflictTarget
  Milliseconds give_up_after;
  std::function<void(report::FailedDocument)> on_rejected;
  // A document that is not as its action expected it; null: it is rejected.
  std::function<void(report::FailedDocument)> on_conflict;
  // The change of an action that took effect; null: nobody wants to know.
  std::function<void(const report::Change&)> on_change;
  std::size_t max_bytes;  // of one request; shrinks when a request was too large
  Backoff backoff;
  BulkCounters counters = {};
  std::uint64_t accepted = 0;  // requests that were answered item by item
  int refused_alone = 0;       // requests of one action refused in a row
  // Bytes of the smallest document that was too large for the cluster.
  std::size_t smallest_refused = SIZE_MAX;
  // Of the answer that is read now: members only to reuse their memory.
  std::vector<BulkAction::Kind> kinds = {};
  std::vector<BulkOutcome> outcomes = {};
};

class BulkFlight {
 public:
  // Sends the first request.
  BulkFlight(BulkRoute& route, BulkBatch batch, std::uint64_t number);

  // Handles an answer that has arrived and sends the next request; never waits. An error stops the
  // run: nothing else of the batch will be acknowledged.
  Result<void> Advance();
  bool Settled() const { return plan_.done(); }
  std::uint64_t number() const { return number_; }
  const BulkBatch& batch() const { return batch_; }
  BulkBatch TakeBatch() { return std::move(batch_); }

 private:
  Milliseconds Now() const { return route_.client.loop().clock().Now(); }
  // What the request under way asks.
  enum class Question : std::uint8_t { kWrite, kProbe, kConflicts };
  // An answer that is not settled before its conflicts are.
  struct Conflicts {
    BulkPlan::Items items;
    std::vector<BulkOutcome> outcomes;  // of these items
    BulkPlan::Items postponed;          // other items of the answer
  };

  void Ask(Question question, ElasticRequest request);
  void Send();
  Result<void> OnAnswer(Result<HttpResponse> answer);
  // The whole request failed.
  Result<void> OnError(Error error);
  Result<void> OnItems();
  void OnItem(std::uint32_t item, const BulkOutcome& outcome, Conflicts& conflicts);
  Result<void> OnConflicts(Result<HttpResponse> answer);
  // True if the item is to be sent again, as one that creates its document anew.
  bool ResolveConflict(std::uint32_t item, const BulkOutcome& outcome, const StoredNumber& stored);
  // `certain`: the request would be refused again.
  Result<void> OnRefusal(Error error, bool certain);
  Result<void> OnTooLarge(Error error);
  // All of a large request was refused with 429 for longer than kBeforeProbe, or its connection
  // broke each time, as gateways do to requests that are too large for them.
  Result<void> OnOverload(Error error);
  // Later requests are at most half as large as this one.
  void SendLess();
  // Sends a tiny request, to find out whether the cluster is busy or the document too large.
  Result<void> Probe();
  Result<void> OnProbe(Result<HttpResponse> answer);
  bool ProbePassed(Result<HttpResponse> answer);
  Result<void> Continue(std::optional<std::uint32_t> condemned);
  Result<void> Postpone();
  // Counts the item and reports its change.
  void Count(std::uint32_t item, BulkOutcome::Kind kind);
  // Of an action that ends without having taken effect, as far as its last answer says.
  void CountIfUncertain(std::uint32_t item);
  report::FailedDocument Describe(std::uint32_t item, int status, std::string reason) const;
  void Record(std::uint32_t item, int status, std::string reason);

  BulkRoute& route_;
  BulkBatch batch_;
  std::uint64_t number_;
  BulkPlan plan_;
  std::optional<std::pair<Question, Pending<HttpResponse>>> under_way_;
  Conflicts conflicts_;
  std::size_t sent_bytes_ = 0;  // of the current request
  // Of a whole request: the last one, and BulkRoute::accepted at the first one.
  struct {
    std::optional<Error> last;
    std::uint64_t accepted_before = 0;
  } refusal_;
  // How often a request may have taken effect without an answer that says so.
  std::shared_ptr<int> lost_answers_ = std::make_shared<int>(0);
  Patience patience_;
  SizeSuspicion suspicion_;
  bool progressed_ = false;  // the last answer acknowledged something
};

}  // namespace dbxes::elastic
