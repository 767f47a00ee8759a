// SPDX-License-Identifier: Apache-2.0
#include "elastic/last_sequence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/http/url.h"
#include "base/json/json.h"
#include "elastic/query.h"

namespace dbxes::elastic {
namespace {

// A number that somebody has written by hand must not use up those that are left.
std::string Question() {
  return fmt::format(R"({{"size":0,"track_total_hits":false,"query":{},)"
                     R"("aggs":{{"last":{{"max":{{"field":"sync_seq"}}}}}}}})",
                     BelowClause("sync_seq", kLastBeginning));
}

}  // namespace

Result<std::int64_t> LastSequence(Client& client, const std::string& index) {
  ElasticRequest request;
  request.target = fmt::format("/{}/_search?filter_path=_shards.failed,aggregations.last.value",
                               PercentEncode(index));
  request.body = std::make_shared<const std::string>(Question());
  TRY_ASSIGN(const auto answer,
             WithContext(client.Call(std::move(request)), "asking for the last sync_seq"));
  TRY_ASSIGN(const auto json, ParseJson(answer.body, "the answer about the last sync_seq"));
  const rapidjson::Value* failed = FindPath(json, {"_shards", "failed"});
  if (failed == nullptr || !failed->IsUint() || failed->GetUint() > 0) {
    return Fail(ErrorKind::kTemporary, "a part of the index could not be asked for its sync_seq");
  }
  const rapidjson::Value* value = FindPath(json, {"aggregations", "last", "value"});
  if (value == nullptr || !value->IsNumber()) return 0;
  // A double that was written and read as text may be off by a part of one.
  const double last = std::ceil(value->GetDouble()) + 1;
  constexpr auto kMost = static_cast<double>(kLastBeginning);
  return last < 2 ? 0 : static_cast<std::int64_t>(std::min(last, kMost));
}

}  // namespace dbxes::elastic
