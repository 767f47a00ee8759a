// SPDX-License-Identifier: Apache-2.0
// What a run does for document level security beside the pages of the feed: who reads permissions,
// and folders whose members are others than their documents say.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "elastic/search.h"
#include "permissions/scopes.h"
#include "sync/access/permission_rewrite.h"
#include "sync/sync_run.h"

namespace dbxes::sync {

Result<void> SyncRun::CheckScopes(const dropbox::Account& account) {
  if (!config_.dropbox.use_document_level_security) return {};
  // Of what lies loose in the root of a team space, the members of the team are the readers.
  const bool is_team = !account.team_member_id.empty();
  return permissions::ProbeScopes(loop_, dropbox_, {is_team, is_team && account.HasTeamSpace()});
}

Error SyncRun::AccountError(Error error) {
  if (!config_.dropbox.use_document_level_security) return error;
  return permissions::ExplainDiscovery(loop_, dropbox_, /*identities=*/false, std::move(error));
}

void SyncRun::PreparePermissions(const dropbox::Account& account) {
  if (!config_.dropbox.use_document_level_security) return;
  permissions::PermissionSettings settings;
  settings.account = account;
  settings.inherit = config_.dropbox.include_inherited_users_and_groups;
  settings.links = config_.dropbox.include_link_visibility;
  permission_reader_.emplace(loop_, dropbox_, std::move(settings));
  permissions_.emplace(
      *permission_reader_, state_.permissions,
      [this](report::FailedDocument failure) { failures_.Add(std::move(failure)); });
}

Result<void> SyncRun::SettlePermissions() {
  if (!permissions_) return {};
  for (const auto& [folder, count] : permissions_->unnamed()) {
    reporter_.Warn(fmt::format(
        "permissions of {} more documents of shared folder {} could not be read; they stay as they "
        "are or visible to nobody, and the next run tries again",
        count, folder));
  }
  if (const std::string problem = permission_reader_->link_problem(); !problem.empty()) {
    reporter_.Warn(
        fmt::format("shared links could not be read and therefore opened nothing; the "
                    "next acl-sync tries again: {}",
                    problem));
  }
  if (!state_.permissions.HasUnsettled() || !KeepsState()) return {};
  reporter_.Phase("bringing changed permissions to documents");
  TRY(sink_->Drain());
  TRY(elastic::Refresh(elastic_, config_.elasticsearch.index));
  TRY(NoteFoldersInside());
  const auto rows = state_.permissions.rows();
  for (const auto& [folder, row] : rows) {
    if (row.settled) continue;
    TRY(SettleFolder(folder, row));
  }
  return {};
}

// A changed list reaches the shared folders inside as well, of which this run may have met nothing.
Result<void> SyncRun::NoteFoldersInside() {
  permissions::PermissionReader::Ids changed;
  permissions::PermissionReader::Ids others;
  std::vector<permissions::PermissionQuery> queries;
  const auto ask = [&](const std::string& folder) {
    queries.push_back({"", "", folder, /*is_folder=*/true, false});
  };
  for (const auto& [folder, row] : state_.permissions.rows()) {
    if (row.settled) others.insert(folder);
    if (!row.settled) ask(folder);
  }
  auto read = permission_reader_->Read(queries);
  if (!read) return Fail(read.error());
  for (const auto& [folder, fingerprint] : permission_reader_->folders()) {
    const bool differs = fingerprint != state_.permissions.rows().at(folder).fingerprint;
    if (fingerprint != 0 && differs) changed.insert(folder);
  }
  TRY_ASSIGN(auto inside, permission_reader_->FindInside(changed, others));
  queries.clear();
  std::for_each(inside.begin(), inside.end(), ask);
  read = permission_reader_->Read(queries);
  if (!read) return Fail(WithContext(read.error(), "reading permissions of the folders inside"));
  for (const auto& [folder, fingerprint] : permission_reader_->folders()) {
    state_.permissions.Note(folder, fingerprint);
    if (fingerprint != 0) continue;
    reporter_.Warn(
        fmt::format("the members of shared folder {} could not be read; the permissions "
                    "of its documents stay as they are, and the next run tries again",
                    folder));
  }
  return {};
}

// The documents of a folder without a list were reported; the next run tries again, as long as
// there are any. A folder that was deleted or left has none, nor will it ever have a list.
Result<void> SyncRun::ForgetIfEmpty(const std::string& folder_id) {
  TRY_ASSIGN(auto documents, WithContext(elastic::Count(elastic_, config_.elasticsearch.index,
                                                        DocumentsOf(folder_id)),
                                         "counting documents of a folder"));
  if (documents == 0) state_.permissions.Forget(folder_id);
  return {};
}

Result<void> SyncRun::SettleFolder(const std::string& folder_id,
                                   checkpoint::PermissionTable::Row row) {
  TRY_ASSIGN(auto read, permission_reader_->Read({{"", "", folder_id, /*is_folder=*/true, false}}));
  const std::shared_ptr<const permissions::AccessList> list = read.front().list;
  if (list == nullptr) return ForgetIfEmpty(folder_id);
  PermissionRewrite rewrite(
      elastic_, config_.elasticsearch.index, state_.id_field, *permission_reader_, *sink_,
      [this](report::FailedDocument failure) { failures_.Add(std::move(failure)); });
  TRY(WithContext(rewrite.Folder(folder_id, list, row.fingerprint,
                                 config_.dropbox.include_inherited_users_and_groups),
                  "rewriting permissions"));
  TRY(sink_->Drain());
  state_.permissions.Settle(folder_id, list->fingerprint);
  return {};
}

}  // namespace dbxes::sync
