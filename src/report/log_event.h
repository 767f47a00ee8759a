// SPDX-License-Identifier: Apache-2.0
// One line of a log, as text or as JSON with the field names of the Elastic Common Schema (ECS), so
// that Elastic's tools read it without conversion. No I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "report/reporter.h"

namespace dbxes::report {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

// The process that writes the log.
struct LogOrigin {
  std::string version;
  std::string command;  // event.action; "" until it is known
  int pid = 0;
};

struct LogEvent {
  LogLevel level = LogLevel::kInfo;
  std::int64_t wall_micros = 0;
  std::string_view message;
  const Error* error = nullptr;            // the reason, if there is one
  const RunSummary* summary = nullptr;     // of the last event of a run
  const FailedDocument* failed = nullptr;  // the document of the event
};

// Both return text without a line break, whatever the message contains.
std::string TextLogLine(const LogOrigin& origin, const LogEvent& event);
std::string JsonLogLine(const LogOrigin& origin, const LogEvent& event);

}  // namespace dbxes::report
