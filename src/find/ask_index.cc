// SPDX-License-Identifier: Apache-2.0
#include "find/ask_index.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "base/http/url.h"
#include "elastic/meaning.h"

namespace dbxes::find {
namespace {

// Somebody waits at a terminal: a cluster that is down should show within seconds.
constexpr int kRetries = 4;

Result<void> CheckComplete(const rapidjson::Value& answer) {
  const rapidjson::Value* shards = FindMember(answer, "_shards");
  const bool failed = shards != nullptr && UintMember(*shards, "failed").value_or(0) > 0;
  if (!failed && !BoolMember(answer, "timed_out", false)) return {};
  return Fail(ErrorKind::kTemporary, "a part of the index could not be searched");
}

}  // namespace

Error NoIndex(const std::string& index) {
  return {ErrorKind::kNotFound,
          fmt::format("there is no index {}: dbx-es full-sync makes it", index)};
}

Result<rapidjson::Document> AskIndex(elastic::Client& client, const std::string& index,
                                     std::string body, std::string_view filter_path) {
  elastic::ElasticRequest request;
  request.target = fmt::format(
      "/{}/_search?allow_partial_search_results=false&filter_path=timed_out,_shards.failed,"
      "hits.total,{}",
      PercentEncode(index), filter_path);
  request.body = std::make_shared<const std::string>(std::move(body));
  request.options.max_retries = kRetries;
  request.max_answer_bytes = elastic::kMostOfDocuments;
  const Result<HttpResponse> answer = client.Call(std::move(request));
  if (!answer && elastic::IsMissingIndex(answer.error())) return Fail(NoIndex(index));
  if (!answer) return Fail(WithContext(answer.error(), "searching the index"));
  TRY_ASSIGN(auto json, ParseJson(answer->body, "the answer to a search"));
  TRY(CheckComplete(json));
  return json;
}

const rapidjson::Value& HitsOf(const rapidjson::Value& answer) {
  static const rapidjson::Value kNone(rapidjson::kArrayType);
  const rapidjson::Value* hits = FindPath(answer, {"hits", "hits"});
  return hits != nullptr && hits->IsArray() ? *hits : kNone;
}

Total TotalOf(const rapidjson::Value& answer) {
  const rapidjson::Value* total = FindPath(answer, {"hits", "total"});
  if (total == nullptr) return {};
  return {UintMember(*total, "value").value_or(0), StringMember(*total, "relation") != "gte"};
}

}  // namespace dbxes::find
