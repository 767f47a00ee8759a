// SPDX-License-Identifier: Apache-2.0
// Landlock, the kernel's sandbox for processes without privileges (Linux 5.13), through its system
// calls, since no library has them.
#pragma once

#include <string>
#include <vector>

namespace dbxes::parsers {

// From now on this process may open files only for reading or executing, only at or under
// `readable`, and may make or accept no TCP connection. From Linux 6.12 on, it may also signal only
// processes that it starts, and connect to no abstract socket of others. False where the kernel has
// no Landlock.
bool RestrictWithLandlock(const std::vector<std::string>& readable);

}  // namespace dbxes::parsers
