// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include "cli/check_output.h"
#include "cli/commands.h"
#include "sync/run.h"

namespace dbxes {

ExitCode RunCheck(const LoadedConfig& loaded, Reporter& reporter) {
  ExitCode code = ExitCode::kOk;
  InRealEnvironment([&](Environment& outside) {
    const FileProbe probe = SystemFileProbe();
    CheckEnvironment environment{
        outside.files,       probe,
        outside.clock,       outside.http,
        outside.stop_signal, outside.seed,
        outside.pdftotext,   [&](const std::string& reason) { reporter.Detail(reason); }};
    const CheckReport report = RunCheckIn(environment, loaded);
    const OutputConfig& output = loaded.config.output;
    if (output.json) {
      reporter.Print(CheckJson(report));
    } else {
      for (const std::string& line : CheckLines(report, output.quiet)) reporter.Print(line);
    }
    code = report.code();
    return RunSummary{};
  });
  return code;
}

}  // namespace dbxes
