// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <string>
#include <vector>

#include "check/explain.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/wrap.h"

namespace dbxes::cli {
namespace {

constexpr std::size_t kIndent = 2;

std::vector<std::string> Wrapped(const std::vector<std::string>& answer) {
  std::vector<std::string> lines;
  for (const std::string& sentence : answer) {
    const std::string text = Wrap(sentence, 0, kIndent);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      lines.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  }
  return lines;
}

}  // namespace

ExitCode RunExplain(const CommandLine& line, const config::Config& config,
                    report::Reporter& reporter) {
  RealEnvironment environment(config.report.trace, reporter);
  report::RunSummary summary = check::RunExplanation(
      *environment, config, {line.values.Argument(0), line.values.Argument(1)}, reporter);
  // A program that reads it gets one sentence a line, or in JSON a string each.
  const bool for_people = !line.output.json && ::isatty(STDOUT_FILENO) != 0;
  if (for_people) summary.answer = Wrapped(summary.answer);
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace dbxes::cli
