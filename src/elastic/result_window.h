// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace dbxes::elastic {

// Hits of one search at most, unless index.max_result_window says otherwise (Elasticsearch: Index
// modules).
inline constexpr std::size_t kResultWindow = 10'000;

}  // namespace dbxes::elastic
