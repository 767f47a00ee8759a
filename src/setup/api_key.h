// SPDX-License-Identifier: Apache-2.0
// Makes the API key that runs use, as a user whose password is known (Elasticsearch API: POST
// /_security/api_key).
#pragma once

#include "config/config.h"
#include "config/secret.h"
#include "elastic/client.h"

namespace dbxes::setup {

// The encoded key. It may do what runs need, on the indices of these settings and no others. The
// client's credential is the user's. elastic::LacksApiKeys() knows the error of a cluster that
// makes none; kAuth and kPermission if the user may not.
Result<config::Secret> MakeApiKey(elastic::Client& client, const config::Config& config);

}  // namespace dbxes::setup
