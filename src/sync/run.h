// SPDX-License-Identifier: Apache-2.0
// The one entry for the subcommands: runs a sync from configuration to summary.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/http.h"
#include "config/config.h"
#include "parsers/parser_pool.h"
#include "report/reporter.h"

namespace dbxes {

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
  std::function<std::unique_ptr<DocumentParser>(EventLoop&, ParserSettings)> make_parser = {};
  // Whether somebody has asked how far the run is, since this was last called.
  std::function<bool()> status_asked = {};
};

RunSummary RunSyncIn(Environment& environment, const Config& config, SyncMode mode,
                     Reporter& reporter);

// Says in RunSummary::answer why Config::arguments[0] sees the document arguments[1] or does not.
RunSummary RunExplanationIn(Environment& environment, const Config& config, Reporter& reporter);

// In the real environment: operating system, libcurl, SIGINT and SIGTERM.
RunSummary InRealEnvironment(const std::function<RunSummary(Environment&)>& run);
RunSummary RunExplanation(const Config& config, Reporter& reporter);
RunSummary RunSync(const Config& config, SyncMode mode, Reporter& reporter);

}  // namespace dbxes
