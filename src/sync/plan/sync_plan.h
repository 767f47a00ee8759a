// SPDX-License-Identifier: Apache-2.0
// What a run is to do, decided once before it touches anything.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/os/file_system.h"
#include "base/result.h"
#include "checkpoint/checkpoint.h"
#include "config/config.h"
#include "content/content_plan.h"
#include "documents/document.h"
#include "rules/rule_set.h"
#include "sync/outlet/outlet.h"

namespace dbxes::sync {

enum class SyncMode { kFull, kIncremental, kAccessControl };

// Of one run, from the command line and never from a file.
struct RunOptions {
  SyncMode mode = SyncMode::kFull;
  bool dry_run = false;            // nothing is written, and no state is kept
  bool verify = false;             // with dry_run: compares everything and believes no fingerprint
  std::size_t sample = 0;          // verify: up to this many files are fetched, to compare texts
  bool force = false;              // full-sync: rewrite everything
  bool take_over = false;          // full-sync: become the keeper of the index
  bool change_path = false;        // full-sync: make an index of another folder one of this folder
  bool remove_identities = false;  // acl-sync: delete all of them
  Milliseconds wait{0};            // for another run that holds the target
  Milliseconds max_duration{0};    // the run ends itself after this time; 0: it does not
  std::string job = {};            // of Kibana, that waits for this run; "" for none
  std::string output_file;         // NDJSON goes here instead of a cluster; "-" is stdout
};

Destination DestinationOf(const RunOptions& options);

// What the settings leave out besides the rules.
rules::PathPatterns PatternsOf(const config::Config& config);
// The sync rules that a run uses, unless they are those of Kibana: the file of the settings, if
// there is one, and their patterns. kConfig for a file with errors.
Result<rules::RuleSet> RulesOf(const config::Config& config, FileSystem& files);

struct SyncPlan {
  const config::Config& config;
  RunOptions options;
  Destination destination;
  rules::RuleSet rules;  // with the patterns of the settings
  checkpoint::SettingsFingerprint settings;
  // An incremental sync for which only a full one is right runs that. Somebody at a terminal, or
  // who reads the mails of cron, decides it himself.
  bool may_turn_full = false;
  std::uint64_t seed = 0;  // of the jitter; take a stream of it with SeedOf (base/random.h)
  content::InstalledReaders readers{false, false, false};  // that may be used

  // The folder that an advanced rule without a path searches. Files received one by one are in no
  // folder, so with them it is everything.
  std::string SearchRoot() const {
    return config.dropbox.include_received_files ? "" : CommonFolder(config.dropbox.paths);
  }
  // Whether changed documents are written as a whole, so that the ingest pipeline sees them. In the
  // mode pipeline, it may need the bytes of the file, which only new content has.
  bool WritesWhole() const {
    return !config.elasticsearch.pipeline.empty() &&
           config.extraction.mode != config::ExtractionMode::kPipeline;
  }
  // The rules for the folders of the settings as Dropbox has them (delta/find_folders.h); none for
  // one folder, which need not be known.
  rules::RuleSet RulesIn(const FolderList& folders) const;
  // What documents have in common once the account is known.
  documents::DocumentContext ContextFor(const dropbox::Account& account) const;
};

}  // namespace dbxes::sync
