// SPDX-License-Identifier: Apache-2.0
// Secrets that stand elsewhere: in files, in what commands print, in credentials of systemd. A part
// of the loader.
#pragma once

#include <string>

#include "config/config_loader.h"

namespace dbxes::config {

// Gives a row its value, or notes why it cannot have it.
void ApplySetting(const OptionRow& row, const RawValue& value, LoadedConfig& loaded);

// Warns of a file with secrets that others can read.
void WarnOfReaders(const ConfigSources& sources, const std::string& path, LoadedConfig& loaded);

// Gives each secret that has no value yet the one that a *_file, a *_command or a credential names;
// the file of auth comes last.
void ApplySecretSources(const LoadRequest& request, const ConfigSources& sources,
                        LoadedConfig& loaded);

}  // namespace dbxes::config
