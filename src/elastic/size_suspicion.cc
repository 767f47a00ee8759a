// SPDX-License-Identifier: Apache-2.0
#include "elastic/size_suspicion.h"

#include <algorithm>

#include "base/json/json_text.h"

namespace dbxes::elastic {

std::string ProbeBody(std::string_view id) {
  return R"({"update":{"_id":)" + JsonString(id) + "}}\n{\"doc\":{}}\n";
}

SizeSuspicion::SizeSuspicion(Milliseconds give_up_after) : give_up_after_(give_up_after) {}

std::optional<Milliseconds> SizeSuspicion::GatePatience(std::size_t bytes) const {
  if (!Suspects(bytes)) return std::nullopt;
  return InDoubt() ? Milliseconds(0) : kBeforeProbe;
}

Milliseconds SizeSuspicion::LongestDelay(std::size_t bytes) const {
  return Suspects(bytes) ? give_up_after_ / 10 : Milliseconds::max();
}

bool SizeSuspicion::IsOverloaded(bool all_overload, std::size_t bytes, Milliseconds now) {
  if (!all_overload || !Suspects(bytes)) {
    overloaded_since_.reset();
    return false;
  }
  if (!overloaded_since_) overloaded_since_ = now;
  return now - *overloaded_since_ >= kBeforeProbe;
}

bool SizeSuspicion::RefusedAlone(std::uint32_t item, std::size_t bytes, Milliseconds now,
                                 std::size_t& smallest_refused) {
  Record& record = alone_.try_emplace(item, Record{now, 0}).first->second;
  ++record.refusals;
  const bool proven =
      record.refusals >= kRefusals && now - record.since >= std::min(kPatience, give_up_after_ / 3);
  if (!proven && bytes < smallest_refused) return false;
  smallest_refused = std::min(smallest_refused, bytes);
  return true;
}

}  // namespace dbxes::elastic
