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
constexpr std::string_view kForm = "form";  // below it: values that dbx-es has put into the form
constexpr std::string_view kConfiguration = "configuration";
constexpr std::string_view kNeedsConfiguration = "needs_configuration";
constexpr std::string_view kStates[] = {"created", "needs_configuration", "configured", "connected",
                                        "error"};
// Without rules of its own, a connector takes everything.
constexpr std::string_view kRules =
    R"({{"advanced_snippet":{{"value":{{}},"created_at":"{0}","updated_at":"{0}"}},)"
    R"("rules":[{{"id":"DEFAULT","field":"_","policy":"include","rule":"regex","value":".*",)"
    R"("order":0,"created_at":"{0}","updated_at":"{0}"}}],)"
    R"("validation":{{"state":"valid","errors":[]}}}})";
// `{0}`: whether Kibana offers an editor for sync rules.
constexpr std::string_view kFeatures =
    R"({{"sync_rules":{{"basic":{{"enabled":{0}}},"advanced":{{"enabled":{0}}}}},)"
    R"("document_level_security":{{"enabled":true}},"incremental_sync":{{"enabled":true}},)"
    R"("native_connector_api_keys":{{"enabled":false}}}})";
constexpr std::string_view kFeaturesMember = "features";
constexpr std::string_view kRulesFeature = "sync_rules";
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

// What a run would have to guess otherwise.
std::string WrongRules(const rapidjson::Value& source) {
  const rapidjson::Value* filtering = FindMember(source, "filtering");
  if (filtering == nullptr || filtering->Empty()) return "";
  const rapidjson::Value& domain = (*filtering)[0];
  if (!domain.IsObject()) return "its member filtering[0] is not an object";
  const rapidjson::Value* active = FindMember(domain, "active");
  if (active == nullptr || active->IsObject()) return "";
  return "its member filtering[0].active is not an object";
}

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
  if (const std::string wrong = WrongRules(source); !wrong.empty()) return wrong;
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

// Whether `found` says all that `wanted` says. An update adds members and takes none away, so what
// else is there stays.
bool Says(const rapidjson::Value& found, const rapidjson::Value& wanted) {
  if (!found.IsObject() || !wanted.IsObject()) return found == wanted;
  const auto members = wanted.GetObject();
  return std::all_of(members.begin(), members.end(), [&found](const auto& member) {
    const auto same = found.FindMember(member.name);
    return same != found.MemberEnd() && Says(same->value, member.value);
  });
}

// Kibana offers the editors that this member allows, and only connectors write it.
void CorrectFeatures(const rapidjson::Value& source, const rapidjson::Value& wanted,
                     rapidjson::Value& missing, Completion& completion, Allocator& allocator) {
  const rapidjson::Value* found = FindPath(source, {kFeaturesMember, kRulesFeature});
  const rapidjson::Value* right = FindPath(wanted, {kFeaturesMember, kRulesFeature});
  if (found == nullptr || !found->IsObject() || Says(*found, *right)) return;
  rapidjson::Value features(rapidjson::kObjectType);
  features.AddMember("sync_rules", rapidjson::Value(*right, allocator), allocator);
  if (missing.HasMember("features")) {
    rapidjson::Value& others = missing["features"];
    others.RemoveMember("sync_rules");
    others.AddMember("sync_rules", features["sync_rules"], allocator);
  } else {
    missing.AddMember("features", features, allocator);
  }
  completion.added.emplace_back("features.sync_rules");
}

bool IsEmpty(const rapidjson::Value* value) {
  return value == nullptr || (value->IsString() && value->GetStringLength() == 0);
}

// Brings one field of the form to what `wanted` says about where its value is. A value is replaced
// only if it is empty or dbx-es has put it there (`ours`).
rapidjson::Value CorrectField(const rapidjson::Value& field, const rapidjson::Value& wanted,
                              const rapidjson::Value* ours, Allocator& allocator) {
  rapidjson::Value changes(rapidjson::kObjectType);
  const bool local = IsLocalField(wanted);
  if (!local && !IsLocalField(field)) return changes;
  for (const char* property : {"tooltip", "required"}) {
    const rapidjson::Value* found = FindMember(field, property);
    if (found != nullptr && *found == wanted[property]) continue;
    changes.AddMember(rapidjson::StringRef(property), rapidjson::Value(wanted[property], allocator),
                      allocator);
  }
  const rapidjson::Value* value = FindMember(field, "value");
  const bool may = IsEmpty(value) || (ours != nullptr && *value == *ours);
  if (local && may && !IsEmpty(&wanted["value"]) &&
      (value == nullptr || *value != wanted["value"])) {
    changes.AddMember("value", rapidjson::Value(wanted["value"], allocator), allocator);
  }
  return changes;
}

// Adds changes of fields to those of the connector.
void MergeForm(const rapidjson::Value& form, rapidjson::Value& missing, Allocator& allocator) {
  if (form.ObjectEmpty()) return;
  const auto member = [&allocator](rapidjson::Value& object,
                                   const rapidjson::Value& name) -> rapidjson::Value& {
    if (!object.HasMember(name)) {
      object.AddMember(rapidjson::Value(name, allocator), rapidjson::Value(rapidjson::kObjectType),
                       allocator);
    }
    return object[name];
  };
  rapidjson::Value& into = member(missing, rapidjson::Value("configuration"));
  for (const auto& [name, changes] : std::as_const(form).GetObject()) {
    rapidjson::Value& properties = member(into, name);
    for (const auto& [property, value] : changes.GetObject()) {
      properties.RemoveMember(property);
      properties.AddMember(rapidjson::Value(property, allocator),
                           rapidjson::Value(value, allocator), allocator);
    }
  }
}

// The form says which settings dbx-es has from elsewhere.
void CorrectForm(const rapidjson::Value& source, const rapidjson::Value& wanted,
                 rapidjson::Value& missing, Completion& completion, Allocator& allocator) {
  const rapidjson::Value* fields = FindMember(source, kConfiguration);
  rapidjson::Value form(rapidjson::kObjectType);
  rapidjson::Value published(rapidjson::kObjectType);
  for (const auto& [name, field] : wanted["configuration"].GetObject()) {
    const rapidjson::Value* found = fields == nullptr ? nullptr : FindMember(*fields, View(name));
    if (found == nullptr) {
      if (!IsEmpty(&field["value"])) {
        published.AddMember(rapidjson::Value(name, allocator),
                            rapidjson::Value(field["value"], allocator), allocator);
      }
      continue;
    }
    const rapidjson::Value* ours = FindPath(source, {kOurs, kForm, View(name)});
    rapidjson::Value changes = CorrectField(*found, field, ours, allocator);
    if (changes.ObjectEmpty()) continue;
    if (changes.HasMember("value")) {
      published.AddMember(rapidjson::Value(name, allocator),
                          rapidjson::Value(changes["value"], allocator), allocator);
    }
    form.AddMember(rapidjson::Value(name, allocator), changes, allocator);
    completion.added.push_back(
        fmt::format("{}.{} (where its value is)", kConfiguration, View(name)));
  }
  // What the field lacks besides is there already.
  MergeForm(form, missing, allocator);
  if (published.ObjectEmpty()) return;
  rapidjson::Value note(rapidjson::kObjectType);
  note.AddMember("form", published, allocator);
  missing.AddMember("dbx_es", note, allocator);
}

// What a connector that is not yet configured is now; "" if it stays as it is.
std::string_view StatusAfter(const rapidjson::Value& source, std::string_view wanted) {
  const std::string_view status = StringMember(source, "status");
  const bool waits = status.empty() || status == "created" || status == kNeedsConfiguration;
  return waits && status != wanted ? wanted : std::string_view();
}

// Values that `register` puts into the form.
void WriteForm(JsonWriter& writer, const config::Config& config) {
  JsonBuffer buffer;
  JsonWriter schema(buffer);
  WriteSchema(schema, config);
  rapidjson::Document fields;
  fields.Parse(buffer.GetString(), buffer.GetSize());
  writer.StartObject();
  for (const auto& [name, field] : std::as_const(fields).GetObject()) {
    if (IsEmpty(&field["value"])) continue;
    WriteKey(writer, View(name));
    field["value"].Accept(writer);
  }
  writer.EndObject();
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
  WriteRaw(writer, kFeaturesMember, fmt::format(kFeatures, config.UsesKibanaRules()));
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
  WriteText(writer, "status", MissingFields(config).empty() ? "configured" : kNeedsConfiguration);
  WriteFlag(writer, "sync_now", false);
  WriteKey(writer, kOurs);
  writer.StartObject();
  WriteText(writer, "registered_at", now);
  WriteText(writer, "version", kVersion);
  WriteKey(writer, kForm);
  WriteForm(writer, config);
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
  CorrectFeatures(source, complete, missing, completion, complete.GetAllocator());
  CorrectForm(source, complete, missing, completion, complete.GetAllocator());
  const std::string status(StatusAfter(source, StringMember(complete, "status")));
  if (!status.empty()) {
    missing.RemoveMember("status");
    missing.AddMember("status", rapidjson::Value(status, complete.GetAllocator()),
                      complete.GetAllocator());
    completion.added.push_back("status " + status);
  }
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  missing.Accept(writer);
  completion.changes = std::string(View(buffer));
  return completion;
}

std::vector<std::string> MissingFields(const config::Config& config) {
  std::vector<std::string> labels;
  if (config.dropbox.app_key.empty()) labels.emplace_back("App Key");
  if (config.dropbox.refresh_token.empty()) labels.emplace_back("Refresh token");
  return labels;
}

bool IsOurs(const rapidjson::Value& source) {
  return FindPath(source, {kOurs, "registered_at"}) != nullptr;
}

}  // namespace dbxes::connector
