// SPDX-License-Identifier: Apache-2.0
// What an exploited parser would try, from within its confinement.
#pragma once

#include <array>
#include <string>

namespace dbxes::parsers {

inline constexpr char kMisdeedCommand[] = "misdeed";

// Confines this process as `where` says ("worker", "reader" or "pdf"; "nowhere" for limits alone,
// "unlimited" without them) and tries `deed`. The exit status is kDone where it succeeded, kRefused
// where it merely failed.
int RunMisdeed(const std::string& where, const std::string& deed);

// Calls that reach other processes or change the machine, and that end a program which makes them,
// whatever their arguments are. With -1 for each argument none of them does anything.
inline constexpr std::array kHostileCalls = {"ptrace",
                                             "process_vm_readv",
                                             "process_vm_writev",
                                             "process_madvise",
                                             "pidfd_open",
                                             "pidfd_getfd",
                                             "kcmp",
                                             "move_pages",
                                             "migrate_pages",
                                             "kill",
                                             "tkill",
                                             "tgkill",
                                             "rt_sigqueueinfo",
                                             "rt_tgsigqueueinfo",
                                             "pidfd_send_signal",
                                             "shmget",
                                             "shmat",
                                             "shmctl",
                                             "shmdt",
                                             "semget",
                                             "semop",
                                             "semtimedop",
                                             "semctl",
                                             "msgget",
                                             "msgsnd",
                                             "msgrcv",
                                             "msgctl",
                                             "mq_open",
                                             "mq_unlink",
                                             "mq_timedsend",
                                             "mq_timedreceive",
                                             "mq_notify",
                                             "mq_getsetattr",
                                             "keyctl",
                                             "add_key",
                                             "request_key",
                                             "io_uring_setup",
                                             "io_uring_enter",
                                             "io_uring_register",
                                             "bpf",
                                             "perf_event_open",
                                             "userfaultfd",
                                             "settimeofday",
                                             "adjtimex",
                                             "clock_settime",
                                             "clock_adjtime",
                                             "sethostname",
                                             "setdomainname",
                                             "syslog",
                                             "acct",
                                             "quotactl",
                                             "init_module",
                                             "finit_module",
                                             "delete_module",
                                             "kexec_load",
                                             "kexec_file_load",
                                             "swapon",
                                             "swapoff",
                                             "reboot",
                                             "mount",
                                             "umount2",
                                             "pivot_root",
                                             "chroot",
                                             "setns",
                                             "unshare",
                                             "fsopen",
                                             "fsconfig",
                                             "fsmount",
                                             "fspick",
                                             "open_tree",
                                             "move_mount",
                                             "fanotify_init",
                                             "fanotify_mark",
                                             "open_by_handle_at",
                                             "socket",
                                             "connect",
                                             "sendto",
                                             "clone3"};

inline constexpr int kDone = 10;
inline constexpr int kRefused = 11;

}  // namespace dbxes::parsers
