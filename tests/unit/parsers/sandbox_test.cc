// SPDX-License-Identifier: Apache-2.0
#include "parsers/sandbox.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/os/confinement_probe.h"
#include "parsers/capabilities.h"
#include "parsers/child_process.h"
#include "parsers/landlock.h"
#include "parsers/misdeeds.h"
#include "parsers/old_kernel.h"
#include "parsers/worker_main.h"
#include "parsers/worker_protocol.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMemory = std::size_t{256} << 20;
constexpr std::size_t kOutput = std::size_t{1} << 20;

bool OpensFile(const char* path, int flags) {
  const int file = ::open(path, flags, 0600);
  return file >= 0;
}

bool Connects() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  if (socket < 0) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // Refused by the other side is got through.
  return ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
         errno == ECONNREFUSED;
}

bool Forks() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  return child > 0;
}

bool Allocates() {
  std::vector<std::unique_ptr<std::vector<char>>> all;
  for (std::size_t sum = 0; sum < 2 * kMemory; sum += kOutput) {
    all.push_back(std::make_unique<std::vector<char>>(kOutput, 'x'));
  }
  return true;
}

bool WritesMuch() {
  const std::string bytes(kOutput, 'x');
  for (int times = 0; times < 2; ++times) {
    if (::write(STDOUT_FILENO, bytes.data(), bytes.size()) < 0) return false;
  }
  return true;
}

bool Spins() {
  volatile bool forever = true;
  while (forever) {
  }
  return true;
}

bool MakesCode() {
  return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
         MAP_FAILED;
}

bool SlowsTheParent() {
  return ::setpriority(PRIO_PROCESS, static_cast<id_t>(::getppid()),
                       ::getpriority(PRIO_PROCESS, static_cast<id_t>(::getppid()))) == 0;
}

bool BindsTheParent() {
  cpu_set_t processors;
  return ::sched_getaffinity(::getppid(), sizeof processors, &processors) == 0 &&
         ::sched_setaffinity(::getppid(), sizeof processors, &processors) == 0;
}

// A bit that the kernel ignores.
constexpr auto kAbove = static_cast<long>(std::uint64_t{1} << 32);

bool OwnsByFcntl(long above) {
  return ::syscall(SYS_fcntl, kWorkerSocket, above | F_SETOWN, ::getppid()) == 0;
}

bool OwnsByIoctl(long above) {
  const int parent = ::getppid();
  return ::syscall(SYS_ioctl, kWorkerSocket, above | FIOSETOWN, &parent) == 0;
}

std::string OutOfMemoryScore() {
  std::string score;
  std::ifstream("/proc/self/oom_score_adj") >> score;
  return score;
}

// Executes this program, which drops nothing itself.
bool HasCapabilitiesAfterExec() {
  ::execl("/proc/self/exe", "dbx-es", kMisdeedCommand, "unlimited", "have capabilities",
          static_cast<char*>(nullptr));
  return false;
}

constexpr std::string_view kCall = "call ";

bool CallsByName(const std::string& name) {
  constexpr long kNothing = -1;
  return ::syscall(seccomp_syscall_resolve_name(name.c_str()), kNothing, kNothing, kNothing,
                   kNothing, kNothing, kNothing) != -1;
}

const std::map<std::string, std::function<bool()>>& Deeds() {
  static const std::map<std::string, std::function<bool()>> deeds{
      {"nothing", [] { return true; }},
      {"read a system file", [] { return OpensFile("/usr/bin/env", O_RDONLY); }},
      {"read a file", [] { return OpensFile("/etc/passwd", O_RDONLY); }},
      {"write a file", [] { return OpensFile("/tmp/dbx-es-misdeed", O_WRONLY | O_CREAT); }},
      {"change a mode", [] { return ::fchmod(STDOUT_FILENO, 0666) == 0; }},
      {"change an owner", [] { return ::fchown(STDOUT_FILENO, ::getuid(), ::getgid()) == 0; }},
      {"set an attribute",
       [] { return ::fsetxattr(STDOUT_FILENO, "user.x", "y", 1, 0) == 0 || errno == ENOTSUP; }},
      {"remove an attribute",
       [] { return ::fremovexattr(STDOUT_FILENO, "user.x") == 0 || errno != EACCES; }},
      {"cut a file", [] { return ::ftruncate(STDOUT_FILENO, 0) == 0; }},
      {"connect", Connects},
      {"fork", Forks},
      {"execute", [] { return ::execl("/bin/true", "true", static_cast<char*>(nullptr)) == 0; }},
      {"kill the parent", [] { return ::kill(::getppid(), 0) == 0; }},
      {"kill a thread of the parent",
       [] { return ::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0) == 0; }},
      {"abort", [] { return std::abort(), true; }},
      {"slow the parent", SlowsTheParent},
      {"bind the parent", BindsTheParent},
      {"own by fcntl", [] { return OwnsByFcntl(0); }},
      {"own by fcntl above", [] { return OwnsByFcntl(kAbove); }},
      {"own by ioctl", [] { return OwnsByIoctl(0); }},
      {"own by ioctl above", [] { return OwnsByIoctl(kAbove); }},
      {"outlive the parent", [] { return ::prctl(PR_SET_PDEATHSIG, 0) == 0; }},
      {"have capabilities", HasCapabilities},
      {"be the last to go", [] { return OutOfMemoryScore() != "1000"; }},
      {"have capabilities after exec", HasCapabilitiesAfterExec},
      {"allocate", Allocates},
      {"write much", WritesMuch},
      {"spin", Spins},
      {"make code", MakesCode}};
  return deeds;
}

// As the process that becomes pdftotext, without Landlock.
[[noreturn]] void RunPdfOnOldKernel(std::string_view must_confine) {
  if (!ForgetLandlock() || MissingConfinement() != "Landlock") ::_exit(kRefused);
  const std::vector<std::string> arguments{
      std::string(kProgramCommand), "1073741824", "5", "1048576",
      std::string(must_confine),    "/bin/true"};
  ::_exit(RunAsParserProcess(arguments).value_or(kRefused));
}

// As the process that dbx-es-pdf starts for a file.
bool ConfineAsReader() {
  RestrictWithLandlock({"/usr/share/poppler"});
  return LoadFilter(CompileReadingFilter());
}

long LandlockVersion() { return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1); }
bool HasLandlock() { return LandlockVersion() >= 1; }

struct Outcome {
  int exit = -1;   // status, where it ended by itself
  int signal = 0;  // that ended it
};

Outcome Try(const std::string& where, const std::string& deed) {
  auto output = MakeMemoryFile("");
  REQUIRE(output);
  auto child = ChildProcess::Start({kMisdeedCommand, where, deed}, {-1, output->get(), -1});
  REQUIRE(child);
  char byte = 0;
  while (::recv(child->socket(), &byte, 1, 0) > 0) {
  }
  const int status = child->End();
  Outcome outcome;
  if (WIFEXITED(status)) outcome.exit = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
  return outcome;
}

}  // namespace

int RunMisdeed(const std::string& where, const std::string& deed) {
  if (where == "old kernel") RunPdfOnOldKernel(deed);
  if (where != "unlimited") LimitProcess({kMemory, 1, kOutput});
  if (where == "landlock" && !RestrictWithLandlock({})) ::_exit(kRefused);
  if (where == "worker") ConfineToDescriptors();
  if (where == "reader" && !ConfineAsReader()) ::_exit(kRefused);
  if (where == "pdf") ConfineToReading("/usr/bin/pdftotext");
  const bool done =
      deed.starts_with(kCall) ? CallsByName(deed.substr(kCall.size())) : Deeds().at(deed)();
  ::_exit(done ? kDone : kRefused);
}

TEST_CASE("a worker opens nothing, reaches nobody and starts nothing") {
  CHECK(Try("worker", "nothing").exit == kDone);
  CHECK(Try("worker", "read a system file").exit == kRefused);
  CHECK(Try("worker", "read a file").exit == kRefused);
  CHECK(Try("worker", "write a file").exit == kRefused);
  for (const char* deed : {"connect", "fork", "execute", "kill the parent", "make code"}) {
    CHECK_MESSAGE(Try("worker", deed).signal == SIGSYS, deed);
  }
}

TEST_CASE("the program for PDF reads the system's folders and no more") {
  CHECK(Try("pdf", "nothing").exit == kDone);
  CHECK(Try("pdf", "read a system file").exit == kDone);
  // Only Landlock distinguishes files; without it there is nothing to test.
  CHECK(Try("pdf", "read a file").exit == (HasLandlock() ? kRefused : kDone));
  CHECK(Try("pdf", "write a file").exit == kRefused);
  // Through descriptors that are open.
  for (const char* deed : {"change a mode", "change an owner", "set an attribute",
                           "remove an attribute", "cut a file"}) {
    CHECK_MESSAGE(Try("nowhere", deed).exit == kDone, deed);
    CHECK_MESSAGE(Try("pdf", deed).exit == kRefused, deed);
  }
  for (const char* deed : {"connect", "fork", "kill the parent", "kill a thread of the parent"}) {
    CHECK_MESSAGE(Try("pdf", deed).signal == SIGSYS, deed);
  }
}

TEST_CASE("the program for PDF reaches no other process and does not change the machine") {
  for (const char* call : kHostileCalls) {
    CHECK_MESSAGE(Try("pdf", std::string(kCall) + call).signal == SIGSYS, call);
  }
  for (const char* deed :
       {"slow the parent", "bind the parent", "own by fcntl", "own by fcntl above", "own by ioctl",
        "own by ioctl above", "outlive the parent"}) {
    CHECK_MESSAGE(Try("unlimited", deed).exit == kDone, deed);
    CHECK_MESSAGE(Try("pdf", deed).exit == kRefused, deed);
  }
  // A library that finds its heap damaged has to end the program.
  CHECK(Try("pdf", "abort").signal == SIGABRT);
}

TEST_CASE("a process that reads files has none of root's capabilities, nor gets them back") {
  const int before = HasCapabilities() ? kDone : kRefused;
  CHECK(Try("unlimited", "have capabilities").exit == before);
  CHECK(Try("unlimited", "have capabilities after exec").exit == before);
  CHECK(Try("nowhere", "have capabilities").exit == kRefused);
  CHECK(Try("nowhere", "have capabilities after exec").exit == kRefused);
}

TEST_CASE("a process that reads files ends before others where memory is short") {
  // A container may be the first to go itself.
  const int before = OutOfMemoryScore() != "1000" ? kDone : kRefused;
  CHECK(Try("unlimited", "be the last to go").exit == before);
  CHECK(Try("nowhere", "be the last to go").exit == kRefused);
}

TEST_CASE("Landlock alone keeps signals from other processes, where the kernel can") {
  if (!HasLandlock()) return;
  CHECK(Try("landlock", "kill the parent").exit == (LandlockVersion() >= 6 ? kRefused : kDone));
}

TEST_CASE("the process of a PDF reads a few system files and does nothing else") {
  CHECK(Try("reader", "nothing").exit == kDone);
  // Only Landlock distinguishes files.
  const int outcome = HasLandlock() ? kRefused : kDone;
  CHECK(Try("reader", "read a system file").exit == outcome);
  CHECK(Try("reader", "read a file").exit == outcome);
  for (const char* deed : {"write a file", "change a mode", "change an owner", "set an attribute",
                           "remove an attribute", "cut a file", "connect", "fork", "execute",
                           "kill the parent", "make code"}) {
    CHECK_MESSAGE(Try("reader", deed).signal == SIGSYS, deed);
  }
}

TEST_CASE("a filter that is none is not loaded") { CHECK_FALSE(LoadFilter("")); }

TEST_CASE("without Landlock no PDF is read unless that is asked for") {
  CHECK(Try("old kernel", std::string(kMustConfine)).exit == kExitUnconfined);
  CHECK(Try("old kernel", "no matter").exit == 0);
}

TEST_CASE("memory, output and time have limits") {
  if (kLimitsMemory) CHECK(Try("worker", "allocate").exit == kExitOutOfMemory);
  CHECK(Try("worker", "write much").signal == SIGXFSZ);
  const int stopped = Try("worker", "spin").signal;
  CHECK((stopped == SIGXCPU || stopped == SIGKILL));  // the hard limit is the soft one
}

}  // namespace dbxes::parsers
