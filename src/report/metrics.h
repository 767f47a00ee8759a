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

// The content of the file after a run on `index` that ended at `wall_micros` (microseconds of UTC
// since 1970). `before` is the old content, "" for none: counters continue from it, and samples of
// other commands and indices stay. kConfig when dbx-es did not write it, so that it is not lost.
Result<std::string> MetricsAfter(std::string_view before, const RunSummary& summary,
                                 std::string_view index, std::int64_t wall_micros);

}  // namespace dbxes::report
