// SPDX-License-Identifier: Apache-2.0
// One random script: a tree that changes between runs, and runs that meet failures of both
// services, signals, kills, losses of power and full disks. After each run the promises are
// checked. Everything follows from the seed.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "faults/dice.h"
#include "support/random_changes.h"
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

class FaultScript {
 public:
  // `verbose` prints each step as it happens.
  FaultScript(const FaultFamily& family, std::uint64_t seed, bool verbose);
  // "" when each promise was kept, else the first that was not, and the way there.
  std::string Play();

 private:
  // Where a run meets its end or something else from outside; 0 for never.
  struct Plan {
    std::size_t terminate_at = 0;  // events
    std::size_t kill_at = 0;
    std::size_t move_at = 0;
    std::size_t revoke_at = 0;
    std::size_t unblock_at = 0;
    std::uint64_t dead_disk_at = 0;  // changes of the file system from now on
    bool kill_on_dead_disk = false;
    bool lose_power = false;
  };
  struct Books {
    std::uint64_t dropbox_requests = 0;
    std::set<std::string> ids;  // in the index
  };

  void Step(std::string text);
  void Break(std::string promise);
  void ArrangeFaults();
  Plan DrawPlan();
  void Round();
  // `plan` is empty for a run that nothing disturbs from outside. Gives the entries that it read.
  std::uint64_t RunOnce(sync::SyncMode mode, const Plan& plan);
  int OnEvent(const Plan& plan);
  void MoveTree();
  void LosePower();
  // Clears every failure and runs until all is well, which three runs must bring about.
  void Recover();
  void CheckSecondRun();

  void CheckRun(const report::RunSummary& summary, const Books& before);
  void CheckExitCode(const report::RunSummary& summary);
  void CheckIndex(const report::RunSummary& summary);
  std::set<std::string> CheckFailures(const report::RunSummary& summary);
  void CheckDeletions();
  void CheckCounters(const report::RunSummary& summary, const Books& before);
  Books OpenBooks();
  std::uint64_t DropboxRequests() const;
  std::set<std::string> LiveIds();
  std::string FailuresFile();

  const FaultFamily& family_;
  Dice dice_;
  bool verbose_;
  SyncWorld world_;
  RandomChanges changes_;
  std::vector<std::string> steps_;
  std::string broken_;
  std::set<std::string> refused_;  // since the last recovery
  bool answers_lost_ = false;      // since then, perhaps
  // Of the run under way.
  std::size_t events_ = 0;
  bool moved_ = false;
  bool clean_ = false;            // the last run ended well, and the tree stood still
  std::set<std::string> live_;    // in the tree from the first event on
  std::string earlier_failures_;  // the failures file as the run found it
};

}  // namespace dbxes
