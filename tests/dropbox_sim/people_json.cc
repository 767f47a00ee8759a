// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/people_json.h"

namespace dbxes::sim {

void WriteName(JsonOut* json, const Account& account) {
  json->BeginObject().Field("given_name", account.given_name).Field("surname", account.surname);
  json->Field("familiar_name", account.given_name).Field("display_name", account.display_name());
  json->Field("abbreviated_name", account.given_name.substr(0, 1) + account.surname.substr(0, 1));
  json->EndObject();
}

void WriteSharingPolicies(JsonOut* json) {
  json->BeginObject().FieldTag("shared_folder_member_policy", "anyone");
  json->FieldTag("shared_folder_join_policy", "from_anyone");
  json->FieldTag("shared_link_create_policy", "default_public");
  json->FieldTag("group_creation_policy", "admins_only");
  json->FieldTag("shared_folder_link_restriction_policy", "anyone");
  json->FieldTag("enforce_link_password_policy", "optional");
  json->FieldTag("default_link_expiration_days_policy", "none");
  json->FieldTag("shared_link_default_permissions_policy", "default");
  json->EndObject();
}

}  // namespace dbxes::sim
