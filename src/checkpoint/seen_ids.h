// SPDX-License-Identifier: Apache-2.0
// The ids that a full listing has shown so far, in a side file of 16 bytes an entry that only
// grows. Once the listing is complete, it proves which documents still exist.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/os/file_system.h"
#include "checkpoint/path_table.h"
#include "checkpoint/side_file.h"

namespace dbxes::checkpoint {

class SeenIds {
 public:
  // What was at the path of an entry when it was noted.
  enum class Place {
    kFree,      // no entry was listed there
    kRepeated,  // the same id
    kOccupied,  // another id, or (for files) a folder that is known from entries under it
  };

  SeenIds(DurableFiles& files, std::string path);

  // Loads the part that a checkpoint counts (nothing: starts over). kConfig if the file is damaged.
  Result<void> Open(const SideFileExtent& extent);
  // Hash64 of an entry's id and path.
  struct Key {
    std::uint64_t id = 0;
    std::uint64_t path = 0;
  };
  static Key KeyOf(std::string_view id, std::string_view path);
  // Announces that an entry will be noted soon. The table of millions of paths is larger than the
  // caches, so most of the time of Note would be waiting for memory.
  void Expect(const Key& key) const { table_.Prefetch(key.path); }
  // `path` is empty for an entry without a path in the tree.
  Place Note(const Key& key, std::string_view path, bool is_folder);
  Place Note(std::string_view id, std::string_view path, bool is_folder) {
    return Note(KeyOf(id, path), path, is_folder);
  }
  // Rules exclude this id: it does not count as seen until it is noted again.
  void NoteExcluded(std::string_view id);
  // Flush writes what was noted; Sync makes it durable.
  Result<void> Flush() { return file_.Flush(); }
  Result<void> Sync() { return file_.Sync(); }
  SideFileExtent extent() const { return file_.extent(); }  // what the next Sync covers

  // Hash64 of each id that was seen and is not excluded, sorted and unique. Frees the table of
  // paths: nothing may be noted afterwards.
  Result<std::vector<std::uint64_t>> LoadSorted();
  // After LoadSorted: Hash64 of each excluded id, sorted and unique.
  const std::vector<std::uint64_t>& excluded() const { return excluded_; }
  // After LoadSorted: an id may have been seen, and its document written, before it was excluded.
  bool has_withdrawn() const { return has_withdrawn_; }
  Result<void> Remove() { return file_.Remove(); }

 private:
  // Notes of the id before `position` do not count.
  struct Exclusion {
    std::uint64_t id_hash;
    std::size_t position;
    auto operator<=>(const Exclusion&) const = default;
  };
  PathTable::Word Put(PathTable::Word word);
  void MarkFolders(std::string_view path);
  void Append(std::uint64_t id_hash, PathTable::Word word);
  void RemoveExcluded(std::vector<Exclusion>& exclusions, std::vector<std::uint64_t>& hashes);

  SideFile file_;
  PathTable table_;
  bool folder_replaced_ = false;  // by a file, at any time
  std::string known_folder_;      // marked last, with all above it
  std::vector<std::uint64_t> excluded_;
  bool has_withdrawn_ = false;
};

}  // namespace dbxes::checkpoint
