// SPDX-License-Identifier: Apache-2.0
#include "parsers/server_process.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>

namespace dbxes::parsers {
namespace {

// The next message of a process; nothing yet, or none that is understood: a process that talks out
// of turn is no longer ours, and is killed. `closed`: it has ended.
std::optional<ServerMessage> Receive(const ChildProcess& process, bool& closed) {
  std::string packet(kMostPacketBytes, '\0');
  const ssize_t length =
      ::recv(process.socket(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_TRUNC);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  closed = length <= 0;
  if (closed) return std::nullopt;
  packet.resize(std::min(packet.size(), static_cast<std::size_t>(length)));
  auto message = Decode(packet);
  if (!message) process.Kill();
  return message;
}

}  // namespace

Result<std::unique_ptr<ServerProcess>> ServerProcess::Watch(EventLoop& loop,
                                                            Result<ChildProcess> started,
                                                            Events events) {
  if (!started) return Fail(started.error());
  // The constructor is private.
  std::unique_ptr<ServerProcess> server(
      new ServerProcess(loop, std::move(*started), std::move(events)));
  TRY(loop.OnReadable(server->process_.socket(), [&server = *server] { server.OnReadable(); }));
  return server;
}

ServerProcess::ServerProcess(EventLoop& loop, ChildProcess process, Events events)
    : loop_(loop), process_(std::move(process)), events_(std::move(events)) {}

ServerProcess::~ServerProcess() {
  loop_.Forget(process_.socket());
  process_.Kill();
}

void ServerProcess::Hand(DocumentForm form, const Descriptor& file, const Descriptor& text) {
  const WorkerRequest request{SizeOf(file), form};
  // If it has ended meanwhile, its socket becomes readable.
  SendRequest(process_.socket(), request, file.get(), text.get());
}

void ServerProcess::OnReadable() {
  bool closed = false;
  const auto message = Receive(process_, closed);
  if (closed) {
    loop_.Forget(process_.socket());
    const auto on_end = events_.on_end;  // may destroy us, and with us the original
    return on_end({process_.End(), greeted_});
  }
  if (!message) return;
  if (std::holds_alternative<WorkerHello>(*message) && !greeted_) {
    greeted_ = true;
    const auto on_greeting = events_.on_greeting;
    return on_greeting(std::get<WorkerHello>(*message).confinement);
  }
  const auto on_message = events_.on_message;
  if (!on_message(*message)) process_.Kill();
}

}  // namespace dbxes::parsers
