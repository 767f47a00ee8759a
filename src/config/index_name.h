// SPDX-License-Identifier: Apache-2.0
// The rules for index names (Elasticsearch API: create index, path parameters).
#pragma once

#include <string>
#include <string_view>

namespace dbxes::config {

// Why Elasticsearch would reject the name, as half a sentence; "" for a valid name.
std::string IndexNameProblem(std::string_view name);

}  // namespace dbxes::config
