// SPDX-License-Identifier: Apache-2.0
#include "sync/body_decision.h"

namespace dbxes {

BodyDecision DecideBody(const ContentPlan& plan, std::uint64_t held, bool force) {
  if (!plan.fetch) return held != 0 ? BodyDecision::kRemove : BodyDecision::kKeep;
  return force || held != plan.fingerprint ? BodyDecision::kFetch : BodyDecision::kKeep;
}

void CountBody(const ContentPlan& plan, BodyDecision body, Counters& counters) {
  if (plan.fetch && body == BodyDecision::kKeep) ++counters.content_unchanged;
  if (plan.reason == NoContent::kType) ++counters.content_no_type;
  if (plan.reason == NoContent::kEmpty) ++counters.content_empty;
  if (plan.reason == NoContent::kTooLarge) ++counters.content_too_large;
  if (plan.reason == NoContent::kNoPdftotext) ++counters.content_no_pdftotext;
  if (plan.reason == NoContent::kRefused) ++counters.content_refused;
}

}  // namespace dbxes
