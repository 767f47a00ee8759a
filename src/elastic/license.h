// SPDX-License-Identifier: Apache-2.0
// Whether the cluster's licence includes document level security (Elasticsearch: subscriptions).
#pragma once

#include <string>

#include "base/result.h"
#include "elastic/client.h"

namespace dbxes::elastic {

// The licence's type when it does not include document level security ("basic"); "" when it does,
// or when it cannot be known: a key need not be allowed to look, and OpenSearch has no licences.
// Only a signal to stop is an error.
Result<std::string> LicenseWithoutDocumentSecurity(Client& client);

}  // namespace dbxes::elastic
