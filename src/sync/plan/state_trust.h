// SPDX-License-Identifier: Apache-2.0
// Whether the state of a target that is kept in a folder can be believed.
#pragma once

#include <string>

#include "base/os/file_probe.h"
#include "base/result.h"
#include "config/config.h"

namespace dbxes::sync {

// Why any user of this machine could have written the state: "WHAT; run: COMMAND"; "" if only root
// and this user can, or members of a group that an administrator made. The sticky bit of the folder
// does not help: a file that is not there yet could be made at any time. Such a user could name
// documents that a run deletes (.pending, .failures.ndjson), or make it believe that lists of
// readers are up to date (.json): hashes protect the files against accidents only.
std::string StateChangeableBecause(const FileProbe& probe, const config::Config& config);
// The same as an error, kConfig, for those who would act on that state.
Result<void> TrustStateFolder(const FileProbe& probe, const config::Config& config);

}  // namespace dbxes::sync
