// SPDX-License-Identifier: Apache-2.0
// What a full listing has shown so far, in a side file of 16 bytes an entry that only grows: the
// proof of what is still there when the listing is complete.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "checkpoint/path_table.h"
#include "checkpoint/side_file.h"

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

  // Takes up what a checkpoint counts (nothing: starts over). kConfig when the file is damaged.
  Result<void> Open(const SideFileExtent& extent);
  // `path` is empty for what has no place in the tree.
  Place Note(std::string_view id, std::string_view path, bool is_folder);
  // Writes what was noted, durably.
  Result<void> Flush() { return file_.Flush(); }
  Result<void> Sync() { return file_.Sync(); }
  SideFileExtent extent() const { return file_.extent(); }  // what the next Sync covers

  // Hash64 of each id, sorted and unique. Lets go of the table of paths: nothing is noted after.
  Result<std::vector<std::uint64_t>> LoadSorted();
  Result<void> Remove() { return file_.Remove(); }

 private:
  PathTable::Word Put(PathTable::Word word);
  void Append(std::uint64_t id_hash, PathTable::Word word);

  SideFile file_;
  PathTable table_;
  bool folder_replaced_ = false;  // by a file, at any time
};

}  // namespace dbxes
