// SPDX-License-Identifier: Apache-2.0
// Documents that are read and written one by one, on condition of the version that was read
// (Elasticsearch: Get API; Optimistic concurrency control): the state in the cluster, connectors
// and their jobs. `what` is what messages call the answer: "the answer about the state".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json/json.h"
#include "base/result.h"
#include "elastic/bulk_action.h"
#include "elastic/client.h"

namespace dbxes::elastic {

struct VersionedDocument {
  std::string id;
  rapidjson::Document source;  // an object
  DocumentVersion version;
};

// A request whose answer is JSON: one that is cut short, or is a page of a proxy, is asked for
// again. `body`: "" for none. `what` must live as long as the request.
ElasticRequest JsonRequest(std::string method, std::string target, std::string body,
                           std::string_view what);

// Of an answer to a write, the outcome of a bulk item, a hit, or an answer of the Get API.
// kTemporary if it has none.
Result<DocumentVersion> ReadVersion(const rapidjson::Value& answer, std::string_view what);

// `found`: a hit of a search with `seq_no_primary_term`, or an answer of the Get API. kTemporary if
// it has no version or no `_source`.
Result<VersionedDocument> ReadDocument(const rapidjson::Value& found, std::string_view what);

// An answer of the Get API; nothing without the document or without its index. The error of an
// answer that failed is passed on, also the 404 of a proxy, which knows neither.
Result<std::optional<VersionedDocument>> ReadGetAnswer(const Result<HttpResponse>& answer,
                                                       std::string_view what);

}  // namespace dbxes::elastic
