// SPDX-License-Identifier: Apache-2.0
// What a full listing has shown so far, in a side file of 16 bytes an entry that only grows: the
// proof of what is still there when the listing is complete.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "checkpoint/path_table.h"

namespace dbxes {

class SeenIds {
 public:
  // What an entry found at its place when it was noted.
  enum class Place {
    kFree,      // nothing was listed there
    kRepeated,  // the same id
    kOccupied,  // another id, or (for files) a folder that is known by its content
  };

  SeenIds(FileSystem& files, std::string path);

  // Takes up the first `bytes` of the file (0: starts over). kInternal when it is shorter.
  Result<void> Open(std::uint64_t bytes);
  // `path` is empty for what has no place in the tree.
  Place Note(std::string_view id, std::string_view path, bool is_folder);
  // Writes what was noted, durably.
  Result<void> Sync();
  std::uint64_t bytes() const { return bytes_; }  // what the next Sync covers

  // Hash64 of each id, sorted and unique. Lets go of the table of paths: nothing is noted after.
  Result<std::vector<std::uint64_t>> LoadSorted();
  Result<void> Remove();

 private:
  void Append(std::uint64_t id_hash, PathTable::Word word);

  FileSystem& files_;
  std::string path_;
  std::unique_ptr<AppendFile> file_;
  std::string unwritten_;
  std::uint64_t bytes_ = 0;
  PathTable table_;
};

}  // namespace dbxes
