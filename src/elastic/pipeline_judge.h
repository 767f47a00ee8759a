// SPDX-License-Identifier: Apache-2.0
// What an ingest pipeline does to documents that dbx-es would not find again or not count as
// written (Elasticsearch: Ingest processor reference). No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/json.h"

namespace dbxes::elastic {

struct PipelineFindings {
  // One phrase each: "drops documents", "sets _index". A condition does not matter: it is not known
  // which documents it concerns.
  std::vector<std::string> problems;
  std::vector<std::string> calls;  // the names of other pipelines that it runs
};

// Judges the definition of one pipeline: {"processors": [...], "on_failure": [...]}.
PipelineFindings JudgePipeline(const rapidjson::Value& pipeline);

}  // namespace dbxes::elastic
