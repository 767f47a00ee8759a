// SPDX-License-Identifier: Apache-2.0
#include "support/fake_elastic.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/json/json.h"

namespace dbxes {
namespace {

using rapidjson::Value;

std::string ErrorText(int status, std::string_view type, std::string_view reason) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteKey(writer, "error");
  writer.StartObject();
  WriteKey(writer, "type");
  WriteString(writer, type);
  WriteKey(writer, "reason");
  WriteString(writer, reason);
  writer.EndObject();
  WriteKey(writer, "status");
  writer.Int(status);
  writer.EndObject();
  return std::string(View(buffer));
}

FakeAnswer Refuse(int status, std::string_view type, std::string_view reason) {
  return FakeAnswer::Json(status, ErrorText(status, type, reason));
}

// As Elasticsearch 9.5.3 answers when each shard refuses a search.
FakeAnswer AllShardsFailed(const std::string& index, std::string_view reason) {
  const std::string cause =
      fmt::format(R"({{"type":"illegal_argument_exception","reason":"{}"}})", reason);
  return FakeAnswer::Json(
      400,
      fmt::format(R"({{"error":{{"root_cause":[{}],"type":"search_phase_execution_exception",)"
                  R"("reason":"all shards failed","phase":"query","grouped":true,)"
                  R"("failed_shards":[{{"shard":0,"index":"{}","reason":{}}}],"caused_by":{}}},)"
                  R"("status":400}})",
                  cause, index, cause, cause));
}

// The error of a request to an index that is closed.
std::string ClosedError(const std::string& index) {
  return fmt::format(
      R"("error":{{"type":"index_closed_exception","reason":"closed","index":"{}"}})", index);
}

FakeAnswer NoIndex(const std::string& name) {
  return Refuse(404, "index_not_found_exception", fmt::format("no such index [{}]", name));
}

std::string Unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      plain += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

FakeElasticTarget ReadTarget(std::string_view target) {
  FakeElasticTarget read;
  const std::size_t question = target.find('?');
  std::string_view path = target.substr(0, question);
  std::string_view query = question == std::string_view::npos ? "" : target.substr(question + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.size(), pair.find('='));
    read.parameters[std::string(pair.substr(0, equals))] =
        Unescaped(pair.substr(std::min(pair.size(), equals + 1)));
  }
  path.remove_prefix(std::min<std::size_t>(path.size(), 1));
  if (!path.empty() && path.front() != '_') {
    const std::string_view index = path.substr(0, path.find('/'));
    read.index = Unescaped(index);
    path.remove_prefix(std::min(path.size(), index.size() + 1));
  }
  read.action = Unescaped(path);
  return read;
}

// Whether an answer is to have this member (common option filter_path).
bool Shows(const FakeElasticTarget& target, const std::string& member) {
  const auto filter = target.parameters.find("filter_path");
  return filter == target.parameters.end() ||
         ("," + filter->second + ",").find("," + member + ",") != std::string::npos;
}

// `result`: "" if the answer is not to have it.
std::string Item(const std::string& operation, int status, std::string_view result) {
  if (result.empty()) return fmt::format(R"({{"{}":{{"status":{}}}}})", operation, status);
  return fmt::format(R"({{"{}":{{"result":"{}","status":{}}}}})", operation, result, status);
}

std::string FailedItem(const std::string& operation, int status, std::string_view type,
                       std::string_view reason) {
  std::string error = ErrorText(status, type, reason);
  return fmt::format(R"({{"{}":{}}})", operation, error);
}

// The answer to the max aggregation over sync_seq.
FakeAnswer LastOf(const FakeIndex& index, const Value* query) {
  std::optional<std::int64_t> last;
  for (const auto& [id, document] : index.searchable) {
    if (query != nullptr && !MatchesQuery(*query, id, *document)) continue;
    const Value* number = FindMember(document->json, "sync_seq");
    if (number != nullptr && number->IsInt64()) {
      last = std::max(last.value_or(number->GetInt64()), number->GetInt64());
    }
  }
  return FakeAnswer::Json(
      200, fmt::format(R"({{"_shards":{{"failed":0}},"aggregations":{{"last":{{"value":{}}}}}}})",
                       last ? fmt::format("{}.0", *last) : "null"));
}

// Adds the number of the write to the outcome of an item that was applied.
void AddVersion(const FakeBulkOperation& operation, const FakeIndex& index, std::string& item) {
  if (item.find("\"error\":") != std::string::npos) return;
  const auto found = index.current.find(operation.id);
  const std::uint64_t seq_no = found == index.current.end()
                                   ? index.next_seq_no.at(index.ShardOf(operation.id)) - 1
                                   : found->second->seq_no;
  const std::string head = fmt::format(R"({{"{}":{{)", operation.operation);
  item.insert(head.size(),
              fmt::format(R"("_seq_no":{},"_primary_term":{},)", seq_no, kFakePrimaryTerm));
}

constexpr std::string_view kDocument = "_doc/";
constexpr std::string_view kCreateDocument = "_create/";

bool IsDocument(std::string_view action) {
  return action.substr(0, kDocument.size()) == kDocument ||
         action.substr(0, kCreateDocument.size()) == kCreateDocument;
}

// The first field of a document that a mapping with `dynamic: strict` does not have, or "".
std::string FieldRefused(const FakeIndex& index, const Value& document) {
  rapidjson::Document mappings;
  mappings.Parse(index.mappings.data(), index.mappings.size());
  if (StringMember(mappings, "dynamic") != "strict") return "";
  for (const auto& [name, value] : document.GetObject()) {
    if (FindPath(mappings, {"properties", View(name)}) == nullptr) return std::string(View(name));
  }
  return "";
}

std::string Joined(const FakeHits& texts, std::size_t count) {
  std::string joined;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) joined += ',';
    joined += texts[i];
  }
  return joined;
}

}  // namespace

void FakeElastic::CreateIndex(const std::string& index, std::string_view mappings) {
  indices_[index].mappings = mappings;
}

void FakeElastic::SetSettings(const std::string& index, std::string_view settings) {
  indices_[Resolve(index)].settings = settings;
}

void FakeElastic::AddAlias(const std::string& alias, const std::string& index) {
  aliases_[alias].insert(index);
}

void FakeElastic::Put(const std::string& index, const std::string& id, std::string_view source) {
  auto json = ParseJson(source, "source");
  FakeIndex& target = indices_[Resolve(index)];
  target.Write(id, std::move(*json));
  target.Refresh();
}

void FakeElastic::Delete(const std::string& index, const std::string& id) {
  FakeIndex& target = indices_[Resolve(index)];
  target.Delete(id);
  target.Refresh();
}

// An alias without an index is gone, too.
void FakeElastic::DeleteIndex(const std::string& index) {
  const std::string name = Resolve(index);
  indices_.erase(name);
  for (auto& [alias, names] : aliases_) names.erase(name);
  std::erase_if(aliases_, [](const auto& alias) { return alias.second.empty(); });
}

// As Elasticsearch does it: `index.uuid` stays, `index.history.uuid` is a new one.
void FakeElastic::RestoreInPlace(const std::string& index, const FakeIndex& snapshot) {
  FakeIndex& target = indices_[Resolve(index)];
  const std::string uuid = target.uuid;
  target = snapshot;
  target.uuid = uuid;
  target.history = NewFakeUuid();
}

void FakeElastic::RestoreDeleted(const std::string& index, const FakeIndex& snapshot) {
  FakeIndex& target = indices_[Resolve(index)];
  target = snapshot;
  target.uuid = NewFakeUuid();
  target.history = NewFakeUuid();
}

bool FakeElastic::HasIndex(const std::string& index) const { return Find(index) != nullptr; }

std::map<std::string, std::string> FakeElastic::Documents(const std::string& index) const {
  std::map<std::string, std::string> documents;
  if (const FakeIndex* found = Find(index)) {
    for (const auto& [id, document] : found->current) documents[id] = document->source;
  }
  return documents;
}

std::optional<std::string> FakeElastic::Source(const std::string& index,
                                               const std::string& id) const {
  const FakeIndex* found = Find(index);
  if (found == nullptr) return std::nullopt;
  const auto document = found->current.find(id);
  if (document == found->current.end()) return std::nullopt;
  return document->second->source;
}

std::string FakeElastic::Mappings(const std::string& index) const {
  const FakeIndex* found = Find(index);
  return found == nullptr ? "" : found->mappings;
}

std::uint64_t FakeElastic::Requests(std::string_view route) const {
  return static_cast<std::uint64_t>(
      std::count_if(requested.begin(), requested.end(), [&](const std::string& request) {
        return std::string_view(request).substr(0, request.find('?')).find(route) !=
               std::string_view::npos;
      }));
}

void FakeElastic::ClearBooks() {
  requested.clear();
  bulk_sizes.clear();
  writes_.clear();
  requests_ = 0;
}

std::string FakeElastic::Resolve(const std::string& name) const {
  const auto alias = aliases_.find(name);
  return alias == aliases_.end() ? name : *alias->second.begin();
}

FakeIndex* FakeElastic::Find(const std::string& name) {
  const auto found = indices_.find(Resolve(name));
  return found == indices_.end() ? nullptr : &found->second;
}

const FakeIndex* FakeElastic::Find(const std::string& name) const {
  return const_cast<FakeElastic*>(this)->Find(name);
}

const ElasticFault* FakeElastic::NextFault(std::string_view path) {
  const ElasticFault* hit = nullptr;
  for (ActiveFault& active : faults_) {
    const ElasticFault& fault = active.fault;
    if (path.find(fault.route) == std::string_view::npos) continue;
    const int number = active.seen++;
    const bool strikes =
        number >= fault.skip && (fault.times < 0 || number < fault.skip + fault.times);
    if (strikes && hit == nullptr) hit = &fault;
  }
  return hit;
}

FakeAnswer FakeElastic::Handle(std::string_view method, std::string_view target,
                               std::string_view body) {
  const FakeElasticTarget read = ReadTarget(target);
  if (unbooked.empty() || read.index != unbooked) {
    ++requests_;
    requested.push_back(fmt::format("{} {}", method, target));
  }
  const ElasticFault* fault = NextFault(target.substr(0, target.find('?')));
  using Kind = ElasticFault::Kind;
  if (fault == nullptr || fault->kind == Kind::kItemStatus || fault->kind == Kind::kFewerItems) {
    return Route(read, method, body, fault);
  }
  switch (fault->kind) {
    case Kind::kRefused:
      return FakeAnswer::Broken(FakeAnswer::Transport::kRefused);
    case Kind::kReset:
      return FakeAnswer::Broken(FakeAnswer::Transport::kReset);
    case Kind::kHtml:
      return FakeAnswer::Json(200, "<html><head><title>Maintenance</title></head></html>");
    case Kind::kStatus: {
      FakeAnswer answer = FakeAnswer::Json(fault->status, fault->body);
      answer.headers.insert(answer.headers.end(), fault->headers.begin(), fault->headers.end());
      return answer;
    }
    default:
      break;
  }
  FakeAnswer answer = Route(read, method, body, fault);
  if (fault->kind == Kind::kResetApplied) answer.transport = FakeAnswer::Transport::kReset;
  if (fault->kind == Kind::kTimeoutApplied) answer.silence = std::chrono::hours(1);
  if (fault->kind == Kind::kInvalidJson) {
    answer.transport = FakeAnswer::Transport::kTruncated;
    answer.at_byte = answer.body->size() / 2;
  }
  return answer;
}

FakeAnswer FakeElastic::Route(const FakeElasticTarget& target, std::string_view method,
                              std::string_view body, const ElasticFault* fault) {
  if (target.action == "_bulk") return OnBulk(target, body, fault);
  if (target.action == "_mget") return OnMultiGet(target, body);
  if (target.action == "_search/scroll") return OnScroll(method, body);
  constexpr std::string_view kPipelines = "_ingest/pipeline/";
  if (std::string_view(target.action).substr(0, kPipelines.size()) == kPipelines) {
    const std::string name = target.action.substr(kPipelines.size());
    if (pipelines_.count(name) == 0) return FakeAnswer::Json(404, "{}");
    return FakeAnswer::Json(200, fmt::format(R"({{"{}":{}}})", name, pipelines_[name]));
  }
  if (target.action.empty() && !target.index.empty()) return OnIndex(target, method, body);
  if (IsDocument(target.action)) return OnDocument(target, method, body);
  FakeIndex* index = Find(target.index);
  if (index == nullptr && !target.index.empty()) return NoIndex(target.index);
  if (index != nullptr && index->IsClosed()) {
    return FakeAnswer::Json(400, fmt::format(R"({{{},"status":400}})", ClosedError(target.index)));
  }
  if (index != nullptr && target.action == "_search") return OnSearch(target, body);
  if (index != nullptr && target.action == "_mapping") return OnMapping(*index, body);
  if (index != nullptr && target.action == "_refresh") {
    index->Refresh();
    return FakeAnswer::Json(200, R"({"_shards":{"failed":0}})");
  }
  if (index != nullptr && target.action == "_count") {
    const auto json = ParseJson(body.empty() ? "{}" : body, "body");
    const FakeSearch found = SearchFakeIndex(*index, *json);
    if (!found.refused.empty()) return Refuse(400, "parsing_exception", found.refused);
    return FakeAnswer::Json(
        200, fmt::format(R"({{"count":{},"_shards":{{"failed":0}}}})", found.hits.size()));
  }
  return FakeAnswer::Json(
      400, fmt::format(R"({{"error":"no handler found for uri [{}] and method [{}]"}})",
                       target.action, method));
}

FakeAnswer FakeElastic::OnIndex(const FakeElasticTarget& target, std::string_view method,
                                std::string_view body) {
  const auto alias = aliases_.find(target.index);
  if (method == "DELETE") {
    DeleteIndex(target.index);
    return FakeAnswer::Json(200, R"({"acknowledged":true})");
  }
  if (method == "PUT") {
    if (Find(target.index) != nullptr) {
      return Refuse(400, "resource_already_exists_exception",
                    fmt::format("index [{}] already exists", target.index));
    }
    const auto json = ParseJson(body.empty() ? "{}" : body, "body");
    const Value* mappings = FindMember(*json, "mappings");
    CreateIndex(target.index, mappings == nullptr ? "{}" : JsonText(*mappings));
    if (const Value* aliases = FindMember(*json, "aliases")) {
      for (const auto& [name, options] : aliases->GetObject()) {
        AddAlias(std::string(View(name)), target.index);
      }
    }
    // An index whose settings say that it is hidden is none for names with wildcards.
    const Value* hidden = FindPath(*json, {"settings", "index", "hidden"});
    if (hidden != nullptr && hidden->IsBool() && hidden->GetBool()) {
      indices_[target.index].settings = R"("hidden":"true")";
    }
    if (const Value* settings = FindPath(*json, {"settings", "index"})) {
      SetShards(target.index, UintMember(*settings, "number_of_shards").value_or(1));
    }
    return FakeAnswer::Json(200, R"({"acknowledged":true,"shards_acknowledged":true})");
  }
  if (Find(target.index) == nullptr) return NoIndex(target.index);
  std::set<std::string> names{target.index};
  if (alias != aliases_.end()) names = alias->second;
  std::string text;
  for (const std::string& name : names) {
    const FakeIndex& index = indices_[name];
    const std::string history =
        index.history.empty() ? "" : fmt::format(R"(,"history":{{"uuid":"{}"}})", index.history);
    text += fmt::format(
        R"({}"{}":{{"aliases":{{{}}},"mappings":{},"settings":{{"index":{{"uuid":"{}","number_of_shards":"{}"{}{}{}}}}}}})",
        text.empty() ? "" : ",", name,
        alias == aliases_.end() ? "" : fmt::format(R"("{}":{{}})", target.index), index.mappings,
        index.uuid, index.shards, history, index.settings.empty() ? "" : ",", index.settings);
  }
  return FakeAnswer::Json(200, "{" + text + "}");
}

FakeAnswer FakeElastic::OnMapping(FakeIndex& index, std::string_view body) {
  rapidjson::Document mappings;
  mappings.Parse(index.mappings.data(), index.mappings.size());
  const auto patch = ParseJson(body, "body");
  // `_meta` is replaced as a whole.
  if (FindMember(*patch, "_meta") != nullptr) mappings.RemoveMember("_meta");
  static const Value kNone(rapidjson::kObjectType);
  const Value* properties = FindMember(*patch, "properties");
  for (const auto& [name, field] : (properties ? *properties : kNone).GetObject()) {
    const Value* found = FindPath(mappings, {"properties", View(name)});
    if (found != nullptr && StringMember(*found, "type") != StringMember(field, "type")) {
      return Refuse(400, "illegal_argument_exception",
                    fmt::format("mapper [{}] cannot be changed from type [{}] to [{}]", View(name),
                                StringMember(*found, "type"), StringMember(field, "type")));
    }
  }
  MergeJson(mappings, *patch, mappings.GetAllocator());
  index.mappings = JsonText(mappings);
  return FakeAnswer::Json(200, R"({"acknowledged":true})");
}

FakeAnswer FakeElastic::OnBulk(const FakeElasticTarget& target, std::string_view body,
                               const ElasticFault* fault) {
  bulk_sizes.push_back(body.size());
  if (body.size() > max_body_bytes) return FakeAnswer::Json(413, "");
  if (body.size() > max_gateway_bytes) return FakeAnswer::Broken(FakeAnswer::Transport::kReset);
  if (!forbidden_text.empty() && body.find(forbidden_text) != std::string_view::npos) {
    return FakeAnswer::Json(403, "<html><head><title>403 Forbidden</title></head></html>");
  }
  if (body.size() > max_breaker_bytes) {
    return Refuse(429, "circuit_breaking_exception", "[parent] Data too large");
  }
  const FakeBulk bulk = ReadFakeBulk(body);
  if (!bulk.error_type.empty()) return Refuse(400, bulk.error_type, bulk.error_reason);
  for (const FakeBulkOperation& operation : bulk.operations) {
    if (poison_ids.count(operation.id) > 0) {
      return Refuse(400, "illegal_argument_exception", "Malformed action/metadata line [7]");
    }
    if (garbling_ids.count(operation.id) > 0) return FakeAnswer::Json(200, "<html>blocked</html>");
  }
  FakeHits items;
  const bool pressed = std::any_of(
      bulk.operations.begin(), bulk.operations.end(),
      [this](const auto& operation) { return operation.source.size() > max_pressure_bytes; });
  for (const FakeBulkOperation& operation : bulk.operations) {
    if (pressed) {
      items.push_back(FailedItem(operation.operation, 429, "es_rejected_execution_exception",
                                 "rejected execution of primary operation"));
      continue;
    }
    items.push_back(BulkItem(operation, target, fault));
  }
  const bool fewer = fault != nullptr && fault->kind == ElasticFault::Kind::kFewerItems;
  return FakeAnswer::Json(200, fmt::format(R"({{"errors":false,"items":[{}]}})",
                                           Joined(items, fewer ? items.size() - 1 : items.size())));
}

std::string FakeElastic::BulkItem(const FakeBulkOperation& operation,
                                  const FakeElasticTarget& target, const ElasticFault* fault) {
  const std::string& verb = operation.operation;
  const bool struck = fault != nullptr && fault->kind == ElasticFault::Kind::kItemStatus &&
                      (fault->ids.empty() || fault->ids.count(operation.id) > 0);
  if (struck) return FailedItem(verb, fault->status, fault->type, fault->reason);
  if (read_only) {
    return FailedItem(verb, 429, "cluster_block_exception",
                      "index blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage "
                      "watermark, index has read-only-allow-delete block];");
  }
  const auto pipeline = target.parameters.find("pipeline");
  if (pipeline != target.parameters.end() && pipelines_.count(pipeline->second) == 0) {
    return FailedItem(verb, 400, "illegal_argument_exception",
                      fmt::format("pipeline with id [{}] does not exist", pipeline->second));
  }
  if (unmappable_ids.count(operation.id) > 0 && verb != "delete") {
    return FailedItem(verb, 400, "document_parsing_exception",
                      "[1:9] failed to parse field [size] of type [long]");
  }
  const std::string& name = operation.index.empty() ? target.index : operation.index;
  if (target.parameters.contains("require_alias") && !aliases_.contains(name)) {
    return FailedItem(verb, 404, "index_not_found_exception",
                      fmt::format("no such index [{}] and [require_alias] request flag is [true] "
                                  "and [{}] is not an alias",
                                  name, name));
  }
  FakeIndex& index = indices_[Resolve(name)];
  if (index.IsClosed()) {
    return fmt::format(R"({{"{}":{{"status":400,{}}}}})", verb, ClosedError(name));
  }
  if (vanishing_ids.erase(operation.id) > 0) index.Delete(operation.id);
  if (before_write) before_write(operation);
  const bool shows_result = Shows(target, "items.*.result");
  const bool whole = verb == "index" || verb == "create";
  if (whole && dropped_ids.count(operation.id) > 0) {
    return Item(verb, 200, shows_result ? "noop" : "");
  }
  if (const std::string conflict = ConflictOf(operation, index); !conflict.empty()) {
    return FailedItem(verb, 409, "version_conflict_engine_exception", conflict);
  }
  std::string item =
      ApplyItem(operation, index, Resolve(name),
                pipeline == target.parameters.end() ? "" : pipeline->second, shows_result);
  if (Shows(target, "items.*._seq_no")) AddVersion(operation, index, item);
  return item;
}

// An operation that nothing stands against.
std::string FakeElastic::ApplyItem(const FakeBulkOperation& operation, FakeIndex& index,
                                   const std::string& name, const std::string& pipeline,
                                   bool shows_result) {
  const std::string& verb = operation.operation;
  const auto item = [&](int status, std::string_view result) {
    return Item(verb, status, shows_result ? result : "");
  };
  const auto found = index.current.find(operation.id);
  const bool existed = found != index.current.end();
  rapidjson::Document json;
  if (verb != "delete") {
    auto parsed = ParseJson(operation.source, "source");
    if (!parsed || !parsed->IsObject()) {
      return FailedItem(verb, 400, "document_parsing_exception", "failed to parse");
    }
    json = std::move(*parsed);
  }
  if (verb == "update") {
    if (!existed && !BoolMember(json, "doc_as_upsert", false)) {
      return FailedItem(verb, 404, "document_missing_exception",
                        fmt::format("[{}]: document missing", operation.id));
    }
    rapidjson::Document merged;
    merged.SetObject();
    if (existed) merged.CopyFrom(found->second->json, merged.GetAllocator());
    MergeJson(merged, *FindMember(json, "doc"), merged.GetAllocator());
    if (existed && merged == found->second->json) return item(200, "noop");
    json = std::move(merged);
  }
  if (unbooked.empty() || name != unbooked) {
    writes_.push_back({name, operation.id, verb, operation.source, requests_});
  }
  if (verb == "delete") {
    index.Delete(operation.id);
    return existed ? item(200, "deleted") : item(404, "not_found");
  }
  if (verb != "update" && losing_lists.contains(operation.id)) {
    json.RemoveMember("_allow_access_control");
  }
  if (verb != "update" && through_pipeline && !pipeline.empty()) through_pipeline(pipeline, json);
  index.Write(operation.id, std::move(json));
  return existed ? item(200, "updated") : item(201, "created");
}

// Get, index and delete of one document (Elasticsearch: Get API, Index API, Delete API). What it
// gets was written last, refreshed or not.
FakeAnswer FakeElastic::OnDocument(const FakeElasticTarget& target, std::string_view method,
                                   std::string_view body) {
  const bool create = target.action.substr(0, kCreateDocument.size()) == kCreateDocument;
  const std::string id = target.action.substr(create ? kCreateDocument.size() : kDocument.size());
  if (method == "PUT") return PutDocument(target, id, create, body);
  const FakeIndex* index = Find(target.index);
  if (index == nullptr) return NoIndex(target.index);
  if (method != "GET") return Refuse(405, "illegal_argument_exception", "method not allowed");
  const auto found = index->current.find(id);
  if (found == index->current.end()) {
    return FakeAnswer::Json(
        404, fmt::format(R"({{"_index":"{}","_id":"{}","found":false}})", target.index, id));
  }
  const FakeDocument& document = *found->second;
  return FakeAnswer::Json(
      200, fmt::format(R"({{"_index":"{}","_id":"{}","_version":{},"_seq_no":{},)"
                       R"("_primary_term":{},"found":true,"_source":{}}})",
                       target.index, id, document.version, document.seq_no, kFakePrimaryTerm,
                       document.source));
}

// A write to an absent index makes it, with a mapping that takes any field.
FakeAnswer FakeElastic::PutDocument(const FakeElasticTarget& target, const std::string& id,
                                    bool create, std::string_view body) {
  FakeIndex& index = indices_[Resolve(target.index)];
  FakeBulkOperation operation{create ? "create" : "index", id, std::string(body), {}, 0, {}, {}};
  if (const auto seq_no = target.parameters.find("if_seq_no"); seq_no != target.parameters.end()) {
    operation.if_seq_no = std::stoull(seq_no->second);
    operation.if_primary_term = std::stoull(target.parameters.at("if_primary_term"));
  }
  if (before_write) before_write(operation);
  if (const std::string conflict = ConflictOf(operation, index); !conflict.empty()) {
    return Refuse(409, "version_conflict_engine_exception", conflict);
  }
  auto json = ParseJson(body, "source");
  if (!json || !json->IsObject()) return Refuse(400, "document_parsing_exception", "no object");
  if (const std::string field = FieldRefused(index, *json); !field.empty()) {
    return Refuse(
        400, "strict_dynamic_mapping_exception",
        fmt::format("mapping set to strict, dynamic introduction of [{}] within [_doc] is "
                    "not allowed",
                    field));
  }
  const bool existed = index.current.contains(id);
  if (unbooked.empty() || target.index != unbooked) {
    writes_.push_back(
        {Resolve(target.index), id, operation.operation, std::string(body), requests_});
  }
  index.Write(id, std::move(*json));
  const FakeDocument& written = *index.current.at(id);
  return FakeAnswer::Json(
      existed ? 200 : 201,
      fmt::format(R"({{"_index":"{}","_id":"{}","_version":{},"result":"{}","_seq_no":{},)"
                  R"("_primary_term":{}}})",
                  target.index, id, written.version, existed ? "updated" : "created",
                  written.seq_no, kFakePrimaryTerm));
}

FakeAnswer FakeElastic::OnMultiGet(const FakeElasticTarget& target, std::string_view body) const {
  const auto json = ParseJson(body, "body");
  const Value* ids = json ? FindMember(*json, "ids") : nullptr;
  if (ids == nullptr) return Refuse(400, "parsing_exception", "no ids");
  const FakeIndex* index = Find(target.index);
  const auto wanted = target.parameters.find("_source_includes");
  const auto unwanted = target.parameters.find("_source_excludes");
  const auto lists = [&](const auto& parameter, const std::string& field) {
    return ("," + parameter->second + ",").find("," + field + ",") != std::string::npos;
  };
  FakeHits docs;
  for (const Value& id : ids->GetArray()) {
    if (index == nullptr) {
      docs.push_back(ErrorText(404, "index_not_found_exception", "no such index"));
      continue;
    }
    if (index->IsClosed()) {
      docs.push_back(fmt::format("{{{}}}", ClosedError(target.index)));
      continue;
    }
    const auto document = index->current.find(std::string(View(id)));
    if (document == index->current.end()) {
      docs.emplace_back(R"({"found":false})");
      continue;
    }
    std::string version;
    if (Shows(target, "docs._seq_no")) {
      version = fmt::format(R"("_version":{},"_seq_no":{},"_primary_term":{},)",
                            document->second->version, document->second->seq_no, kFakePrimaryTerm);
    }
    std::string source;
    for (const auto& [name, value] : document->second->json.GetObject()) {
      const std::string field(View(name));
      if (wanted != target.parameters.end() && !lists(wanted, field)) continue;
      if (unwanted != target.parameters.end() && lists(unwanted, field)) continue;
      source += fmt::format(R"({}"{}":{})", source.empty() ? "" : ",", field, JsonText(value));
    }
    docs.push_back(fmt::format(R"({{{}"found":true,"_source":{{{}}}}})", version, source));
  }
  return FakeAnswer::Json(200, fmt::format(R"({{"docs":[{}]}})", Joined(docs, docs.size())));
}

FakeAnswer FakeElastic::OnSearch(const FakeElasticTarget& target, std::string_view body) {
  const auto json = ParseJson(body, "body");
  if (!json) return Refuse(400, "parsing_exception", json.error().message);
  if (target.parameters.count("scroll") > 0 && FindMember(*json, "track_total_hits") != nullptr) {
    return Refuse(400, "action_request_validation_exception",
                  "disabling [track_total_hits] is not allowed in a scroll context");
  }
  if (FindPath(*json, {"aggs", "last", "max"}) != nullptr) {
    return LastOf(*Find(target.index), FindMember(*json, "query"));
  }
  std::optional<std::size_t> shard;
  constexpr std::string_view kShards = "_shards:";
  if (const auto found = target.parameters.find("preference"); found != target.parameters.end()) {
    if (!found->second.starts_with(kShards)) {
      return Refuse(400, "illegal_argument_exception", "no Preference for [" + found->second + "]");
    }
    shard = std::stoull(found->second.substr(kShards.size()));
  }
  FakeSearch found =
      SearchFakeIndex(*Find(target.index), *json, target.parameters.count("scroll") > 0, shard);
  if (!found.exceeded.empty()) return AllShardsFailed(target.index, found.exceeded);
  if (!found.refused.empty()) return Refuse(400, "parsing_exception", found.refused);
  const std::size_t count = std::min(found.size, found.hits.size());
  std::string scroll;
  std::string total;
  if (target.parameters.count("scroll") > 0) {
    const std::string id = fmt::format("scroll-{}:{}", ++scroll_number_, found.size);
    scroll = fmt::format(R"("_scroll_id":"{}",)", id);
    total = fmt::format(R"("total":{{"value":{},"relation":"eq"}},)", found.hits.size());
    scrolls_[id].assign(found.hits.begin() + static_cast<std::ptrdiff_t>(count), found.hits.end());
  }
  return FakeAnswer::Json(
      200,
      fmt::format(R"({{{}"timed_out":false,"_shards":{{"failed":0}},"hits":{{{}"hits":[{}]}}}})",
                  scroll, total, Joined(found.hits, count)));
}

FakeAnswer FakeElastic::OnScroll(std::string_view method, std::string_view body) {
  const auto json = ParseJson(body, "body");
  const std::string id(StringMember(*json, "scroll_id"));
  const auto found = scrolls_.find(id);
  if (found == scrolls_.end()) {
    return Refuse(404, "search_context_missing_exception", "No search context found");
  }
  if (method == "DELETE") {
    scrolls_.erase(found);
    return FakeAnswer::Json(200, R"({"succeeded":true,"num_freed":1})");
  }
  FakeHits& hits = found->second;
  const std::size_t count =
      std::min<std::size_t>(hits.size(), std::stoul(id.substr(id.find(':') + 1)));
  const std::string page = Joined(hits, count);
  hits.erase(hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(count));
  return FakeAnswer::Json(
      200, fmt::format(R"({{"_scroll_id":"{}","timed_out":false,"_shards":{{"failed":0}},)"
                       R"("hits":{{"hits":[{}]}}}})",
                       id, page));
}

}  // namespace dbxes
