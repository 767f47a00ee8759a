// SPDX-License-Identifier: Apache-2.0
// A file of Elastic's connectors, config.yml or an exported connector document: all that stands in
// it, one value after another. The only file that knows libyaml. No I/O.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dbxes::config {

struct ConnectorValue {
  std::string path;  // "elasticsearch.host", "connectors.0.service_type": nested or dotted, alike
  std::string text;
  bool is_null = false;
  std::size_t line = 0;
};

// YAML, and with it JSON. kConfig with the place when it is neither, or uses what such files have
// no use for (aliases, several documents). `name` is the path for messages.
Result<std::vector<ConnectorValue>> ParseConnectorFile(std::string_view text,
                                                       const std::string& name);

}  // namespace dbxes::config
