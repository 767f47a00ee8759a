// SPDX-License-Identifier: Apache-2.0
// The command check: looks at everything that a run needs, goes on after a problem, and changes
// nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/http/http.h"
#include "base/os/file_probe.h"
#include "base/os/file_system.h"
#include "check/check_report.h"
#include "config/config_loader.h"

namespace dbxes::check {

// What check asks of the outside; tests bring their own.
struct CheckEnvironment {
  FileSystem& files;  // read alone
  const FileProbe& probe;
  Clock& clock;
  Http& http;
  std::function<int()> stop_signal;  // the number of a signal that asks to stop, 0 for none
  std::uint64_t seed = 0;            // of the jitter
  std::string pdftotext = {};        // path of the program, "" where there is none
  // Hears why nothing seems to happen; may be empty.
  std::function<void(const std::string&)> on_wait = {};
};

// `loaded` may have problems: what depends on what is wrong is left out.
CheckReport RunCheckIn(CheckEnvironment& environment, const config::LoadedConfig& loaded);

}  // namespace dbxes::check
