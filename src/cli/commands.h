// SPDX-License-Identifier: Apache-2.0
// What each command does once its configuration is loaded. One file per command; the three syncs
// share sync.cc.
#pragma once

#include "base/exit_code.h"
#include "cli/command_line.h"
#include "config/config.h"
#include "config/config_loader.h"
#include "report/reporter.h"

namespace dbxes::cli {

ExitCode RunFullSync(const CommandLine& line, const config::Config& config,
                     report::Reporter& reporter);
ExitCode RunIncremental(const CommandLine& line, const config::Config& config,
                        report::Reporter& reporter);
ExitCode RunAclSync(const CommandLine& line, const config::Config& config,
                    report::Reporter& reporter);
ExitCode RunAuth(const CommandLine& line, const config::Config& config, report::Reporter& reporter);
ExitCode RunExplain(const CommandLine& line, const config::Config& config,
                    report::Reporter& reporter);
ExitCode RunExtract(const CommandLine& line, const config::Config& config,
                    report::Reporter& reporter);
ExitCode RunFailures(const CommandLine& line, const config::Config& config,
                     report::Reporter& reporter);
ExitCode RunList(const CommandLine& line, const config::Config& config, report::Reporter& reporter);
ExitCode RunShow(const CommandLine& line, const config::Config& config, report::Reporter& reporter);
ExitCode RunSearch(const CommandLine& line, const config::Config& config,
                   report::Reporter& reporter);
ExitCode RunState(const CommandLine& line, const config::Config& config,
                  report::Reporter& reporter);
ExitCode RunConnector(const CommandLine& line, const config::Config& config,
                      report::Reporter& reporter);
ExitCode RunStatus(const CommandLine& line, const config::Config& config,
                   report::Reporter& reporter);
// Of each configuration in a folder.
ExitCode RunStatusOfAll(const CommandLine& line, const config::ConfigSources& sources,
                        report::Reporter& reporter);
ExitCode RunVerify(const CommandLine& line, const config::Config& config,
                   report::Reporter& reporter);
ExitCode RunCheck(const CommandLine& line, const config::LoadedConfig& loaded,
                  report::Reporter& reporter);

// Loads the configuration that it writes.
ExitCode RunInit(const CommandLine& line, const config::ConfigSources& sources,
                 report::Reporter& reporter);

// Without --remote and --preview; needs neither configuration nor network.
ExitCode RunValidateRules(const CommandLine& line, report::Reporter& reporter);
// With --remote or --preview: also checks in Dropbox that folders exist, and what the rules would
// do.
ExitCode RunReviewRules(const CommandLine& line, const config::Config& config,
                        report::Reporter& reporter);

// Both need no network without a connector. Without --output, or with "-", secrets are not printed.
ExitCode RunConfigShow(const CommandLine& line, const config::LoadedConfig& loaded,
                       report::Reporter& reporter);
ExitCode RunConfigImport(const CommandLine& line, const config::ConfigSources& sources,
                         report::Reporter& reporter);

}  // namespace dbxes::cli
