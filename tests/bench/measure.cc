// SPDX-License-Identifier: Apache-2.0
//
// measure FILE PROGRAM ARGUMENTS...: runs a program and writes its cost to FILE, as JSON. The peak
// that the kernel reports for a process starts at the size of its parent, so the parent has to be
// small.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>

namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

int Report(const char* file, int status, const rusage& usage, double wall_s) {
  std::FILE* out = std::fopen(file, "w");
  if (out == nullptr) {
    std::fprintf(stderr, "measure: %s: %s\n", file, std::strerror(errno));
    return 127;
  }
  // A signal is reported as shells do.
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::fprintf(out, R"({"code":%d,"wall_s":%.6f,"cpu_s":%.6f,"peak_kib":%ld})", code, wall_s,
               Seconds(usage.ru_utime) + Seconds(usage.ru_stime), usage.ru_maxrss);
  std::fclose(out);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: measure FILE PROGRAM ARGUMENTS...\n");
    return 2;
  }
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    execv(argv[2], argv + 2);
    std::fprintf(stderr, "measure: %s: %s\n", argv[2], std::strerror(errno));
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  while (child > 0 && wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  return Report(argv[1], status, usage, wall.count());
}
