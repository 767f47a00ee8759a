// SPDX-License-Identifier: Apache-2.0
#include "permissions/identity_query.h"

#include <fmt/format.h>

#include <string_view>

#include "base/json/json_write.h"

namespace dbxes::permissions {
namespace {

constexpr std::string_view kTag = "{{";
constexpr std::string_view kBegin = "{{#toJson}}";
constexpr std::string_view kEnd = "{{/toJson}}";

Result<std::string> FillIn(std::string_view source, const rapidjson::Value* params) {
  std::string query;
  for (;;) {
    const std::size_t tag = source.find(kTag);
    query += source.substr(0, tag);
    if (tag == std::string_view::npos) return query;
    source.remove_prefix(tag);
    const std::size_t end = source.find(kEnd);
    if (!source.starts_with(kBegin) || end == std::string_view::npos) {
      return Fail(ErrorKind::kConfig,
                  fmt::format("its query template has a tag other than {}...{}", kBegin, kEnd));
    }
    const std::string_view name = source.substr(kBegin.size(), end - kBegin.size());
    const rapidjson::Value* value = params == nullptr ? nullptr : FindMember(*params, name);
    if (value == nullptr) {
      return Fail(ErrorKind::kConfig,
                  fmt::format("its query template uses the parameter {}, which it lacks", name));
    }
    query += JsonOf(*value);
    source.remove_prefix(end + kEnd.size());
  }
}

}  // namespace

Result<std::string> IdentityQuery(const rapidjson::Value& identity) {
  const rapidjson::Value* query = FindMember(identity, "query");
  if (query == nullptr || !query->IsObject() || query->ObjectEmpty()) {
    return Fail(ErrorKind::kConfig, "it has no query");
  }
  const rapidjson::Value* parts = FindMember(*query, "template");
  if (parts == nullptr) return JsonOf(*query);
  TRY_ASSIGN(const std::string text,
             FillIn(StringMember(*parts, "source"), FindMember(*parts, "params")));
  const auto clause = ParseJson(text, "its query");
  if (!clause || !clause->IsObject() || clause->MemberCount() != 1) {
    return Fail(ErrorKind::kConfig, "its query template does not give a query clause");
  }
  return JsonOf(*clause);
}

}  // namespace dbxes::permissions
