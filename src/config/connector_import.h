// SPDX-License-Identifier: Apache-2.0
// From the settings of Elastic's connector to those of dbx-es. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config_loader.h"

namespace dbxes::config {

struct ImportedConfig {
  std::string source;              // the file's name
  LoadedConfig settings;           // only what stood in the file has an origin, "FILE:LINE"
  std::vector<std::string> notes;  // what has no counterpart here and what to do about it
};

// `text` is the connector's config.yml, or a connector as Kibana and Elasticsearch keep it: a
// document of .elastic-connectors, the answer of GET _connector/ID or of a search for it. kConfig
// when it is neither.
Result<ImportedConfig> ImportConnector(std::string_view text, const std::string& name);

// The configuration file, notes as comments. Without `with_secrets` it says where secrets stand.
std::string ImportedToml(const ImportedConfig& imported, bool with_secrets);

}  // namespace dbxes::config
