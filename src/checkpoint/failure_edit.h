// SPDX-License-Identifier: Apache-2.0
// What an administrator decides about recorded failures, between two runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/os/file_system.h"
#include "base/result.h"
#include "checkpoint/failure_list.h"

namespace dbxes::checkpoint {

// The records of a failures file, each document once; none if there is no file. kConfig for a
// damaged one.
Result<std::vector<FailureRecord>> ReadFailures(DurableFiles& files, const Clock& clock,
                                                const std::string& path);

enum class FailureAction {
  kRetry,   // the next run tries it again; it is not accepted any more
  kAccept,  // runs do not count it until its file has another revision
};

// Decides about the documents with these ids or at these paths (path_lower, "" for the root), what
// is below a folder included; without names about all. Returns how many there are. The caller holds
// the place of the state. kNotFound, and nothing is changed: a name fits no record.
Result<std::uint64_t> EditFailures(DurableFiles& files, const Clock& clock, const std::string& path,
                                   const std::vector<std::string>& names, FailureAction action);

}  // namespace dbxes::checkpoint
