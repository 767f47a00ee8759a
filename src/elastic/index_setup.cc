// SPDX-License-Identifier: Apache-2.0
#include "elastic/index_setup.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "base/http/url.h"
#include "base/json/json.h"
#include "elastic/index_identity.h"
#include "elastic/index_mapping.h"
#include "elastic/mapping_judge.h"
#include "elastic/meaning.h"
#include "elastic/other_use.h"
#include "elastic/settings_judge.h"

namespace dbxes::elastic {
namespace {

// A wrong address should show within seconds, not after the retries of a long run.
constexpr int kSetupRetries = 4;

ElasticRequest SetupRequest(std::string method, std::string target, std::string body = {}) {
  ElasticRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  if (!body.empty()) request.body = std::make_shared<const std::string>(std::move(body));
  request.options.max_retries = kSetupRetries;
  return request;
}

// The index behind a name: {concrete index: {aliases, mappings, settings}}; none if it is absent.
Result<std::optional<rapidjson::Document>> Look(Client& client, const std::string& name) {
  const Result<HttpResponse> answer =
      client.Call(SetupRequest("GET", fmt::format("/{}", PercentEncode(name))));
  if (!answer && IsMissingIndex(answer.error())) return std::nullopt;
  if (!answer) return Fail(WithContext(answer.error(), "reading the index"));
  auto json = ParseJson(answer->body, "its answer");
  if (!json || !json->IsObject() || json->MemberCount() == 0) {
    return Fail(ErrorKind::kConfig,
                fmt::format("elasticsearch.host does not answer like Elasticsearch: {}",
                            json ? "its answer names no index" : json.error().message));
  }
  return std::move(*json);
}

Result<void> CheckAlias(const std::string& name, std::string_view index,
                        const rapidjson::Value& description) {
  if (index.substr(0, 4) == ".ds-") {
    return Fail(ErrorKind::kConfig,
                fmt::format("elasticsearch.index = \"{}\" is a data stream, whose documents cannot "
                            "be replaced: name an index",
                            name));
  }
  if (FindPath(description, {"aliases", name, "filter"}) != nullptr) {
    return Fail(ErrorKind::kConfig,
                fmt::format("elasticsearch.index = \"{}\" is an alias with a filter, which hides "
                            "documents that must be compared and deleted: name the index \"{}\"",
                            name, index));
  }
  for (const std::string_view routing : {"index_routing", "search_routing"}) {
    if (FindPath(description, {"aliases", name, routing}) == nullptr) continue;
    return Fail(ErrorKind::kConfig,
                fmt::format("elasticsearch.index = \"{}\" is an alias with routing, which hides "
                            "documents of other shards: name the index \"{}\"",
                            name, index));
  }
  const rapidjson::Value* alias = FindPath(description, {"aliases", name});
  if (alias != nullptr && !BoolMember(*alias, "is_write_index", true)) {
    return Fail(ErrorKind::kConfig,
                fmt::format("elasticsearch.index = \"{}\" is an alias that may not be written to "
                            "(is_write_index is false): name the index \"{}\"",
                            name, index));
  }
  return {};
}

// Creates the index; false if another client was faster.
Result<bool> Create(Client& client, const std::string& name, std::string (*body)(bool)) {
  const auto create = [&](bool with_settings) {
    return client.Call(
        SetupRequest("PUT", fmt::format("/{}", PercentEncode(name)), body(with_settings)));
  };
  Result<HttpResponse> answer = create(/*with_settings=*/true);
  if (!answer && RejectsIndexSettings(answer.error())) answer = create(/*with_settings=*/false);
  if (answer) return true;
  if (IsExistingIndex(answer.error())) return false;
  return Fail(WithContext(answer.error(), fmt::format("creating the index \"{}\"", name)));
}

// Creates the index if Look did not find it; true if it did. Looks again if another client was
// faster.
Result<bool> CreateIfAbsent(Client& client, const std::string& name, std::string (*body)(bool),
                            std::optional<rapidjson::Document>& found) {
  if (found) return false;
  TRY_ASSIGN(const bool created, Create(client, name, body));
  if (!created) {
    TRY_ASSIGN(found, Look(client, name));
  }
  return created;
}

Result<void> CheckPipeline(Client& client, const std::string& pipeline) {
  const Result<HttpResponse> answer = client.Call(
      SetupRequest("GET", fmt::format("/_ingest/pipeline/{}", PercentEncode(pipeline))));
  // A key that may write through a pipeline is not always allowed to read it.
  if (answer || answer.error().kind == ErrorKind::kPermission) return {};
  if (answer.error().kind != ErrorKind::kNotFound) {
    return Fail(WithContext(answer.error(), "reading the ingest pipeline"));
  }
  return Fail(
      ErrorKind::kConfig,
      fmt::format("the ingest pipeline \"{}\" (elasticsearch.pipeline) does not exist", pipeline));
}

Result<IndexTarget> JudgeExisting(Client& client, const IndexRequest& request,
                                  const rapidjson::Document& found) {
  if (found.MemberCount() > 1) return Fail(SeveralIndices(request.index, found));
  const auto& [index, description] = *found.MemberBegin();
  TRY(CheckAlias(request.index, View(index), description));
  static const rapidjson::Value kNone(rapidjson::kObjectType);
  const rapidjson::Value* mappings = FindMember(description, "mappings");
  const rapidjson::Value* settings = FindMember(description, "settings");
  TRY(RefuseSystemIndex(View(index), mappings));
  TRY_ASSIGN(auto warnings, JudgeSettings(View(index), settings ? *settings : kNone));
  const MappingNeeds needs{request.document_level_security, !request.pipeline.empty()};
  TRY_ASSIGN(auto findings, JudgeMapping(View(index), mappings ? *mappings : kNone, needs));
  IndexTarget target;
  target.index = View(index);
  target.id_field = std::move(findings.id_field);
  target.added_fields = std::move(findings.missing);
  target.warnings = std::move(warnings);
  for (std::string& warning : findings.warnings) target.warnings.push_back(std::move(warning));
  std::string others = DocumentsOfOthers(client, target.index, mappings ? *mappings : kNone,
                                         request.document_level_security);
  if (!others.empty()) target.warnings.push_back(std::move(others));
  if (settings != nullptr) {
    target.default_pipeline = PipelineSetting(*settings, "default_pipeline");
    target.final_pipeline = PipelineSetting(*settings, "final_pipeline");
  }
  if (target.added_fields.empty() || !request.may_change) return target;
  TRY(WithContext(
      client.Call(SetupRequest("PUT", fmt::format("/{}/_mapping", PercentEncode(target.index)),
                               MappingBody(target.added_fields))),
      "adding fields to the index's mapping"));
  return target;
}

IndexTarget AbsentTarget(const std::string& index, std::string id_field, bool created) {
  IndexTarget target;
  target.index = index;
  target.id_field = std::move(id_field);
  target.existed = false;
  target.created = created;
  return target;
}

Result<void> JudgeOwnIndex(const std::string& name, const rapidjson::Document& found) {
  if (found.MemberCount() > 1) return Fail(SeveralIndices(name, found));
  const auto& [concrete, description] = *found.MemberBegin();
  const rapidjson::Value* settings = FindMember(description, "settings");
  if (settings == nullptr) return {};
  TRY(JudgeSettings(View(concrete), *settings));
  return {};
}

}  // namespace

Result<IndexTarget> PrepareIndex(Client& client, const IndexRequest& request) {
  TRY(RefuseSystemIndex(request.index, nullptr));
  TRY_ASSIGN(auto found, Look(client, request.index));
  if (!request.pipeline.empty() && request.looks_at_pipeline) {
    TRY(CheckPipeline(client, request.pipeline));
  }
  bool created = false;
  if (request.may_change) {
    TRY_ASSIGN(created, CreateIfAbsent(client, request.index, ContentIndexBody, found));
  }
  if (!found) return AbsentTarget(request.index, "id.keyword", created);
  return JudgeExisting(client, request, *found);
}

Result<bool> CheckOwnIndex(Client& client, const std::string& name) {
  TRY_ASSIGN(const auto found, Look(client, name));
  if (!found) return false;
  TRY(JudgeOwnIndex(name, *found));
  return true;
}

std::string AccessControlIndexName(const std::string& index) {
  return std::string(kIdentitiesPrefix) + index;
}

Result<IndexTarget> PrepareAccessControlIndex(Client& client, const std::string& index,
                                              bool may_change) {
  const std::string name = AccessControlIndexName(index);
  TRY_ASSIGN(auto found, Look(client, name));
  bool created = false;
  if (may_change) {
    TRY_ASSIGN(created, CreateIfAbsent(client, name, AccessControlIndexBody, found));
  }
  if (!found) return AbsentTarget(name, "id", created);
  TRY(JudgeOwnIndex(name, *found));
  const auto& [concrete, description] = *found->MemberBegin();
  IndexTarget target;
  target.index = View(concrete);
  const rapidjson::Value* mappings = FindMember(description, "mappings");
  if (mappings != nullptr) target.id_field = AccessControlIdField(*mappings);
  return target;
}

}  // namespace dbxes::elastic
