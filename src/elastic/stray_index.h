// SPDX-License-Identifier: Apache-2.0
// An index that the cluster made by itself. When an index is deleted while a run writes to it, the
// next bulk request makes it again, without its mapping: dynamic mapping turns the fields that
// dbx-es searches into text. (Elasticsearch: Bulk API, "Automatically create data streams and
// indices"; there is no parameter that forbids it for one request.)
#pragma once

#include <string>

#include "base/result.h"
#include "elastic/client.h"
#include "elastic/index_identity.h"

namespace dbxes::elastic {

// Deletes the index of this name if nothing can be lost with it: it is not the index `left` that
// the last run left, the name is no alias, nobody keeps it, it has no setting that a person made,
// and every document in it was written by dbx-es. True if it was deleted. kPermission: the
// credential may not delete it (index privilege delete_index, or manage).
Result<bool> RemoveStrayIndex(Client& client, const std::string& name, const IndexIdentity& left);

}  // namespace dbxes::elastic
