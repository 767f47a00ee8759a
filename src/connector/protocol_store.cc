// SPDX-License-Identifier: Apache-2.0
#include "connector/protocol_store.h"

#include <fmt/format.h>

#include <utility>

#include "base/http/url.h"
#include "base/json/json_text.h"
#include "base/json/json_write.h"
#include "connector/protocol_mappings.h"
#include "elastic/error_reader.h"
#include "elastic/hidden_index.h"
#include "elastic/meaning.h"
#include "elastic/result_window.h"

namespace dbxes::connector {
namespace {

constexpr std::string_view kWhat = "the answer about the connector";
constexpr std::string_view kOpenStates = R"("pending","in_progress","canceling","suspended")";
constexpr int kTooManyRequests = 429;
constexpr int kUnavailable = 503;

elastic::ElasticRequest Request(std::string method, std::string target, std::string body = {}) {
  elastic::ElasticRequest request =
      elastic::JsonRequest(std::move(method), std::move(target), std::move(body), kWhat);
  // Connectors, and jobs that copy them, contain secrets that people have saved in Kibana.
  request.secrecy = Secrecy::kBodies;
  return request;
}

// Names the index and the privilege, which Elasticsearch's own message buries.
Error Explained(Error error, ProtocolIndex index) {
  if (error.kind == ErrorKind::kPermission) {
    error.message = fmt::format(
        "the credential may not use the index {}*: grant it the index privileges read, write and "
        "view_index_metadata on .elastic-connectors*, or all ({})",
        AliasOf(index), error.message);
  }
  return error;
}

Result<std::optional<StoredDocument>> ReadAnswer(const Result<HttpResponse>& answer,
                                                 ProtocolIndex index) {
  auto found = elastic::ReadGetAnswer(answer, kWhat);
  if (!found) return Fail(Explained(std::move(found).error(), index));
  return found;
}

std::string_view NameOf(Change::Kind kind) {
  switch (kind) {
    case Change::kCreate:
      return "create";
    case Change::kUpdate:
      return "update";
    case Change::kDelete:
      return "delete";
  }
  return "";
}

std::string BulkLines(const std::vector<Change>& changes) {
  std::string lines;
  for (const Change& change : changes) {
    lines += fmt::format(R"({{"{}":{{"_index":"{}","_id":{})", NameOf(change.kind),
                         AliasOf(change.index), JsonString(change.id));
    if (change.version.IsKnown()) {
      lines += fmt::format(R"(,"if_seq_no":{},"if_primary_term":{})", change.version.seq_no,
                           change.version.primary_term);
    }
    lines += "}}\n";
    if (change.kind == Change::kCreate) lines += change.body + "\n";
    if (change.kind == Change::kUpdate) lines += fmt::format("{{\"doc\":{}}}\n", change.body);
  }
  return lines;
}

// The outcome of an item, which has one member, named like its change.
const rapidjson::Value* OutcomeOf(const rapidjson::Value& item) {
  if (!item.IsObject() || item.MemberCount() != 1) return nullptr;
  const rapidjson::Value& outcome = item.MemberBegin()->value;
  return outcome.IsObject() ? &outcome : nullptr;
}

Result<elastic::DocumentVersion> ReadItem(const rapidjson::Value& item, ProtocolIndex index) {
  const rapidjson::Value* outcome = OutcomeOf(item);
  if (outcome == nullptr) return Fail(ErrorKind::kTemporary, fmt::format("{} is empty", kWhat));
  const auto status = static_cast<int>(UintMember(*outcome, "status").value_or(0));
  if (status >= 200 && status < 300) return elastic::ReadVersion(*outcome, kWhat);
  return Fail(Explained(elastic::ReadElasticError(status, JsonOf(*outcome)), index));
}

const rapidjson::Value* ItemsOf(const rapidjson::Value& answer, std::size_t count) {
  const rapidjson::Value* items = FindMember(answer, "items");
  return items != nullptr && items->IsArray() && items->Size() == count ? items : nullptr;
}

// A node that is busy refuses single items, which are conditional: all may be sent again.
Result<void> AcceptBulk(std::string_view body, std::size_t count) {
  TRY_ASSIGN(const auto json, ParseJson(body, kWhat));
  const rapidjson::Value* items = ItemsOf(json, count);
  if (items == nullptr) return Fail(ErrorKind::kTemporary, fmt::format("{} lacks items", kWhat));
  for (const rapidjson::Value& item : items->GetArray()) {
    const rapidjson::Value* outcome = OutcomeOf(item);
    const auto status = outcome == nullptr ? std::nullopt : UintMember(*outcome, "status");
    if (status == kTooManyRequests || status == kUnavailable) {
      return Fail(elastic::ReadElasticError(static_cast<int>(*status), JsonOf(*outcome)));
    }
  }
  return {};
}

Result<Changed> ReadBulk(const Result<HttpResponse>& answer, const std::vector<ProtocolIndex>& of) {
  if (!answer) return Fail(Explained(answer.error(), of.front()));
  TRY_ASSIGN(const auto json, ParseJson(answer->body, kWhat));
  const rapidjson::Value* items = ItemsOf(json, of.size());
  if (items == nullptr) return Fail(ErrorKind::kTemporary, fmt::format("{} lacks items", kWhat));
  Changed changed;
  for (rapidjson::SizeType at = 0; at < items->Size(); ++at) {
    changed.push_back(ReadItem((*items)[at], of[at]));
  }
  return changed;
}

std::string JobQuery(const std::string& connector, std::string_view more, std::size_t size) {
  return fmt::format(R"({{"seq_no_primary_term":true,"size":{},"sort":[{{"created_at":"asc"}}],)"
                     R"("query":{{"bool":{{"filter":[{{"term":{{"connector.id":{}}}}}{}]}}}}}})",
                     size, JsonString(connector), more);
}

}  // namespace

std::string_view AliasOf(ProtocolIndex index) {
  return index == ProtocolIndex::kConnectors ? ".elastic-connectors"
                                             : ".elastic-connectors-sync-jobs";
}

bool CameTooLate(const Result<elastic::DocumentVersion>& outcome) {
  return !outcome && (elastic::IsVersionConflict(outcome.error()) ||
                      elastic::IsMissingDocument(outcome.error()));
}

// A refusal is judged by the next request, if it matters.
Result<void> ProtocolStore::CheckProduct() {
  const auto answer = client_.Call(Request("GET", "/"));
  if (!answer) {
    const ErrorKind kind = answer.error().kind;
    const bool refused = kind == ErrorKind::kPermission || kind == ErrorKind::kConfig;
    return refused ? Result<void>() : Fail(answer.error());
  }
  TRY_ASSIGN(const auto json, ParseJson(answer->body, kWhat));
  const rapidjson::Value* version = FindMember(json, "version");
  if (version == nullptr || StringMember(*version, "distribution") != "opensearch") return {};
  return Fail(
      ErrorKind::kConfig,
      "this cluster is OpenSearch: connectors and their Kibana are of Elasticsearch; remove "
      "connector.id");
}

// As Elasticsearch's own template has them.
Result<void> ProtocolStore::CreateIndices() {
  for (const ProtocolIndex index : {ProtocolIndex::kConnectors, ProtocolIndex::kSyncJobs}) {
    const std::string target = fmt::format("/{}-v1", AliasOf(index));
    const std::string members =
        fmt::format(R"("aliases":{{"{}":{{}}}},"mappings":{})", AliasOf(index), MappingOf(index));
    const auto created = elastic::CreateHiddenIndex(client_, target, members, kWhat);
    if (created || elastic::IsExistingIndex(created.error())) continue;
    return Fail(WithContext(Explained(created.error(), index),
                            fmt::format("creating the index {}-v1", AliasOf(index))));
  }
  return {};
}

void ProtocolStore::Read(ProtocolIndex index, const std::string& id, ReadDone done) {
  client_.Send(Request("GET", fmt::format("/{}/_doc/{}", AliasOf(index), PercentEncode(id))))
      .Then([done = std::move(done), index](const Result<HttpResponse>& answer) {
        done(ReadAnswer(answer, index));
      });
}

Result<std::optional<StoredDocument>> ProtocolStore::Read(ProtocolIndex index,
                                                          const std::string& id) {
  return ReadAnswer(
      client_.Call(Request("GET", fmt::format("/{}/_doc/{}", AliasOf(index), PercentEncode(id)))),
      index);
}

Result<std::optional<StoredDocument>> ProtocolStore::ReadConnector(const config::Config& config,
                                                                   bool afresh) {
  const std::string& read = config.connector.as_read.Reveal();
  if (afresh || read.empty()) return Read(ProtocolIndex::kConnectors, config.connector.id);
  TRY_ASSIGN(const auto json, ParseJson(read, kWhat));
  TRY_ASSIGN(auto document, elastic::ReadDocument(json, kWhat));
  return document;
}

// (Elasticsearch: Bulk API; require_alias.)
void ProtocolStore::Apply(const std::vector<Change>& changes, ApplyDone done) {
  elastic::ElasticRequest request =
      Request("POST", "/_bulk?require_alias=true", BulkLines(changes));
  request.content_type = "application/x-ndjson";
  std::vector<ProtocolIndex> indices;
  for (const Change& change : changes) indices.push_back(change.index);
  request.options.accept = [count = indices.size()](const HttpResponse& answer) {
    return AcceptBulk(answer.body, count);
  };
  client_.Send(std::move(request))
      .Then([done = std::move(done), indices](const Result<HttpResponse>& answer) {
        done(ReadBulk(answer, indices));
      });
}

Result<Changed> ProtocolStore::Apply(const std::vector<Change>& changes) {
  const Pending<Changed> applied;
  Apply(changes, [applied](Result<Changed> changed) { applied.Fulfil(std::move(changed)); });
  return client_.loop().Await(applied);
}

Result<std::vector<StoredDocument>> ProtocolStore::OpenJobs(const std::string& connector) {
  constexpr std::size_t kMost = 100;
  return Search(
      JobQuery(connector, fmt::format(R"(,{{"terms":{{"status":[{}]}}}})", kOpenStates), kMost));
}

Result<std::vector<StoredDocument>> ProtocolStore::Jobs(const std::string& connector) {
  // A credential that may not do this sees jobs that are older than a second.
  (void)client_.Call(
      Request("POST", fmt::format("/{}/_refresh", AliasOf(ProtocolIndex::kSyncJobs))));
  std::string body = JobQuery(connector, "", elastic::kResultWindow);
  body.insert(1, R"("_source":["status"],)");
  return Search(std::move(body));
}

Result<std::vector<StoredDocument>> ProtocolStore::Search(std::string body) {
  constexpr ProtocolIndex kJobs = ProtocolIndex::kSyncJobs;
  const auto answer =
      client_.Call(Request("POST", fmt::format("/{}/_search", AliasOf(kJobs)), std::move(body)));
  if (!answer && elastic::IsMissingIndex(answer.error())) return std::vector<StoredDocument>();
  if (!answer) return Fail(Explained(answer.error(), kJobs));
  TRY_ASSIGN(const auto json, ParseJson(answer->body, kWhat));
  const rapidjson::Value* hits = FindPath(json, {"hits", "hits"});
  if (hits == nullptr || !hits->IsArray()) {
    return Fail(ErrorKind::kTemporary, fmt::format("{} lacks its hits", kWhat));
  }
  std::vector<StoredDocument> jobs;
  for (const rapidjson::Value& hit : hits->GetArray()) {
    TRY_ASSIGN(auto job, elastic::ReadDocument(hit, kWhat));
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace dbxes::connector
