// SPDX-License-Identifier: Apache-2.0
// Decides which part of a batch is sent next after a part of it was refused: halves after "too
// large", bisection after a refusal of the whole request, and the temporarily refused items alone.
// No I/O.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace dbxes::elastic {

// Bisection sends one half only. When that half is accepted, the other one holds the poison and is
// halved without being sent; when it is refused, the other half waits, and all halves that wait are
// sent together in the end. One poison document among n costs log2(n) + 1 extra requests, 12 for
// 2,000.
class BulkPlan {
 public:
  using Items = std::vector<std::uint32_t>;

  explicit BulkPlan(std::uint32_t count);

  // The items of the request to send now; empty when there is nothing to send.
  const Items& current() const { return current_; }
  // Nothing to send now, but items that were postponed are left.
  bool waiting() const { return current_.empty() && !postponed_.empty(); }
  bool done() const { return current_.empty() && postponed_.empty(); }

  // Each of the next four takes the result of the current request, makes the next request current,
  // and returns an item that is now known to be rejected.

  // The request was answered item by item; `postponed` are those to be sent again later.
  std::optional<std::uint32_t> Accepted(const Items& postponed);
  // The request was refused as a whole. `certain`: it would be refused again, so that the last
  // suspect need not be sent to be sure; otherwise that one is postponed and then sent alone.
  std::optional<std::uint32_t> Refused(bool certain);
  // The request of a single action was refused, perhaps by accident: it is postponed.
  std::optional<std::uint32_t> Doubted();
  // The request was too large (HTTP 413).
  std::optional<std::uint32_t> TooLarge();

  // Sends the postponed items now. Only when waiting().
  void Retry();

 private:
  std::optional<std::uint32_t> Suspect(Items suspects);
  void MoveOn();

  Items current_;
  Items sibling_;   // holds the poison if `current_` does not
  Items untested_;  // the other halves of suspects that were refused
  std::deque<Items> queue_;
  Items postponed_;
  bool certain_ = false;
};

}  // namespace dbxes::elastic
