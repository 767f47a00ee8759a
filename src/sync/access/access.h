// SPDX-License-Identifier: Apache-2.0
// The lists of readers of a run with document level security: reads them for the documents of each
// page, and writes those that changed to documents that no page brings.
#pragma once

#include <optional>
#include <string>

#include "checkpoint/failures_file.h"
#include "checkpoint/permission_table.h"
#include "dropbox/client.h"
#include "elastic/action_sink.h"
#include "elastic/searchable_index.h"
#include "permissions/permission_reader.h"
#include "report/reporter.h"
#include "sync/access/permission_rewrite.h"
#include "sync/stages/permission_stage.h"

namespace dbxes::sync {

// kPermission, naming what is missing, where the token lacks a scope that lists of readers need
// (permissions/scopes.h).
Result<void> CheckScopes(dropbox::Client& client, const dropbox::Account& account);
// Warns where the cluster's licence has no document level security.
Result<void> WarnAboutLicense(elastic::Client& client, report::Reporter& reporter);

class Access {
 public:
  struct Settings {
    bool inherit = true;  // files inherit the members of their shared folder
    bool links = false;   // shared links count as well
  };
  // `table` is the checkpoint's.
  Access(dropbox::Client& client, Settings settings, checkpoint::PermissionTable& table,
         checkpoint::FailuresFile& failures, report::Reporter& reporter);

  // Before any document is written, once the account is known; again where a full sync starts over.
  void Begin(const dropbox::Account& account);
  permissions::PermissionReader& reader() { return *reader_; }
  PermissionStage& stage() { return *stage_; }

  // Reports which lists could not be read.
  void ReportUnread();
  // Writes lists of members that have changed to the documents that this run did not touch, through
  // `sink`, which it drains. Call ReportUnread before.
  Result<void> Settle(const elastic::SearchableIndex& index, elastic::ActionSink& sink);

 private:
  Result<void> NoteFoldersInside();
  Result<void> SettleFolder(const std::string& folder_id, std::uint64_t before,
                            const elastic::SearchableIndex& index, elastic::ActionSink& sink);
  Result<void> ForgetIfEmpty(const std::string& folder_id, const elastic::SearchableIndex& index);

  dropbox::Client& client_;
  Settings settings_;
  checkpoint::PermissionTable& table_;
  checkpoint::FailuresFile& failures_;
  report::Reporter& reporter_;
  std::optional<permissions::PermissionReader> reader_;
  std::optional<PermissionStage> stage_;
};

}  // namespace dbxes::sync
