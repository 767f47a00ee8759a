// SPDX-License-Identifier: Apache-2.0
// Identity documents: what a person is known by, and the query through which they may search. Ids,
// fields and query are those of Elastic's Dropbox connector. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/json.h"
#include "dropbox/sharing.h"
#include "dropbox/team.h"

namespace dbxes::permissions {

struct Identity {
  std::string email;  // also the document's id
  std::string account_id;
  std::string display_name;
  std::vector<std::string> other_emails;  // verified ones that stand for the same person
  std::vector<std::string> groups;
  std::vector<std::string> links;  // LinkValue of the audiences that the person belongs to
  std::string status = "active";
  std::string joined_on;  // "" if unknown
};

// Who has an identity: active members alone. Invited ones have no account yet; suspended and
// removed ones must not see anything any more.
bool HasIdentity(const dropbox::TeamMember& member);
Identity IdentityOf(const dropbox::TeamMember& member);
// Of somebody whom a folder or file is shared with.
Identity IdentityOf(const dropbox::Member& user);

// Lets shared links for the team, if it is the person's, and for everybody count for them.
void JoinAudiences(Identity& identity, bool same_team);

// Every value of `_allow_access_control` that lets this person see a document; and the display name
// of the connector's identities, which no document carries.
std::vector<std::string> PrincipalsOf(const Identity& identity);

// The document. `now` becomes its `_timestamp` when it is new, and `created_at` where Dropbox tells
// no date.
std::string IdentityDocument(const Identity& identity, std::string_view now, bool is_new);
// Whether a stored document says the same of the person.
bool SameIdentity(const rapidjson::Value& stored, const Identity& identity);

}  // namespace dbxes::permissions
