// SPDX-License-Identifier: Apache-2.0
// Tells a document that is too large for the cluster from a cluster that is overloaded: both are
// answered with 429 (Elasticsearch: indexing pressure, circuit breakers). A document is refused for
// its size when it was refused alone, again and again, and each time the cluster took something
// tiny right after. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace dbxes::elastic {

// Smaller requests are not suspected: no limit on the size of one can be meant.
inline constexpr std::size_t kSuspiciousBytes = std::size_t{64} << 10;
// So long a request of such a size is refused with 429 before the cluster is probed.
inline constexpr Milliseconds kBeforeProbe{15'000};

// A request that changes nothing, on the way that `id` goes: an update of its document with
// nothing, which the cluster answers whether or not there is one.
std::string ProbeBody(std::string_view id);
// The longest wait between two tries of a request of such a size: a proof takes some of them, and
// has to come before the sender gives up. With kBeforeProbe it does from 40 s on.
constexpr Milliseconds LongestDelayBeforeProof(Milliseconds give_up_after) {
  return give_up_after / 10;
}

class SizeSuspicion {
 public:
  // The least number of refusals, and the least time between the first and the last.
  static constexpr int kRefusals = 3;
  static constexpr Milliseconds kPatience{60'000};

  // `give_up_after`: a third of it is enough, where that is less.
  explicit SizeSuspicion(Milliseconds give_up_after);

  // `item`, alone in its request of `bytes`, was refused, and the probe behind it was not. Whether
  // that proves it too large. `smallest_refused` is what this has been proven of before, and what
  // is as large need not prove it again; it is brought up to date.
  bool RefusedAlone(std::uint32_t item, std::size_t bytes, Milliseconds now,
                    std::size_t& smallest_refused);
  // The probe was refused as well: nothing is known of any item.
  void ClusterIsBusy() { alone_.clear(); }
  // Something was refused alone, and is still to be proven too large.
  bool InDoubt() const { return !alone_.empty(); }

 private:
  struct Record {
    Milliseconds since{0};
    int refusals = 0;
  };
  Milliseconds patience_;
  std::map<std::uint32_t, Record> alone_;
};

}  // namespace dbxes::elastic
