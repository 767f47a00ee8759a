// SPDX-License-Identifier: Apache-2.0
#include "elastic/other_use.h"

#include <fmt/format.h>

#include "elastic/query.h"
#include "elastic/search.h"

namespace dbxes::elastic {
namespace {

struct SystemName {
  std::string_view begin;
  std::string_view what;
};

constexpr SystemName kSystemNames[] = {
    {kIdentitiesPrefix, "the identities of a content index"},
    {".elastic-connectors", "the settings or jobs of Elastic's connectors"},
};

// The state of a target (src/state), and the keeper of a content index (index_identity.h).
constexpr std::string_view kStateMark = "dbx_es_state";
constexpr std::string_view kKeeperMark = "dbx_es";

bool HasMark(const rapidjson::Value& mappings, std::string_view mark) {
  const rapidjson::Value* meta = FindMember(mappings, "_meta");
  return meta != nullptr && meta->IsObject() && FindMember(*meta, mark) != nullptr;
}

tl::unexpected<Error> Refusal(std::string_view index, std::string_view what) {
  return Fail(ErrorKind::kConfig,
              fmt::format("the index {} keeps {}: set elasticsearch.index to the name of an index "
                          "for documents",
                          index, what));
}

std::uint64_t CountOrNone(Client& client, std::string_view index, const std::string& query) {
  return Count(client, std::string(index), query).value_or(0);
}

}  // namespace

Result<void> RefuseSystemIndex(std::string_view index, const rapidjson::Value* mappings) {
  for (const auto& [begin, what] : kSystemNames) {
    if (index.starts_with(begin)) return Refusal(index, what);
  }
  if (mappings == nullptr || !HasMark(*mappings, kStateMark)) return {};
  return Refusal(index, "the state of another target of dbx-es");
}

std::string DocumentsOfOthers(Client& client, std::string_view index,
                              const rapidjson::Value& mappings, bool document_level_security) {
  if (HasMark(mappings, kKeeperMark)) return "";
  // The documents of Elastic's connector all have a _timestamp.
  const std::string others =
      AllOf({kMatchAll}, {ExistsClause("sync_seq"), ExistsClause("_timestamp")});
  const std::uint64_t count = CountOrNone(client, index, others);
  if (count == 0) return "";
  // Only documents with an id are compared with Dropbox.
  const std::uint64_t with_id = CountOrNone(client, index, AllOf({others, ExistsClause("id")}));
  std::string text = fmt::format(
      "the index {} has {} document{} that neither dbx-es nor Elastic's connector wrote", index,
      count, count == 1 ? "" : "s");
  if (with_id < count) text += "; those without a field id are never deleted";
  if (with_id > 0) {
    text += fmt::format("; a full sync deletes the {} with a field id that Dropbox does not have",
                        with_id);
  }
  if (document_level_security) text += "; document level security makes them visible to nobody";
  return text;
}

}  // namespace dbxes::elastic
