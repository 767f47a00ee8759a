// SPDX-License-Identifier: Apache-2.0
// Which syncs the schedules of a connector ask for: those that somebody set on Kibana's page
// "Scheduling". No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json/json.h"
#include "connector/job_document.h"

namespace dbxes::connector {

// A sync for all times that have passed since the last one: times that were missed cause one.
struct DueSync {
  JobType type = JobType::kFull;
  std::int64_t time = 0;  // the latest of these times, in microseconds of UTC since 1970
};

// One that is enabled.
struct EnabledSchedule {
  JobType type = JobType::kFull;
  std::string problem = {};               // why it starts nothing; "" if it does
  std::optional<std::int64_t> next = {};  // microseconds; nothing if there is none in 50 years
  bool watched = false;                   // `connector run` has seen it as it is now
  std::optional<std::int64_t> due = {};   // the latest time that has passed without a sync
};

// `access_lists`: whether identities are synced. `micros`: now, UTC since 1970.
std::vector<EnabledSchedule> EnabledSchedules(const rapidjson::Value& connector, bool access_lists,
                                              std::int64_t micros);

struct ScheduleLook {
  std::vector<DueSync> due;  // identities first, and no incremental sync beside a full one
  // Members of the connector to change, a JSON object: a schedule counts from the moment in which
  // it is first seen, and what is due is noted. "{}" for none.
  std::string changes;
};
ScheduleLook LookAtSchedules(const rapidjson::Value& connector, bool access_lists,
                             std::int64_t micros);

}  // namespace dbxes::connector
