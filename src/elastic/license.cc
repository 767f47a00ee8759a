// SPDX-License-Identifier: Apache-2.0
#include "elastic/license.h"

#include "base/json/json.h"

namespace dbxes::elastic {

Result<std::string> LicenseWithoutDocumentSecurity(Client& client) {
  ElasticRequest request;
  request.method = "GET";
  request.target = "/_license";
  request.options.max_retries = 0;
  const auto answer = client.Call(std::move(request));
  if (!answer) {
    if (answer.error().kind == ErrorKind::kInterrupted) return Fail(answer.error());
    return std::string();
  }
  const auto body = ParseJson(answer->body, "the licence");
  const rapidjson::Value* license = body ? FindMember(*body, "license") : nullptr;
  if (license == nullptr) return std::string();
  const std::string type(StringMember(*license, "type"));
  return type == "basic" || type == "standard" || type == "gold" ? type : std::string();
}

}  // namespace dbxes::elastic
