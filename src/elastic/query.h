// SPDX-License-Identifier: Apache-2.0
// Clauses of the query language as JSON text (Elasticsearch: Query DSL). Field names are our own
// and need no escape; values are escaped.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json/json_text.h"

namespace dbxes::elastic {

inline constexpr std::string_view kMatchAll = R"({"match_all":{}})";

// The field has a value.
std::string ExistsClause(std::string_view field);
std::string TermClause(std::string_view field, std::string_view value);
// The field has one of these values; `values` is the text of a JSON list, see JsonList.
std::string TermsClause(std::string_view field, std::string_view values);
// The document has one of these values of `_id`; `ids` is the text of a JSON list.
std::string IdsClause(std::string_view ids);
// The number in the field is below the limit.
std::string BelowClause(std::string_view field, std::int64_t limit);

// Where the numbers of clocks end: in microseconds since 1970, in the year 2112. No `sync_seq` of
// dbx-es is above it. Those that a run begins with, whatever is in the index, leave room for a
// trillion writes below it.
inline constexpr std::int64_t kFirstBeyondClocks = std::int64_t{1} << 52;
inline constexpr std::int64_t kLastBeginning = kFirstBeyondClocks - (std::int64_t{1} << 40);
// All documents whose Hit::Number is none or below the limit.
std::string OlderClause(std::int64_t limit);

// Matches all of `filters` and none of `excluded`. An empty clause is left out.
std::string AllOf(std::initializer_list<std::string_view> filters,
                  std::initializer_list<std::string_view> excluded = {});
// Matches at least one of the clauses.
std::string AnyOf(std::initializer_list<std::string_view> clauses);

}  // namespace dbxes::elastic
