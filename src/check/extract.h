// SPDX-License-Identifier: Apache-2.0
// What a sync would index of local files: read by the same code, in the same confined processes and
// with the same limits, but without Dropbox and without an index.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "config/config.h"
#include "content/extract_text.h"
#include "report/reporter.h"
#include "sync/command/run.h"

namespace dbxes::check {

struct FileText {
  std::string file;  // as it was given
  content::ExtractedText extracted;
  std::string cause;  // why nothing is indexed of it; "" if its text is
  bool opened = true;
};

// Calls `show` with each file in the given order as soon as it is read. The setting extraction.mode
// decides how files are read; of a pipeline, which runs in the cluster, only the cause is known.
// kConfig after all others are shown if a file cannot be opened; kUnavailable and others if the
// extraction service fails; kInterrupted after a stop signal.
Result<void> ExtractFiles(Environment& environment, const config::Config& config,
                          const std::vector<std::string>& files, report::Reporter& reporter,
                          const std::function<void(FileText)>& show,
                          const sync::ParserFactory& make_parser = sync::MakeParserPool);

}  // namespace dbxes::check
