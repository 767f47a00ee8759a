// SPDX-License-Identifier: Apache-2.0
#include "pdf/server.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include "content/charset.h"
#include "parsers/landlock.h"
#include "parsers/sandbox.h"
#include "parsers/worker_protocol.h"
#include "pdf/document.h"
#include "pdf/text_stream.h"

namespace dbxes::pdf {
namespace {

using parsers::ReceivedRequest;
using parsers::Unreadable;
using parsers::WorkerAnswer;

// Room for a ReaderReport around the answer.
constexpr std::size_t kMostAnswerBytes = parsers::kMostPacketBytes - 64;

// Memory that the server shares with the process of a file, for its answer, also for a
// first one without the text. The server reads it when that process has ended.
struct SharedAnswer {
  std::size_t size = 0;
  char bytes[kMostAnswerBytes] = {};
};

bool Say(const std::string& packet) {
  return ::send(parsers::kWorkerSocket, packet.data(), packet.size(), MSG_NOSIGNAL) >= 0;
}

WorkerAnswer AnswerTo(const ReceivedRequest& received, std::size_t text_bytes,
                      const std::function<void(const WorkerAnswer&)>& begun) {
  WorkerAnswer answer;
  const std::size_t size = received.request.file_bytes;
  const void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, received.file, 0);
  if (mapped == MAP_FAILED) {
    answer.failure = size == 0 ? Unreadable::kDamaged : Unreadable::kTooComplex;
    return answer;
  }
  TextStream text(received.text, text_bytes);
  parsers::ParseLimits limits;
  limits.max_text_bytes = text_bytes;
  return ReadDocument({static_cast<const char*>(mapped), size}, limits, text, begun);
}

// Interrupts waitpid(2) when a file has had its time.
volatile std::sig_atomic_t g_late = 0;

void OnAlarm(int) { g_late = 1; }

class Server {
 public:
  Server(const ServerSettings& settings, SharedAnswer& answer)
      : settings_(settings), answer_(answer), filter_(parsers::CompileReadingFilter()) {
    struct sigaction on_alarm {};
    on_alarm.sa_handler = OnAlarm;  // without SA_RESTART
    ::sigaction(SIGALRM, &on_alarm, nullptr);
  }

  bool has_filter() const { return !filter_.empty(); }

  // Reads the file in a process of its own. False if none can be started.
  bool Read(const ReceivedRequest& received) {
    answer_.size = 0;
    const pid_t server = ::getpid();
    const pid_t reader = ::fork();
    if (reader < 0) return false;
    if (reader == 0) ReadAndExit(received, server);
    const auto status = EndOf(reader);
    if (!status) return false;
    const std::size_t size = std::min(answer_.size, sizeof answer_.bytes);
    return Say(parsers::Encode(parsers::ReaderReport{*status, std::string(answer_.bytes, size)}));
  }

 private:
  // How the process ended, which is killed if that takes too long: what it has written by then is
  // kept, and so is what it had said of the file.
  std::optional<int> EndOf(pid_t reader) const {
    g_late = 0;
    // Again and again: the first one may come before the call that it is to interrupt.
    const itimerval times{{1, 0}, {static_cast<time_t>(settings_.wall_seconds), 0}};
    ::setitimer(ITIMER_REAL, &times, nullptr);
    int status = 0;
    bool failed = false;
    while (!failed && ::waitpid(reader, &status, 0) < 0) {
      failed = errno != EINTR;
      if (g_late != 0) ::kill(reader, SIGKILL);
    }
    const itimerval never{};
    ::setitimer(ITIMER_REAL, &never, nullptr);
    return failed ? std::nullopt : std::optional(status);
  }

  [[noreturn]] void ReadAndExit(const ReceivedRequest& received, pid_t server) {
    ::close(parsers::kWorkerSocket);
    const bool limited =
        parsers::LimitProcess({settings_.memory_bytes, settings_.cpu_seconds, settings_.text_bytes})
            .empty();
    // It may have ended before it could end this process with itself.
    if (::getppid() != server) ::_exit(parsers::kExitUnconfined);
    const bool confined = parsers::LoadFilter(filter_);
    if (settings_.must_confine && !(limited && confined)) ::_exit(parsers::kExitUnconfined);
    const auto store = [this](const WorkerAnswer& answer) { Store(answer); };
    store(AnswerTo(received, settings_.text_bytes, store));
    // Not exit(): its handlers could need calls that are forbidden now.
    ::_exit(0);
  }

  void Store(const WorkerAnswer& answer) {
    const std::string packet = parsers::Encode(answer);
    answer_.size = 0;  // of what is half written
    if (packet.size() > sizeof answer_.bytes) return;
    std::memcpy(answer_.bytes, packet.data(), packet.size());
    answer_.size = packet.size();
  }

  const ServerSettings& settings_;
  SharedAnswer& answer_;
  std::string filter_;
};

}  // namespace

int Serve(const ServerSettings& settings) {
  parsers::EndWithParent();
  // Before the process loses the right to open their modules and tables.
  content::LoadCharsets();
  LoadPoppler();
  // The tables of East Asian fonts are opened when a file needs one.
  const bool landlock =
      parsers::RestrictWithLandlock({"/usr/share/poppler", "/usr/local/share/poppler"});
  void* shared = ::mmap(nullptr, sizeof(SharedAnswer), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return parsers::kExitOutOfMemory;
  Server server(settings, *new (shared) SharedAnswer);
  if (settings.must_confine && !(landlock && server.has_filter())) return parsers::kExitUnconfined;
  if (!Say(parsers::Encode(parsers::WorkerHello{{landlock, server.has_filter()}}))) return 1;
  while (const auto received = parsers::ReceiveRequest(parsers::kWorkerSocket)) {
    const bool answered = server.Read(*received);
    ::close(received->file);
    ::close(received->text);
    if (!answered) return 1;
  }
  return 0;
}

}  // namespace dbxes::pdf
