// SPDX-License-Identifier: Apache-2.0
// One person, with the values that access lists may contain for them: from their identity in the
// index, or where they have none, from what Dropbox's answers say about them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dropbox/types.h"

namespace dbxes::check {

class Person {
 public:
  using Values = std::vector<std::string>;

  // `name`: an e-mail address or an account id. `links`: shared links count.
  Person(std::string name, bool links);

  const std::string& name() const { return name_; }
  // As Dropbox has the primary address, "" as long as it has not shown it.
  const std::string& email() const { return email_; }
  // The name is one of their addresses, or their account id.
  bool Is(std::string_view email, std::string_view account_id) const;

  void HaveIdentity(Values principals);
  bool has_identity() const { return has_identity_; }
  // Called with what Dropbox shows; remembers it if it concerns this person.
  void Meet(const dropbox::Account& account);
  void Meet(const dropbox::TeamMember& member);
  void Meet(const dropbox::Member& member);

  // What a search application knows of the person, or would know after an acl-sync.
  const Values& in_index() const { return has_identity_ ? identity_ : known_; }
  // Those of `values` that are the person's, by the identity or by Dropbox's answers.
  Values Among(const Values& values) const;
  // Whether all their groups are known.
  bool knows_groups() const { return has_identity_ || in_team_; }
  // "user_id:dbid:x (Ann) is viewer", also of those that do not allow reading.
  const Values& memberships() const { return memberships_; }
  // "Ann has none in the index; judged by ...". `secure`: acl-sync writes identities.
  std::string Describe(bool secure) const;

 private:
  void Know(const std::string& value);
  void KnowAudiences(bool same_team);

  std::string name_;
  std::string email_;
  bool links_;
  bool has_identity_ = false;
  bool in_team_ = false;
  Values identity_;
  Values known_;  // from Dropbox
  Values memberships_;
};

}  // namespace dbxes::check
