// SPDX-License-Identifier: Apache-2.0
// Who reads what lies in no shared folder: the account alone what is in its home, and everybody
// whose root it is what lies loose in the root of a team space (Dropbox HTTP API: team files;
// root_folder_id of the members' profiles). What is uncertain is the account's alone.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/event_loop.h"
#include "dropbox/client.h"
#include "dropbox/team.h"
#include "permissions/access_list.h"

namespace dbxes::permissions {

// Every member of the team, those who are not active included; all pages, or an error.
Result<std::vector<dropbox::TeamMember>> ListTeamMembers(EventLoop& loop, dropbox::Client& client);

class UnsharedReaders {
 public:
  using Readers = Result<std::shared_ptr<const AccessList>>;

  UnsharedReaders(EventLoop& loop, dropbox::Client& client, dropbox::Account account);

  // Whether this is no folder with members of its own, whatever an entry calls it: none, the home,
  // or the root of the team space.
  bool Holds(std::string_view shared_folder_id) const;
  // Whether what Holds says of lies outside the home at this place of the tree ("" for none).
  // Errors are about the run: a list that is kept because of one might be that of another place.
  Result<bool> IsLoose(std::string_view path_lower);
  // Of what lies loose in the root; asked for once, and an error of that is given every time.
  Readers ReadersOfRoot();
  const std::shared_ptr<const AccessList>& account_only() const { return account_only_; }

 private:
  Readers ReadRoot();
  Result<std::string> FindHome();

  EventLoop& loop_;
  dropbox::Client& client_;
  dropbox::Account account_;
  std::shared_ptr<const AccessList> account_only_;
  std::optional<Result<std::string>> home_;  // where it lies in the root; "" if that is unknown
  std::optional<Readers> root_;
};

}  // namespace dbxes::permissions
