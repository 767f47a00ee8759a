// SPDX-License-Identifier: Apache-2.0
// An Elasticsearch in memory: enough of it for tests of a whole sync, with the refresh semantics of
// the real one (searches see what was refreshed, multi-get sees everything), faults on demand, and
// books of what was asked.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/fake_index.h"
#include "support/fake_network.h"

namespace dbxes {

// A failure that is waiting for its requests.
struct ElasticFault {
  enum class Kind {
    kRefused,         // no connection; nothing applied
    kReset,           // reset before the request is applied
    kResetApplied,    // applied, then the answer is lost
    kTimeoutApplied,  // applied, but the answer comes after the client's patience
    kStatus,          // `status` with `body` and `headers`, nothing applied
    kItemStatus,      // the items of `ids` (or all) fail with `status`, `type`, `reason`
    kFewerItems,      // applied, but the answer lacks the last item
    kInvalidJson,     // applied, but the answer is cut in half
    kHtml,            // 200 with an HTML page, nothing applied
  };
  Kind kind = Kind::kStatus;
  std::string route = "_bulk";  // a part of the path: "_bulk", "_mget", "_search", "" for all
  int skip = 0;                 // let this many matching requests pass first
  int times = 1;                // then hit this many; negative: all
  int status = 503;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::set<std::string> ids;  // kItemStatus: whose items; empty for all
  std::string type;           // kItemStatus
  std::string reason;
};

// One operation that an index carried out, in order.
struct AppliedWrite {
  std::string index;
  std::string id;
  std::string operation;  // "index", "create", "update", "delete"
  std::string source;     // as sent
  std::uint64_t request;  // number of the request that brought it, from 1
};

struct FakeElasticTarget {
  std::string index;   // "" for a path that names none
  std::string action;  // "_bulk", "_search", "" for the index itself, "_ingest/pipeline/NAME"
  std::map<std::string, std::string> parameters;
};

class FakeElastic {
 public:
  // Answers one request; `target` is path and query.
  FakeAnswer Handle(std::string_view method, std::string_view target, std::string_view body);
  FakeAnswer operator()(const FakeRequest& request) {
    return Handle(request.method, request.target, request.body);
  }

  // Arranging.
  void Inject(ElasticFault fault) { faults_.push_back({std::move(fault), 0}); }
  void ClearFaults() { faults_.clear(); }
  void CreateIndex(const std::string& index, std::string_view mappings = "{}");
  // Members of the `index` object of the settings: "max_result_window":"100".
  void SetSettings(const std::string& index, std::string_view settings);
  // Of an index without documents.
  void SetShards(const std::string& index, std::size_t shards) {
    indices_[Resolve(index)].shards = shards;
  }
  void Close(const std::string& index) { SetSettings(index, R"("verified_before_close":"true")"); }
  void AddAlias(const std::string& alias, const std::string& index);
  // The alias names this index and no other.
  void MoveAlias(const std::string& alias, const std::string& index) { aliases_[alias] = {index}; }
  void RemoveAlias(const std::string& alias) { aliases_.erase(alias); }
  void AddPipeline(const std::string& name, std::string definition = R"({"processors":[]})") {
    pipelines_[name] = std::move(definition);
  }
  void Put(const std::string& index, const std::string& id, std::string_view source);  // refreshed
  void DeleteIndex(const std::string& index);
  void Delete(const std::string& index, const std::string& id);
  // The index as it is now, and later again: in place of the one that is there (closed and
  // restored) or as a new one.
  FakeIndex Snapshot(const std::string& index) const { return *Find(index); }
  void RestoreInPlace(const std::string& index, const FakeIndex& snapshot);
  void RestoreDeleted(const std::string& index, const FakeIndex& snapshot);
  // Bulk bodies longer than this are answered with 413.
  std::size_t max_body_bytes = std::size_t{100} << 20;
  // Longer ones are answered with 429, while smaller ones pass: bodies (a circuit breaker), and
  // single documents (indexing pressure), with them all of their request.
  std::size_t max_breaker_bytes = SIZE_MAX;
  std::size_t max_pressure_bytes = SIZE_MAX;
  // Connections with longer bodies are reset.
  std::size_t max_gateway_bytes = SIZE_MAX;
  // Bodies with this text get a page of a firewall.
  std::string forbidden_text;
  // Ids whose mere presence makes the whole bulk request a 400.
  std::set<std::string> poison_ids;
  // Ids whose presence makes the answer garbage; nothing is applied.
  std::set<std::string> garbling_ids;
  // Ids whose documents the mapping refuses, item by item.
  std::set<std::string> unmappable_ids;
  // Ids whose documents somebody else deletes just before the next write to them.
  std::set<std::string> vanishing_ids;
  // Ids of documents that an ingest pipeline drops.
  std::set<std::string> dropped_ids;
  // What the pipeline of the request does to a document that is written as a whole. Updates pass
  // through none.
  std::function<void(const std::string& pipeline, rapidjson::Document& document)> through_pipeline;
  // Called just before each operation on a document: somebody else may change it now.
  std::function<void(const FakeBulkOperation&)> before_write;
  // Ids whose documents lose their access list on the way into the index, as by an ingest pipeline,
  // which sees no updates of single fields.
  std::set<std::string> losing_lists;
  // Items answer 429 cluster_block_exception while it is set.
  bool read_only = false;

  // Looking. By concrete index or alias.
  bool HasIndex(const std::string& index) const;
  // {id: source}, whether refreshed or not.
  std::map<std::string, std::string> Documents(const std::string& index) const;
  std::optional<std::string> Source(const std::string& index, const std::string& id) const;
  std::string Mappings(const std::string& index) const;

  // Books. Requests and writes to this index are in none, where it has nothing to do with a test.
  std::string unbooked;
  std::uint64_t requests() const { return requests_; }
  std::uint64_t Requests(std::string_view route) const;  // whose path contains it
  const std::vector<AppliedWrite>& writes() const { return writes_; }
  std::vector<std::string> requested;   // "METHOD target" of each request, in order
  std::vector<std::size_t> bulk_sizes;  // bytes of each bulk body, in order
  void ClearBooks();

 private:
  struct ActiveFault {
    ElasticFault fault;
    int seen;
  };

  const ElasticFault* NextFault(std::string_view path);
  FakeAnswer Route(const FakeElasticTarget& target, std::string_view method, std::string_view body,
                   const ElasticFault* fault);
  FakeAnswer OnIndex(const FakeElasticTarget& target, std::string_view method,
                     std::string_view body);
  FakeAnswer OnBulk(const FakeElasticTarget& target, std::string_view body,
                    const ElasticFault* fault);
  std::string ApplyItem(const FakeBulkOperation& operation, FakeIndex& index,
                        const std::string& name, const std::string& pipeline, bool shows_result);
  std::string BulkItem(const FakeBulkOperation& operation, const FakeElasticTarget& target,
                       const ElasticFault* fault);
  FakeAnswer OnDocument(const FakeElasticTarget& target, std::string_view method,
                        std::string_view body);
  FakeAnswer PutDocument(const FakeElasticTarget& target, const std::string& id, bool create,
                         std::string_view body);
  FakeAnswer OnMultiGet(const FakeElasticTarget& target, std::string_view body) const;
  FakeAnswer OnSearch(const FakeElasticTarget& target, std::string_view body);
  FakeAnswer OnScroll(std::string_view method, std::string_view body);
  FakeAnswer OnMapping(FakeIndex& index, std::string_view body);
  std::string Resolve(const std::string& name) const;
  FakeIndex* Find(const std::string& name);
  const FakeIndex* Find(const std::string& name) const;

  std::map<std::string, FakeIndex> indices_;
  std::map<std::string, std::set<std::string>> aliases_;
  std::map<std::string, FakeHits> scrolls_;  // what is left of each
  std::deque<ActiveFault> faults_;
  std::map<std::string, std::string> pipelines_;  // definitions
  std::vector<AppliedWrite> writes_;
  std::uint64_t requests_ = 0;
  std::uint64_t scroll_number_ = 0;
};

}  // namespace dbxes
