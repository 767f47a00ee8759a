// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include "cli/check_output.h"
#include "cli/commands.h"
#include "sync/run.h"

namespace dbxes::cli {

ExitCode RunCheck(const config::LoadedConfig& loaded, report::Reporter& reporter) {
  ExitCode code = ExitCode::kOk;
  sync::InRealEnvironment([&](sync::Environment& outside) {
    const FileProbe probe = SystemFileProbe();
    check::CheckEnvironment environment{
        outside.files,       probe,
        outside.clock,       outside.http,
        outside.stop_signal, outside.seed,
        outside.pdftotext,   [&](const std::string& reason) { reporter.Detail(reason); }};
    const check::CheckReport report = check::RunCheckIn(environment, loaded);
    const config::OutputConfig& output = loaded.config.output;
    if (output.json) {
      reporter.Print(CheckJson(report));
    } else {
      for (const std::string& line : CheckLines(report, output.quiet)) reporter.Print(line);
    }
    code = report.code();
  });
  return code;
}

}  // namespace dbxes::cli
