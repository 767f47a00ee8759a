// SPDX-License-Identifier: Apache-2.0
// The real environment: operating system, libcurl, clock, signals and terminal.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/environment.h"
#include "base/http/curl_http.h"
#include "base/http/trace_file.h"
#include "base/http/tracing_http.h"
#include "base/os/file_probe.h"
#include "base/os/posix_file_system.h"
#include "base/os/scratch_file_system.h"
#include "report/reporter.h"

namespace dbxes::cli {

// Made by each command that needs the outside world, once in a process. From then on SIGINT and
// SIGTERM ask the command to stop (a second one ends the process at once), and SIGUSR1 asks for the
// progress.
class RealEnvironment {
 public:
  // `trace`: the file of the trace, "" for none. The reporter warns if it cannot be written;
  // whether it can be opened was checked before (RunReporters::Configure).
  RealEnvironment(const std::string& trace, report::Reporter& reporter);
  ~RealEnvironment();
  RealEnvironment(const RealEnvironment&) = delete;
  RealEnvironment& operator=(const RealEnvironment&) = delete;

  Environment& operator*() { return environment_; }

 private:
  PosixFileSystem files_;
  ScratchFileSystem scratch_;
  FileProbe probe_ = SystemFileProbe();
  SystemClock clock_;
  CurlHttp curl_;
  TracingHttp http_{curl_, clock_};
  std::optional<TraceFile> trace_;
  report::Reporter& reporter_;
  Environment environment_;
};

}  // namespace dbxes::cli
