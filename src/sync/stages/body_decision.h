// SPDX-License-Identifier: Apache-2.0
// What becomes of the text that the index holds of a file, and how that is counted. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "content/content_plan.h"
#include "report/counters.h"

namespace dbxes::sync {

enum class BodyDecision : std::uint8_t { kKeep, kFetch, kRemove };

// `held`: the fingerprint of the text in the index, 0 for none. `force`: fetched in any case.
BodyDecision DecideBody(const content::ContentPlan& plan, std::uint64_t held, bool force);

// Those that get no content by their reason, and those whose text is there already.
void CountBody(const content::ContentPlan& plan, BodyDecision body, report::Counters& counters);

// Why a file has no text although it should, as far as its entry shows, in the word of the counter;
// "" if it has one, or is of a type that is not read.
std::string_view TextlessReason(const content::ContentPlan& plan);

}  // namespace dbxes::sync
