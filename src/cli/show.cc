// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/index_session.h"
#include "cli/left_out.h"
#include "cli/outcome.h"
#include "find/document_view.h"

namespace dbxes::cli {

ExitCode RunShow(const CommandLine& line, const config::Config& config,
                 report::Reporter& reporter) {
  IndexSession session(config, reporter);
  const auto view =
      find::ReadDocument(session.client(), config.elasticsearch.index, line.values.Argument(0));
  if (!view) {
    const Error error = WithPattern(view.error(), config, line.values.Argument(0));
    return ReportOutcome("show", Fail(error), reporter);
  }
  if (line.output.json) {
    reporter.Print(find::ViewJson(*view));
    return ExitCode::kOk;
  }
  for (const std::string& text : find::ViewLines(*view, line.values.Has("--text"))) {
    reporter.Print(text);
  }
  return ExitCode::kOk;
}

}  // namespace dbxes::cli
