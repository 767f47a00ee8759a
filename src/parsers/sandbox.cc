// SPDX-License-Identifier: Apache-2.0
#include "parsers/sandbox.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/capabilities.h"
#include "parsers/landlock.h"

namespace dbxes::parsers {
namespace {

constexpr rlim_t kMostDescriptors = 64;  // pdftotext needs some for fonts

// Whether the limit holds.
bool Limit(int resource, rlim_t most) {
  rlimit limit{};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) return false;
  // Never above the administrator's limit.
  limit.rlim_max = limit.rlim_max == RLIM_INFINITY ? most : std::min(limit.rlim_max, most);
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(static_cast<__rlimit_resource>(resource), &limit) == 0;
}

class FilterBuilder {
 public:
  FilterBuilder(std::uint32_t otherwise, std::uint32_t architecture)
      : filter_(seccomp_init(otherwise)), complete_(filter_ != nullptr) {
    const std::uint32_t native = seccomp_arch_native();
    if (filter_ == nullptr || architecture == native) return;
    // Calls are named by the numbers of this machine, which libseccomp translates.
    const bool done =
        seccomp_arch_add(filter_, architecture) == 0 && seccomp_arch_remove(filter_, native) == 0;
    if (done) return;
    seccomp_release(std::exchange(filter_, nullptr));
    complete_ = false;
  }
  ~FilterBuilder() {
    if (filter_ != nullptr) seccomp_release(filter_);
  }
  FilterBuilder(const FilterBuilder&) = delete;
  FilterBuilder& operator=(const FilterBuilder&) = delete;
  FilterBuilder(FilterBuilder&& other) noexcept
      : filter_(std::exchange(other.filter_, nullptr)), complete_(other.complete_) {}

  // By name, so that calls which this architecture or library lacks are skipped.
  void Add(std::uint32_t action, std::initializer_list<const char*> calls) {
    for (const char* call : calls) {
      const int number = seccomp_syscall_resolve_name(call);
      if (number != __NR_SCMP_ERROR) Note(seccomp_rule_add(filter_, action, number, 0));
    }
  }
  // The header's macros for conditions are valid in C only.
  void AddIf(std::uint32_t action, const char* call, scmp_arg_cmp condition) {
    const int number = seccomp_syscall_resolve_name(call);
    Note(seccomp_rule_add_array(filter_, action, number, 1, &condition));
  }
  // False without any of its rules, too: a filter that allows the rest would allow these calls.
  bool Load() { return complete_ && seccomp_load(filter_) == 0; }
  // The filter as the kernel takes it; "" if there is none, or a rule of it is missing.
  std::string Compile() {
    const int file = ::memfd_create("dbx-es", MFD_CLOEXEC);
    std::string program;
    if (file >= 0 && complete_ && seccomp_export_bpf(filter_, file) == 0) {
      program.resize(static_cast<std::size_t>(std::max<off_t>(::lseek(file, 0, SEEK_END), 0)));
      const ssize_t length = ::pread(file, program.data(), program.size(), 0);
      if (length != static_cast<ssize_t>(program.size())) program.clear();
    }
    if (file >= 0) ::close(file);
    return program;
  }

 private:
  void Note(int result) { complete_ = complete_ && (result == 0 || result == -EEXIST); }

  scmp_filter_ctx filter_;
  bool complete_;
};

void AllowMemoryAndDescriptors(FilterBuilder& filter) {
  filter.Add(SCMP_ACT_ALLOW,
             {"read", "readv", "pread64", "write", "writev", "lseek", "close", "recvmsg", "sendmsg",
              "sendto", "munmap", "mremap", "brk", "madvise", "futex", "getrandom", "clock_gettime",
              "gettimeofday", "time", "exit", "exit_group", "rt_sigreturn", "rt_sigprocmask",
              "rt_sigaction", "sigaltstack", "getpid", "gettid", "restart_syscall", "sched_yield",
              // qsort(3) asks how much memory there is.
              "sysinfo"});
  const auto prot_exec = static_cast<scmp_datum_t>(PROT_EXEC);
  filter.AddIf(SCMP_ACT_ALLOW, "mmap", {2, SCMP_CMP_MASKED_EQ, prot_exec, 0});
  filter.AddIf(SCMP_ACT_ALLOW, "mprotect", {2, SCMP_CMP_MASKED_EQ, prot_exec, 0});
  // Libraries search for optional files.
  filter.Add(SCMP_ACT_ERRNO(EACCES),
             {"openat2", "access", "faccessat", "faccessat2", "stat", "lstat", "fstat",
              "newfstatat", "statx", "readlink", "readlinkat", "ioctl", "fcntl"});
}

void AllowAborting(FilterBuilder& filter) {
  const auto self = static_cast<scmp_datum_t>(::getpid());
  filter.AddIf(SCMP_ACT_ALLOW, "tgkill", {0, SCMP_CMP_EQ, self, 0});
}

// Calls with any other flag are refused, too: the kernel may know more flags than this program.
void AllowOpeningForReading(FilterBuilder& filter) {
  constexpr scmp_datum_t kHarmless = O_CLOEXEC | O_DIRECTORY | O_LARGEFILE | O_NOFOLLOW;
  constexpr scmp_datum_t kOthers = 0xffffffffU & ~kHarmless;
  filter.AddIf(SCMP_ACT_ALLOW, "open", {1, SCMP_CMP_MASKED_EQ, kOthers, O_RDONLY});
  filter.AddIf(SCMP_ACT_ALLOW, "openat", {2, SCMP_CMP_MASKED_EQ, kOthers, O_RDONLY});
}

// The kernel looks at the lower half of such an argument only, and so must a condition: otherwise a
// bit in the upper half would get the call past it.
constexpr scmp_datum_t kLowerHalf = 0xffffffffU;

// Lists forbidden calls rather than allowed ones, because the calls that a program needs differ
// from one release of its libraries to the next. What no library needs ends the process; what one
// may try at its start merely fails.
void ForbidSocketsAndProcesses(FilterBuilder& filter) {
  filter.Add(SCMP_ACT_KILL_PROCESS,
             {"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto",
              "sendmsg", "sendmmsg",
              // New processes, and the memory and descriptors of others.
              "fork", "vfork", "clone", "clone3", "ptrace", "kcmp", "process_vm_readv",
              "process_vm_writev", "process_madvise", "process_mrelease", "pidfd_open",
              "pidfd_getfd", "move_pages", "migrate_pages",
              // Signals to others; to itself, abort(3) sends one.
              "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal"});
  const auto self = static_cast<scmp_datum_t>(::getpid());
  filter.AddIf(SCMP_ACT_KILL_PROCESS, "tgkill", {0, SCMP_CMP_NE, self, 0});
  // A descriptor sends its owner a signal of choice when something arrives at it.
  for (const auto command : {F_SETOWN, F_SETOWN_EX, F_SETSIG}) {
    filter.AddIf(SCMP_ACT_ERRNO(EACCES), "fcntl",
                 {1, SCMP_CMP_MASKED_EQ, kLowerHalf, static_cast<scmp_datum_t>(command)});
  }
  // It ends with its parent.
  filter.AddIf(SCMP_ACT_ERRNO(EACCES), "prctl",
               {0, SCMP_CMP_MASKED_EQ, kLowerHalf, PR_SET_PDEATHSIG});
  // Turns of others on the processor.
  filter.Add(SCMP_ACT_ERRNO(EACCES), {"setpriority", "ioprio_set", "sched_setaffinity",
                                      "sched_setscheduler", "sched_setparam", "sched_setattr"});
  // Libraries read limits at start; only setting them is forbidden.
  filter.AddIf(SCMP_ACT_ERRNO(EACCES), "prlimit64", {2, SCMP_CMP_NE, 0, 0});
  filter.Add(SCMP_ACT_ERRNO(EACCES), {"setrlimit"});
}

// System V IPC and POSIX message queues have names that all processes share.
void ForbidSharedNames(FilterBuilder& filter) {
  filter.Add(
      SCMP_ACT_KILL_PROCESS,
      {"shmget",        "shmat",   "shmctl",    "shmdt",        "semget",          "semop",
       "semtimedop",    "semctl",  "msgget",    "msgsnd",       "msgrcv",          "msgctl",
       "ipc",           "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify",
       "mq_getsetattr", "keyctl",  "add_key",   "request_key"});
}

// What needs a capability where the kernel is not mistaken.
void ForbidRunningTheMachine(FilterBuilder& filter) {
  filter.Add(SCMP_ACT_KILL_PROCESS,
             {"io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open",
              "userfaultfd", "modify_ldt", "iopl", "ioperm", "vhangup", "lookup_dcookie",
              // Clock, names, log, accounts.
              "settimeofday", "stime", "adjtimex", "clock_settime", "clock_adjtime", "sethostname",
              "setdomainname", "syslog", "acct", "quotactl", "quotactl_fd", "nfsservctl", "_sysctl",
              // The kernel itself.
              "init_module", "finit_module", "delete_module", "create_module", "kexec_load",
              "kexec_file_load", "swapon", "swapoff", "reboot", "uselib",
              // File systems.
              "mount", "umount", "umount2", "pivot_root", "chroot", "setns", "unshare", "fsopen",
              "fsconfig", "fsmount", "fspick", "open_tree", "open_tree_attr", "move_mount",
              "mount_setattr", "fanotify_init", "fanotify_mark", "open_by_handle_at"});
}

void ForbidWriting(FilterBuilder& filter) {
  filter.Add(
      SCMP_ACT_ERRNO(EACCES),
      {"creat", "openat2", "truncate", "unlink", "unlinkat", "rename", "renameat", "renameat2",
       "mkdir", "mkdirat", "rmdir", "link", "linkat", "symlink", "symlinkat", "mknod", "mknodat",
       "chmod", "fchmodat", "chown", "lchown", "fchownat", "setxattr", "lsetxattr", "removexattr",
       "utimensat", "utimes", "utime",
       // By descriptor: a file that is open for reading only can be changed by these.
       "fchmod", "fchmodat2", "fchown", "fsetxattr", "fremovexattr", "lremovexattr", "setxattrat",
       "removexattrat", "ftruncate", "fallocate", "futimesat", "file_setattr"});
  // FS_IOC_SETFLAGS and its kind write through a descriptor that is open for reading, too.
  // FIOSETOWN and SIOCSPGRP are F_SETOWN; TIOCSTI and TIOCLINUX type into a terminal.
  for (const scmp_datum_t request :
       {0x40086602UL, 0x40046602UL, 0x401c5820UL, 0x8901UL, 0x8902UL, 0x5412UL, 0x541cUL}) {
    filter.AddIf(SCMP_ACT_ERRNO(EACCES), "ioctl", {1, SCMP_CMP_MASKED_EQ, kLowerHalf, request});
  }
  for (const auto flag : {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC}) {
    const auto bit = static_cast<scmp_datum_t>(flag);
    filter.AddIf(SCMP_ACT_ERRNO(EACCES), "open", {1, SCMP_CMP_MASKED_EQ, bit, bit});
    filter.AddIf(SCMP_ACT_ERRNO(EACCES), "openat", {2, SCMP_CMP_MASKED_EQ, bit, bit});
  }
}

FilterBuilder Build(Filter which, std::uint32_t architecture) {
  const bool forbids = which == Filter::kProgram;
  FilterBuilder filter(forbids ? SCMP_ACT_ALLOW : SCMP_ACT_KILL_PROCESS, architecture);
  switch (which) {
    case Filter::kDescriptors:
      AllowMemoryAndDescriptors(filter);
      AllowAborting(filter);
      filter.Add(SCMP_ACT_ERRNO(EACCES), {"open", "openat"});
      break;
    case Filter::kReading:
      AllowMemoryAndDescriptors(filter);
      AllowOpeningForReading(filter);
      break;
    case Filter::kProgram:
      ForbidSocketsAndProcesses(filter);
      ForbidSharedNames(filter);
      ForbidRunningTheMachine(filter);
      ForbidWriting(filter);
      break;
  }
  return filter;
}

// The first to be ended where memory is short, rather than the run.
void OfferToOutOfMemory() {
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;  // inherited where the process may open nothing any more
  constexpr std::string_view kFirst = "1000";
  // Without it the kernel chooses, as for any process.
  [[maybe_unused]] const ssize_t written = ::write(file, kFirst.data(), kFirst.size());
  ::close(file);
}

}  // namespace

void EndWithParent() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Before the capabilities: executing a program would bring them back to root.
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  DropCapabilities();
  OfferToOutOfMemory();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1}) std::signal(signal, SIG_IGN);
  // The parent ignores it, which children inherit; here a closed pipe must end the program.
  std::signal(SIGPIPE, SIG_DFL);
}

std::string LimitProcess(const ProcessLimits& limits) {
  EndWithParent();
  std::string missing;
  const auto limit = [&missing](int resource, rlim_t most, std::string_view name) {
    if (Limit(resource, most)) return;
    missing += missing.empty() ? "" : ", ";
    missing += name;
  };
  limit(RLIMIT_CORE, 0, "core dumps");
  if (kLimitsMemory) limit(RLIMIT_AS, limits.memory_bytes, "memory");
  if (limits.cpu_seconds > 0) limit(RLIMIT_CPU, limits.cpu_seconds, "CPU time");
  limit(RLIMIT_FSIZE, limits.output_bytes, "output");
  limit(RLIMIT_NOFILE, kMostDescriptors, "open files");
  limit(RLIMIT_NPROC, 0, "processes");
  if (HasCapabilities())
    missing += missing.empty() ? "what capabilities allow" : ", what capabilities allow";
  std::set_new_handler([] { ::_exit(kExitOutOfMemory); });
  return missing;
}

Confinement ConfineToDescriptors() {
  Confinement done;
  done.landlock = RestrictWithLandlock({});
  done.seccomp = Build(Filter::kDescriptors, seccomp_arch_native()).Load();
  return done;
}

Confinement ConfineToReading(const std::string& program) {
  const std::string folder = program.substr(0, program.rfind('/'));
  Confinement done;
  done.landlock = RestrictWithLandlock({"/usr", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache",
                                        "/etc/fonts", "/etc/localtime", folder});
  done.seccomp = Build(Filter::kProgram, seccomp_arch_native()).Load();
  return done;
}

std::string CompileReadingFilter() {
  return CompileFilter(Filter::kReading, seccomp_arch_native());
}

std::string CompileFilter(Filter which, std::uint32_t architecture) {
  return Build(which, architecture).Compile();
}

bool LoadFilter(const std::string& filter) {
  std::vector<sock_filter> code(filter.size() / sizeof(sock_filter));
  if (code.empty()) return false;
  std::memcpy(code.data(), filter.data(), code.size() * sizeof(sock_filter));
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace dbxes::parsers
