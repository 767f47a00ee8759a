// SPDX-License-Identifier: Apache-2.0
// One run: owns what the stages share, and decides between a full and an incremental sync.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint_store.h"
#include "checkpoint/failures_file.h"
#include "checkpoint/sync_sequence.h"
#include "content/content_plan.h"
#include "content/extraction_service.h"
#include "documents/document.h"
#include "dropbox/client.h"
#include "elastic/action_sink.h"
#include "elastic/client.h"
#include "elastic/multi_get.h"
#include "permissions/identity.h"
#include "rules/rule_set.h"
#include "sync/checkpointer.h"
#include "sync/deletion/index_snapshot.h"
#include "sync/run.h"
#include "sync/search/search_filter.h"
#include "sync/stages/content_stage.h"
#include "sync/stages/document_stage.h"
#include "sync/stages/permission_stage.h"
#include "sync/stages/received_stage.h"
#include "sync/stages/rule_judge.h"

namespace dbxes::sync {

class SyncRun {
 public:
  SyncRun(Environment& environment, const config::Config& config, SyncMode mode,
          report::Reporter& reporter, const ParserFactory& make_parser);
  // Everything from the lock to the last checkpoint.
  Result<void> Run();
  // After Run: brings the writes in flight home and saves what they prove. Keeps the counters true.
  void Settle();

  report::Counters counters() const;
  // "", or where an interrupted run stands.
  std::string Whereabouts() const;
  const checkpoint::FailuresFile& failures() const { return failures_; }

 private:
  // What one pass over the feed uses; made anew when a full sync starts over.
  struct Pass;

  bool KeepsState() const { return !config_.dry_run && config_.output_file.empty(); }
  Result<void> ReadRules();
  Result<void> Load();
  Result<void> OpenSink();
  Result<std::unique_ptr<elastic::ActionSink>> MakeWriter();
  Result<void> RunMode();
  documents::DocumentContext MakeDocumentContext() const;
  std::size_t MaxUnacknowledged() const;
  DocumentStage MakeDocumentStage(Pass& pass);
  ReceivedStage MakeReceivedStage(Pass& pass);
  Result<void> Feed(Pass& pass);
  void ExpectEntries(const Pass& pass);
  void Tick();
  report::Gauges gauges() const;

  // incremental_sync.cc
  Result<void> RunIncremental();
  Result<void> IncrementalPass(Pass& pass, bool& changed);
  Result<void> IncrementalReceived(Pass& pass, const ReceivedFiles& received, bool changed);

  // full_sync.cc
  Result<void> RunFull(bool fresh);
  Result<void> BeginFull();
  Result<void> PrepareTarget(bool& created);
  Result<void> ReadSnapshot();
  Result<void> FullPass(Pass& pass);
  Result<void> FinishFull(Pass& pass, bool all_is_ours);
  Result<void> DeleteUnlisted(const std::vector<std::uint64_t>& present, std::uint64_t listed);
  Result<std::vector<std::uint64_t>> WriteReceived(Pass& pass, std::uint64_t& listed);

  // Both: applies what the feed asked to delete, and forgets it.
  Result<void> ApplyDeletions(Pass& pass);
  // Tries again what earlier runs could not write (retry_failures.cc).
  Result<void> RetryFailures(Pass& pass);
  Result<void> RetrySome(const std::vector<const report::FailedDocument*>& failures,
                         std::string_view root, Pass& pass, DocumentStage& documents);
  // The configured folder in Dropbox's lower case.
  Result<std::string> FindRoot();
  Result<ReceivedFiles> ListReceived();

  // Advanced sync rules (search_sync.cc).
  Result<void> OpenSearch(Pass& pass);
  // Writes what search knew too late of for an earlier run.
  Result<void> CatchUpWithSearch(Pass& pass);
  Result<void> WriteMissing(Pass& pass, std::vector<std::string> ids);
  // Of files received one by one; says how many are left out.
  Result<std::uint64_t> DropUnwanted(Pass& pass, std::vector<dropbox::ReceivedFile>& files);

  // A file that holds documents cannot take one back.
  void WarnAboutOutput();

  // Document level security (run_permissions.cc).
  // Once the account is known; before any document is written.
  void PreparePermissions(const dropbox::Account& account);
  Result<void> CheckScopes(const dropbox::Account& account);
  Result<void> WarnAboutLicense();
  Error AccountError(Error error);
  // Brings lists of members that have changed to the documents that this run did not touch.
  Result<void> SettlePermissions();
  Result<void> SettleFolder(const std::string& folder_id, checkpoint::PermissionTable::Row row);
  Result<void> ForgetIfEmpty(const std::string& folder_id);
  Result<void> NoteFoldersInside();
  // acl_sync.cc
  Result<void> RunAccessControl();
  Result<std::vector<permissions::Identity>> ListTeam();
  Result<std::unique_ptr<elastic::ActionSink>> OpenIdentitySink(const std::string& index);
  Result<void> WriteIdentities(const std::vector<permissions::Identity>& people, bool complete);
  Result<void> RemoveIdentities();
  void Count(const elastic::BulkCounters& written);
  bool HoldsNothingExcluded() const;
  Result<void> RewritePermissions();
  Result<void> RewriteReceived();
  Result<void> RewriteSomeReceived(const std::vector<dropbox::ReceivedFile>& files,
                                   std::size_t begin, const std::vector<std::string_view>& ids);
  PermissionStage* permission_stage() { return permissions_ ? &*permissions_ : nullptr; }

  void ReportUnknown(std::uint64_t unknown);

  Environment& environment_;
  const config::Config& config_;
  SyncMode mode_;
  report::Reporter& reporter_;
  const ParserFactory& make_parser_;
  report::Counters counters_;
  std::uint64_t expected_entries_ = 0;  // Gauges
  Milliseconds next_tick_{0};
  EventLoop loop_;
  dropbox::Client dropbox_;
  elastic::Client elastic_;
  checkpoint::CheckpointStore store_;    // of the target
  checkpoint::CheckpointStore scratch_;  // of runs that keep no state
  checkpoint::FailuresFile failures_;
  content::ContentPlanner planner_;
  std::unique_ptr<FileLock> lock_;
  std::unique_ptr<elastic::ActionSink> sink_;
  std::unique_ptr<content::ExtractionService> extraction_service_;
  std::unique_ptr<parsers::DocumentParser> parser_;
  ContentStage* content_ = nullptr;  // the sink, when it fetches content
  std::unique_ptr<elastic::MultiGet> stored_;
  IndexSnapshot snapshot_;  // full syncs only
  // The index was made for the listing under way, so there is nothing to compare with.
  bool index_is_new_ = false;
  rules::RuleSet rules_;  // decides about everything "include" without a rules file
  checkpoint::Checkpoint state_;
  bool has_state_ = false;
  std::optional<permissions::PermissionReader> permission_reader_;
  std::optional<PermissionStage> permissions_;  // none without document level security
  std::optional<checkpoint::SyncSequence> sequence_;
  std::uint64_t next_token_ = 1;
  std::unique_ptr<Pass> pass_;
};

// Members of a pass in the order in which they depend on each other.
struct SyncRun::Pass {
  Pass(SyncRun& run, bool full);

  checkpoint::CheckpointStore& files;
  checkpoint::PendingDeletions pending;
  std::optional<checkpoint::SeenIds> seen;  // full syncs only
  documents::DocumentBuilder builder;
  std::optional<RuleJudge> rules;      // none where everything is included
  std::optional<SearchFilter> search;  // with advanced rules only
  Checkpointer checkpointer;

  RuleJudge* judge() { return rules ? &*rules : nullptr; }
};

}  // namespace dbxes::sync
