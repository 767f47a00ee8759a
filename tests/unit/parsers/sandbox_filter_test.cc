// SPDX-License-Identifier: Apache-2.0
// What the filters of the sandbox decide on each architecture that packages are made for. The test
// runs their programs as a kernel does, so that no other machine is needed.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "parsers/misdeeds.h"
#include "parsers/sandbox.h"

namespace dbxes::parsers {
namespace {

constexpr std::array kArchitectures = {SCMP_ARCH_X86_64, SCMP_ARCH_AARCH64};
// seccomp_api_get(3).
constexpr unsigned kWithKillProcess = 3;
// Above the numbers of all calls.
constexpr int kManyCalls = 600;

std::uint32_t Combined(std::uint16_t operation, std::uint32_t left, std::uint32_t right) {
  return operation == BPF_AND ? left & right : operation == BPF_OR ? left | right : left + right;
}

bool Jumps(std::uint16_t operation, std::uint32_t left, std::uint32_t right) {
  switch (operation) {
    case BPF_JEQ:
      return left == right;
    case BPF_JGT:
      return left > right;
    case BPF_JGE:
      return left >= right;
    case BPF_JSET:
      return (left & right) != 0;
    default:
      FAIL("a jump that this test does not know: " << operation);
      return false;
  }
}

// A program of classic BPF, as seccomp(2) runs it.
class Program {
 public:
  Program(Filter which, std::uint32_t architecture) : architecture_(architecture) {
    // Programs are compiled only with actions of this kernel. An emulator has none (tests/arm64).
    if (seccomp_api_get() < kWithKillProcess) REQUIRE(seccomp_api_set(kWithKillProcess) == 0);
    const std::string bytes = CompileFilter(which, architecture);
    REQUIRE_FALSE(bytes.empty());
    code_.resize(bytes.size() / sizeof(sock_filter));
    std::memcpy(code_.data(), bytes.data(), code_.size() * sizeof(sock_filter));
  }

  using Arguments = std::array<std::uint64_t, 6>;
  // Of a call by its number there.
  std::uint32_t Decide(int number, const Arguments& arguments = {}) const {
    return DecideFor(architecture_, number, arguments);
  }
  // Of a call by its name; it has to exist there.
  std::uint32_t Decide(const char* call, const Arguments& arguments = {}) const {
    const int number = seccomp_syscall_resolve_name_arch(architecture_, call);
    CAPTURE(call);
    REQUIRE(number >= 0);
    return Decide(number, arguments);
  }

  // Of a call that is made in the way of any architecture.
  std::uint32_t DecideFor(std::uint32_t architecture, int number,
                          const Arguments& arguments = {}) const {
    seccomp_data data{};
    data.nr = number;
    data.arch = architecture;
    std::copy(arguments.begin(), arguments.end(), data.args);
    return Run(data);
  }

 private:
  std::uint32_t Run(const seccomp_data& data) const {
    std::uint32_t accumulator = 0;
    for (std::size_t at = 0; at < code_.size(); ++at) {
      const sock_filter& step = code_[at];
      const std::uint16_t operation = BPF_OP(step.code);
      switch (BPF_CLASS(step.code)) {
        case BPF_LD:
          REQUIRE(step.k + sizeof accumulator <= sizeof data);
          std::memcpy(&accumulator, reinterpret_cast<const char*>(&data) + step.k,
                      sizeof accumulator);
          break;
        case BPF_ALU:
          accumulator = Combined(operation, accumulator, step.k);
          break;
        case BPF_JMP:
          at += operation == BPF_JA                     ? step.k
                : Jumps(operation, accumulator, step.k) ? step.jt
                                                        : step.jf;
          break;
        case BPF_RET:
          return step.k;
        default:
          FAIL("a step that this test does not know: " << step.code);
      }
    }
    FAIL("the program has no end");
    return 0;
  }

  std::uint32_t architecture_;
  std::vector<sock_filter> code_;
};

constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t kKill = SECCOMP_RET_KILL_PROCESS;
constexpr std::uint32_t kRefuse = SECCOMP_RET_ERRNO | EACCES;

std::string NameOf(std::uint32_t architecture, int number) {
  const std::unique_ptr<char, decltype(&std::free)> name(
      seccomp_syscall_resolve_num_arch(architecture, number), &std::free);
  return name ? name.get() : "";
}

}  // namespace

TEST_CASE("what reads untrusted files has all calls that it needs on each architecture") {
  for (const std::uint32_t architecture : kArchitectures) {
    CAPTURE(architecture);
    for (const Filter filter : {Filter::kDescriptors, Filter::kReading}) {
      const Program program(filter, architecture);
      for (const char* call :
           {"read",          "readv",       "pread64",    "write",        "writev",
            "lseek",         "close",       "recvmsg",    "sendmsg",      "munmap",
            "mremap",        "brk",         "madvise",    "futex",        "getrandom",
            "clock_gettime", "exit",        "exit_group", "rt_sigreturn", "rt_sigprocmask",
            "rt_sigaction",  "sigaltstack", "getpid",     "gettid",       "restart_syscall",
            "sched_yield",   "sysinfo"}) {
        CHECK(program.Decide(call) == kAllow);
      }
      CHECK(program.Decide("mmap", {0, 4096, PROT_READ | PROT_WRITE}) == kAllow);
      CHECK(program.Decide("mmap", {0, 4096, PROT_READ | PROT_EXEC}) == kKill);
      CHECK(program.Decide("mprotect", {0, 4096, PROT_READ}) == kAllow);
      CHECK(program.Decide("mprotect", {0, 4096, PROT_EXEC}) == kKill);
      // glibc has the old calls, where an architecture lacks them, by these.
      for (const char* call :
           {"newfstatat", "faccessat", "readlinkat", "fstat", "statx", "ioctl", "fcntl"}) {
        CHECK(program.Decide(call) == kRefuse);
      }
    }
    const Program worker(Filter::kDescriptors, architecture);
    CHECK(worker.Decide("openat", {0, 0, O_RDONLY}) == kRefuse);
    const auto self = static_cast<std::uint64_t>(::getpid());
    CHECK(worker.Decide("tgkill", {self, 1, 6}) == kAllow);
    CHECK(worker.Decide("tgkill", {self + 1, 1, 6}) == kKill);
    const Program reader(Filter::kReading, architecture);
    CHECK(reader.Decide("openat", {0, 0, O_RDONLY | O_CLOEXEC}) == kAllow);
    for (const std::uint64_t flags : {O_WRONLY, O_RDWR, O_CREAT, O_RDONLY | O_TRUNC, O_PATH}) {
      CHECK(reader.Decide("openat", {0, 0, flags}) == kKill);
    }
  }
}

TEST_CASE("a program that may only read has no way to write on any architecture") {
  for (const std::uint32_t architecture : kArchitectures) {
    CAPTURE(architecture);
    const Program program(Filter::kProgram, architecture);
    // All that an architecture without the old calls has.
    for (const char* call : kHostileCalls) CHECK(program.Decide(call) == kKill);
    for (const char* call : {"bind", "sendmsg", "clone", "vhangup"}) {
      CHECK(program.Decide(call) == kKill);
    }
    for (const char* call :
         {"truncate",  "ftruncate",   "unlinkat",  "renameat",  "renameat2", "mkdirat",  "linkat",
          "symlinkat", "mknodat",     "fchmod",    "fchmodat",  "fchown",    "fchownat", "setxattr",
          "fsetxattr", "removexattr", "utimensat", "fallocate", "setrlimit", "openat2"}) {
      CHECK(program.Decide(call) == kRefuse);
    }
    for (const std::uint64_t flags : {O_WRONLY, O_RDWR, O_RDONLY | O_CREAT, O_RDONLY | O_TRUNC}) {
      CHECK(program.Decide("openat", {0, 0, flags}) == kRefuse);
    }
    CHECK(program.Decide("openat", {0, 0, O_RDONLY | O_CLOEXEC}) == kAllow);
    for (const char* call : {"read", "mmap", "execve", "exit_group"}) {
      CHECK(program.Decide(call) == kAllow);
    }
  }
}

TEST_CASE("a program that may only read acts on no other process on any architecture") {
  const auto self = static_cast<std::uint64_t>(::getpid());
  for (const std::uint32_t architecture : kArchitectures) {
    CAPTURE(architecture);
    const Program program(Filter::kProgram, architecture);
    CHECK(program.Decide("tgkill", {self, 1, SIGABRT}) == kAllow);
    CHECK(program.Decide("tgkill", {self + 1, 1, SIGABRT}) == kKill);
    CHECK(program.Decide("prlimit64", {0, 0, 0}) == kAllow);
    CHECK(program.Decide("prlimit64", {0, 0, 4096}) == kRefuse);
    for (const char* call : {"setpriority", "ioprio_set", "sched_setaffinity", "sched_setscheduler",
                             "sched_setparam", "sched_setattr"}) {
      CHECK(program.Decide(call) == kRefuse);
    }
    // Of these arguments, the kernel ignores the upper half.
    for (const std::uint64_t above : {std::uint64_t{0}, std::uint64_t{1} << 32}) {
      CAPTURE(above);
      for (const std::uint64_t command : {F_SETOWN, F_SETOWN_EX, F_SETSIG}) {
        CHECK(program.Decide("fcntl", {3, above | command}) == kRefuse);
      }
      for (const std::uint64_t request : {FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX}) {
        CHECK(program.Decide("ioctl", {3, above | request}) == kRefuse);
      }
      CHECK(program.Decide("ioctl", {3, above | FS_IOC_SETFLAGS}) == kRefuse);
      CHECK(program.Decide("prctl", {above | PR_SET_PDEATHSIG}) == kRefuse);
    }
    CHECK(program.Decide("fcntl", {3, F_GETFD}) == kAllow);
    CHECK(program.Decide("ioctl", {3, TCGETS}) == kAllow);
    CHECK(program.Decide("prctl", {PR_SET_NAME}) == kAllow);
  }
}

TEST_CASE("a call means the same on each architecture that has it") {
  for (const Filter filter : {Filter::kDescriptors, Filter::kProgram, Filter::kReading}) {
    const Program here(filter, SCMP_ARCH_X86_64);
    const Program there(filter, SCMP_ARCH_AARCH64);
    int compared = 0;
    std::map<std::uint32_t, int> decided;
    for (int number = 0; number < kManyCalls; ++number) {
      const std::string name = NameOf(SCMP_ARCH_AARCH64, number);
      const int other = seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86_64, name.c_str());
      const std::uint32_t decision = there.Decide(number);
      ++decided[decision];
      if (name.empty() || other < 0) {
        // Calls that only the other one has, and numbers of none.
        CAPTURE(name);
        CHECK(decision == (filter == Filter::kProgram ? kAllow : kKill));
        continue;
      }
      ++compared;
      CAPTURE(name);
      CHECK(decision == here.Decide(other));
    }
    CHECK(compared > 250);
    CHECK(decided.size() >= 3);
  }
}

TEST_CASE("a call in the way of another architecture ends the process") {
  for (const Filter filter : {Filter::kDescriptors, Filter::kProgram, Filter::kReading}) {
    for (const std::uint32_t architecture : kArchitectures) {
      const Program program(filter, architecture);
      for (const std::uint32_t other : {SCMP_ARCH_X86, SCMP_ARCH_ARM}) {
        const int number = seccomp_syscall_resolve_name_arch(other, "read");
        CHECK(program.DecideFor(other, number) == SECCOMP_RET_KILL_THREAD);
      }
    }
  }
}

}  // namespace dbxes::parsers
