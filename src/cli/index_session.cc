// SPDX-License-Identifier: Apache-2.0
#include "cli/index_session.h"

#include <unistd.h>

#include "base/random.h"
#include "report/retries.h"
#include "report/terminal.h"

namespace dbxes::cli {

IndexSession::IndexSession(const config::Config& config, report::Reporter& reporter)
    : environment_(config.report.trace, reporter),
      loop_((*environment_).http, (*environment_).clock, (*environment_).stop_signal),
      client_(loop_, config.elasticsearch, config.sync,
              SeedOf((*environment_).seed, "elasticsearch"), report::RetriesAsDetails(reporter)) {}

bool ShowsBold() {
  static const bool shows = report::DetectTerminal(STDOUT_FILENO).color;
  return shows;
}

void PrintResult(std::vector<report::TextPart> line, report::Reporter& reporter) {
  for (report::TextPart& part : line) part.strong = part.strong && ShowsBold();
  reporter.PrintParts(line);
}

}  // namespace dbxes::cli
