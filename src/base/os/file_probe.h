// SPDX-License-Identifier: Apache-2.0
// Facts about files, found without leaving anything: for commands that only read.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace dbxes {

// Tests bring their own.
struct FileProbe {
  // The note of the process that has locked a file (FileSystem::Lock); nothing if it is not locked.
  std::function<Result<std::optional<std::string>>(const std::string& path)> lock_holder;
  // Whether a file can be made and written in a folder, or in the nearest one above that is there.
  // kConfig with the tag of base/os/file_advice.h if not. The file that is written for that has no
  // name, and ends with the call.
  std::function<Result<void>(const std::string& folder)> check_writing;
  // When a file was last changed, in microseconds of UTC since 1970; nothing when it is not there.
  std::function<std::optional<std::int64_t>(const std::string& path)> modified;
  // Why other users may change what is at a path (base/os/file_trust.h); "" if nobody can.
  std::function<std::string(const std::string& path)> changeable = [](const std::string&) {
    return std::string();
  };
  // The same, without members of a group.
  std::function<std::string(const std::string& path)> changeable_by_anybody =
      [](const std::string&) { return std::string(); };
  // The same of a folder in which nobody else may make files.
  std::function<std::string(const std::string& folder)> fillable_by_anybody =
      [](const std::string&) { return std::string(); };
  // Why a file that is there cannot be written; "" if it can.
  std::function<std::string(const std::string& path)> file_writing_problem =
      [](const std::string&) { return std::string(); };
  // Why a secret in a file of this user is none any more: "WHAT; run: COMMAND". "" if it is one, or
  // if there is no file. Members of a group may read it: volumes of Kubernetes belong to a group.
  std::function<std::string(const std::string& path)> exposed = [](const std::string&) {
    return std::string();
  };
};

// Asks the operating system.
FileProbe SystemFileProbe();

}  // namespace dbxes
