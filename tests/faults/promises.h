// SPDX-License-Identifier: Apache-2.0
// What dbx-es promises of every run, whatever happens to it, and the first promise that was not
// kept.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "support/sync_world.h"

namespace dbxes {

// What may happen in the scripts of a family.
struct FaultFamily {
  const char* name;
  bool dropbox = false;      // answers of Dropbox
  bool elastic = false;      // answers of Elasticsearch
  bool refused = false;      // documents rejected, and accepted later
  bool terminated = false;   // SIGTERM
  bool killed = false;       // SIGKILL: what was written stays
  bool power_loss = false;   // what was not synced goes, wholly or in part
  bool full_disk = false;    // from some change of the file system on
  bool clock_jumps = false;  // the wall clock, by up to a day
  bool moving = false;       // the tree changes while it is being read
};

class Promises {
 public:
  Promises(const FaultFamily& family, SyncWorld& world);

  // The faults that were arranged may lose answers.
  void AllowLostAnswers() { answers_lost_ = true; }
  // Documents that the index may reject.
  std::set<std::string>& refused() { return refused_; }
  // All faults are cleared: neither is allowed any more.
  void AllowNothing();

  void BeginRun();
  // The tree has changed while the run reads it.
  void NoteMove();
  // `summary` is null for a run that was killed.
  void EndRun(const report::RunSummary* summary);
  // Whether the last run ended well, and the tree stood still.
  bool clean() const { return clean_; }

  void Break(std::string promise);
  // The first promise that was not kept, "" if there is none.
  const std::string& broken() const { return broken_; }

 private:
  struct Books {
    std::uint64_t dropbox_requests = 0;
    std::set<std::string> ids;  // in the index
  };

  void CheckExitCode(const report::RunSummary& summary);
  void CheckIndex(const report::RunSummary& summary);
  std::set<std::string> CheckFailures(const report::RunSummary& summary);
  void CheckDeletions();
  void CheckCounters(const report::RunSummary& summary);
  void CheckManners();
  std::uint64_t DropboxRequests();
  std::set<std::string> LiveIds();

  const FaultFamily& family_;
  SyncWorld& world_;
  std::string broken_;
  std::set<std::string> refused_;
  bool answers_lost_ = false;  // perhaps
  bool clean_ = false;
  // Of the run under way.
  Books before_;
  bool moved_ = false;
  std::set<std::string> live_;    // in the tree from the first event on
  std::string earlier_failures_;  // the failures file as the run found it
};

}  // namespace dbxes
