// SPDX-License-Identifier: Apache-2.0
// The accounts, groups and the team of the simulated Dropbox. Account 0 is the primary account and
// always there.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/account.h"
#include "dropbox_sim/event_log.h"
#include "dropbox_sim/ids.h"
#include "dropbox_sim/items.h"

namespace dbxes::sim {

class People {
 public:
  // All are the caller's, and live longer.
  People(Ids& ids, Items& items, EventLog& events);

  // Adds an account with an empty home, and the ids that it lacks. Returns the id of the account.
  std::string AddAccount(Account account);
  // TreeError if there is none.
  Account& account(std::string_view account_id_or_member_id);
  const Account* FindAccount(std::string_view account_id_or_member_id) const;
  Account& primary() { return accounts_.front(); }
  const Account& primary() const { return accounts_.front(); }
  const std::deque<Account>& accounts() const { return accounts_; }
  std::string AddGroup(std::string_view name, std::vector<std::string> account_ids);
  void RemoveGroup(std::string_view group_id);
  Group& group(std::string_view group_id);
  const std::deque<Group>& groups() const { return groups_; }
  // Makes the world a team: `name`, with the primary account as its admin.
  void MakeTeam(std::string_view name);
  const std::string& team_id() const { return team_id_; }
  const std::string& team_name() const { return team_name_; }

 private:
  Ids& ids_;
  Items& items_;
  EventLog& events_;
  std::deque<Account> accounts_;
  std::deque<Group> groups_;
  std::string team_id_;
  std::string team_name_;
};

}  // namespace dbxes::sim
