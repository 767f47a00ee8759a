// SPDX-License-Identifier: Apache-2.0
// Writes the first configuration file, from flags, environment and the answers of the user.
#pragma once

#include <string>

#include "base/environment.h"
#include "config/config_loader.h"
#include "report/reporter.h"

namespace dbxes::setup {

struct FirstConfigOptions {
  std::string file;           // the new configuration file
  std::string app_key = {};   // "" to ask for it
  std::string username = {};  // makes an API key as this user; "": asks for a key first
};

// What a run with the written file would load. An existing file is never changed: kConfig. Nothing
// is written before every answer is valid and the cluster has made the API key, if it is to make
// one. The file is only for its owner, as is a folder that has to be made for it.
// `request` has the flags of the command line. Settings of the environment are used but not
// written.
Result<config::LoadedConfig> WriteFirstConfig(Environment& environment,
                                              const config::LoadRequest& request,
                                              const config::ConfigSources& sources,
                                              const FirstConfigOptions& options,
                                              report::Reporter& reporter);

}  // namespace dbxes::setup
