// SPDX-License-Identifier: Apache-2.0
// Whether the cluster's licence includes document level security (Elasticsearch: subscriptions).
#pragma once

#include <string>

#include "base/result.h"
#include "elastic/client.h"

namespace dbxes::elastic {

// The licence's type if it does not include document level security ("basic"); "" if it does, or if
// it is unknown: a key may lack the privilege to read it, and OpenSearch has no licences. Only a
// signal to stop is an error.
Result<std::string> LicenseWithoutDocumentSecurity(Client& client);

}  // namespace dbxes::elastic
