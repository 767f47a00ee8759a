// SPDX-License-Identifier: Apache-2.0
// The values that people have saved in the form of a connector in Kibana. No I/O.
#pragma once

#include <string_view>

#include "base/json/json.h"
#include "config/config_loader.h"
#include "connector/protocol_store.h"

namespace dbxes::connector {

// The form of a connector that was read. A field that is empty has no value. Programs write numbers
// as 3, 3.0 and "3" alike.
config::ConnectorForm FormOf(const StoredDocument& connector);

// Whether somebody has filled in the field.
bool HasValue(const rapidjson::Value& connector, std::string_view field);

}  // namespace dbxes::connector
