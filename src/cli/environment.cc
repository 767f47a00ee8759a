// SPDX-License-Identifier: Apache-2.0
#include "cli/environment.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <random>

#include "base/os/confinement_probe.h"
#include "base/os/find_program.h"
#include "cli/console.h"
#include "cli/version.h"

namespace dbxes::cli {
namespace {

volatile std::sig_atomic_t g_stop_signal = 0;

// The first signal asks; SA_RESETHAND lets a second one of the kind end the process at once.
void OnStopSignal(int signal) { g_stop_signal = signal; }

int StopSignal() { return static_cast<int>(g_stop_signal); }

volatile std::sig_atomic_t g_status_asked = 0;

void OnStatusSignal(int) { g_status_asked = 1; }

bool TakeStatusAsked() {
  const bool asked = g_status_asked != 0;
  g_status_asked = 0;
  return asked;
}

void WatchSignals() {
  struct sigaction action {};
  action.sa_handler = OnStopSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = OnStatusSignal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &action, nullptr);
}

std::string TemporaryFolder() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  return error ? "/tmp" : folder.string();
}

std::string HostName() {
  char name[256] = {};  // HOST_NAME_MAX is 64
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

}  // namespace

RealEnvironment::RealEnvironment(const std::string& trace, report::Reporter& reporter)
    : scratch_(TemporaryFolder()),
      curl_(UserAgent()),
      reporter_(reporter),
      environment_{.files = files_,
                   .scratch = scratch_,
                   .probe = probe_,
                   .clock = clock_,
                   .http = http_,
                   .stop_signal = StopSignal,
                   .seed = std::random_device{}(),
                   .pid = static_cast<int>(::getpid()),
                   .host_name = HostName(),
                   .pdf_reader = FindOwnProgram("dbx-es-pdf"),
                   .pdftotext = FindProgram("pdftotext"),
                   .tesseract = FindProgram("tesseract"),
                   .pdftoppm = FindProgram("pdftoppm"),
                   .missing_confinement = MissingConfinement(),
                   .status_asked = TakeStatusAsked,
                   .console = SystemConsole(StopSignal)} {
  WatchSignals();
  if (trace.empty()) return;
  auto file = TraceFile::Open(trace);
  if (file) {
    http_.TraceTo(trace_.emplace(*std::move(file)));
  } else {
    reporter_.Warn(file.error().message);
  }
}

RealEnvironment::~RealEnvironment() {
  if (trace_ && !trace_->problem().empty()) reporter_.Warn(trace_->problem());
}

}  // namespace dbxes::cli
