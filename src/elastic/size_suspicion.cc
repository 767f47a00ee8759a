// SPDX-License-Identifier: Apache-2.0
#include "elastic/size_suspicion.h"

#include <algorithm>

#include "base/json/json_text.h"

namespace dbxes::elastic {

std::string ProbeBody(std::string_view id) {
  std::string body = R"({"update":{"_id":)";
  AppendJsonString(id, body);
  body += "}}\n{\"doc\":{}}\n";
  return body;
}

SizeSuspicion::SizeSuspicion(Milliseconds give_up_after)
    : patience_(std::min(kPatience, give_up_after / 3)) {}

bool SizeSuspicion::RefusedAlone(std::uint32_t item, std::size_t bytes, Milliseconds now,
                                 std::size_t& smallest_refused) {
  Record& record = alone_.try_emplace(item, Record{now, 0}).first->second;
  ++record.refusals;
  const bool proven = record.refusals >= kRefusals && now - record.since >= patience_;
  if (!proven && bytes < smallest_refused) return false;
  smallest_refused = std::min(smallest_refused, bytes);
  return true;
}

}  // namespace dbxes::elastic
