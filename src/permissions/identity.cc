// SPDX-License-Identifier: Apache-2.0
#include "permissions/identity.h"

#include <algorithm>

#include "base/json/json_write.h"
#include "permissions/access_list.h"

namespace dbxes::permissions {
namespace {

// Documents without a list are open to everybody; all others to the people on their list.
constexpr std::string_view kQuerySource = R"({
  "bool": {
    "should": [
      {
        "bool": {
          "must_not": {
            "exists": {
              "field": "_allow_access_control"
            }
          }
        }
      },
      {
        "terms": {
          "_allow_access_control.keyword": {{#toJson}}access_control{{/toJson}}
        }
      }
    ]
  }
})";

// Everything that closes an identity. No value of an access list: closed documents have a value,
// too.
constexpr std::string_view kClosed = R"({"status":"closed","query":{"template":{"params":)"
                                     R"({"access_control":[]},"source":"{\"match_none\":{}}"}}})";

std::string Prefixed(std::string_view prefix, std::string_view value) {
  return value.empty() ? std::string() : std::string(prefix) + std::string(value);
}

void WriteOrNull(JsonWriter& writer, std::string_view key, const std::string& value) {
  WriteKey(writer, key);
  if (value.empty()) {
    writer.Null();
  } else {
    WriteString(writer, value);
  }
}

void WriteQuery(JsonWriter& writer, const Identity& identity) {
  writer.Key("query");
  writer.StartObject();
  writer.Key("template");
  writer.StartObject();
  writer.Key("params");
  writer.StartObject();
  writer.Key("access_control");
  writer.StartArray();
  for (const std::string& principal : PrincipalsOf(identity)) WriteString(writer, principal);
  writer.EndArray();
  writer.EndObject();
  WriteText(writer, "source", kQuerySource);
  writer.EndObject();
  writer.EndObject();
}

// The fields that every write of a document has.
void WriteFacts(JsonWriter& writer, const Identity& identity) {
  WriteText(writer, "id", identity.email);
  writer.Key("identity");
  writer.StartObject();
  WriteOrNull(writer, "email", Prefixed("email:", identity.email));
  WriteOrNull(writer, "username", Prefixed("user:", identity.display_name));
  WriteOrNull(writer, "user_id", Prefixed("user_id:", identity.account_id));
  writer.EndObject();
  WriteText(writer, "status", identity.status);
  WriteQuery(writer, identity);
}

// Whether a document has all members of an object, with equal values.
bool HasMembers(const rapidjson::Value& stored, std::string_view object) {
  const auto wanted = ParseJson(object, "an identity");
  return wanted && std::all_of(wanted->MemberBegin(), wanted->MemberEnd(), [&](const auto& member) {
           const rapidjson::Value* found = FindMember(stored, View(member.name));
           return found != nullptr && *found == member.value;
         });
}

}  // namespace

bool HasIdentity(const dropbox::TeamMember& member) {
  return member.status == "active" && !member.account_id.empty() && !member.email.empty();
}

Identity IdentityOf(const dropbox::TeamMember& member) {
  Identity identity;
  identity.email = member.email;
  identity.account_id = member.account_id;
  identity.display_name = member.display_name;
  identity.other_emails = member.secondary_emails;
  identity.groups = member.groups;
  identity.status = member.status;
  identity.joined_on = member.joined_on;
  return identity;
}

Identity IdentityOf(const dropbox::Member& user) {
  Identity identity;
  identity.email = user.email;
  identity.account_id = user.id;
  identity.display_name = user.name;
  return identity;
}

void JoinAudiences(Identity& identity, bool same_team) {
  identity.links = {LinkValue(dropbox::LinkAudience::kAnybody)};
  if (same_team) identity.links.push_back(LinkValue(dropbox::LinkAudience::kTeam));
}

std::vector<std::string> PrincipalsOf(const Identity& identity) {
  std::vector<std::string> principals;
  const auto add = [&](std::string value) {
    const bool known = std::find(principals.begin(), principals.end(), value) != principals.end();
    if (!value.empty() && !known) principals.push_back(std::move(value));
  };
  // Access lists have addresses in lower case.
  const auto add_email = [&](const std::string& email) {
    add(Prefixed("email:", email));
    if (!email.empty())
      add(AccessValue({dropbox::Member::Kind::kInvitee, email, "", false, "", ""}));
  };
  add_email(identity.email);
  add(Prefixed("user:", identity.display_name));
  add(Prefixed("user_id:", identity.account_id));
  for (const std::string& email : identity.other_emails) add_email(email);
  for (const std::string& group : identity.groups) add(Prefixed("group:", group));
  for (const std::string& link : identity.links) add(link);
  return principals;
}

std::string IdentityDocument(const Identity& identity, std::string_view now, bool is_new) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteFacts(writer, identity);
  if (!identity.joined_on.empty()) {
    WriteText(writer, "created_at", identity.joined_on);
  } else if (is_new) {
    WriteText(writer, "created_at", now);
  }
  if (is_new) WriteText(writer, "_timestamp", now);
  writer.EndObject();
  return std::string(View(buffer));
}

bool SameIdentity(const rapidjson::Value& stored, const Identity& identity) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteFacts(writer, identity);
  writer.EndObject();
  return HasMembers(stored, View(buffer));
}

std::string ClosedIdentityDocument(const rapidjson::Value& stored) {
  const auto closed = ParseJson(kClosed, "a closed identity");
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  for (const auto* part : {&stored, static_cast<const rapidjson::Value*>(&*closed)}) {
    for (const auto& member : part->GetObject()) {
      const bool replaced = part == &stored && closed->HasMember(member.name);
      if (replaced) continue;
      WriteKey(writer, View(member.name));
      member.value.Accept(writer);
    }
  }
  writer.EndObject();
  return std::string(View(buffer));
}

bool IsClosedIdentity(const rapidjson::Value& stored) { return HasMembers(stored, kClosed); }

}  // namespace dbxes::permissions
