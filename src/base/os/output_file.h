// SPDX-License-Identifier: Apache-2.0
// Files that the user names for output: reports and documents.
#pragma once

#include <string>

#include "base/os/descriptor.h"
#include "base/result.h"

namespace dbxes {

// Opens `path` for writing with these further `flags` of open(2): a new file, private to the user,
// or one that is there. A pipe may be there, too, whose reader is waited for; a character device
// under /dev; and what the caller has opened already (/dev/stdout, /dev/fd/N). A terminal does not
// become the controlling one. kConfig, with the reason alone as message, for what another user may
// have prepared: a symbolic link, a pipe or a device of that user, or a file in a folder where
// others make files. kConfig as well for a symbolic link to a regular file, for a file with several
// names (hard links), for a block device, and for a device outside of /dev.
Result<Descriptor> OpenOutputFile(const std::string& path, int flags);

// The same for a file that nobody else may read: one that is there becomes private to the user,
// too, and keeps what it has. kConfig also for a regular file of another user.
Result<Descriptor> OpenPrivateFile(const std::string& path);
// Empties a file; pipes and devices have nothing to be emptied. kConfig, as above.
Result<void> EmptyFile(int fd);

}  // namespace dbxes
