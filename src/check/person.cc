// SPDX-License-Identifier: Apache-2.0
#include "check/person.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/ascii.h"
#include "permissions/access_list.h"
#include "permissions/identity.h"

namespace dbxes::check {
namespace {

bool Has(const Person::Values& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

Person::Person(std::string name, bool links) : name_(std::move(name)), links_(links) {
  const bool is_email = name_.find('@') != std::string::npos;
  Know(is_email
           ? permissions::AccessValue({dropbox::Member::Kind::kInvitee, name_, "", false, "", ""})
           : permissions::UserValue(name_));
  KnowAudiences(/*same_team=*/false);
}

bool Person::Is(std::string_view email, std::string_view account_id) const {
  return name_ == account_id || EqualIgnoringCase(name_, email);
}

void Person::HaveIdentity(Values principals) {
  has_identity_ = true;
  identity_ = std::move(principals);
}

void Person::Know(const std::string& value) {
  if (!value.empty() && !Has(known_, value)) known_.push_back(value);
}

void Person::KnowAudiences(bool same_team) {
  if (!links_) return;
  Know(permissions::LinkValue(dropbox::LinkAudience::kAnybody));
  if (same_team) Know(permissions::LinkValue(dropbox::LinkAudience::kTeam));
}

void Person::Meet(const dropbox::Account& account) {
  if (!Is(account.email, account.account_id)) return;
  email_ = account.email;
  Know(permissions::UserValue(account.account_id));
  KnowAudiences(/*same_team=*/true);
}

void Person::Meet(const dropbox::TeamMember& member) {
  const auto& others = member.secondary_emails;
  const bool is_other = std::any_of(others.begin(), others.end(), [this](const std::string& email) {
    return EqualIgnoringCase(name_, email);
  });
  if (!is_other && !Is(member.email, member.account_id)) return;
  if (!permissions::HasIdentity(member)) return;
  in_team_ = true;
  email_ = member.email;
  for (const std::string& value : permissions::PrincipalsOf(permissions::IdentityOf(member))) {
    Know(value);
  }
  KnowAudiences(/*same_team=*/true);
}

void Person::Meet(const dropbox::Member& member) {
  const std::string value = permissions::AccessValue(member);
  if (value.empty()) return;
  if (member.kind == dropbox::Member::Kind::kUser && Is(member.email, member.id)) {
    email_ = member.email;
    Know(value);
    KnowAudiences(member.same_team);
  }
  if (!Has(known_, value) && !Has(identity_, value)) return;
  memberships_.push_back(fmt::format(
      "{}{} is {}{}", value, member.name.empty() ? "" : " (" + member.name + ")",
      member.access_type, member.is_inherited ? ", inherited from a folder above" : ""));
}

Person::Values Person::Among(const Values& values) const {
  Values common;
  std::copy_if(
      values.begin(), values.end(), std::back_inserter(common),
      [this](const std::string& value) { return Has(identity_, value) || Has(known_, value); });
  return common;
}

std::string Person::Describe(bool secure) const {
  if (has_identity_) return fmt::format("{} is {}", name_, fmt::join(identity_, ", "));
  const bool is_email = name_.find('@') != std::string::npos;
  return fmt::format("{} has none in the index; {}judged by {}", name_,
                     secure ? "active members get one from dbx-es acl-sync; " : "",
                     is_email && known_.size() == 1 ? "the e-mail address alone"
                                                    : fmt::format("{}", fmt::join(known_, ", ")));
}

}  // namespace dbxes::check
