// SPDX-License-Identifier: Apache-2.0
// A file system in memory that knows what was synced: a crash drops the rest, as a machine that
// loses power may. It can also be full or read-only from some operation on, and counts them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/os/file_system.h"

namespace dbxes {

class MemoryFileSystem final : public FileSystem {
 public:
  Result<void> MakeFolders(const std::string& path, unsigned mode) override;
  Result<std::string> ReadFile(const std::string& path) override;
  Result<std::string> ReadRange(const std::string& path, std::uint64_t offset,
                                std::size_t length) override;
  Result<void> ReplaceFile(const std::string& path, std::string_view content,
                           unsigned mode) override;
  Result<std::unique_ptr<AppendFile>> OpenAppend(const std::string& path,
                                                 std::uint64_t size) override;
  Result<std::string> WriteNew(const std::string& folder, std::string_view prefix,
                               std::string_view content) override;
  Result<void> Remove(const std::string& path) override;
  Result<void> RemoveAll(const std::string& folder, std::string_view prefix,
                         std::string_view suffix) override;
  Result<std::unique_ptr<FileLock>> Lock(const std::string& path, std::string_view note) override;

  // What a loss of power leaves: appended bytes that were never synced are gone.
  void Crash();
  // Operations that change something, so far; `fail_after` of them succeed, later ones fail.
  std::uint64_t changes() const { return changes_; }
  void FailAfter(std::uint64_t changes) { fail_after_ = changes; }

  std::map<std::string, std::string>& files() { return files_; }

 private:
  friend class MemoryAppendFile;
  friend class MemoryLock;
  Result<void> Change(const std::string& path);

  std::map<std::string, std::string> files_;
  std::map<std::string, std::uint64_t>
      synced_;  // bytes that survive, of files that are appended to
  std::set<std::string> locked_;
  std::uint64_t changes_ = 0;
  std::uint64_t new_files_ = 0;
  std::uint64_t fail_after_ = ~std::uint64_t{0};
};

}  // namespace dbxes
