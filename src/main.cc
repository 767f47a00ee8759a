// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <string>
#include <vector>

#include "base/os/core_dumps.h"
#include "cli/commands.h"
#include "cli/program.h"
#include "parsers/worker_main.h"

namespace {

// The buffers of whole files have to go back to the system when they are freed. Left to itself, the
// allocator takes each for a reason to keep buffers of its size, and the heap fills with holes.
// What is smaller stays: to hand the same pages back and fetch them again takes longer than to use
// them.
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
  // Before any secret is read. The parsers of untrusted files have none to protect.
  dbxes::ForbidCoreDumps();
  KeepHeapSmall();
  // A closed pipe is an error to report, not a reason to die in the middle of a run.
  std::signal(SIGPIPE, SIG_IGN);
  // It asks for the state of things; where there is nothing to tell yet it must not end the run.
  std::signal(SIGUSR1, SIG_IGN);
  const dbxes::cli::ProgramContext context{
      .sources = dbxes::config::SystemSources(),
      .streams = {},
      .terminal = dbxes::report::DetectTerminal(STDERR_FILENO),
      .runners = {{CommandId::kAuth, dbxes::cli::RunAuth},
                  {CommandId::kFullSync, dbxes::cli::RunFullSync},
                  {CommandId::kIncremental, dbxes::cli::RunIncremental},
                  {CommandId::kAclSync, dbxes::cli::RunAclSync},
                  {CommandId::kExplain, dbxes::cli::RunExplain},
                  {CommandId::kStatus, dbxes::cli::RunStatus},
                  {CommandId::kValidateRules, dbxes::cli::RunReviewRules}},
      .check = dbxes::cli::RunCheck,
  };
  try {
    return static_cast<int>(dbxes::cli::RunProgram(arguments, context));
  } catch (const std::exception& defect) {
    return static_cast<int>(dbxes::cli::ReportDefect(arguments, context, defect.what()));
  }
}
