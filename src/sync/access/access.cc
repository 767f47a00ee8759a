// SPDX-License-Identifier: Apache-2.0
#include "sync/access/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "elastic/license.h"
#include "elastic/search.h"
#include "permissions/scopes.h"
#include "report/text.h"

namespace dbxes::sync {

Result<void> CheckScopes(dropbox::Client& client, const dropbox::Account& account) {
  // The readers of files directly in the root of a team space are the members of the team.
  const bool is_team = !account.team_member_id.empty();
  return permissions::ProbeScopes(client.loop(), client,
                                  {is_team, is_team && account.HasTeamSpace()});
}

Result<void> WarnAboutLicense(elastic::Client& client, report::Reporter& reporter) {
  TRY_ASSIGN(const auto type, elastic::LicenseWithoutDocumentSecurity(client));
  if (type.empty()) return {};
  reporter.Warn(fmt::format(
      "the cluster's {} licence has no document level security: permissions and identities are "
      "written, but API keys and roles with a query are refused, so search applications must "
      "apply the query of the identities themselves",
      type));
  return {};
}

Access::Access(dropbox::Client& client, Settings settings, checkpoint::PermissionTable& table,
               checkpoint::FailuresFile& failures, report::Reporter& reporter)
    : client_(client),
      settings_(settings),
      table_(table),
      failures_(failures),
      reporter_(reporter) {}

void Access::Begin(const dropbox::Account& account) {
  permissions::PermissionSettings settings;
  settings.account = account;
  settings.inherit = settings_.inherit;
  settings.links = settings_.links;
  stage_.reset();
  reader_.emplace(client_.loop(), client_, std::move(settings));
  stage_.emplace(*reader_, table_, failures_);
}

void Access::ReportUnread() {
  for (const auto& [folder, count] : stage_->unnamed()) {
    reporter_.Warn(fmt::format(
        "permissions of {} of shared folder {} could not be read: stored ones stay, new documents "
        "are visible to nobody, and the next run tries again",
        report::CountOf(count, "more document"), folder));
  }
  if (const std::string problem = reader_->link_problem(); !problem.empty()) {
    reporter_.Warn(
        fmt::format("shared links could not be read and therefore opened nothing; the "
                    "next acl-sync tries again: {}",
                    problem));
  }
}

Result<void> Access::Settle(const elastic::SearchableIndex& index, elastic::ActionSink& sink) {
  if (!table_.HasUnsettled()) return {};
  reporter_.Phase("writing changed permissions to documents");
  TRY(sink.Drain());
  TRY(elastic::Refresh(index.client, index.name));
  TRY(NoteFoldersInside());
  const auto rows = table_.rows();
  for (const auto& [folder, row] : rows) {
    if (!row.settled) TRY(SettleFolder(folder, row.fingerprint, index, sink));
  }
  return {};
}

// A changed list reaches the shared folders inside as well, of which this run may have met nothing.
Result<void> Access::NoteFoldersInside() {
  permissions::PermissionReader::Ids changed;
  permissions::PermissionReader::Ids others;
  std::vector<permissions::PermissionQuery> queries;
  const auto ask = [&](const std::string& folder) {
    queries.push_back({"", "", folder, /*is_folder=*/true, false});
  };
  for (const auto& [folder, row] : table_.rows()) {
    if (row.settled) others.insert(folder);
    if (!row.settled) ask(folder);
  }
  TRY(reader_->Read(queries));
  for (const auto& [folder, fingerprint] : reader_->folders()) {
    const bool differs = fingerprint != table_.rows().at(folder).fingerprint;
    if (fingerprint != 0 && differs) changed.insert(folder);
  }
  TRY_ASSIGN(auto inside, reader_->FindInside(changed, others));
  queries.clear();
  std::for_each(inside.begin(), inside.end(), ask);
  TRY(WithContext(reader_->Read(queries), "reading permissions of the folders inside"));
  for (const auto& [folder, fingerprint] : reader_->folders()) {
    table_.Note(folder, fingerprint);
    if (fingerprint != 0) continue;
    reporter_.Warn(
        fmt::format("the members of shared folder {} could not be read; the permissions "
                    "of its documents stay as they are, and the next run tries again",
                    folder));
  }
  return {};
}

Result<void> Access::SettleFolder(const std::string& folder_id, std::uint64_t before,
                                  const elastic::SearchableIndex& index,
                                  elastic::ActionSink& sink) {
  TRY_ASSIGN(const auto read, reader_->Read({{"", "", folder_id, /*is_folder=*/true, false}}));
  const std::shared_ptr<const permissions::AccessList> list = read.front().list;
  if (list == nullptr) return ForgetIfEmpty(folder_id, index);
  PermissionRewrite rewrite(index, *reader_, sink, failures_);
  TRY(WithContext(rewrite.Folder(folder_id, list, before, settings_.inherit),
                  "rewriting permissions"));
  TRY(sink.Drain());
  table_.Settle(folder_id, list->fingerprint);
  return {};
}

// The documents of a folder without a list were reported; the next run tries again, as long as
// there are any. A folder that was deleted or left has none, nor will it ever have a list.
Result<void> Access::ForgetIfEmpty(const std::string& folder_id,
                                   const elastic::SearchableIndex& index) {
  TRY_ASSIGN(const auto documents,
             WithContext(elastic::Count(index.client, index.name, DocumentsOf(folder_id)),
                         "counting documents of a folder"));
  if (documents == 0) table_.Forget(folder_id);
  return {};
}

}  // namespace dbxes::sync
