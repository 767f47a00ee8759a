// SPDX-License-Identifier: Apache-2.0
#include "elastic/index_identity.h"

#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <utility>

#include "base/http/url.h"
#include "base/json/json_write.h"

namespace dbxes::elastic {
namespace {

constexpr std::string_view kMember = "dbx_es";
constexpr std::string_view kFilterPath =
    "*.settings.index.uuid,*.settings.index.history.uuid,*.settings.index.number_of_shards,"
    "*.mappings._meta";

// One table for reading and writing.
struct KeeperRow {
  std::string_view name;
  std::string Keeper::*member;
};
constexpr KeeperRow kKeeperRows[] = {{"account", &Keeper::account}, {"email", &Keeper::email},
                                     {"path", &Keeper::path},       {"state", &Keeper::state},
                                     {"host", &Keeper::host},       {"since", &Keeper::since},
                                     {"version", &Keeper::version}};

std::optional<Keeper> KeeperIn(const rapidjson::Value& meta) {
  const rapidjson::Value* value = FindMember(meta, kMember);
  if (value == nullptr) return std::nullopt;
  Keeper keeper;
  for (const KeeperRow& row : kKeeperRows) keeper.*row.member = StringMember(*value, row.name);
  if (keeper.state.empty()) return std::nullopt;
  return keeper;
}

void WriteObject(JsonWriter& writer, const Keeper& keeper) {
  writer.StartObject();
  for (const KeeperRow& row : kKeeperRows) {
    WriteKey(writer, row.name);
    WriteString(writer, keeper.*row.member);
  }
  writer.EndObject();
}

// A mapping update replaces `_meta` as a whole, so what others keep there is sent along.
std::string MetaBody(std::string_view meta, const Keeper& keeper) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("_meta");
  writer.StartObject();
  const auto before = ParseJson(meta.empty() ? "{}" : meta, "_meta");
  if (before && before->IsObject()) {
    for (const auto& [name, value] : before->GetObject()) {
      if (View(name) == kMember) continue;
      WriteKey(writer, View(name));
      value.Accept(writer);
    }
  }
  WriteKey(writer, kMember);
  WriteObject(writer, keeper);
  writer.EndObject();
  writer.EndObject();
  return std::string(View(buffer));
}

std::string_view StringAt(const rapidjson::Value& object,
                          std::initializer_list<std::string_view> keys) {
  const rapidjson::Value* value = FindPath(object, keys);
  return value != nullptr && value->IsString() ? View(*value) : std::string_view();
}

}  // namespace

Error SeveralIndices(const std::string& name, const rapidjson::Value& indices) {
  std::string list;
  for (const auto& [index, description] : indices.GetObject()) {
    if (!list.empty()) list += ", ";
    list += View(index);
  }
  return {ErrorKind::kConfig,
          fmt::format("elasticsearch.index = \"{}\" means several indices ({}): name the one to "
                      "write to, or make the alias point to that one only",
                      name, list)};
}

Result<IndexReading> ReadIdentity(Client& client, const std::string& name,
                                  const SendOptions& options) {
  ElasticRequest request;
  request.method = "GET";
  request.target = fmt::format("/{}?filter_path={}", PercentEncode(name), kFilterPath);
  request.options = options;
  TRY_ASSIGN(const HttpResponse answer,
             WithContext(client.Call(std::move(request)), "reading the index's identity"));
  TRY_ASSIGN(const auto json, ParseJson(answer.body, "the answer about the index"));
  if (!json.IsObject() || json.MemberCount() == 0) {
    return Fail(ErrorKind::kTemporary,
                fmt::format("the answer about the index {} names no index", name));
  }
  if (json.MemberCount() > 1) return Fail(SeveralIndices(name, json));
  const auto& [index, description] = *json.MemberBegin();
  IndexReading reading;
  reading.index = View(index);
  reading.identity.uuid = StringAt(description, {"settings", "index", "uuid"});
  reading.identity.history = StringAt(description, {"settings", "index", "history", "uuid"});
  const std::string_view shards = StringAt(description, {"settings", "index", "number_of_shards"});
  std::from_chars(shards.data(), shards.data() + shards.size(), reading.shards);
  const rapidjson::Value* meta = FindPath(description, {"mappings", "_meta"});
  if (meta != nullptr && meta->IsObject() && meta->MemberCount() > 0) {
    reading.keeper = KeeperIn(*meta);
    reading.meta = JsonOf(*meta);
  }
  return reading;
}

Result<void> WriteKeeper(Client& client, const IndexReading& reading, const Keeper& keeper) {
  ElasticRequest request;
  request.method = "PUT";
  request.target = fmt::format("/{}/_mapping", PercentEncode(reading.index));
  request.body = std::make_shared<const std::string>(MetaBody(reading.meta, keeper));
  TRY(WithContext(client.Call(std::move(request)), "writing the keeper of the index"));
  return {};
}

}  // namespace dbxes::elastic
