// SPDX-License-Identifier: Apache-2.0
// Files received one by one: shared with the account, not mounted in its tree. No change feed
// reports them, so each run lists them and compares (Dropbox HTTP API:
// sharing/list_received_files).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/failures_file.h"
#include "checkpoint/sync_sequence.h"
#include "dropbox/client.h"
#include "elastic/multi_get.h"
#include "sync/deletion/index_snapshot.h"
#include "sync/stages/document_writer.h"
#include "sync/stages/permission_stage.h"
#include "sync/stages/rule_judge.h"

namespace dbxes::sync {

class ReceivedStage {
 public:
  // `lookup` is null when there is nothing to compare with, `rules` when all is included,
  // `permissions` without document level security.
  ReceivedStage(dropbox::Client& client, DocumentWriter& writer, elastic::MultiGet* lookup,
                RuleJudge* rules, PermissionStage* permissions, checkpoint::SyncSequence& sequence);

  // Accounts in it for the files that the index has.
  void CompareWith(IndexSnapshot& snapshot) { snapshot_ = &snapshot; }

  // `in_tree`: whether the id was listed in the tree, so that a document with a path is the right
  // one. Null for an incremental run, where only the index knows.
  using InTree = std::function<bool(std::string_view id)>;
  // What happens to files that the index has already: nothing, a comparison with what their link
  // shows, or another write in any case.
  enum class Known : std::uint8_t { kLeave, kCompare, kRewrite };
  // Writes new ones, and known ones as `known` says. A link that cannot be read is recorded in
  // `failed` and leaves the others alone.
  Result<void> Write(const std::vector<dropbox::ReceivedFile>& files, const InTree& in_tree,
                     Known known, checkpoint::FailuresFile& failed);
  std::uint64_t failures() const { return failures_; }
  // Removes from `ids` (hashes) those that rules excluded.
  void TakeOutExcluded(std::vector<std::uint64_t>& ids) const;

 private:
  struct Wanted {
    const dropbox::ReceivedFile* file;
    elastic::StoredDocument* found;   // null: none
    elastic::StoredDocument* stored;  // null: none, or another kind of document that is replaced
    bool compare;
    Pending<dropbox::LinkedFile> link;
  };
  struct Linked {
    const Wanted* wanted;
    dropbox::LinkedFile link;
  };
  Result<void> WriteSome(std::span<const dropbox::ReceivedFile> files, const InTree& in_tree,
                         Known known, checkpoint::FailuresFile& failed);
  Result<void> WriteAll(std::vector<Wanted>& wanted, checkpoint::FailuresFile& failed);
  Result<std::vector<Linked>> ReadLinks(std::vector<Wanted>& wanted,
                                        checkpoint::FailuresFile& failed);
  void ReportFailure(const Wanted& wanted, int status, const std::string& reason,
                     checkpoint::FailuresFile& failed);
  Result<void> WriteOne(const Wanted& wanted, const dropbox::LinkedFile& link,
                        const permissions::Permission* permission);

  dropbox::Client& client_;
  DocumentWriter& writer_;
  elastic::MultiGet* lookup_;
  RuleJudge* rules_;
  PermissionStage* permissions_;
  checkpoint::SyncSequence& sequence_;
  IndexSnapshot* snapshot_ = nullptr;
  std::uint64_t failures_ = 0;
  std::vector<std::uint64_t> excluded_;  // Hash64 of ids
};

}  // namespace dbxes::sync
