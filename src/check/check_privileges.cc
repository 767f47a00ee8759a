// SPDX-License-Identifier: Apache-2.0
// Whether the credential has each privilege that runs need (Elasticsearch API: POST
// /_security/user/_has_privileges).
#include <fmt/format.h>

#include "base/json/json_write.h"
#include "check/check_parts.h"
#include "elastic/index_identity.h"
#include "elastic/index_setup.h"
#include "elastic/privileges.h"
#include "state/state_index.h"

namespace dbxes::check {
namespace {

using elastic::kIndexPrivileges;
using elastic::Privilege;

constexpr std::string_view kConnectorIndices = ".elastic-connectors*";
constexpr std::string_view kConnectorPrivileges[] = {"read", "write", "view_index_metadata"};

std::string Question(const std::vector<std::string>& indices, bool connector) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("index");
  writer.StartArray();
  writer.StartObject();
  writer.Key("names");
  writer.StartArray();
  for (const std::string& index : indices) WriteString(writer, index);
  writer.EndArray();
  writer.Key("privileges");
  writer.StartArray();
  for (const Privilege& privilege : kIndexPrivileges) WriteString(writer, privilege.name);
  writer.EndArray();
  // Also for names that begin with a dot.
  WriteFlag(writer, "allow_restricted_indices", false);
  writer.EndObject();
  if (connector) {
    writer.StartObject();
    WriteTexts(writer, "names", std::vector<std::string_view>{kConnectorIndices});
    WriteTexts(writer, "privileges", kConnectorPrivileges);
    WriteFlag(writer, "allow_restricted_indices", false);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  return std::string(View(buffer));
}

// All others are always needed.
bool IsNeeded(std::string_view privilege, IndexFindings index) {
  if (privilege == "create_index") return !index.exists;
  return privilege != "manage" || index.lacks_fields;
}

void ReportIndex(const std::string& name, IndexFindings index, const rapidjson::Value& granted,
                 CheckReport& report) {
  for (const Privilege& privilege : kIndexPrivileges) {
    const std::string line = fmt::format("privilege {}", privilege.name);
    if (BoolMember(granted, privilege.name, false)) {
      report.Ok(line, fmt::format("on {}", name));
    } else if (privilege.name == "manage" && index.lacks_keeper && !index.lacks_fields) {
      report.Warn(line,
                  fmt::format("the credential lacks it on {}: the index cannot name its keeper, so "
                              "another state that writes to it is not noticed",
                              name),
                  fmt::format("grant it the index privilege manage on {}", name));
    } else if (!IsNeeded(privilege.name, index)) {
      report.Ok(line, fmt::format("the credential lacks it on {}, but it is not needed now", name));
    } else {
      report.Problem(
          line, ExitCode::kAuthorization,
          fmt::format("the credential lacks it on {}; it is needed {}", name, privilege.purpose),
          fmt::format("grant it the index privilege {}, or all, on {}", privilege.name, name));
    }
  }
}

void ReportConnector(const rapidjson::Value& granted, CheckReport& report) {
  const rapidjson::Value* of_indices = FindMember(granted, kConnectorIndices);
  for (const std::string_view privilege : kConnectorPrivileges) {
    const std::string line = fmt::format("privilege {}", privilege);
    if (of_indices != nullptr && BoolMember(*of_indices, privilege, false)) {
      report.Ok(line, fmt::format("on {}", kConnectorIndices));
    } else {
      report.Problem(
          line, ExitCode::kAuthorization,
          fmt::format("the credential lacks it on {}; connector.id needs it", kConnectorIndices),
          fmt::format("grant it the index privilege {}, or all, on {}", privilege,
                      kConnectorIndices));
    }
  }
}

}  // namespace

void CheckPrivileges(elastic::Client& client, const config::Config& config, IndexFindings index,
                     CheckReport& report) {
  const config::ElasticsearchConfig& elastic = config.elasticsearch;
  if (elastic.api_key.empty() && elastic.username.empty() && elastic.client_cert.empty()) {
    return report.Ok("privileges", "not checked: there is no credential");
  }
  std::vector<std::string> indices{elastic.index};
  if (config.dropbox.use_document_level_security) {
    indices.push_back(elastic::AccessControlIndexName(elastic.index));
  }
  const bool in_cluster = config.sync.state == config::StateKind::kCluster;
  const std::string state_index = in_cluster ? state::StateIndexName(elastic.index) : "";
  if (in_cluster) indices.push_back(state_index);
  elastic::ElasticRequest request;
  request.target = "/_security/user/_has_privileges";
  request.body =
      std::make_shared<const std::string>(Question(indices, !config.connector.id.empty()));
  request.options.max_retries = 1;
  const auto answer = client.Call(std::move(request));
  if (!answer && answer.error().kind == ErrorKind::kInterrupted) return;
  const auto json = answer ? ParseJson(answer->body, "the answer")
                           : Result<rapidjson::Document>(Fail(answer.error()));
  const rapidjson::Value* granted = json ? FindMember(*json, "index") : nullptr;
  if (granted == nullptr) {
    // OpenSearch, or a cluster without security.
    return report.Ok("privileges", "unknown: this cluster does not report them");
  }
  static const rapidjson::Value kNone(rapidjson::kObjectType);
  for (const std::string& name : indices) {
    const rapidjson::Value* of_index = FindMember(*granted, name);
    IndexFindings findings = index;
    if (name == state_index) {
      findings = {.exists = elastic::ReadIdentity(client, name).has_value()};
    } else if (name != elastic.index) {
      const auto identities = elastic::PrepareAccessControlIndex(client, elastic.index, false);
      findings = {.exists = identities && identities->existed};
    }
    ReportIndex(name, findings, of_index == nullptr ? kNone : *of_index, report);
  }
  if (!config.connector.id.empty()) ReportConnector(*granted, report);
}

}  // namespace dbxes::check
