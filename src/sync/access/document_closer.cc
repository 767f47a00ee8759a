// SPDX-License-Identifier: Apache-2.0
#include "sync/access/document_closer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/json/json.h"
#include "base/json/json_text.h"
#include "elastic/multi_get.h"
#include "elastic/query.h"
#include "elastic/search.h"
#include "sync/stages/access_decision.h"

namespace dbxes::sync {
namespace {

constexpr std::string_view kList = "_allow_access_control";
constexpr std::string_view kFingerprint = "permissions_fingerprint";
// Dropbox's ids: documents of other programs have others.
constexpr std::string_view kIdPrefix = "id:";
// Documents whose source is read before lists are written.
constexpr std::size_t kSample = 10;

bool HasList(const rapidjson::Value& source) {
  const rapidjson::Value* list = source.IsObject() ? FindMember(source, kList) : nullptr;
  if (list == nullptr || list->IsNull()) return false;
  if (!list->IsArray()) return true;
  return std::any_of(list->Begin(), list->End(),
                     [](const rapidjson::Value& value) { return !value.IsNull(); });
}

}  // namespace

std::string WithoutList() { return elastic::AllOf({}, {elastic::ExistsClause(kList)}); }

DocumentCloser::DocumentCloser(elastic::SearchableIndex index, Outlet& outlet,
                               report::Counters& counters)
    : index_(std::move(index)),
      outlet_(outlet),
      counters_(counters),
      nobody_(std::make_shared<const permissions::AccessList>(permissions::NobodysAccessList())) {}

Result<void> DocumentCloser::Close(const elastic::Hit& hit, bool counts) {
  elastic::BulkAction action =
      AccessUpdate(hit.id, hit.path_lower, hit.version, {nobody_, false}, source_);
  action.counts = counts;
  return outlet_.Write(action, {});
}

// To write lists that the index does not find would replace the right ones and close nothing.
Result<void> DocumentCloser::CheckThatListsAreFound(const Hits& hits) {
  std::vector<std::string_view> ids;
  for (std::size_t i = 0; i < std::min(hits.size(), kSample); ++i) ids.push_back(hits[i].id);
  TRY_ASSIGN(const auto sources, WithContext(elastic::ReadSources(index_.client, index_.name, ids),
                                             "reading documents without an access list"));
  std::vector<std::string_view> with_list;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (HasList(sources[static_cast<rapidjson::SizeType>(i)])) with_list.push_back(ids[i]);
  }
  if (with_list.empty()) return {};
  // It may have been written a moment ago.
  TRY(elastic::Refresh(index_.client, index_.name));
  TRY_ASSIGN(
      const auto missed,
      elastic::Count(index_.client, index_.name,
                     elastic::AllOf({WithoutList(), elastic::IdsClause(JsonList(with_list))})));
  if (missed == 0) return {};
  return Fail(ErrorKind::kConfig,
              fmt::format("everybody sees documents of the index \"{}\" although they have an "
                          "access list, for example {}: the index does not find values of "
                          "_allow_access_control, as its mapping leaves them out. Set "
                          "elasticsearch.index to a new name and run dbx-es full-sync",
                          index_.name, with_list.front()));
}

Result<std::vector<DocumentCloser::Document>> DocumentCloser::CloseWithoutList(Which which) {
  std::vector<Document> closed;
  const std::string query =
      which == Which::kAll
          ? WithoutList()
          : elastic::AllOf({elastic::ExistsClause(kFingerprint)}, {elastic::ExistsClause(kList)});
  TRY_ASSIGN(const auto count, elastic::Count(index_.client, index_.name, query));
  if (count == 0) return closed;
  // Some of them may have been deleted a moment ago.
  TRY(elastic::Refresh(index_.client, index_.name));
  elastic::SearchOptions options;
  options.path_lower = true;
  options.versions = true;
  bool checked = false;
  // Without an order, because a document of another program has no field to sort by.
  const elastic::SearchableIndex all{index_.client, index_.name, ""};
  TRY(elastic::ForEachPageOfHits(all, query, options, [&](const Hits& hits) -> Result<void> {
    if (!std::exchange(checked, true)) TRY(CheckThatListsAreFound(hits));
    for (const elastic::Hit& hit : hits) {
      // One of Dropbox gets its list back in this run, and that is the change of it.
      TRY(Close(hit, /*counts=*/!hit.id.starts_with(kIdPrefix)));
      ++counters_.without_list;
      if (closed.size() < kMostNamed) {
        closed.push_back({std::string(hit.id), std::string(hit.path_lower)});
      }
    }
    return {};
  }));
  TRY(outlet_.Drain());
  return closed;
}

Result<void> DocumentCloser::CloseUnlisted(
    const std::function<bool(const elastic::Hit&)>& is_listed, std::int64_t before) {
  TRY(elastic::Refresh(index_.client, index_.name));
  const std::string is_closed = elastic::TermClause(kFingerprint, ToHex64(nobody_->fingerprint));
  elastic::SearchOptions options;
  options.path_lower = true;
  options.versions = true;
  TRY(elastic::ForEachPageOfHits(index_,
                                 elastic::AllOf({elastic::OlderClause(before)}, {is_closed}),
                                 options, [&](const Hits& hits) -> Result<void> {
                                   for (const elastic::Hit& hit : hits) {
                                     if (hit.Number() >= before || is_listed(hit)) continue;
                                     TRY(Close(hit, /*counts=*/true));
                                     ++counters_.closed;
                                   }
                                   return {};
                                 }));
  return outlet_.Drain();
}

}  // namespace dbxes::sync
