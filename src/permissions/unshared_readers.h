// SPDX-License-Identifier: Apache-2.0
// Readers of what is in no shared folder: of the home folder the account alone, and of the rest of
// a team space every member with that root (Dropbox HTTP API: team files; root_folder_id of the
// members' profiles). Where this is uncertain, the account alone reads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/event_loop.h"
#include "dropbox/client.h"
#include "permissions/access_list.h"

namespace dbxes::permissions {

// Every member of the team, including those who are not active; all pages, or an error.
Result<std::vector<dropbox::TeamMember>> ListTeamMembers(EventLoop& loop, dropbox::Client& client);

class UnsharedReaders {
 public:
  using Readers = Result<std::shared_ptr<const AccessList>>;

  UnsharedReaders(EventLoop& loop, dropbox::Client& client, dropbox::Account account);

  // Whether this id is none, the home or the root of the team space: no shared folder with members
  // of its own, although an entry names it as one.
  bool Holds(std::string_view shared_folder_id) const;
  // Whether this path ("" for none) is in the root of a team space, outside the home. Errors
  // concern the run: without an answer the document might keep the list of another path.
  Result<bool> IsInTeamRoot(std::string_view path_lower);
  // Readers of the root; requested once, and an error of that request is returned every time.
  Readers ReadersOfRoot();
  const std::shared_ptr<const AccessList>& account_only() const { return account_only_; }

 private:
  Readers ReadRoot();
  Result<std::string> FindHome();

  EventLoop& loop_;
  dropbox::Client& client_;
  dropbox::Account account_;
  std::shared_ptr<const AccessList> account_only_;
  std::optional<Result<std::string>> home_;  // its path in the root; "" if that is unknown
  std::optional<Readers> root_;
};

}  // namespace dbxes::permissions
