// SPDX-License-Identifier: Apache-2.0
// The form that Kibana shows for the connector: the fields of Elastic's Dropbox connector, with the
// values that dbx-es reads from its own configuration. No I/O.
#pragma once

#include "base/json/json.h"
#include "config/config.h"

namespace dbxes::connector {

// Writes the member `configuration` of a connector, an object. Every field has all properties that
// Kibana's pages read unguarded. Secrets are never in it. A value that is not set is "", since
// Kibana saves no form that contains a null.
void WriteSchema(JsonWriter& writer, const config::Config& config);

}  // namespace dbxes::connector
