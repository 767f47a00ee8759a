// SPDX-License-Identifier: Apache-2.0
// The document of a connector: what a new one contains, whether dbx-es may use one that exists, and
// what that one lacks for the pages of Kibana. No I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/json.h"
#include "base/result.h"
#include "config/config.h"

namespace dbxes::connector {

// A new connector of the configured index, complete for every page of Kibana. `name`: as Kibana
// lists it. `micros`: now, UTC since 1970.
std::string NewConnector(const config::Config& config, const std::string& name,
                         std::int64_t micros);

// Whether this is a connector that dbx-es may run for the configured index. kConfig, naming the
// member, if it was deleted, is of another kind, is managed by Elastic, belongs to another index,
// or cannot be read. A connector without an index is not ready unless `registers`.
Result<void> CheckConnector(const rapidjson::Value& source, const config::Config& config,
                            bool registers);

// There is no connector of the configured id; what to do. kConfig.
Error NoConnector(const config::Config& config);

// The labels of the fields of its form that a run needs, and that are set nowhere.
std::vector<std::string> MissingFields(const config::Config& config);

// What a connector lacks of a new one, as the members to change. What is there stays, but for what
// only connectors write: features, and where a setting has its value.
struct Completion {
  std::string changes;             // JSON object; "{}" for none
  std::vector<std::string> added;  // paths of the members, sorted by place
};
Completion Complete(const rapidjson::Value& source, const std::string& wanted);

// Whether `register` has made the document.
bool IsOurs(const rapidjson::Value& source);

}  // namespace dbxes::connector
