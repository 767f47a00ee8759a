// SPDX-License-Identifier: Apache-2.0
#include "elastic/conflict_check.h"

#include <fmt/format.h>

#include <memory>
#include <string_view>
#include <utility>

#include "base/http/url.h"
#include "base/json/json.h"
#include "base/json/json_text.h"
#include "elastic/error_reader.h"

namespace dbxes::elastic {

std::string ConflictTarget(const std::string& index) {
  return fmt::format(
      "/{}/_mget?_source_includes=sync_seq&filter_path=docs.found,docs._source,"
      "docs.error.type,docs.error.reason",
      PercentEncode(index));
}

Pending<HttpResponse> AskForNumbers(Client& client, const std::string& target,
                                    const BulkBatch& batch,
                                    const std::vector<std::uint32_t>& items) {
  std::vector<std::string_view> ids;
  for (const std::uint32_t item : items) ids.push_back(batch.id(item));
  ElasticRequest request;
  request.target = target;
  request.body = std::make_shared<const std::string>(R"({"ids":)" + JsonList(ids) + '}');
  return client.Send(std::move(request));
}

Result<std::vector<StoredNumber>> ReadNumbers(std::string body, std::size_t expected) {
  TRY_ASSIGN(const auto json, ParseJson(body, "the answer to a multi-get"));
  const rapidjson::Value* docs = FindMember(json, "docs");
  if (docs == nullptr || !docs->IsArray() || docs->Size() != expected) {
    return Fail(ErrorKind::kTemporary, "the answer to a multi-get does not have every document");
  }
  std::vector<StoredNumber> numbers;
  numbers.reserve(expected);
  for (const auto& doc : docs->GetArray()) {
    if (const rapidjson::Value* error = FindMember(doc, "error")) {
      return Fail(MakeDocumentError(StringMember(*error, "type"), StringMember(*error, "reason"),
                                    StringMember(*error, "index")));
    }
    const rapidjson::Value* seq = FindPath(doc, {"_source", "sync_seq"});
    numbers.push_back({BoolMember(doc, "found", false),
                       seq != nullptr && seq->IsInt64() ? seq->GetInt64() : std::int64_t{0}});
  }
  return numbers;
}

}  // namespace dbxes::elastic
