// SPDX-License-Identifier: Apache-2.0
#include "base/os/posix_file_system.h"
#include "cli/commands.h"
#include "cli/completions.h"
#include "cli/manual.h"

namespace dbxes::cli {
namespace {

Result<void> WriteFiles(const std::vector<GeneratedFile>& files, const std::string& folder) {
  PosixFileSystem file_system;
  for (const GeneratedFile& file : files) {
    TRY(file_system.ReplaceFile(folder + "/" + file.name, file.content, 0644));
  }
  return {};
}

Result<void> Generate(const std::string& kind, const std::string& folder) {
  if (kind == "man") return WriteFiles(ManualPages(), folder);
  if (kind == "completions") return WriteFiles(Completions(), folder);
  return Fail(ErrorKind::kUsage, "cannot generate '" + kind + "', only man or completions");
}

}  // namespace

ExitCode RunGenerate(const std::string& kind, const std::string& folder,
                     report::Reporter& reporter) {
  const auto done = Generate(kind, folder);
  if (done) return ExitCode::kOk;
  report::RunSummary summary;
  summary.command = "generate";
  summary.exit_code = ExitCodeFor(done.error());
  summary.message = done.error().ToLine();
  reporter.Summary(summary);
  return summary.exit_code;
}

}  // namespace dbxes::cli
