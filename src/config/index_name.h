// SPDX-License-Identifier: Apache-2.0
// The rules for names of indices (Elasticsearch API: create index, path parameters).
#pragma once

#include <string>
#include <string_view>

namespace dbxes::config {

// Why Elasticsearch would refuse the name, as half a sentence; "" if it is good.
std::string IndexNameProblem(std::string_view name);

}  // namespace dbxes::config
