// SPDX-License-Identifier: Apache-2.0
// Converts the settings of Elastic's connector to those of dbx-es. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config_loader.h"

namespace dbxes::config {

struct ImportedConfig {
  std::string source;              // the file's name
  LoadedConfig settings;           // imported settings have an origin, "FILE:LINE"
  std::vector<std::string> notes;  // settings without a counterpart, and what to do about them
};

// `text` is the connector's config.yml, or a connector as Elasticsearch stores it for Kibana: a
// document of .elastic-connectors, or the response to GET _connector/ID or to a search. kConfig for
// other text.
Result<ImportedConfig> ImportConnector(std::string_view text, const std::string& name);

// The configuration file, with notes as comments. Without `with_secrets` it contains the origin of
// each secret instead.
std::string ImportedToml(const ImportedConfig& imported, bool with_secrets);

}  // namespace dbxes::config
