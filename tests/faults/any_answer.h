// SPDX-License-Identifier: Apache-2.0
// One thing in Dropbox (a file, a folder's members, a list, a page) gets any odd answer, some times
// or for ever, under any command; and the promises that hold then. Everything follows from the
// seed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
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

  void PlayStruckRun(int run);
  std::uint64_t Sends() const;
  std::uint64_t MostTries() const;
  void BuildTree();
  void DrawFault();
  void Break(std::string promise);
  sync::SyncMode DrawMode();
  report::RunSummary Run(sync::SyncMode mode);
  void CheckStruckRun(const report::RunSummary& summary, sync::SyncMode mode);
  void CheckNamed(const report::RunSummary& summary);
  void CheckVictim(const report::RunSummary& summary);
  void CheckOthers();
  void CheckAsked(std::uint64_t asked, std::uint64_t struck);
  void CheckHealed();
  bool ConcernsAll() const;
  std::string Body(const std::string& id) const;
  std::string Cursor();

  Dice dice_;
  SyncWorld world_;
  Victim victim_ = Victim::kFile;
  sim::Fault fault_;
  std::optional<std::size_t> answer_;  // none: pages that go round
  struct {
    std::string victim;  // the document that is struck, where it is one
    std::string bad;
    std::string paper;
    std::string offer;
  } ids_;
  std::map<std::string, std::string> others_;  // the text by the id
  std::uint64_t struck_before_ = 0;            // by faults, when the run began
  std::string story_;
  std::string broken_;
};

}  // namespace dbxes
