// SPDX-License-Identifier: Apache-2.0
// Random scripts of faults, by family. DBX_ES_FAULT_SCRIPTS sets how many are played (1,000);
// DBX_ES_FAULT_SEED plays the one script with that seed and prints each step.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "faults/fault_script.h"
#include "support/seeds.h"

namespace dbxes {
namespace {

constexpr std::uint64_t kScripts = 1000;
constexpr std::uint64_t kFamilies = 11;

// A seed names its family, too: seeds are counted up in steps of kFamilies.
void PlayFamily(std::uint64_t number, const FaultFamily& family) {
  const std::uint64_t only = NumberFromEnvironment("DBX_ES_FAULT_SEED", 0);
  if (only != 0) {
    if (only % kFamilies == number) CHECK(FaultScript(family, only, true).Play() == "");
    return;
  }
  const std::uint64_t scripts =
      NumberFromEnvironment("DBX_ES_FAULT_SCRIPTS", kScripts) / kFamilies + 1;
  for (std::uint64_t n = 1; n <= scripts; ++n) {
    const std::uint64_t seed = n * kFamilies + number;
    INFO(family.name << ": replay with DBX_ES_FAULT_SEED=" << seed);
    CHECK(FaultScript(family, seed, false).Play() == "");
  }
}

}  // namespace

TEST_CASE("scripts: failures of Dropbox") {
  FaultFamily family{"Dropbox"};
  family.dropbox = true;
  PlayFamily(0, family);
}

TEST_CASE("scripts: failures of Elasticsearch") {
  FaultFamily family{"Elasticsearch"};
  family.elastic = true;
  PlayFamily(1, family);
}

TEST_CASE("scripts: failures of both services") {
  FaultFamily family{"both services"};
  family.dropbox = true;
  family.elastic = true;
  PlayFamily(2, family);
}

TEST_CASE("scripts: documents rejected") {
  FaultFamily family{"refused documents"};
  family.refused = true;
  PlayFamily(3, family);
}

TEST_CASE("scripts: SIGTERM") {
  FaultFamily family{"SIGTERM"};
  family.terminated = true;
  PlayFamily(4, family);
}

TEST_CASE("scripts: SIGKILL") {
  FaultFamily family{"SIGKILL"};
  family.killed = true;
  PlayFamily(5, family);
}

TEST_CASE("scripts: loss of power") {
  FaultFamily family{"loss of power"};
  family.power_loss = true;
  PlayFamily(6, family);
}

TEST_CASE("scripts: full disk") {
  FaultFamily family{"full disk"};
  family.full_disk = true;
  PlayFamily(7, family);
}

TEST_CASE("scripts: a tree that changes while it is read, and clocks that jump") {
  FaultFamily family{"moving tree"};
  family.moving = true;
  family.clock_jumps = true;
  PlayFamily(8, family);
}

TEST_CASE("scripts: kills, resets and jumping clocks") {
  FaultFamily family{"kills and resets"};
  family.dropbox = true;
  family.killed = true;
  family.power_loss = true;
  family.clock_jumps = true;
  PlayFamily(9, family);
}

TEST_CASE("scripts: everything at once") {
  FaultFamily family{"everything"};
  family.dropbox = family.elastic = family.refused = true;
  family.terminated = family.killed = family.power_loss = family.full_disk = true;
  family.clock_jumps = family.moving = true;
  PlayFamily(10, family);
}

}  // namespace dbxes
