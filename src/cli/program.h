// SPDX-License-Identifier: Apache-2.0
// The program from arguments to exit code. The commands are parameters, so that tests need neither
// Dropbox nor Elasticsearch.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "base/http/http.h"
#include "cli/command_line.h"
#include "config/config_loader.h"
#include "report/text_reporter.h"

namespace dbxes::cli {

using Runner =
    std::function<ExitCode(const CommandLine&, const config::Config&, report::Reporter&)>;

struct ProgramContext {
  config::ConfigSources sources;
  report::ReportStreams streams;
  report::Terminal terminal;
  // Each reports its own summary.
  std::map<CommandId, Runner> runners;
  // The command check, which runs with a wrong configuration, too.
  std::function<ExitCode(const CommandLine&, const config::LoadedConfig&, report::Reporter&)>
      check = {};
  // The command init, which writes the configuration.
  std::function<ExitCode(const CommandLine&, const config::ConfigSources&, report::Reporter&)>
      init = {};
  // The command status with --all, which reads several configurations.
  std::function<ExitCode(const CommandLine&, const config::ConfigSources&, report::Reporter&)>
      status_of_all = {};
  // The client for pings; empty for libcurl.
  std::function<std::unique_ptr<Http>()> make_http = {};
};

// `arguments` without the program's name. With --json among them, it always prints exactly one JSON
// object on standard output.
ExitCode RunProgram(std::span<const std::string> arguments, const ProgramContext& context);

// Reports an exception that ended a command.
ExitCode ReportDefect(std::span<const std::string> arguments, const ProgramContext& context,
                      const std::string& what);

}  // namespace dbxes::cli
