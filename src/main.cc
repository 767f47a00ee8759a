// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <string>
#include <vector>

#include "base/core_dumps.h"
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
  using dbxes::CommandId;
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  if (const auto status = dbxes::RunAsParserProcess(arguments)) return *status;
  // Before any secret is read. The parsers of untrusted files have none to protect.
  dbxes::ForbidCoreDumps();
  KeepHeapSmall();
  // A closed pipe is an error to report, not a reason to die in the middle of a run.
  std::signal(SIGPIPE, SIG_IGN);
  // It asks for the state of things; where there is nothing to tell yet it must not end the run.
  std::signal(SIGUSR1, SIG_IGN);
  const dbxes::ProgramContext context{
      .sources = dbxes::SystemSources(),
      .streams = {},
      .terminal = dbxes::DetectTerminal(STDERR_FILENO),
      .runners = {{CommandId::kAuth, dbxes::RunAuth},
                  {CommandId::kFullSync, dbxes::RunFullSync},
                  {CommandId::kIncremental, dbxes::RunIncremental},
                  {CommandId::kAclSync, dbxes::RunAclSync},
                  {CommandId::kExplain, dbxes::RunExplain},
                  {CommandId::kStatus, dbxes::RunStatus},
                  {CommandId::kValidateRules, dbxes::RunReviewRules}},
      .check = dbxes::RunCheck,
  };
  try {
    return static_cast<int>(dbxes::RunProgram(arguments, context));
  } catch (const std::exception& defect) {
    return static_cast<int>(dbxes::ReportDefect(arguments, context, defect.what()));
  }
}
