// SPDX-License-Identifier: Apache-2.0
// The file for Prometheus (text exposition format 0.0.4), as the textfile collector of the node
// exporter reads it. No I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "report/reporter.h"

namespace dbxes::report {

// What the file holds after a run on `index` that ended at `wall_micros`. `before` is what it held,
// "" for nothing: its counters go on, and what it says of other commands and indices stays. kConfig
// when it is no file of ours, which must not be lost.
Result<std::string> MetricsAfter(std::string_view before, const RunSummary& summary,
                                 std::string_view index, std::int64_t wall_micros);

}  // namespace dbxes::report
