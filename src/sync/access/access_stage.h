// SPDX-License-Identifier: Apache-2.0
// Compares the lists of readers of documents with those in the index and writes nothing else: what
// acl-sync does with the entries of a page and with received files. What the index does not hold
// yet is left to the next sync.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/failures_file.h"
#include "delta/change.h"
#include "dropbox/client.h"
#include "elastic/multi_get.h"
#include "report/counters.h"
#include "sync/outlet/outlet.h"
#include "sync/stages/access_decision.h"
#include "sync/stages/permission_stage.h"

namespace dbxes::sync {

class AccessStage {
 public:
  // `lookup` is null where there are no documents: then lists are read and nothing is written.
  AccessStage(PermissionStage& permissions, elastic::MultiGet* lookup, Outlet& outlet,
              checkpoint::FailuresFile& failures, report::Counters& counters);

  // Of files and folders of the tree, each with another id.
  Result<void> Compare(const std::vector<delta::Change>& changes);
  // Of files received one by one; those that have a place in the tree are compared there.
  Result<void> CompareReceived(const std::vector<dropbox::ReceivedFile>& files);

 private:
  Result<void> CompareSome(const std::vector<const dropbox::ReceivedFile*>& files);
  Result<void> Write(std::string_view id, std::string_view path,
                     const elastic::DocumentVersion& version, const AccessDecision& access);

  PermissionStage& permissions_;
  elastic::MultiGet* lookup_;
  Outlet& outlet_;
  checkpoint::FailuresFile& failures_;
  report::Counters& counters_;
  std::string source_;  // of the action under way
};

}  // namespace dbxes::sync
