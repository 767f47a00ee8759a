// SPDX-License-Identifier: Apache-2.0
// Whether other users can change the files that settings name. Part of the loader.
#pragma once

#include <string>

#include "config/config_loader.h"

namespace dbxes::config {

// Whether anybody can change the file with a secret that `row` names. Adds the problem then.
// Members of a group count as trusted: volumes of Kubernetes belong to a group.
bool RefuseChangeable(const ConfigSources& sources, const OptionRow& row, const std::string& path,
                      LoadedConfig& loaded);

// Adds a warning for each file that is read and that other users can change: with rules or
// certificates, they decide what is deleted and whom we trust. A private key that anybody can
// change is a problem.
void CheckInputs(const ConfigSources& sources, LoadedConfig& loaded);

}  // namespace dbxes::config
