// SPDX-License-Identifier: Apache-2.0
#include "find/people.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "elastic/index_setup.h"
#include "elastic/multi_get.h"
#include "elastic/searchable_index.h"
#include "permissions/identity_query.h"

namespace dbxes::find {
namespace {

constexpr std::size_t kAtOnce = 500;

std::vector<std::string_view> PrincipalsIn(const rapidjson::Value& identity) {
  return TextsOf(FindPath(identity, {"query", "template", "params", "access_control"}));
}

// Whether the user is this person: by one of their addresses, or by the account id.
bool IsUser(const rapidjson::Value& identity, const std::string& user) {
  const std::string email = "email:" + user;
  const std::string account = "user_id:" + user;
  const auto principals = PrincipalsIn(identity);
  return std::any_of(principals.begin(), principals.end(), [&](std::string_view value) {
    return value == account || EqualIgnoringCase(value, email);
  });
}

bool HasOneOf(const rapidjson::Value& identity, const std::vector<std::string>& values) {
  const auto principals = PrincipalsIn(identity);
  return std::any_of(principals.begin(), principals.end(), [&](std::string_view value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  });
}

}  // namespace

People::People(elastic::Client& client, const std::string& index)
    : client_(client), index_(elastic::AccessControlIndexName(index)) {}

Result<std::vector<rapidjson::Document>> People::All() {
  std::vector<rapidjson::Document> people;
  elastic::SearchOptions options;
  options.page_size = kAtOnce;
  // Sorted by nothing: another program may have made the index, without the field id.
  const auto read = elastic::ForEachPageOfHits(
      {client_, index_, ""}, std::string(elastic::kMatchAll), options,
      [&](const std::vector<elastic::Hit>& hits) -> Result<void> {
        std::vector<std::string_view> ids;
        for (const elastic::Hit& hit : hits) ids.push_back(hit.id);
        TRY_ASSIGN(const auto sources, elastic::ReadSources(client_, index_, ids));
        for (const auto& source : sources.GetArray()) {
          if (!source.IsObject()) continue;
          rapidjson::Document& person = people.emplace_back();
          person.CopyFrom(source, person.GetAllocator());
        }
        return {};
      });
  if (!read && read.error().kind != ErrorKind::kNotFound) {
    return Fail(WithContext(read.error(), "reading identities"));
  }
  return people;
}

Result<rapidjson::Document> People::Identity(const std::string& user) {
  rapidjson::Document found;
  TRY_ASSIGN(const auto sources,
             WithContext(elastic::ReadSources(client_, index_, {user}), "reading identities"));
  if (sources[0].IsObject()) {
    found.CopyFrom(sources[0], found.GetAllocator());
    return found;
  }
  TRY_ASSIGN(auto people, All());
  for (rapidjson::Document& person : people) {
    if (IsUser(person, user)) return std::move(person);
  }
  return found;
}

Result<std::string> People::FilterFor(const std::string& user) {
  TRY_ASSIGN(const auto identity, Identity(user));
  if (!identity.IsObject()) {
    return Fail(ErrorKind::kNotFound,
                fmt::format("{} has no identity in {}: dbx-es acl-sync writes one for each active "
                            "member, and without one a search application shows nothing",
                            user, index_));
  }
  return WithContext(permissions::IdentityQuery(identity), "the identity of " + user);
}

Result<std::vector<std::string>> People::WhoHas(const std::vector<std::string>& values) {
  TRY_ASSIGN(const auto people, All());
  std::vector<std::string> addresses;
  for (const rapidjson::Document& person : people) {
    if (HasOneOf(person, values)) addresses.emplace_back(StringMember(person, "id"));
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

}  // namespace dbxes::find
