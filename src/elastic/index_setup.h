// SPDX-License-Identifier: Apache-2.0
// Checks the target before a run and prepares it: creates the index with the mapping, adds the
// fields that an index of Elastic's connector lacks, and returns an error for a person if it cannot
// be used.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "elastic/client.h"

namespace dbxes::elastic {

struct IndexRequest {
  std::string index;                     // index or alias, as configured
  std::string pipeline;                  // "" for none
  bool looks_at_pipeline = true;         // a missing pipeline is an error
  bool document_level_security = false;  // `_allow_access_control.keyword` must be usable
  bool may_change = true;                // false: changes nothing (a dry run, `check`)
};

struct IndexTarget {
  std::string index;  // the concrete index behind the name
  // The field to sort by: "id.keyword"; "id" if it is mapped as keyword; "" if it is not mapped.
  std::string id_field;
  bool existed = true;
  bool created = false;
  std::vector<std::string>
      added_fields;                   // added to the mapping (or that would be, when only looking)
  std::vector<std::string> warnings;  // sentences: what will fail for some documents
  std::string default_pipeline;       // of the index itself; "" for none
  std::string final_pipeline;
};

// kConfig: the name means several indices or a data stream, a field does not fit (kMappingTag), the
// index is closed, blocked or limited (settings_judge.h), the pipeline is missing, the certificate
// is not trusted, or the host is not Elasticsearch. kAuth: wrong credential. kPermission: names the
// missing privilege. kTemporary: the host is down.
Result<IndexTarget> PrepareIndex(Client& client, const IndexRequest& request);

// The index of identity documents, `.search-acl-filter-<index>`: created when absent.
Result<IndexTarget> PrepareAccessControlIndex(Client& client, const std::string& index,
                                              bool may_change = true);
// Whether an index of dbx-es's own exists, changing nothing. kConfig if runs cannot use it, as of
// PrepareIndex.
Result<bool> CheckOwnIndex(Client& client, const std::string& name);
std::string AccessControlIndexName(const std::string& index);

}  // namespace dbxes::elastic
