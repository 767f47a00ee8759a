// SPDX-License-Identifier: Apache-2.0
// What can be told of files without changing anything: for commands that only look.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace dbxes {

// Tests bring their own.
struct FileProbe {
  // The note of whoever holds the lock on a file (FileSystem::Lock); nothing when nobody does.
  std::function<Result<std::optional<std::string>>(const std::string& path)> lock_holder;
  // Why no file can be made in a folder, or in the nearest one above that is there; "" if one can.
  std::function<std::string(const std::string& folder)> writing_problem;
  // When a file was last changed, in microseconds of UTC since 1970; nothing when it is not there.
  std::function<std::optional<std::int64_t>(const std::string& path)> modified;
};

// Asks the operating system.
FileProbe SystemFileProbe();

}  // namespace dbxes
