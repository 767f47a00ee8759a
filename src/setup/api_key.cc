// SPDX-License-Identifier: Apache-2.0
#include "setup/api_key.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/json/json.h"
#include "elastic/index_setup.h"
#include "elastic/privileges.h"
#include "state/state_index.h"

namespace dbxes::setup {
namespace {

// With document level security and a state in the cluster as well, so that neither setting needs
// another key later.
std::vector<std::string> IndicesOf(const std::string& index) {
  return {index, elastic::AccessControlIndexName(index), state::StateIndexName(index)};
}

void WriteRole(JsonWriter& writer, const std::string& index) {
  writer.StartObject();
  WriteKey(writer, "cluster");
  writer.StartArray();
  WriteString(writer, elastic::kClusterPrivilege);
  writer.EndArray();
  WriteKey(writer, "indices");
  writer.StartArray();
  writer.StartObject();
  WriteKey(writer, "names");
  writer.StartArray();
  for (const std::string& name : IndicesOf(index)) WriteString(writer, name);
  writer.EndArray();
  WriteKey(writer, "privileges");
  writer.StartArray();
  for (const auto& privilege : elastic::kIndexPrivileges) WriteString(writer, privilege.name);
  writer.EndArray();
  writer.EndObject();
  writer.EndArray();
  writer.EndObject();
}

std::string Request(const std::string& index) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteKey(writer, "name");
  WriteString(writer, "dbx-es " + index);
  WriteKey(writer, "role_descriptors");
  writer.StartObject();
  WriteKey(writer, "dbx-es");
  WriteRole(writer, index);
  writer.EndObject();
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace

Result<config::Secret> MakeApiKey(elastic::Client& client, const config::Config& config) {
  elastic::ElasticRequest request;
  request.target = "/_security/api_key";
  request.body = std::make_shared<const std::string>(Request(config.elasticsearch.index));
  request.secrecy = Secrecy::kBodies;  // the answer is the key
  // Another try could make a second key.
  request.options.max_retries = 0;
  TRY_ASSIGN(const auto answer, client.Call(std::move(request)));
  TRY_ASSIGN(const auto json, ParseJson(answer.body, "the answer with the API key"));
  std::string encoded(StringMember(json, "encoded"));
  if (encoded.empty()) {
    return Fail(ErrorKind::kConfig, "the cluster made an API key but did not return it encoded");
  }
  return config::Secret(std::move(encoded));
}

}  // namespace dbxes::setup
