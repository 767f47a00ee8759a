// SPDX-License-Identifier: Apache-2.0
// What a run does for document level security beside the pages of the feed: who reads permissions,
// and folders whose members are others than their documents say.
#include <fmt/format.h>

#include <utility>

#include "elastic/search.h"
#include "permissions/scopes.h"
#include "sync/permission_rewrite.h"
#include "sync/sync_run.h"

namespace dbxes {

Result<void> SyncRun::CheckScopes(const Account& account) {
  if (!config_.dropbox.use_document_level_security) return {};
  return ProbeScopes(loop_, dropbox_, {!account.team_member_id.empty(), /*identities=*/false});
}

Error SyncRun::AccountError(Error error) {
  if (!config_.dropbox.use_document_level_security) return error;
  return ExplainDiscovery(loop_, dropbox_, /*identities=*/false, std::move(error));
}

void SyncRun::PreparePermissions(const Account& account) {
  if (!config_.dropbox.use_document_level_security) return;
  PermissionSettings settings;
  settings.account_id = account.account_id;
  settings.home_namespace_id = account.home_namespace_id;
  settings.inherit = config_.dropbox.include_inherited_users_and_groups;
  permission_reader_.emplace(loop_, sharing_, std::move(settings));
  permissions_.emplace(*permission_reader_, state_.permissions,
                       [this](FailedDocument failure) { failures_.Add(std::move(failure)); });
}

Result<void> SyncRun::SettlePermissions() {
  if (!permissions_) return {};
  for (const auto& [folder, count] : permissions_->unnamed()) {
    reporter_.Warn(fmt::format(
        "permissions of {} more documents of shared folder {} could not be read; they stay as they "
        "are or visible to nobody, and the next run tries again",
        count, folder));
  }
  if (!state_.permissions.HasUnsettled() || !KeepsState()) return {};
  reporter_.Phase("bringing changed permissions to documents");
  if (auto drained = sink_->Drain(); !drained) return drained;
  if (auto refreshed = Refresh(elastic_, config_.elasticsearch.index); !refreshed) return refreshed;
  const auto rows = state_.permissions.rows();
  for (const auto& [folder, row] : rows) {
    if (row.settled) continue;
    if (auto settled = SettleFolder(folder, row); !settled) return settled;
  }
  return {};
}

Result<void> SyncRun::SettleFolder(const std::string& folder_id, PermissionTable::Row row) {
  auto read = permission_reader_->Read({{"", folder_id, /*is_folder=*/true, false}});
  if (!read) return Fail(read.error());
  // Its documents were reported when their lists could not be read; the next run tries again.
  const std::shared_ptr<const AccessList> list = read->front().list;
  if (list == nullptr) return {};
  PermissionRewrite rewrite(elastic_, config_.elasticsearch.index, state_.id_field,
                            *permission_reader_, *sink_,
                            [this](FailedDocument failure) { failures_.Add(std::move(failure)); });
  auto written = rewrite.Folder(folder_id, list, row.fingerprint,
                                config_.dropbox.include_inherited_users_and_groups);
  if (!written) return Fail(WithContext(written.error(), "rewriting permissions"));
  if (auto drained = sink_->Drain(); !drained) return drained;
  state_.permissions.Settle(folder_id, list->fingerprint);
  return {};
}

}  // namespace dbxes
