// SPDX-License-Identifier: Apache-2.0
#include "parsers/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

#include "base/os/spawn.h"
#include "parsers/worker_protocol.h"

namespace dbxes::parsers {
namespace {

tl::unexpected<Error> Failed(const char* call, int reason) {
  return Fail(ErrorKind::kInternal,
              fmt::format("cannot start a parser process: {}: {}", call, std::strerror(reason)));
}

// A descriptor that becomes 0, 1, 2 or 3 of a child must not have one of these numbers here.
Descriptor AboveStandard(Descriptor file) {
  if (!file.is_open() || file.get() > kWorkerSocket) return file;
  return Descriptor(::fcntl(file.get(), F_DUPFD_CLOEXEC, kWorkerSocket + 1));
}

}  // namespace

Result<Descriptor> MakeMemoryFile(std::string_view bytes) {
  Descriptor file = AboveStandard(Descriptor(::memfd_create("dbx-es", MFD_CLOEXEC)));
  if (!file.is_open()) return Failed("memfd_create", errno);
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0) return Failed("write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  ::lseek(file.get(), 0, SEEK_SET);  // where a program starts to read it
  return file;
}

Result<std::string> ReadMemoryFile(const Descriptor& file, std::size_t max_bytes,
                                   std::uint64_t offset) {
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  if (size < 0) return Failed("lseek", errno);
  const std::uint64_t there = static_cast<std::uint64_t>(size);
  const std::uint64_t rest = there - std::min(there, offset);
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(max_bytes, rest)), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t length = ::pread(file.get(), bytes.data() + done, bytes.size() - done,
                                   static_cast<off_t>(offset + done));
    if (length < 0) return Failed("pread", errno);
    if (length == 0) break;  // the other process has made it shorter
    done += static_cast<std::size_t>(length);
  }
  bytes.resize(done);
  return bytes;
}

std::uint64_t SizeOf(const Descriptor& file) {
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  ::lseek(file.get(), 0, SEEK_SET);
  return static_cast<std::uint64_t>(std::max<off_t>(size, 0));
}

Result<Descriptor> MakeMemoryFileOf(std::size_t bytes) {
  Descriptor file =
      AboveStandard(Descriptor(::memfd_create("dbx-es", MFD_CLOEXEC | MFD_ALLOW_SEALING)));
  if (!file.is_open()) return Failed("memfd_create", errno);
  const bool sized = ::ftruncate(file.get(), static_cast<off_t>(bytes)) == 0 &&
                     ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) == 0;
  if (!sized) return Failed("memfd_create", errno);
  return file;
}

Result<ChildProcess> ChildProcess::Start(const std::vector<std::string>& arguments,
                                         const StandardStreams& streams) {
  return Spawned("/proc/self/exe", arguments, streams);
}

Result<ChildProcess> ChildProcess::StartProgram(const std::string& path,
                                                const std::vector<std::string>& arguments) {
  return Spawned(path, arguments, {});
}

Result<ChildProcess> ChildProcess::Spawned(const std::string& path,
                                           const std::vector<std::string>& arguments,
                                           const StandardStreams& streams) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Failed("socketpair", errno);
  }
  Descriptor ours(ends[0]);
  const Descriptor theirs = AboveStandard(Descriptor(ends[1]));
  Spawn spawn;
  spawn.Give(streams.input, STDIN_FILENO);
  spawn.Give(streams.output, STDOUT_FILENO);
  spawn.Give(streams.errors, STDERR_FILENO);
  spawn.Give(theirs.get(), kWorkerSocket);
  spawn.CloseFrom(kWorkerSocket + 1);
  spawn.EmptyEnvironment();
  std::vector<std::string> words{"dbx-es"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto pid = spawn.Start(path, std::move(words));
  if (!pid) return Failed("posix_spawn", pid.error());
  return ChildProcess(*pid, std::move(ours));
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) End();
}

void ChildProcess::LimitCpu(std::size_t seconds) const {
  clockid_t clock{};
  timespec used{};
  rlimit limit{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0 ||
      ::prlimit(pid_, RLIMIT_CPU, nullptr, &limit) != 0) {
    return;  // it has ended
  }
  limit.rlim_cur = std::min(limit.rlim_max, static_cast<rlim_t>(used.tv_sec) + 1 + seconds);
  ::prlimit(pid_, RLIMIT_CPU, &limit, nullptr);
}

void ChildProcess::Kill() const {
  // -1 would be every process that this user may kill.
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

int ChildProcess::End() {
  int status = 0;
  // A process that has closed its socket may be about to end by itself, and its status then says
  // more than our signal would: wait for the time of a few switches between processes.
  for (int tries = 0; tries < 100; ++tries) {
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended != 0) {
      pid_ = -1;
      return status;
    }
    ::usleep(1000);
  }
  Kill();
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return status;
}

}  // namespace dbxes::parsers
