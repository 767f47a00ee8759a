// SPDX-License-Identifier: Apache-2.0
// What each command does once its configuration is there. One file per command.
#pragma once

#include <string>

#include "base/exit_code.h"
#include "config/config.h"
#include "config/config_loader.h"
#include "report/reporter.h"

namespace dbxes::cli {

ExitCode RunFullSync(const config::Config& config, report::Reporter& reporter);
ExitCode RunIncremental(const config::Config& config, report::Reporter& reporter);
ExitCode RunAclSync(const config::Config& config, report::Reporter& reporter);
ExitCode RunAuth(const config::Config& config, report::Reporter& reporter);
ExitCode RunExplain(const config::Config& config, report::Reporter& reporter);

// Needs neither configuration nor network. `path` is "-" for standard input.
ExitCode RunValidateRules(const std::string& path, const config::OutputConfig& output,
                          report::Reporter& reporter);

// The same, and what Dropbox says to it: whether folders are there, and with Config::preview what
// the rules would do. The file is Config::arguments[0].
ExitCode RunReviewRules(const config::Config& config, report::Reporter& reporter);

// Both need no network. `path` is "-" for standard input; `target` is a new file for the result
// with its secrets, "" or "-" for standard output without them.
ExitCode RunConfigShow(const config::LoadedConfig& loaded, const config::OutputConfig& output,
                       report::Reporter& reporter);
ExitCode RunConfigImport(const std::string& path, const std::string& target,
                         const config::OutputConfig& output, const config::ConfigSources& sources,
                         report::Reporter& reporter);

// Looks at all that a run needs, and changes nothing.
ExitCode RunCheck(const config::LoadedConfig& loaded, report::Reporter& reporter);
// What the state folder tells of past runs.
ExitCode RunStatus(const config::Config& config, report::Reporter& reporter);

}  // namespace dbxes::cli
