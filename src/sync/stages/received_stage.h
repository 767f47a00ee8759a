// SPDX-License-Identifier: Apache-2.0
// Files received one by one: shared with the account, not mounted in its tree. No change feed
// reports them, so each run lists them and compares (Dropbox HTTP API:
// sharing/list_received_files).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "checkpoint/sync_sequence.h"
#include "documents/document.h"
#include "dropbox/client.h"
#include "elastic/action_sink.h"
#include "elastic/multi_get.h"
#include "report/counters.h"
#include "report/reporter.h"
#include "sync/deletion/index_snapshot.h"
#include "sync/stages/body_decision.h"
#include "sync/stages/content_stage.h"
#include "sync/stages/permission_stage.h"
#include "sync/stages/rule_judge.h"

namespace dbxes::sync {

// The files that have no place in the tree, and a hash by which the next run sees that nothing
// changed. A file whose listing entry is the same may still have new content: only full syncs look.
struct ReceivedFiles {
  std::vector<dropbox::ReceivedFile> files;
  checkpoint::ReceivedListing listing;
};

// All pages, or an error: half a list would delete the other half.
Result<ReceivedFiles> ListAllReceived(EventLoop& loop, dropbox::Client& client);

// Whether it was a received file of which something could not be written: those have a name,
// documents of the tree a path, and of what was deleted nobody may know either.
bool IsReceived(const report::FailedDocument& failure);

class ReceivedStage {
 public:
  // `stored` is null when there is nothing to compare with, `rules` when all is included,
  // `permissions` without document level security, `content` when no content is fetched.
  ReceivedStage(EventLoop& loop, dropbox::Client& client, documents::DocumentBuilder& builder,
                elastic::MultiGet* stored, RuleJudge* rules, PermissionStage* permissions,
                const content::ContentPlanner& planner, ContentStage* content,
                elastic::ActionSink& sink, checkpoint::SyncSequence& sequence,
                report::Counters& counters);

  // Accounts in it for the files that the index has.
  void CompareWith(IndexSnapshot& snapshot) { snapshot_ = &snapshot; }

  // `in_tree`: the id was listed in the tree, so that a document with a path is the right one. For
  // an incremental run, where the index alone knows, null.
  using InTree = std::function<bool(std::string_view id)>;
  // What happens to those that the index has already: nothing, a look whether their link tells
  // another version, or another write in any case.
  enum class Known : std::uint8_t { kLeave, kCompare, kRewrite };
  // Writes new ones, and known ones as told. A link that cannot be read is reported to `on_failed`
  // and leaves the others alone.
  Result<void> Write(const std::vector<dropbox::ReceivedFile>& files, const InTree& in_tree,
                     Known known, const std::function<void(report::FailedDocument)>& on_failed);
  std::uint64_t failures() const { return failures_; }
  // Removes from `ids` (hashes) those that rules excluded.
  void TakeOutExcluded(std::vector<std::uint64_t>& ids) const;
  std::uint64_t excluded() const { return excluded_.size(); }

 private:
  struct Wanted {
    const dropbox::ReceivedFile* file;
    const elastic::StoredDocument* found;  // null: none
    const elastic::StoredDocument*
        stored;  // null: none, or another kind of document that is replaced
    bool compare;
    Pending<dropbox::LinkedFile> link;
  };
  struct Linked {
    const Wanted* wanted;
    dropbox::LinkedFile link;
  };
  using OnFailed = std::function<void(report::FailedDocument)>;
  Result<void> WriteSome(const std::vector<dropbox::ReceivedFile>& files, std::size_t begin,
                         std::size_t end, const InTree& in_tree, Known known,
                         const std::function<void(report::FailedDocument)>& on_failed);
  Result<void> WriteAll(std::vector<Wanted>& wanted, const OnFailed& on_failed);
  Result<std::vector<Linked>> ReadLinks(std::vector<Wanted>& wanted, const OnFailed& on_failed);
  void ReportFailure(const Wanted& wanted, int status, const std::string& reason,
                     const OnFailed& on_failed);
  Result<void> WriteOne(const Wanted& wanted, const dropbox::LinkedFile& link,
                        const permissions::Permission* permission);

  EventLoop& loop_;
  dropbox::Client& client_;
  documents::DocumentBuilder& builder_;
  elastic::MultiGet* stored_;
  RuleJudge* rules_;
  IndexSnapshot* snapshot_ = nullptr;
  PermissionStage* permissions_;
  const content::ContentPlanner& planner_;
  ContentStage* content_;
  elastic::ActionSink& sink_;
  checkpoint::SyncSequence& sequence_;
  report::Counters& counters_;
  std::uint64_t failures_ = 0;
  std::vector<std::uint64_t> excluded_;  // Hash64 of ids
};

}  // namespace dbxes::sync
