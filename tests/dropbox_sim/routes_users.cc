// SPDX-License-Identifier: Apache-2.0
// Accounts, features, credential checks.

#include <fmt/format.h>

#include <set>
#include <utility>

#include "dropbox_sim/people_json.h"
#include "dropbox_sim/service.h"

namespace dbxes::sim {
namespace {

void WriteTeam(JsonOut* json, const Tree& tree) {
  json->Key("team")
      .BeginObject()
      .Field("id", tree.people().team_id())
      .Field("name", tree.people().team_name());
  WriteSharingPolicies(&json->Key("sharing_policies"));
  json->FieldTag("office_addin_policy", "disabled")
      .FieldTag("top_level_content_policy", "admin_only");
  json->EndObject();
}

void WriteBasicAccount(JsonOut* json, const Account& account, const Account& asker) {
  const bool teammate =
      !asker.team_member_id.empty() && account.same_team && !account.team_member_id.empty();
  json->BeginObject().Field("account_id", account.account_id);
  WriteName(&json->Key("name"), account);
  json->Field("email", account.email)
      .FieldBool("email_verified", true)
      .FieldBool("disabled", account.disabled);
  json->FieldBool("is_teammate", teammate);
  json->FieldOptional("team_member_id",
                      teammate ? std::string_view(account.team_member_id) : std::string_view());
  json->FieldOptional("profile_photo_url", "").EndObject();
}

}  // namespace

Reply GetCurrentAccount(Service& service, Call& call) {
  const Account& account = *call.account;
  const Tree& tree = service.tree;
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject().Field("account_id", account.account_id);
  WriteName(&json.Key("name"), account);
  json.Field("email", account.email)
      .FieldBool("email_verified", true)
      .FieldBool("disabled", account.disabled);
  json.Field("locale", "en")
      .Field("referral_link", "https://www.dropbox.com/referrals/AAA")
      .FieldBool("is_paired", false);
  json.FieldTag("account_type", account.account_type)
      .FieldOptional("profile_photo_url", "")
      .Field("country", "ES");
  json.Key("root_info").BeginObject().Field(".tag", account.root_info_tag);
  json.Field("root_namespace_id", tree.items().ns(account.root).id)
      .Field("home_namespace_id", tree.items().ns(account.home).id);
  json.FieldOptional("home_path", account.home_path).EndObject();
  if (!account.team_member_id.empty()) {
    WriteTeam(&json, tree);
    json.Field("team_member_id", account.team_member_id);
  }
  json.EndObject();
  return service.Ok(std::move(out));
}

Reply GetAccount(Service& service, Call& call) {
  const Account* account = service.tree.people().FindAccount(StringField(call.args, "account_id"));
  if (account == nullptr) return service.EndpointError(call, "no_account");
  std::string out;
  JsonOut json = service.Json(&out, call);
  WriteBasicAccount(&json, *account, *call.account);
  return service.Ok(std::move(out));
}

Reply GetAccountBatch(Service& service, Call& call) {
  const std::vector<std::string> ids = StringsField(call.args, "account_ids");
  if (std::set<std::string>(ids.begin(), ids.end()).size() != ids.size()) {
    return service.BadRequest(call, "account_ids: list contains duplicates");
  }
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginArray();
  for (const std::string& id : ids) {
    if (id.size() != 40)
      return service.BadRequest(call, "account_ids: expected exactly 40 characters");
    const Account* account = service.tree.people().FindAccount(id);
    if (account == nullptr) {
      return service.JsonError(call, 409, "no_account",
                               fmt::format(R"({{".tag":"no_account","no_account":"{}"}})", id));
    }
    WriteBasicAccount(&json, *account, *call.account);
  }
  json.EndArray();
  return service.Ok(std::move(out));
}

Reply UserFeatures(Service& service, Call& call) {
  const std::vector<std::string> features = StringsField(call.args, "features");
  if (features.empty()) return service.EndpointError(call, "empty_features_list");
  const bool team_space = call.account->root != call.account->home;
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject().Key("values").BeginArray();
  for (const std::string& feature : features) {
    const bool known = feature == "paper_as_files" || feature == "file_locking" ||
                       feature == "team_shared_dropbox" || feature == "distinct_member_home";
    if (!known) {
      json.Tag(feature);
      continue;
    }
    const bool enabled = feature == "paper_as_files" || (feature != "file_locking" && team_space);
    json.BeginObject()
        .Field(".tag", feature)
        .Key(feature)
        .BeginObject()
        .Field(".tag", "enabled")
        .FieldBool("enabled", enabled);
    json.EndUnion().EndUnion();
  }
  json.EndArray().EndObject();
  return service.Ok(std::move(out));
}

Reply CheckUser(Service& service, Call& call) {
  std::string out;
  JsonOut json = service.Json(&out, call);
  json.BeginObject().Field("result", StringField(call.args, "query")).EndObject();
  return service.Ok(std::move(out));
}

Reply RevokeToken(Service& service, Call& call) {
  service.tokens.RevokeToken(call.bearer);
  return service.Ok("null");
}

}  // namespace dbxes::sim
