// SPDX-License-Identifier: Apache-2.0
#include "elastic/writes_since.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/batches.h"
#include "base/http/url.h"
#include "elastic/meaning.h"
#include "elastic/query.h"
#include "elastic/search.h"

namespace dbxes::elastic {
namespace {

constexpr std::size_t kPageSize = 5000;
constexpr std::string_view kFilterPath =
    "timed_out,_shards.failed,hits.hits._id,hits.hits._version,hits.hits._seq_no,"
    "hits.hits._primary_term,hits.hits.fields";
// Without stored fields, which the cluster would have to unpack, and thus without `_id`.
constexpr std::string_view kNumbersOnly =
    R"("stored_fields":"_none_","docvalue_fields":["sync_version"])";
constexpr std::string_view kNames = R"("docvalue_fields":["sync_version","path_lower","received"])";

using Numbers = std::vector<std::int64_t>;

// The searches of one shard.
struct Shard {
  const SearchableIndex& index;
  std::size_t number;
  std::size_t of;  // all shards
  std::size_t page_size = kPageSize;
};

std::string TargetOf(const Shard& shard) {
  return fmt::format("/{}/_search?allow_partial_search_results=false&filter_path={}{}",
                     PercentEncode(shard.index.name), kFilterPath,
                     shard.of == 1 ? "" : fmt::format("&preference=_shards:{}", shard.number));
}

// `parts`: members of the body.
Result<HitPage> SearchOnce(const Shard& shard, std::size_t size, std::string_view parts) {
  Client& client = shard.index.client;
  ElasticRequest request;
  request.target = TargetOf(shard);
  request.body = std::make_shared<const std::string>(
      fmt::format(R"({{"size":{},"_source":false,"track_total_hits":false,"version":true,)"
                  R"("seq_no_primary_term":true,{}}})",
                  size, parts));
  request.max_answer_bytes = kMostOfDocuments;
  auto page = std::make_shared<HitPage>();
  // Parsed where it is judged, so that an unreadable answer with a good status is requested again.
  request.options.accept = [page, stamps = client.stamps()](HttpResponse& answer) -> Result<void> {
    TRY_ASSIGN(*page, ReadHitPage(std::move(answer.body), "", stamps));
    return {};
  };
  TRY(client.Call(std::move(request)));
  return std::move(*page);
}

// At most `most` hits, and not more than the index allows.
Result<HitPage> Search(Shard& shard, std::string_view parts, std::size_t most = kPageSize) {
  const std::size_t size = std::min(most, shard.page_size);
  auto page = SearchOnce(shard, size, parts);
  if (page) return page;
  const auto window = ExceededResultWindow(page.error());
  if (!window || *window == 0 || *window >= size) return page;
  shard.page_size = *window;
  return SearchOnce(shard, shard.page_size, parts);
}

// The first page above `mark`.
Result<HitPage> PageAbove(Shard& shard, std::int64_t mark) {
  const std::string above = fmt::format(R"({{"range":{{"_seq_no":{{"gt":{}}}}}}})", mark);
  const std::string& id = shard.index.id_field;
  return Search(shard, fmt::format(R"({},"sort":[{{"_seq_no":"asc"}}],"query":{})", kNumbersOnly,
                                   AllOf({above, id.empty() ? "" : ExistsClause(id)})));
}

WrittenDocument DocumentOf(const Hit& hit) {
  return {std::string(hit.id), std::string(hit.path_lower), hit.received};
}

std::int64_t NumberOf(const Hit& hit) { return static_cast<std::int64_t>(hit.version.seq_no); }

// Raises `mark` to the last number of the shard, unless there are more than `most` writes of
// others.
Result<Numbers> NumbersOfOthers(Shard& shard, std::int64_t& mark, std::size_t most) {
  Numbers others;
  for (bool more = true; more && others.size() <= most;) {
    TRY_ASSIGN(const HitPage page, PageAbove(shard, mark));
    for (const Hit& hit : page.hits) {
      mark = std::max(mark, NumberOf(hit));
      if (!hit.version.is_ours) others.push_back(NumberOf(hit));
    }
    more = page.hits.size() >= shard.page_size;
  }
  return others;
}

// A document that was written once more has another number by now, which the next look finds.
Result<void> Name(Shard& shard, const Numbers& numbers, std::vector<WrittenDocument>& documents) {
  for (const auto some : InBatches(numbers, shard.page_size)) {
    const std::string parts =
        fmt::format(R"({},"query":{{"terms":{{"_seq_no":[{}]}}}})", kNames, fmt::join(some, ","));
    TRY_ASSIGN(const HitPage page, Search(shard, parts, some.size()));
    for (const Hit& hit : page.hits) documents.push_back(DocumentOf(hit));
  }
  return {};
}

}  // namespace

Result<ShardMarks> ReadShardMarks(Client& client, const std::string& index, std::size_t shards) {
  const SearchableIndex searched{client, index, ""};
  ShardMarks marks;
  for (std::size_t number = 0; number < shards; ++number) {
    Shard shard{searched, number, shards};
    const std::string parts = fmt::format(R"({},"sort":[{{"_seq_no":"desc"}}])", kNumbersOnly);
    TRY_ASSIGN(const HitPage page,
               WithContext(Search(shard, parts, 1), "asking for the last write"));
    marks.push_back(page.hits.empty() ? -1 : NumberOf(page.hits.front()));
  }
  return marks;
}

Result<WritesSince> FindWritesSince(const SearchableIndex& index, const ShardMarks& since,
                                    std::size_t most) {
  constexpr std::string_view kDoing = "searching for what somebody else has changed";
  WritesSince writes;
  writes.marks = since;
  std::size_t found = 0;
  for (std::size_t number = 0; number < since.size(); ++number) {
    Shard shard{index, number, since.size()};
    TRY_ASSIGN(const Numbers others,
               WithContext(NumbersOfOthers(shard, writes.marks[number], most - found), kDoing));
    found += others.size();
    writes.too_many = found > most;
    if (writes.too_many) return writes;
    TRY(WithContext(Name(shard, others, writes.of_others), kDoing));
  }
  return writes;
}

Result<LastWrites> ReadLastWrites(const SearchableIndex& index, std::size_t most) {
  // All shards at once: for a sample, their numbers need not be comparable.
  Shard all{index, 0, 1};
  const std::string parts =
      fmt::format(R"({},"sort":[{{"_seq_no":"desc"}}],"query":{})", kNames,
                  index.id_field.empty() ? std::string(kMatchAll) : ExistsClause(index.id_field));
  TRY_ASSIGN(const HitPage page,
             WithContext(Search(all, parts, most), "searching for the last writes"));
  LastWrites last;
  last.count = page.hits.size();
  for (const Hit& hit : page.hits) {
    if (!hit.version.is_ours) last.of_others.push_back(DocumentOf(hit));
  }
  return last;
}

}  // namespace dbxes::elastic
