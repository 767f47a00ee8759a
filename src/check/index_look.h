// SPDX-License-Identifier: Apache-2.0
// What became of the index since the last run: it may be gone, another one, or kept by another
// state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "checkpoint/state_place.h"
#include "config/config.h"
#include "elastic/client.h"
#include "elastic/index_identity.h"

namespace dbxes::check {

enum class IndexStand : std::uint8_t {
  kNotChecked,     // the cluster does not answer, or not with this credential
  kNotYet,         // it does not exist, and no run has synced it
  kAsLeft,         // it is the one that the last run left
  kGone,           // it does not exist, although runs have synced it
  kReplaced,       // it was made again or restored, or its alias was moved
  kKeptElsewhere,  // another state keeps it
};
// "kept_elsewhere": the name in JSON.
std::string_view ToString(IndexStand stand);

struct IndexLook {
  IndexStand stand = IndexStand::kNotChecked;
  std::string text = {};    // "docs is gone, although runs have synced it"
  std::string advice = {};  // "" where nothing is to be done
};

// One request, tried twice. `place`: opened.
IndexLook LookAtIndex(checkpoint::StatePlace& place, elastic::Client& client,
                      const std::string& index);

// The parts, each as a text with its advice.
IndexLook GoneIndex(const std::string& index);
IndexLook ReplacedIndex();
IndexLook IndexKeptElsewhere(const elastic::Keeper& keeper);

}  // namespace dbxes::check
