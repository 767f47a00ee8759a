// SPDX-License-Identifier: Apache-2.0
// One random script: a tree that changes between runs, and runs that meet failures of both
// services, signals, kills, losses of power and full disks. After each run the promises are
// checked. Everything follows from the seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "faults/dice.h"
#include "faults/promises.h"
#include "support/random_changes.h"
#include "support/sync_world.h"

namespace dbxes {

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

  void Step(std::string text);
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

  const FaultFamily& family_;
  Dice dice_;
  bool verbose_;
  SyncWorld world_;
  RandomChanges changes_;
  Promises promises_;
  std::vector<std::string> steps_;
  std::size_t events_ = 0;  // of the run under way
};

}  // namespace dbxes
