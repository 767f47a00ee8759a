// SPDX-License-Identifier: Apache-2.0
// One thing in Dropbox (a file, a folder's members, a list, a page) gets any odd answer, some times
// or for ever, under any command; and the promises that hold then. Everything follows from the
// seed.
#pragma once

#include <cstdint>
#include <string>

#include "faults/dice.h"
#include "support/sync_world.h"

namespace dbxes {

class AnyAnswer {
 public:
  explicit AnyAnswer(std::uint64_t seed);
  // "" when each promise was kept, else the first that was not, with what was played.
  std::string Play();

 private:
  // What the odd answer is about.
  enum class Victim { kFile, kPaper, kEntry, kMembers, kReceivedList, kReceivedFile, kPage };

  void BuildTree();
  void DrawFault();
  void Break(std::string promise);
  sync::SyncMode DrawMode();
  report::RunSummary Run(sync::SyncMode mode);
  void CheckStruckRun(const report::RunSummary& summary, sync::SyncMode mode);
  void CheckNamed(const report::RunSummary& summary);
  void CheckOthers();
  void CheckHealed();
  bool ConcernsAll() const;

  Dice dice_;
  SyncWorld world_;
  Victim victim_ = Victim::kFile;
  sim::Fault fault_;
  std::string bad_id_;
  std::string good_id_;
  std::string story_;
  std::string broken_;
};

}  // namespace dbxes
