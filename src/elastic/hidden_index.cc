// SPDX-License-Identifier: Apache-2.0
#include "elastic/hidden_index.h"

#include <fmt/format.h>

#include "elastic/meaning.h"
#include "elastic/single_document.h"

namespace dbxes::elastic {
namespace {

constexpr std::string_view kSettings =
    R"("settings":{"index":{"hidden":true,"number_of_shards":1,"auto_expand_replicas":"0-1"}},)";

}  // namespace

Result<HttpResponse> CreateHiddenIndex(Client& client, const std::string& target,
                                       std::string_view members, std::string_view what) {
  auto created =
      client.Call(JsonRequest("PUT", target, fmt::format("{{{}{}}}", kSettings, members), what));
  if (created || !RejectsIndexSettings(created.error())) return created;
  return client.Call(JsonRequest("PUT", target, fmt::format("{{{}}}", members), what));
}

}  // namespace dbxes::elastic
