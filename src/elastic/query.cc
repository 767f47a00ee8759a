// SPDX-License-Identifier: Apache-2.0
#include "elastic/query.h"

#include <fmt/format.h>

namespace dbxes::elastic {
namespace {

std::string Joined(std::initializer_list<std::string_view> clauses) {
  std::string list;
  for (const std::string_view clause : clauses) {
    if (clause.empty()) continue;
    if (!list.empty()) list += ',';
    list += clause;
  }
  return list;
}

}  // namespace

std::string ExistsClause(std::string_view field) {
  return fmt::format(R"({{"exists":{{"field":"{}"}}}})", field);
}

std::string TermClause(std::string_view field, std::string_view value) {
  return fmt::format(R"({{"term":{{"{}":{}}}}})", field, JsonString(value));
}

std::string TermsClause(std::string_view field, std::string_view values) {
  return fmt::format(R"({{"terms":{{"{}":{}}}}})", field, values);
}

std::string IdsClause(std::string_view ids) {
  return fmt::format(R"({{"ids":{{"values":{}}}}})", ids);
}

std::string BelowClause(std::string_view field, std::int64_t limit) {
  return fmt::format(R"({{"range":{{"{}":{{"lt":{}}}}}}})", field, limit);
}

std::string OlderClause(std::int64_t limit) {
  return AnyOf({BelowClause("sync_seq", limit),
                fmt::format(R"({{"range":{{"sync_seq":{{"gte":{}}}}}}})", kFirstBeyondClocks),
                AllOf({}, {ExistsClause("sync_seq")})});
}

std::string AllOf(std::initializer_list<std::string_view> filters,
                  std::initializer_list<std::string_view> excluded) {
  std::string clause = fmt::format(R"({{"bool":{{"filter":[{}])", Joined(filters));
  if (const std::string list = Joined(excluded); !list.empty()) {
    clause += fmt::format(R"(,"must_not":[{}])", list);
  }
  return clause + "}}";
}

std::string AnyOf(std::initializer_list<std::string_view> clauses) {
  return fmt::format(R"({{"bool":{{"should":[{}],"minimum_should_match":1}}}})", Joined(clauses));
}

}  // namespace dbxes::elastic
