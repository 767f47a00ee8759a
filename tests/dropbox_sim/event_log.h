// SPDX-License-Identifier: Apache-2.0
// The team's event log, in the order in which things happened.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/ids.h"

namespace dbxes::sim {

// One line of the team's event log.
struct TeamEvent {
  std::int64_t time_s = 0;
  std::string category;      // sharing, groups, members, team_folders
  std::string type;          // e.g. shared_folder_create
  std::string details;       // fields of the details struct as JSON, without the braces
  std::string account_id;    // who did it
  std::string namespace_id;  // of the folder that it is about, empty for none
};

class EventLog {
 public:
  explicit EventLog(const Ids& ids) : ids_(ids) {}

  // Changes of sharing, groups and teams are logged automatically; tests add other events.
  // `details`: fields of the details struct as JSON, without the braces.
  void Log(std::string_view category, std::string_view type, std::string details,
           std::string_view namespace_id = {});
  // Who does everything from now on.
  void set_actor(std::string account_id);
  const std::vector<TeamEvent>& events() const { return events_; }

 private:
  const Ids& ids_;
  std::string actor_;
  std::vector<TeamEvent> events_;
};

}  // namespace dbxes::sim
