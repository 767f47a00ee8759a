// SPDX-License-Identifier: Apache-2.0
// Makes the ids, revs and times of the simulated Dropbox: the same ones for the same seed and
// clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "dropbox_sim/item.h"

namespace dbxes::sim {

class Ids {
 public:
  Ids(std::uint64_t seed, ClockFn clock);

  // "id:…" of a file or folder. Every eighth differs from the one before it by case alone.
  std::string NewId();
  std::uint64_t NewRev();
  std::string NewNamespaceId();
  // The url of a shared link.
  std::string NewLink();
  // The url of a received file.
  std::string PreviewUrl() const;
  // Of an account, a team or a group: the same for the same `stream` and `n`.
  std::string Text(std::uint64_t stream, std::uint64_t n, std::size_t size) const;
  std::int64_t NowSeconds() const { return clock_() / 1000; }

 private:
  std::uint64_t seed_;
  ClockFn clock_;
  std::uint64_t next_id_ = 0;
  std::uint64_t next_rev_ = 0;
  std::uint64_t next_ns_ = 0;
  std::uint64_t next_link_ = 0;
};

}  // namespace dbxes::sim
