// SPDX-License-Identifier: Apache-2.0
// The one entry for the subcommands: runs a sync from configuration to summary.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/http/http.h"
#include "base/os/file_system.h"
#include "config/config.h"
#include "parsers/parser_pool.h"
#include "report/reporter.h"

namespace dbxes::sync {

enum class SyncMode { kFull, kIncremental, kAccessControl };

// What a run asks of the outside; tests bring their own.
struct Environment {
  FileSystem& files;
  Clock& clock;
  Http& http;
  std::function<int()> stop_signal;  // the number of a signal that asks to stop, 0 for none
  std::uint64_t seed = 0;            // of the jitter
  int pid = 0;
  std::string scratch_folder;  // for side files of runs that keep no state; made when needed
  std::string pdftotext = {};  // path of the program, "" where there is none
  // Makes what reads files in the mode local.
  std::function<std::unique_ptr<parsers::DocumentParser>(EventLoop&, parsers::ParserSettings)>
      make_parser = {};
  // Whether somebody has asked how far the run is, since this was last called.
  std::function<bool()> status_asked = {};
};

report::RunSummary RunSyncIn(Environment& environment, const config::Config& config, SyncMode mode,
                             report::Reporter& reporter);

// In the real environment: operating system, libcurl, SIGINT and SIGTERM.
void InRealEnvironment(const std::function<void(Environment&)>& act);
report::RunSummary RunSync(const config::Config& config, SyncMode mode, report::Reporter& reporter);

}  // namespace dbxes::sync
