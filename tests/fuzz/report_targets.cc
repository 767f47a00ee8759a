// SPDX-License-Identifier: Apache-2.0
// The metrics file, which is in a folder of another program.
#include <string>

#include "fuzz/fuzz_target.h"
#include "report/metrics.h"

namespace dbxes::fuzz {
namespace {

void ReadMetrics(std::string_view bytes) {
  report::RunSummary summary;
  summary.command = "incremental";
  const auto after = report::MetricsAfter(bytes, summary, "docs", 1'785'924'000'000'000);
  if (!after) return;
  Require(
      after->find("dbx_es_runs_total{command=\"incremental\",index=\"docs\"") != std::string::npos,
      "the run is counted");
  Require(report::MetricsAfter(*after, summary, "docs", 1'785'924'000'000'000).has_value(),
          "what was written is read by the next run");
}

const Registration metrics_file("metrics_file", ReadMetrics);

}  // namespace
}  // namespace dbxes::fuzz
