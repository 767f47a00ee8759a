// SPDX-License-Identifier: Apache-2.0
// What Kibana's list of connectors shows of one (Kibana 8.14.1 and newer: connector status). No
// I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json/json.h"

namespace dbxes::connector {

struct Badge {
  std::string_view text;  // as Kibana has it
  bool bad = false;       // Kibana shows it in red
  std::string why;        // the red note of the connector's page; "" for none
};

// `micros`: now, UTC since 1970.
Badge BadgeOf(const rapidjson::Value& connector, std::int64_t micros);

}  // namespace dbxes::connector
