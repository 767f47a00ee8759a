// SPDX-License-Identifier: Apache-2.0
#include "connector/connector_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/json/json_write.h"
#include "base/version.h"
#include "connector/connector_schema.h"
#include "connector/protocol_time.h"

namespace dbxes::connector {
namespace {

constexpr std::string_view kServiceType = "dropbox";
constexpr std::string_view kOurs = "dbx_es";
constexpr std::string_view kStates[] = {"created", "needs_configuration", "configured", "connected",
                                        "error"};
// Without rules of its own, a connector takes everything.
constexpr std::string_view kRules =
    R"({{"advanced_snippet":{{"value":{{}},"created_at":"{0}","updated_at":"{0}"}},)"
    R"("rules":[{{"id":"DEFAULT","field":"_","policy":"include","rule":"regex","value":".*",)"
    R"("order":0,"created_at":"{0}","updated_at":"{0}"}}],)"
    R"("validation":{{"state":"valid","errors":[]}}}})";
// dbx-es has its rules from a file, so Kibana offers no editor for them.
constexpr std::string_view kFeatures =
    R"({"sync_rules":{"basic":{"enabled":false},"advanced":{"enabled":false}},)"
    R"("document_level_security":{"enabled":true},"incremental_sync":{"enabled":true},)"
    R"("native_connector_api_keys":{"enabled":false}})";
constexpr std::string_view kSchedule = R"({"enabled":false,"interval":"0 0 0 * * ?"})";
// What nobody has set yet.
constexpr std::string_view kNulls[] = {"api_key_id",
                                       "api_key_secret_id",
                                       "description",
                                       "error",
                                       "language",
                                       "last_access_control_sync_error",
                                       "last_access_control_sync_scheduled_at",
                                       "last_access_control_sync_status",
                                       "last_deleted_document_count",
                                       "last_incremental_sync_scheduled_at",
                                       "last_indexed_document_count",
                                       "last_sync_error",
                                       "last_sync_scheduled_at",
                                       "last_sync_status",
                                       "last_synced",
                                       "sync_cursor"};

// The switches are those that documents have (documents/document.cc).
void WritePipeline(JsonWriter& writer, const std::string& name) {
  writer.Key("pipeline");
  if (name.empty()) {
    writer.Null();
    return;
  }
  writer.StartObject();
  WriteText(writer, "name", name);
  for (const char* flag : {"extract_binary_content", "reduce_whitespace", "run_ml_inference"}) {
    WriteFlag(writer, flag, true);
  }
  writer.EndObject();
}

tl::unexpected<Error> Unusable(const config::Config& config, std::string_view why) {
  return Fail(ErrorKind::kConfig, fmt::format("connector {}: {}", config.connector.id, why));
}

// Whether a member is absent, null or of the expected type. `path`: dots between members.
struct Shape {
  std::string_view path;
  rapidjson::Type type;
  std::string_view name;
};
constexpr Shape kShapes[] = {{"configuration", rapidjson::kObjectType, "an object"},
                             {"features", rapidjson::kObjectType, "an object"},
                             {"filtering", rapidjson::kArrayType, "an array"},
                             {"name", rapidjson::kStringType, "a text"},
                             {"pipeline", rapidjson::kObjectType, "an object"},
                             {"scheduling", rapidjson::kObjectType, "an object"},
                             {"service_type", rapidjson::kStringType, "a text"},
                             {"index_name", rapidjson::kStringType, "a text"},
                             {"status", rapidjson::kStringType, "a text"}};

std::string WrongShape(const rapidjson::Value& source) {
  for (const Shape& shape : kShapes) {
    const rapidjson::Value* found = FindMember(source, shape.path);
    if (found == nullptr || found->IsNull() || found->GetType() == shape.type) continue;
    return fmt::format("its member {} is not {}", shape.path, shape.name);
  }
  const std::string_view status = StringMember(source, "status");
  if (!status.empty() &&
      std::find(std::begin(kStates), std::end(kStates), status) == std::end(kStates)) {
    return fmt::format("its status \"{}\" is unknown", status);
  }
  const rapidjson::Value* configuration = FindMember(source, "configuration");
  if (configuration == nullptr || !configuration->IsObject()) return "";
  for (const auto& [name, field] : configuration->GetObject()) {
    if (!field.IsObject()) {
      return fmt::format("its member configuration.{} is not an object", View(name));
    }
  }
  return "";
}

using Allocator = rapidjson::Document::AllocatorType;

bool IsMissing(const rapidjson::Value& object, const rapidjson::Value& name) {
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() || found->value.IsNull();
}

// Members of `wanted` that `source` lacks, or has as null where a new connector has more.
rapidjson::Value Missing(const rapidjson::Value& source, const rapidjson::Value& wanted,
                         const std::string& path, Completion& completion, Allocator& allocator) {
  rapidjson::Value missing(rapidjson::kObjectType);
  for (const auto& [name, value] : wanted.GetObject()) {
    const auto found = source.FindMember(name);
    const bool absent = found == source.MemberEnd();
    const std::string place = path + std::string(View(name));
    if (absent || (IsMissing(source, name) && !value.IsNull())) {
      missing.AddMember(rapidjson::Value(name, allocator), rapidjson::Value(value, allocator),
                        allocator);
      completion.added.push_back(place);
    } else if (found->value.IsObject() && value.IsObject()) {
      rapidjson::Value inner = Missing(found->value, value, place + ".", completion, allocator);
      if (inner.MemberCount() == 0) continue;
      missing.AddMember(rapidjson::Value(name, allocator), inner, allocator);
    }
  }
  return missing;
}

bool WaitsForConfiguration(const rapidjson::Value& source) {
  const std::string_view status = StringMember(source, "status");
  return status == "created" || status == "needs_configuration";
}

}  // namespace

std::string NewConnector(const config::Config& config, const std::string& name,
                         std::int64_t micros) {
  const std::string now = FormatTime(micros);
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  for (const std::string_view key : kNulls) {
    WriteKey(writer, key);
    writer.Null();
  }
  writer.Key("configuration");
  WriteSchema(writer, config);
  WriteRaw(writer, "custom_scheduling", "{}");
  WriteFlag(writer, "deleted", false);
  WriteRaw(writer, "features", kFeatures);
  const std::string rules = fmt::format(kRules, now);
  WriteRaw(writer, "filtering",
           fmt::format(R"([{{"domain":"DEFAULT","active":{0},"draft":{0}}}])", rules));
  WriteText(writer, "index_name", config.elasticsearch.index);
  WriteFlag(writer, "is_native", false);
  WriteText(writer, "last_seen", now);
  WriteText(writer, "name", name);
  WritePipeline(writer, config.elasticsearch.pipeline);
  WriteRaw(writer, "scheduling",
           fmt::format(R"({{"full":{0},"incremental":{0},)"
                       R"("access_control":{0}}})",
                       kSchedule));
  WriteText(writer, "service_type", kServiceType);
  // dbx-es has all values itself, so there is nothing to enter in Kibana.
  WriteText(writer, "status", "configured");
  WriteFlag(writer, "sync_now", false);
  WriteKey(writer, kOurs);
  writer.StartObject();
  WriteText(writer, "registered_at", now);
  WriteText(writer, "version", kVersion);
  writer.EndObject();
  writer.EndObject();
  return std::string(View(buffer));
}

Result<void> CheckConnector(const rapidjson::Value& source, const config::Config& config,
                            bool registers) {
  if (BoolMember(source, "deleted", false)) {
    return Unusable(config, "it was deleted in Kibana; choose another id");
  }
  if (const std::string problem = WrongShape(source); !problem.empty()) {
    return Unusable(config, problem + "; fix the document, or choose another id");
  }
  const std::string_view service = StringMember(source, "service_type");
  if (!service.empty() && service != kServiceType) {
    return Unusable(config, fmt::format("it is one of the type {}, not {}", service, kServiceType));
  }
  if (BoolMember(source, "is_native", false)) {
    return Unusable(config, "it is managed by Elastic (is_native); convert it in Kibana");
  }
  const std::string_view index = StringMember(source, "index_name");
  const std::string& ours = config.elasticsearch.index;
  if (!index.empty() && index != ours) {
    return Unusable(config, fmt::format("it belongs to the index {}, but elasticsearch.index is {}",
                                        index, ours));
  }
  if (registers || !index.empty()) return {};
  return Unusable(config, "it has no index yet; run dbx-es connector register");
}

Error NoConnector(const config::Config& config) {
  Error error;
  error.kind = ErrorKind::kConfig;
  error.message = fmt::format("there is no connector {} in {}; run dbx-es connector register",
                              config.connector.id, config.elasticsearch.host);
  return error;
}

Completion Complete(const rapidjson::Value& source, const std::string& wanted) {
  rapidjson::Document complete;
  complete.Parse(wanted.data(), wanted.size());
  // Only a document that `register` has made says so.
  complete.RemoveMember(rapidjson::Value(rapidjson::StringRef(kOurs.data(), kOurs.size())));
  Completion completion;
  rapidjson::Value missing = Missing(source, complete, "", completion, complete.GetAllocator());
  if (WaitsForConfiguration(source)) {
    missing.AddMember("status", "configured", complete.GetAllocator());
    completion.added.emplace_back("status configured");
  }
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  missing.Accept(writer);
  completion.changes = std::string(View(buffer));
  return completion;
}

bool IsOurs(const rapidjson::Value& source) {
  return FindPath(source, {kOurs, "registered_at"}) != nullptr;
}

}  // namespace dbxes::connector
