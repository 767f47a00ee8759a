// SPDX-License-Identifier: Apache-2.0
#include "sync/deletion/index_snapshot.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/hash.h"
#include "base/json/json_text.h"
#include "elastic/query.h"
#include "elastic/search.h"

namespace dbxes::sync {
namespace {

constexpr std::uint64_t kTaken = 1;
constexpr std::size_t kSamplesOfPage = 8;
// For a list that dbx-es did not write: no list of ours has this fingerprint.
constexpr std::uint64_t kStrangeList = 1;
constexpr std::uint64_t kChanged = ~std::uint64_t{0};

std::uint64_t StateOf(std::string_view id, std::uint64_t fingerprint, std::uint64_t body) {
  const std::array<std::uint64_t, 3> parts{Hash64(id), fingerprint, body};
  return Hash64({reinterpret_cast<const char*>(parts.data()), sizeof(parts)}) & ~kTaken;
}

// What somebody else has changed is in no state that an entry can have.
template <class Document>
std::uint64_t StateOf(std::string_view id, const Document& document) {
  if (!document.version.is_ours) return StateOf(id, kChanged, kChanged);
  return StateOf(id, ParseFingerprint(document.fingerprint),
                 ParseFingerprint(document.body_fingerprint));
}

std::uint64_t PermissionsOf(std::string_view hex) {
  return hex.empty() ? 0 : std::max(kStrangeList, ParseFingerprint(hex));
}

}  // namespace

Result<void> IndexSnapshot::Read(elastic::Client& client, const std::string& index,
                                 const std::string& id_field, const Limits& limits) {
  rows_.clear();
  accounted_ = 0;
  complete_ = false;
  std::vector<std::string> sample;
  std::vector<std::uint64_t> ids;
  auto read = ReadRows(client, index, id_field, limits, sample, ids);
  if (read) read = CheckIds(std::move(ids));
  if (read) read = CheckSample(client, index, sample);
  if (!read) rows_.clear();
  complete_ = complete_ && read;
  std::sort(rows_.begin(), rows_.end(),
            [](const Row& a, const Row& b) { return a.state < b.state; });
  return read;
}

Result<void> IndexSnapshot::ReadRows(elastic::Client& client, const std::string& index,
                                     const std::string& id_field, const Limits& limits,
                                     std::vector<std::string>& sample,
                                     std::vector<std::uint64_t>& ids) {
  // What the last run wrote must not be missed: the state before it might be that of today.
  TRY(elastic::Refresh(client, index));
  elastic::SearchOptions options;
  options.fingerprints = true;
  options.is_ours = true;
  options.sync_seq = false;
  options.id_values = id_field;
  options.page_size = limits.page;
  // No order but that in which the shards store them: sorted, a document costs more than twice.
  elastic::HitReader reader(client, index, "", elastic::ExistsClause(id_field), options);
  while (!complete_ && rows_.size() < limits.documents) {
    TRY_ASSIGN(auto page, reader.Next());
    complete_ = page.hits.empty();
    // Grown step by step, the rows would take twice their memory for a moment.
    if (rows_.empty()) {
      const std::size_t most = limits.documents + limits.page;
      rows_.reserve(std::min<std::uint64_t>(page.total, most));
      ids.reserve(rows_.capacity());
    }
    const std::size_t step = page.hits.size() / kSamplesOfPage + 1;
    for (std::size_t i = 0; i < page.hits.size(); i += step) sample.emplace_back(page.hits[i].id);
    for (const elastic::Hit& hit : page.hits) {
      rows_.push_back({StateOf(hit.id, hit), PermissionsOf(hit.permissions_fingerprint)});
      ids.push_back(Hash64(hit.id));
    }
  }
  return {};
}

// Of two documents with one id, one is a copy, and nothing shows which one.
Result<void> IndexSnapshot::CheckIds(std::vector<std::uint64_t> ids) {
  std::sort(ids.begin(), ids.end());
  if (std::adjacent_find(ids.begin(), ids.end()) == ids.end()) return {};
  return Fail(ErrorKind::kTemporary, "documents have the same id");
}

// dbx-es gives a document the same `id` and `_id`. A program that copied the index may have given
// others: then no document stands where the next run will write.
Result<void> IndexSnapshot::CheckSample(elastic::Client& client, const std::string& index,
                                        const std::vector<std::string>& sample) {
  if (sample.empty()) return {};
  TRY_ASSIGN(const auto found, elastic::Count(client, index, elastic::IdsClause(JsonList(sample))));
  if (found == sample.size()) return {};
  return Fail(ErrorKind::kTemporary, "documents have an _id that is not their id");
}

std::optional<std::uint64_t> IndexSnapshot::Take(std::string_view id, std::uint64_t fingerprint,
                                                 std::uint64_t body) {
  return TakeState(StateOf(id, fingerprint, body));
}

std::optional<std::uint64_t> IndexSnapshot::TakeState(std::uint64_t state) {
  const auto row =
      std::lower_bound(rows_.begin(), rows_.end(), state,
                       [](const Row& one, std::uint64_t wanted) { return one.state < wanted; });
  if (row == rows_.end() || row->state != state) return std::nullopt;
  row->state |= kTaken;
  ++accounted_;
  return row->permissions;
}

void IndexSnapshot::Account(std::string_view id, const elastic::StoredDocument& stored) {
  TakeState(StateOf(id, stored));
}

}  // namespace dbxes::sync
