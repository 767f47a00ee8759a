// SPDX-License-Identifier: Apache-2.0
// Secrets from other sources: files, output of commands, credentials of systemd. Part of the
// loader.
#pragma once

#include <string>

#include "config/config_loader.h"

namespace dbxes::config {

// Sets the value of a row, or adds a problem.
void ApplySetting(const OptionRow& row, const RawValue& value, LoadedConfig& loaded);

// Adds a warning if other users can read a file with secrets.
void WarnOfReaders(const ConfigSources& sources, const std::string& path, LoadedConfig& loaded);

// Sets each secret without a value from its *_file, its *_command or a credential of systemd; last
// the refresh token from the file of auth.
void ApplySecretSources(const LoadRequest& request, const ConfigSources& sources,
                        LoadedConfig& loaded);

}  // namespace dbxes::config
