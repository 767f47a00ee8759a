// SPDX-License-Identifier: Apache-2.0
// One index of the Elasticsearch in memory: its documents, what of them is searchable, and the
// queries that it understands. An unknown query is refused, never taken for "all".
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dbxes {

struct FakeDocument {
  std::string source;
  rapidjson::Document json;
  std::uint64_t seq_no = 0;
  std::uint64_t version = 1;
};
using FakeDocuments = std::map<std::string, std::shared_ptr<const FakeDocument>>;

// Another one for each index that is made.
std::string NewFakeUuid();

struct FakeIndex {
  std::string uuid = NewFakeUuid();
  std::string history;  // "" until a snapshot is restored in place
  FakeDocuments current;
  FakeDocuments searchable;  // as of the last refresh
  std::string mappings = "{}";
  std::string settings;  // members of the `index` object, besides its identity
  // Each shard numbers its own writes.
  std::size_t shards = 1;
  std::map<std::size_t, std::uint64_t> next_seq_no = {};
  // Versions of deleted documents, which the real one forgets after `index.gc_deletes`.
  std::map<std::string, std::uint64_t> deleted;

  // Makes what was written searchable, without the values that `ignore_above` of a keyword ignores.
  void Refresh();
  bool IsClosed() const { return settings.find("verified_before_close") != std::string::npos; }
  // Each write gets the next sequence number and a higher version.
  void Write(const std::string& id, rapidjson::Document json);
  void Delete(const std::string& id);
  std::size_t ShardOf(const std::string& id) const;
  // Of the document or of its deletion; 0 if the index knows nothing of it.
  std::uint64_t VersionOf(const std::string& id) const;
};
// Nothing fails over here.
inline constexpr std::uint64_t kFakePrimaryTerm = 1;

// One operation of a bulk body.
struct FakeBulkOperation {
  std::string operation;
  std::string id;
  std::string source;
  std::optional<std::uint64_t> if_seq_no;
  std::uint64_t if_primary_term = 0;
  std::optional<std::uint64_t> external_version;
  std::string index;  // "" for that of the request
};
// Why the operation conflicts with what the index has, or "".
std::string ConflictOf(const FakeBulkOperation& operation, const FakeIndex& index);

// The operations of a bulk body, or why the whole of it is refused.
struct FakeBulk {
  std::vector<FakeBulkOperation> operations;
  std::string error_type;
  std::string error_reason;
};
FakeBulk ReadFakeBulk(std::string_view body);

// Why a query clause is refused, or "".
std::string RefuseQuery(const rapidjson::Value& query);
// Whether a document matches a query that was not refused.
bool MatchesQuery(const rapidjson::Value& query, const std::string& id,
                  const FakeDocument& document);

// The texts of elements of `hits.hits`.
using FakeHits = std::vector<std::string>;
// The hits of one search (all that match, from `search_after` on), or why it is refused. `shard`:
// the only one to be searched.
struct FakeSearch {
  FakeHits hits;
  std::size_t size = 10;
  std::string refused;
  std::string
      exceeded;  // every shard refuses it: a limit among the settings, in Elasticsearch's words
};
FakeSearch SearchFakeIndex(const FakeIndex& index, const rapidjson::Value& body,
                           bool scrolls = false, std::optional<std::size_t> shard = std::nullopt);

// Puts the members of `patch` into `target`, object by object, as a partial update does.
void MergeJson(rapidjson::Value& target, const rapidjson::Value& patch,
               rapidjson::Document::AllocatorType& allocator);
std::string JsonText(const rapidjson::Value& value);

}  // namespace dbxes
