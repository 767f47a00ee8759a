// SPDX-License-Identifier: Apache-2.0
// The mappings of the two indices, as Elasticsearch's own templates have them: used where a cluster
// lacks the indices. A test compares them with the templates.
#pragma once

#include <string>

#include "connector/protocol_store.h"

namespace dbxes::connector {

// JSON.
std::string MappingOf(ProtocolIndex index);

}  // namespace dbxes::connector
