// SPDX-License-Identifier: Apache-2.0
// The form that Kibana shows for the connector: the fields of Elastic's Dropbox connector. No I/O.
#pragma once

#include "base/json/json.h"
#include "config/config.h"

namespace dbxes::connector {

// Writes the member `configuration` of a connector, an object. Every field has all properties that
// Kibana's pages read unguarded. Secrets are never in it. A value that is not set is "", since
// Kibana saves no form that contains a null. A field whose setting has its value elsewhere
// (ConnectorConfig::local) says where, and may be empty.
void WriteSchema(JsonWriter& writer, const config::Config& config);

// Whether a field says so.
bool IsLocalField(const rapidjson::Value& field);

}  // namespace dbxes::connector
