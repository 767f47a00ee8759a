// SPDX-License-Identifier: Apache-2.0
// The brake on deletions after a full listing: a listing that is much shorter than the index is
// more often a mistake than the truth.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "config/config.h"

namespace dbxes::sync {

struct DeletionPlan {
  std::uint64_t to_delete = 0;
  std::uint64_t index_count = 0;           // documents in the index now
  std::uint64_t listed = 0;                // what the listing showed
  std::string_view what;                   // "the listing of Dropbox", "the list of received files"
  std::string_view command = "full-sync";  // to continue with
  std::uint64_t excluded = 0;              // of what was listed, left out by sync rules
};

// How many deletions are allowed.
std::uint64_t DeletionLimit(const config::MaxDelete& setting, const DeletionPlan& plan);
// kSafetyStop when the plan exceeds the limit. The message names the command that allows it.
Result<void> CheckDeletions(const config::MaxDelete& setting, const DeletionPlan& plan);

}  // namespace dbxes::sync
