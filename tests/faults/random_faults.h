// SPDX-License-Identifier: Apache-2.0
// Random failures of both services, of the kinds that real ones show.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "dropbox_sim/simulator.h"
#include "faults/dice.h"
#include "support/fake_elastic.h"

namespace dbxes {

struct InjectedFault {
  std::string text;  // for people
  // A request may be carried out although its answer is lost: the writer then counts the
  // answer to the second try.
  bool loses_answers = false;
};

// Each injects one failure that strikes some requests to come.
InjectedFault InjectDropboxFault(sim::Simulator& dropbox, Dice& dice);
InjectedFault InjectElasticFault(FakeElastic& elastic, Dice& dice);
// Rejects some of the documents `ids`, in each possible way; adds them to `refused`.
std::string RefuseDocuments(FakeElastic& elastic, const std::vector<std::string>& ids, Dice& dice,
                            std::set<std::string>& refused);
}  // namespace dbxes
