// SPDX-License-Identifier: Apache-2.0
#include "parsers/sandbox.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/os/confinement_probe.h"
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

bool HasLandlock() { return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1) >= 1; }

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
  LimitProcess({kMemory, 1, kOutput});
  if (where == "worker") ConfineToDescriptors();
  if (where == "reader" && !ConfineAsReader()) ::_exit(kRefused);
  if (where == "pdf") ConfineToReading("/usr/bin/pdftotext");
  ::_exit(Deeds().at(deed)() ? kDone : kRefused);
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
  for (const char* deed : {"connect", "fork", "kill the parent"}) {
    CHECK_MESSAGE(Try("pdf", deed).signal == SIGSYS, deed);
  }
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
