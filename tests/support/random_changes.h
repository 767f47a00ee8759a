// SPDX-License-Identifier: Apache-2.0
// Seeded random changes to a simulated tree: every kind of change that the delta table knows, on a
// small set of names, so that changes meet at the same places.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "dropbox_sim/simulator.h"

namespace dbxes {

class RandomChanges {
 public:
  RandomChanges(sim::Tree& tree, std::uint64_t seed) : tree_(tree), random_(seed) {}

  // A tree to begin with.
  void Plant(int files);
  // One change of a random kind; what does not fit the tree at that moment (a move onto itself) is
  // drawn again.
  void Change();
  void Change(int count) {
    for (int i = 0; i < count; ++i) Change();
  }

 private:
  bool TryChange();
  bool ChangeFile(int kind);
  bool ChangeFolder(int kind);
  bool ChangeSharing(int kind);
  std::size_t Draw(std::size_t below) { return random_() % below; }
  std::string NewPath();
  const sim::LiveItem* Pick(const std::vector<sim::LiveItem>& items, sim::Kind kind);

  sim::Tree& tree_;
  std::mt19937_64 random_;
  std::uint64_t count_ = 0;
  std::vector<std::string> received_;
  std::vector<std::string> unmounted_;  // shared folder ids
};

}  // namespace dbxes
