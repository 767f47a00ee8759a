// SPDX-License-Identifier: Apache-2.0
// The query of an identity document: what a search application filters the person's searches with
// (Elastic connectors: document level security). Pure.
#pragma once

#include <string>

#include "base/json/json.h"
#include "base/result.h"

namespace dbxes::permissions {

// The query clause, as JSON, that limits searches to what the person may see. `identity` is the
// source of the stored document. Its template is filled in here and not by the cluster, which
// needs a module for that: {{#toJson}}NAME{{/toJson}} is the only tag of our templates and of those
// of Elastic's connectors.
// kConfig: no query, another tag, or a result that is no query clause. Search for nothing then.
Result<std::string> IdentityQuery(const rapidjson::Value& identity);

}  // namespace dbxes::permissions
