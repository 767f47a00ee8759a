// SPDX-License-Identifier: Apache-2.0
// A file of Elastic's connectors, config.yml or an exported connector document, as a list of
// values. Only connector_file.cc uses libyaml. No I/O.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dbxes::config {

struct ConnectorValue {
  std::string
      path;  // "elasticsearch.host", "connectors.0.service_type": nested and dotted keys alike
  std::string text;
  bool is_null = false;
  std::size_t line = 0;
};

// Reads YAML, and so JSON. kConfig with line and column for other text, and for features that such
// files do not need (aliases, several documents). `name` is the path for messages.
Result<std::vector<ConnectorValue>> ParseConnectorFile(std::string_view text,
                                                       const std::string& name);

}  // namespace dbxes::config
