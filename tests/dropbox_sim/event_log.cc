// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/event_log.h"

#include <utility>

namespace dbxes::sim {

void EventLog::Log(std::string_view category, std::string_view type, std::string details,
                   std::string_view namespace_id) {
  TeamEvent event;
  event.time_s = ids_.NowSeconds();
  event.category = category;
  event.type = type;
  event.details = std::move(details);
  event.account_id = actor_;
  event.namespace_id = namespace_id;
  events_.push_back(std::move(event));
}

void EventLog::set_actor(std::string account_id) { actor_ = std::move(account_id); }

}  // namespace dbxes::sim
