// SPDX-License-Identifier: Apache-2.0
// A process that reads one file after another: a parser process of this program, or dbx-es-pdf. It
// greets once, and answers each request with one message (parsers/worker_protocol.h).
#pragma once

#include <functional>
#include <memory>
#include <variant>

#include "base/http/event_loop.h"
#include "base/result.h"
#include "parsers/child_process.h"
#include "parsers/worker_protocol.h"

namespace dbxes::parsers {

using ServerMessage = std::variant<WorkerHello, WorkerAnswer, ReaderReport>;

class ServerProcess {
 public:
  struct Ending {
    int status = 0;        // from waitpid(2)
    bool greeted = false;  // it had started as it should
  };
  // Each may destroy the object.
  struct Events {
    std::function<void(const Confinement&)> on_greeting;
    // False: it is not what we wait for. A process that talks out of turn is killed.
    std::function<bool(const ServerMessage&)> on_message;
    std::function<void(const Ending&)> on_end;  // by itself, or because of Kill
  };

  // `started` if it is an error, kInternal if its socket cannot be watched.
  static Result<std::unique_ptr<ServerProcess>> Watch(EventLoop& loop, Result<ChildProcess> started,
                                                      Events events);
  // Kills it without an event.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Gives it a file, and the file for its text. If it has ended meanwhile, on_end follows.
  void Hand(DocumentForm form, const Descriptor& file, const Descriptor& text);
  // It may use this many more seconds of CPU.
  void LimitCpu(std::size_t seconds) const { process_.LimitCpu(seconds); }
  void Kill() const { process_.Kill(); }

 private:
  ServerProcess(EventLoop& loop, ChildProcess process, Events events);
  void OnReadable();

  EventLoop& loop_;
  ChildProcess process_;
  Events events_;
  bool greeted_ = false;
};

}  // namespace dbxes::parsers
