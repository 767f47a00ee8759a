// SPDX-License-Identifier: Apache-2.0
// A world with document level security, in which Ann, whose account is indexed, shares folders with
// other people.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/sync_world.h"

namespace dbxes::sync {

struct SecureWorld : SyncWorld {
  explicit SecureWorld(sim::Options options = {}) : SyncWorld(std::move(options)) {
    config.dropbox.use_document_level_security = true;
    config.dropbox.retry_count = 1;
    if (dropbox().options().tokens.team_token) tree().people().MakeTeam("Acme");
    ann = tree().people().primary().account_id;
  }

  std::string AddPerson(const std::string& name, const std::string& status = "active") {
    sim::Account account;
    account.given_name = name;
    account.email = name + "@example.com";
    account.status = status;
    return tree().people().AddAccount(account);
  }
  // Both make Ann the owner.
  std::string Share(const std::string& path, std::vector<sim::Member> members) {
    const std::string id = tree().folders().ShareFolder(path);
    SetMembers(id, std::move(members));
    return id;
  }
  void SetMembers(const std::string& folder, std::vector<sim::Member> members) {
    members.push_back({sim::MemberKind::kUser, ann, "owner"});
    tree().folders().SetMembers(folder, std::move(members));
  }

  std::string ann;
};

}  // namespace dbxes::sync
