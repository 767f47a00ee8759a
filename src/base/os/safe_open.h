// SPDX-License-Identifier: Apache-2.0
// Parts of opening what another user may have prepared.
#pragma once

#include <sys/stat.h>

#include <string>

namespace dbxes {

// Whether `path` names what is open in this process already, and so was the caller's choice:
// /dev/stdin, /dev/stdout, /dev/stderr, /dev/fd/N, /proc/self/fd/N.
bool NamesDescriptor(const std::string& path);

// Whether it belongs to root or to this user.
bool IsOurs(const struct stat& status);

// Takes O_NONBLOCK from `fd`, with which it was opened so that open(2) waits for nobody. False,
// with errno, on failure.
bool EndNonBlocking(int fd);

}  // namespace dbxes
