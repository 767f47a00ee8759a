// SPDX-License-Identifier: Apache-2.0
// Jobs of runs that were killed, and what they left locked, for a look that starts no sync itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "connector/job_document.h"
#include "connector/protocol_store.h"

namespace dbxes::connector {

struct DeadRuns {
  std::vector<Change> jobs;      // their ends
  std::string connector = "{}";  // members of the connector that unlock it, JSON
  // A run of this state seems to be under way, and was killed if nobody holds the state.
  bool in_doubt = false;
};

// `facts`: of the runs of this state. `holds_state`: none of them is under way. `jobs`: as a search
// shows them, which may not see yet who has locked the connector; then it is read. `micros`: now,
// UTC since 1970.
Result<DeadRuns> FindDeadRuns(ProtocolStore& store, const JobFacts& facts, bool holds_state,
                              std::int64_t micros, const StoredDocument& connector,
                              const std::vector<StoredDocument>& jobs);

}  // namespace dbxes::connector
