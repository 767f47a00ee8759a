// SPDX-License-Identifier: Apache-2.0
// Distinguishes a document that is too large for the cluster from an overloaded cluster: both are
// answered with 429 (Elasticsearch: indexing pressure, circuit breakers). A document is too large
// if it was refused alone, several times, and the cluster accepted a tiny request after each
// refusal. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace dbxes::elastic {

// Smaller requests are not suspected: no limit is that low.
inline constexpr std::size_t kSuspiciousBytes = std::size_t{64} << 10;
// A request of this size is refused with 429 for this long before the cluster is probed.
inline constexpr Milliseconds kBeforeProbe{15'000};

// A request that changes nothing and takes the same way as `id`: an empty update of its document.
// The cluster answers it whether or not the document exists.
std::string ProbeBody(std::string_view id);

class SizeSuspicion {
 public:
  // The least number of refusals, and the least time between the first and the last.
  static constexpr int kRefusals = 3;
  static constexpr Milliseconds kPatience{60'000};

  // `give_up_after`: when the sender stops. The least time is a third of it, if that is less.
  explicit SizeSuspicion(Milliseconds give_up_after);

  // The request is so large that its size may be the reason for a refusal.
  bool Suspects(std::size_t bytes) const {
    return bytes >= kSuspiciousBytes && give_up_after_ > kBeforeProbe;
  }
  // How long a request of this size may wait for others that were refused; none: without limit.
  std::optional<Milliseconds> GatePatience(std::size_t bytes) const;
  // The longest wait between two tries of such a request: a proof takes several of them, and must
  // come before the sender gives up. With kBeforeProbe it does if that takes at least 40 s.
  Milliseconds LongestDelay(std::size_t bytes) const;

  // Called for each answer item by item to a request of `bytes`. True if every item has been
  // refused with 429 for kBeforeProbe: time for a probe.
  bool IsOverloaded(bool all_overload, std::size_t bytes, Milliseconds now);

  // `item`, alone in its request of `bytes`, was refused, and the probe after it was accepted. True
  // if that proves it too large. `smallest_refused` is the least size that has been proven before:
  // an item of that size needs no further proof. Updates it.
  bool RefusedAlone(std::uint32_t item, std::size_t bytes, Milliseconds now,
                    std::size_t& smallest_refused);
  // The probe was refused as well: nothing is known about any item.
  void ClusterIsBusy() { alone_.clear(); }
  // An item was refused alone, and is not proven too large yet.
  bool InDoubt() const { return !alone_.empty(); }

 private:
  struct Record {
    Milliseconds since{0};
    int refusals = 0;
  };
  Milliseconds give_up_after_;
  std::map<std::uint32_t, Record> alone_;
  std::optional<Milliseconds> overloaded_since_;
};

}  // namespace dbxes::elastic
