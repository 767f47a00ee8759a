// SPDX-License-Identifier: Apache-2.0
// Landlock, the kernel's sandbox for processes without privileges (Linux 5.13), through its system
// calls: no library has them.
#pragma once

#include <string>
#include <vector>

namespace dbxes::parsers {

// From now on no file may be opened but for reading or executing at or under `readable`, and no TCP
// connection be made or accepted. False where the kernel has no Landlock.
bool RestrictWithLandlock(const std::vector<std::string>& readable);

}  // namespace dbxes::parsers
