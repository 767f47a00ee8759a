// SPDX-License-Identifier: Apache-2.0
#include "parsers/confined_program.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "parsers/worker_protocol.h"

namespace dbxes::parsers {

Unreadable ReasonOfEnd(int status) {
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  const bool limited = signal == SIGXCPU || signal == SIGKILL || signal == SIGXFSZ ||
                       (WIFEXITED(status) && WEXITSTATUS(status) == kExitOutOfMemory);
  return limited ? Unreadable::kTooComplex : Unreadable::kCrashed;
}

ConfinedProgram::~ConfinedProgram() {
  if (!process_) return;
  loop_.Forget(process_->socket());
  process_->Kill();
}

Pending<ProgramEnd> ConfinedProgram::Run(const ProgramOrder& order, const Descriptor& input) {
  answer_ = {};
  const Pending<ProgramEnd> answer = answer_;
  if (auto started = Start(order, input); !started) answer.Fulfil(Fail(started.error()));
  return answer;
}

Result<void> ConfinedProgram::Start(const ProgramOrder& order, const Descriptor& input) {
  name_ = order.program;
  TRY_ASSIGN(output_, MakeMemoryFile(""));
  if (input.is_open()) ::lseek(input.get(), 0, SEEK_SET);
  std::vector<std::string> arguments{std::string(kProgramCommand),
                                     std::to_string(order.limits.memory_bytes),
                                     std::to_string(order.limits.cpu_seconds),
                                     std::to_string(order.limits.output_bytes),
                                     std::string(order.must_confine ? kMustConfine : ""),
                                     order.program};
  arguments.insert(arguments.end(), order.arguments.begin(), order.arguments.end());
  TRY_ASSIGN(auto started, ChildProcess::Start(
                               arguments, {input.is_open() ? input.get() : -1, output_.get(), -1}));
  process_ = std::move(started);
  deadline_.emplace();
  // Its socket becomes readable when it has ended.
  loop_.After(order.wall_time, deadline_->Bind([this] { process_->Kill(); }));
  return loop_.OnReadable(process_->socket(), [this] { OnEnd(); });
}

// It sends nothing over its socket.
void ConfinedProgram::OnEnd() {
  loop_.Forget(process_->socket());
  deadline_.reset();
  ProgramEnd end{process_->End(), std::move(output_)};
  process_.reset();
  const int code = WIFEXITED(end.status) ? WEXITSTATUS(end.status) : 0;
  // The answer may make its receiver destroy us.
  const Pending<ProgramEnd> answer = answer_;
  if (code == kExitUnconfined || code == kExitNoProgram) {
    return answer.Fulfil(
        Fail(ErrorKind::kInternal, fmt::format("{} could not be {}", name_,
                                               code == kExitUnconfined ? "confined" : "started")));
  }
  answer.Fulfil(std::move(end));
}

}  // namespace dbxes::parsers
