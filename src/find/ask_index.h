// SPDX-License-Identifier: Apache-2.0
// One search, answered as a whole, for a person who waits for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json/json.h"
#include "base/result.h"
#include "elastic/client.h"

namespace dbxes::find {

// Sends `body` to the index or alias (Elasticsearch: Search API) and returns the answer; of its
// hits the parts that `filter_path` names. kNotFound, with advice: there is no such index.
// kTemporary: a shard did not answer; a part of the hits would look like all of them.
Result<rapidjson::Document> AskIndex(elastic::Client& client, const std::string& index,
                                     std::string body, std::string_view filter_path);

// `hits.hits`; an empty list if the answer has none.
const rapidjson::Value& HitsOf(const rapidjson::Value& answer);

// How many documents match.
struct Total {
  std::uint64_t count = 0;
  bool exact = true;  // false: that many or more
};
Total TotalOf(const rapidjson::Value& answer);

// What it says of an index that does not exist.
Error NoIndex(const std::string& index);

}  // namespace dbxes::find
