// SPDX-License-Identifier: Apache-2.0
// What else an index is used for: it may keep what a program remembers, which documents would
// destroy, or hold documents of another program.
#pragma once

#include <string>
#include <string_view>

#include "base/json/json.h"
#include "base/result.h"
#include "elastic/client.h"

namespace dbxes::elastic {

// How the names of indices of identities begin, before that of the content index.
inline constexpr std::string_view kIdentitiesPrefix = ".search-acl-filter-";

// kConfig: the index of this name, or with these `mappings` (null for none), keeps a state of
// dbx-es, identities, or what Elastic's connectors remember.
Result<void> RefuseSystemIndex(std::string_view index, const rapidjson::Value* mappings);

// A sentence about the documents that neither dbx-es nor Elastic's connector wrote, and what
// becomes of them; "" if there are none, or once dbx-es keeps the index. Up to two requests. Where
// they cannot be counted, there is nothing to say.
std::string DocumentsOfOthers(Client& client, std::string_view index,
                              const rapidjson::Value& mappings, bool document_level_security);

}  // namespace dbxes::elastic
