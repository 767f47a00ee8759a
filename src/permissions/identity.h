// SPDX-License-Identifier: Apache-2.0
// Identity documents: the values that identify a person in access lists, and the query that limits
// their searches. Ids, fields and query are those of Elastic's Dropbox connector. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/json.h"
#include "dropbox/types.h"

namespace dbxes::permissions {

struct Identity {
  std::string email;  // also the document's id
  std::string account_id;
  std::string display_name;
  std::vector<std::string> other_emails;  // further verified addresses of the same person
  std::vector<std::string> groups;
  std::vector<std::string> links;  // LinkValue of the audiences that the person belongs to
  std::string status = "active";
  std::string joined_on;  // "" if unknown
};

// Only active members have an identity. Invited ones have no account yet; suspended and removed
// ones must not see anything any more.
bool HasIdentity(const dropbox::TeamMember& member);
Identity IdentityOf(const dropbox::TeamMember& member);
// Of a user with whom a folder or file is shared.
Identity IdentityOf(const dropbox::Member& user);

// Adds the values of shared links: those for everybody, and with `same_team` those for the team.
void JoinAudiences(Identity& identity, bool same_team);

// Every value of `_allow_access_control` that lets this person see a document; and the display name
// of the connector's identities, which no document carries.
std::vector<std::string> PrincipalsOf(const Identity& identity);

// The document. `now` becomes its `_timestamp` when it is new, and its `created_at` where Dropbox
// has no date.
std::string IdentityDocument(const Identity& identity, std::string_view now, bool is_new);
// Whether a stored document has the same values.
bool SameIdentity(const rapidjson::Value& stored, const Identity& identity);

// The stored document as a closed one: its query matches nothing, documents without an access list
// included. Other fields stay.
std::string ClosedIdentityDocument(const rapidjson::Value& stored);
bool IsClosedIdentity(const rapidjson::Value& stored);

}  // namespace dbxes::permissions
