// SPDX-License-Identifier: Apache-2.0
// The life of the program from arguments to exit code. Commands come in from outside, so that this
// can be tested without Dropbox and Elasticsearch.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "base/http/http.h"
#include "cli/command_table.h"
#include "config/config_loader.h"
#include "report/text_reporter.h"

namespace dbxes::cli {

struct ProgramContext {
  config::ConfigSources sources;
  report::ReportStreams streams;
  report::Terminal terminal;
  // Each prints its own summary through the reporter.
  std::map<CommandId, std::function<ExitCode(const config::Config&, report::Reporter&)>> runners;
  // Of the command check, which is there for configurations that are wrong.
  std::function<ExitCode(const config::LoadedConfig&, report::Reporter&)> check = {};
  // For pings; the network's own when there is none.
  std::function<std::unique_ptr<Http>()> make_http = {};
};

// `arguments` without the program's name. With --json among them, exactly one JSON object is
// printed on standard output, whatever happens.
ExitCode RunProgram(std::span<const std::string> arguments, const ProgramContext& context);

// The last words of a run that an exception ended.
ExitCode ReportDefect(std::span<const std::string> arguments, const ProgramContext& context,
                      const std::string& what);

}  // namespace dbxes::cli
