// SPDX-License-Identifier: Apache-2.0
// Looks at the target before a run and makes it fit: creates the index with the mapping, adds the
// fields that an index of the older connector lacks, and says in words what stands in the way.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "elastic/client.h"

namespace dbxes::elastic {

struct IndexRequest {
  std::string index;                     // index or alias, as configured
  std::string pipeline;                  // "" for none
  bool document_level_security = false;  // `_allow_access_control.keyword` must be usable
  bool may_change = true;                // false: only look (a dry run, `doctor`)
};

struct IndexTarget {
  std::string index;  // the concrete index behind the name
  // To sort by: "id.keyword"; "id" where it is mapped as keyword; "" where it is not mapped.
  std::string id_field;
  bool existed = true;
  bool created = false;
  std::vector<std::string>
      added_fields;  // added to the mapping (or that would be, when only looking)
};

// kConfig: the name stands for several indices or a data stream, a field is mapped unusably, the
// pipeline is missing, the certificate is not trusted, or the host is no Elasticsearch. kAuth:
// wrong credential. kPermission: names the privilege that is missing. kTemporary: the host is down.
Result<IndexTarget> PrepareIndex(Client& client, const IndexRequest& request);

// The index of identity documents, `.search-acl-filter-<index>`: created when absent.
Result<IndexTarget> PrepareAccessControlIndex(Client& client, const std::string& index,
                                              bool may_change = true);
std::string AccessControlIndexName(const std::string& index);

}  // namespace dbxes::elastic
