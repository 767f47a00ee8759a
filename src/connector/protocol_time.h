// SPDX-License-Identifier: Apache-2.0
// Times in the documents of the protocol. No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/json/json.h"

namespace dbxes::connector {

// "2026-03-15T10:07:30.123Z". `micros`: UTC since 1970.
std::string FormatTime(std::int64_t micros);

// Microseconds since 1970 of what connectors, Kibana and the API write: ISO 8601 with or without a
// fraction and a zone (none is UTC), or milliseconds since 1970. Nothing for anything else.
std::optional<std::int64_t> ReadTime(const rapidjson::Value& value);

}  // namespace dbxes::connector
