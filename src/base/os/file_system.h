// SPDX-License-Identifier: Apache-2.0
// The few file operations that state needs, behind an interface so that tests can lose unsynced
// writes, fill the disk and count operations, and so that state can be kept elsewhere.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dbxes {

// A file that only grows. Appended bytes are durable after Sync.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  virtual Result<void> Append(std::string_view bytes) = 0;
  virtual Result<void> Sync() = 0;
  virtual std::uint64_t Size() const = 0;
};

class FileLock {
 public:
  virtual ~FileLock() = default;  // releases
};

// Named contents that outlast a run: files on a disk (FileSystem), or parts of a state that is kept
// elsewhere (checkpoint/state_place.h). kNotFound for one that is not there.
class DurableFiles {
 public:
  virtual ~DurableFiles() = default;
  // As a whole. An implementation has a bound, beyond which it fails with kInternal.
  virtual Result<std::string> ReadFile(const std::string& path) = 0;
  // At most `length` bytes from `offset`; fewer only at the end of the file.
  virtual Result<std::string> ReadRange(const std::string& path, std::uint64_t offset,
                                        std::size_t length) = 0;
  // Replaces all of it or nothing.
  virtual Result<void> ReplaceFile(const std::string& path, std::string_view content,
                                   unsigned mode) = 0;
  // Opens for appending, made when absent, cut to `size` bytes first. kInternal when the file is
  // shorter than `size`.
  virtual Result<std::unique_ptr<AppendFile>> OpenAppend(const std::string& path,
                                                         std::uint64_t size) = 0;
  // Not an error when it is not there.
  virtual Result<void> Remove(const std::string& path) = 0;
  // How to get rid of a damaged one, for messages; `with_checkpoint`: and of the checkpoint that
  // counts it.
  virtual std::string HowToDiscard(bool with_checkpoint) const = 0;
};

// Paths are absolute or relative to the working directory. Errors name the path and the system's
// words; kNotFound for a file that is not there, kInternal for everything else. No file is made or
// changed through a symbolic link, nor changed if it belongs to another user. ReplaceFile is atomic
// and durable: temporary file with a random name, fsync, rename, fsync of the folder.
class FileSystem : public DurableFiles {
 public:
  std::string HowToDiscard(bool with_checkpoint) const override {
    return with_checkpoint ? "move it and the .json file beside it away" : "move it away";
  }
  // `mode` applies to folders that are made; existing ones are left alone. kInternal if the folder
  // belongs to somebody else than this user or root.
  virtual Result<void> MakeFolders(const std::string& path, unsigned mode) = 0;
  // A new file in an existing folder, named `prefix` and random digits. Returns its path. Not
  // synced.
  virtual Result<std::string> WriteNew(const std::string& folder, std::string_view prefix,
                                       std::string_view content) = 0;
  // Removes all files of a folder whose names begin and end like this.
  virtual Result<void> RemoveAll(const std::string& folder, std::string_view prefix,
                                 std::string_view suffix) = 0;
  // An exclusive kernel lock (flock) on `path`, which then holds `note`. kLocked, with the holder's
  // note as message, when somebody has it. The kernel releases it when the process dies.
  virtual Result<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 std::string_view note) = 0;
};

}  // namespace dbxes
