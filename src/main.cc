// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <string>
#include <vector>

#include "base/os/core_dumps.h"
#include "base/os/standard_streams.h"
#include "cli/commands.h"
#include "cli/kibana_form.h"
#include "cli/program.h"
#include "parsers/worker_main.h"

namespace {

// Returns freed buffers of whole files to the system. By default the allocator keeps them and the
// heap fragments. Smaller buffers stay, because getting the same pages again and again is slow.
void KeepHeapSmall() {
#ifdef M_MMAP_THRESHOLD
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  using dbxes::cli::CommandId;
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  if (const auto status = dbxes::parsers::RunAsParserProcess(arguments)) return *status;
  dbxes::OccupyStandardStreams();
  // Before any secret is read. Parser processes read none.
  dbxes::ForbidCoreDumps();
  KeepHeapSmall();
  // A closed pipe is a write error, and must not kill a run.
  std::signal(SIGPIPE, SIG_IGN);
  // It asks for the progress of a run; without one it must not kill the process.
  std::signal(SIGUSR1, SIG_IGN);
  dbxes::config::ConfigSources sources = dbxes::config::SystemSources();
  sources.read_form = dbxes::cli::ReadKibanaForm;
  const dbxes::cli::ProgramContext context{
      .sources = sources,
      .streams = {},
      .terminal = dbxes::report::DetectTerminal(STDERR_FILENO),
      .runners = {{CommandId::kAuth, dbxes::cli::RunAuth},
                  {CommandId::kFullSync, dbxes::cli::RunFullSync},
                  {CommandId::kIncremental, dbxes::cli::RunIncremental},
                  {CommandId::kAclSync, dbxes::cli::RunAclSync},
                  {CommandId::kVerify, dbxes::cli::RunVerify},
                  {CommandId::kExplain, dbxes::cli::RunExplain},
                  {CommandId::kExtract, dbxes::cli::RunExtract},
                  {CommandId::kSearch, dbxes::cli::RunSearch},
                  {CommandId::kList, dbxes::cli::RunList},
                  {CommandId::kShow, dbxes::cli::RunShow},
                  {CommandId::kFailures, dbxes::cli::RunFailures},
                  {CommandId::kState, dbxes::cli::RunState},
                  {CommandId::kConnector, dbxes::cli::RunConnector},
                  {CommandId::kStatus, dbxes::cli::RunStatus},
                  {CommandId::kValidateRules, dbxes::cli::RunReviewRules}},
      .check = dbxes::cli::RunCheck,
      .init = dbxes::cli::RunInit,
      .status_of_all = dbxes::cli::RunStatusOfAll,
  };
  try {
    return static_cast<int>(dbxes::cli::RunProgram(arguments, context));
  } catch (const std::exception& defect) {
    return static_cast<int>(dbxes::cli::ReportDefect(arguments, context, defect.what()));
  }
}
