// SPDX-License-Identifier: Apache-2.0
#include "permissions/access_list.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/json/json.h"

namespace dbxes::permissions {
namespace {

Verdicts Sorted(Verdicts verdicts) {
  // Of equal values the one that grants comes first and is kept.
  std::sort(verdicts.begin(), verdicts.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second > b.second;
  });
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  verdicts.erase(std::unique(verdicts.begin(), verdicts.end(), same), verdicts.end());
  return verdicts;
}

}  // namespace

bool GrantsReading(std::string_view access_type) {
  return access_type == "owner" || access_type == "editor" || access_type == "viewer" ||
         access_type == "viewer_no_comment";
}

std::string UserValue(std::string_view account_id) { return "user_id:" + std::string(account_id); }

std::string LinkValue(dropbox::LinkAudience audience) {
  switch (audience) {
    case dropbox::LinkAudience::kNobody:
      return {};
    case dropbox::LinkAudience::kTeam:
      return "link:team";
    case dropbox::LinkAudience::kAnybody:
      return "link:public";
  }
  return {};
}

std::string AccessValue(const dropbox::Member& member) {
  switch (member.kind) {
    case dropbox::Member::Kind::kUser:
      // The address of a deleted account ends in '#'.
      if (!member.email.empty() && member.email.back() == '#') return {};
      return UserValue(member.id);
    case dropbox::Member::Kind::kGroup:
      return "group:" + member.id;
    case dropbox::Member::Kind::kInvitee:
      // Addresses are compared without regard to case; Dropbox accepts only ASCII.
      return "email:" + LowerAscii(member.id);
  }
  return {};
}

Verdicts JudgeMembers(const std::vector<dropbox::Member>& members) {
  Verdicts own;
  Verdicts inherited;
  for (const dropbox::Member& member : members) {
    std::string value = AccessValue(member);
    if (value.empty()) continue;
    (member.is_inherited ? inherited : own)
        .emplace_back(std::move(value), GrantsReading(member.access_type));
  }
  return Inherit(Sorted(std::move(own)), Sorted(std::move(inherited)));
}

Verdicts Inherit(const Verdicts& nearer, const Verdicts& farther) {
  Verdicts merged;
  merged.reserve(nearer.size() + farther.size());
  // Of equal values std::set_union keeps those of the first range.
  std::set_union(nearer.begin(), nearer.end(), farther.begin(), farther.end(),
                 std::back_inserter(merged),
                 [](const auto& a, const auto& b) { return a.first < b.first; });
  return merged;
}

std::vector<std::string> ReadersOf(const Verdicts& verdicts) {
  std::vector<std::string> readers;
  for (const auto& [value, reads] : verdicts) {
    if (reads) readers.push_back(value);
  }
  return readers;
}

AccessList MakeAccessList(std::vector<std::string> values, bool has_own_members) {
  AccessList list;
  list.values = std::move(values);
  if (list.values.empty()) list.values.emplace_back(kNobody);
  std::sort(list.values.begin(), list.values.end());
  list.values.erase(std::unique(list.values.begin(), list.values.end()), list.values.end());
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartArray();
  for (const std::string& value : list.values) WriteString(writer, value);
  writer.EndArray();
  list.json = View(buffer);
  list.fingerprint = Hash64(has_own_members ? list.json + "+" : list.json);
  if (list.fingerprint == 0) list.fingerprint = 1;
  return list;
}

AccessList NobodysAccessList() { return MakeAccessList({}); }

}  // namespace dbxes::permissions
