// SPDX-License-Identifier: Apache-2.0
// An entry with its position in the order of changes.
#pragma once

#include <cstdint>

#include "delta/entry.h"

namespace dbxes::delta {

// A file or folder entry that may have to be written.
struct Change {
  const Entry* entry = nullptr;
  std::int64_t seq = 0;
  // Write it even when the index holds it unchanged: a pending deletion would remove it otherwise.
  bool forced = false;
};

}  // namespace dbxes::delta
