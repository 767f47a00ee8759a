// SPDX-License-Identifier: Apache-2.0
// Runs a program of this system on a file of others, confined as parsers/sandbox.h says: it may
// read the system's folders and write to its standard output, and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/callback_scope.h"
#include "base/http/event_loop.h"
#include "base/os/descriptor.h"
#include "parsers/child_process.h"
#include "parsers/parsed_document.h"
#include "parsers/sandbox.h"

namespace dbxes::parsers {

struct ProgramOrder {
  std::string program;  // a path
  std::vector<std::string> arguments;
  ProcessLimits limits;
  Milliseconds wall_time{0};  // then it is ended
  bool must_confine = true;   // it does not run where it cannot be confined
};

struct ProgramEnd {
  int status = 0;     // as from waitpid(2)
  Descriptor output;  // what it has printed
};

// Why a process that read a file has ended, from that status, which is not 0.
Unreadable ReasonOfEnd(int status);

// One run after the other.
class ConfinedProgram {
 public:
  explicit ConfinedProgram(EventLoop& loop) : loop_(loop) {}
  // Ends the program, whose answer does not come any more.
  ~ConfinedProgram();
  ConfinedProgram(const ConfinedProgram&) = delete;
  ConfinedProgram& operator=(const ConfinedProgram&) = delete;

  // Its standard input is `input`, from its first byte on, or nothing. kInternal: it could not be
  // started or confined, which says nothing of the input.
  Pending<ProgramEnd> Run(const ProgramOrder& order, const Descriptor& input = {});

 private:
  Result<void> Start(const ProgramOrder& order, const Descriptor& input);
  void OnEnd();

  EventLoop& loop_;
  std::optional<ChildProcess> process_;
  Descriptor output_;
  std::string name_;
  Pending<ProgramEnd> answer_;
  std::optional<CallbackScope> deadline_;
};

}  // namespace dbxes::parsers
