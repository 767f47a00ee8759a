// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/body_decision.h"

namespace dbxes::sync {

BodyDecision DecideBody(const content::ContentPlan& plan, std::uint64_t held, bool force) {
  // A reader that is missing is no reason to drop what it read of this content before.
  const bool unreadable = content::LacksReader(plan.reason);
  if (unreadable && plan.IsCurrent(held)) return BodyDecision::kKeep;
  if (!plan.fetch) return held != 0 ? BodyDecision::kRemove : BodyDecision::kKeep;
  return force || !plan.IsCurrent(held) ? BodyDecision::kFetch : BodyDecision::kKeep;
}

void CountBody(const content::ContentPlan& plan, BodyDecision body, report::Counters& counters) {
  if (plan.fetch && body == BodyDecision::kKeep) ++counters.content_unchanged;
  if (plan.reason == content::NoContent::kType) ++counters.content_no_type;
  if (plan.reason == content::NoContent::kEmpty) ++counters.content_empty;
  if (plan.reason == content::NoContent::kTooLarge) ++counters.content_too_large;
  if (plan.reason == content::NoContent::kNoPdftotext) ++counters.content_no_pdftotext;
  if (plan.reason == content::NoContent::kNoOcr) ++counters.content_no_ocr;
  if (plan.reason == content::NoContent::kRefused) ++counters.content_refused;
}

std::string_view TextlessReason(const content::ContentPlan& plan) {
  if (plan.reason == content::NoContent::kTooLarge) return "too_large";
  if (plan.reason == content::NoContent::kNoPdftotext) return "no_pdftotext";
  if (plan.reason == content::NoContent::kNoOcr) return "no_ocr";
  return plan.reason == content::NoContent::kRefused ? "refused" : "";
}

}  // namespace dbxes::sync
