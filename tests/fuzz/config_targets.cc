// SPDX-License-Identifier: Apache-2.0
// The configuration file, files of Elastic's connector, and Cloud IDs.
#include <string>

#include "base/ascii.h"
#include "base/http/url.h"
#include "config/cloud_id.h"
#include "config/config_file.h"
#include "config/connector_file.h"
#include "config/connector_import.h"
#include "fuzz/fuzz_target.h"

namespace dbxes::fuzz {
namespace {

// Beyond ASCII, toml++ 3.3 reaches a point of its own that it declares unreachable, outside of
// strings (is_non_ascii_horizontal_whitespace, U+00A1 to U+0499): nothing that we can fix there.
void ReadConfig(std::string_view bytes) {
  if (!IsAscii(bytes)) return;
  const auto file = config::ParseConfigFile(bytes, "dbx-es.toml");
  if (!file) Require(!file.error().message.empty(), "a mistake has a message");
}

void ReadConnector(std::string_view bytes) {
  const auto values = config::ParseConnectorFile(bytes, "config.yml");
  if (!values) Require(!values.error().message.empty(), "a mistake has a message");
  const auto imported = config::ImportConnector(bytes, "config.yml");
  if (!imported) return;
  for (const bool with_secrets : {false, true}) {
    const std::string toml = config::ImportedToml(*imported, with_secrets);
    const auto file = config::ParseConfigFile(toml, "imported.toml");
    Require(file && file->problems.empty(), "what is imported is a configuration file");
  }
}

void ReadCloudId(std::string_view bytes) {
  const auto url = config::UrlOfCloudId(bytes);
  if (url) Require(ParseUrl(*url).has_value(), "a deployment has a URL");
}

const Registration cloud_id("cloud_id", ReadCloudId);
const Registration config_toml("config_toml", ReadConfig);
const Registration connector_file("connector_file", ReadConnector);

}  // namespace
}  // namespace dbxes::fuzz
